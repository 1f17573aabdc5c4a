"""``tier_repair`` on mistakes that people make with tiers: the edit that a teacher would name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.repair.tiers import tier_repair
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from tests.builders import admin, baseline, cluster, decision, namespaces, pod, policy

DEV, BANK = namespaces(team="dev"), namespaces(team="bank")
WORLD = cluster(pod("dev/client"), pod("bank/api"))
PASS, DENY, ACCEPT = (decision(action, DEV) for action in ("Pass", "Deny", "Accept"))
TWO = admin("two", ingress=[PASS, decision("Deny", ports=[80])])


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A policy, what was meant, and for each edit its field: `+` where something is missing."""

    says: str
    mine: ClusterNetworkPolicy
    meant: ClusterNetworkPolicy
    edits: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.says


MISTAKES = [
    Mistake(
        says="the tier that is asked first",
        mine=admin("all", ingress=[DENY]),
        meant=baseline("all", ingress=[DENY]),
        edits=["spec.tier"],
    ),
    Mistake(
        says="the wrong action",
        mine=admin("all", ingress=[ACCEPT]),
        meant=admin("all", ingress=[DENY]),
        edits=["spec.ingress[0].action"],
    ),
    Mistake(
        says="the wrong subject",
        mine=admin("all", ingress=[DENY], subject=DEV),
        meant=admin("all", ingress=[DENY], subject=BANK),
        edits=["spec.subject"],
    ),
    Mistake(
        says="the exception comes too late",
        mine=replace(TWO, ingress=TWO.ingress[::-1]),
        meant=TWO,
        edits=["spec.ingress[0]"],
    ),
    Mistake(
        says="the exception is missing",
        mine=replace(TWO, ingress=TWO.ingress[1:]),
        meant=TWO,
        edits=["spec.ingress+"],
    ),
    Mistake(
        says="one rule too many",
        mine=replace(TWO, ingress=(*TWO.ingress, decision("Deny", BANK))),
        meant=TWO,
        edits=["spec.ingress[2]-"],
    ),
    Mistake(
        says="the wrong port",
        mine=admin("all", ingress=[decision("Deny", DEV, ports=[80])]),
        meant=admin("all", ingress=[decision("Deny", DEV, ports=[81])]),
        edits=["spec.ingress[0].protocols"],
    ),
    Mistake(
        says="two mistakes",
        mine=admin("all", ingress=[ACCEPT], subject=DEV),
        meant=admin("all", ingress=[DENY], subject=BANK),
        edits=["spec.subject", "spec.ingress[0].action"],
    ),
    Mistake(
        says="too much for two edits",
        mine=admin("all", ingress=[ACCEPT], egress=[DENY], subject=DEV),
        meant=replace(baseline("all", ingress=[DENY, decision("Accept", BANK)], subject=BANK)),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_the_edit_is_the_one_that_a_teacher_would_name(mistake: Mistake) -> None:
    """Each is repaired by these edits, and then means what was meant."""
    repair = tier_repair([mistake.mine], [mistake.meant], scope="any", world=WORLD)
    found = [
        edit.field + "+" * edit.adds + "-" * edit.narrows
        for edit in (repair.edits if repair else ())
    ]
    assert found == mistake.edits
    if repair is not None:
        assert compare(repair.policies, [mistake.meant]).equal
        assert {edit.policy for edit in repair.edits} == {mistake.mine}


def test_what_is_given_counts() -> None:
    """The policies of the world are on both sides, so that a Baseline tier changes nothing here."""
    world = WORLD.with_policy(policy("bank/shut"), policy("dev/shut"))
    mine, opened = baseline("a", ingress=[ACCEPT]), admin("a", ingress=[ACCEPT])
    repair = tier_repair([mine], [opened], scope="any", world=world)
    assert repair is not None
    assert [edit.field for edit in repair.edits] == ["spec.tier"]
    assert tier_repair([mine], [opened], scope="any", world=world, candidates=0) is None
