"""``minimal_repair`` on the mistakes that people make: the edit that a teacher would name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from netpol_sim.analysis.compare import Policies, cluster_of, compare
from netpol_sim.analysis.repair import RepairOutcome, minimal_repair
from netpol_sim.analysis.repair.edit import EditKind
from netpol_sim.labels import LabelSelector
from netpol_sim.manifest import loads
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, Rule
from tests.builders import (
    EGRESS,
    INGRESS,
    admin,
    block,
    cluster,
    decision,
    labelled,
    namespace,
    namespaces,
    pod,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
)

NAME = "kubernetes.io/metadata.name"
DB = labelled(app="db")


def named(name: str) -> PodPeer:
    """Every pod of the namespace with this name."""
    return namespaces(requirement(NAME, "In", name))


def db(*rules: Rule, select: LabelSelector = DB) -> NetworkPolicy:
    """What may reach the database of the bank."""
    return policy("bank/db", select=select, ingress=rules)


WEB = pods_in(named("shop"), pods(app="web"))
REFERENCE = db(rule(WEB, ports=[5432]))
DNS = rule(pods_in(named("kube-system"), pods(app="dns")), ports=["53/UDP", 53])


def api(*rules: Rule, types: Sequence[Direction] = (EGRESS,)) -> NetworkPolicy:
    """Where the API of the bank may connect to."""
    return policy("bank/api", select=labelled(app="api"), types=types, egress=rules)


TO_DB = rule(pods(app="db"), ports=[5432])


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What was written, what was meant, and the edits: kind and field of each."""

    mine: Policies
    meant: Policies = REFERENCE
    edits: Sequence[str]


MISTAKES = {
    "a dash too many": Mistake(
        mine=db(rule(named("shop"), pods(app="web"), ports=[5432])),
        edits=["join-peers spec.ingress[0].from[1]"],
    ),
    "a dash too few": Mistake(
        mine=db(rule(pods_in(named("shop"), pods(app="web")))),
        meant=db(rule(named("shop"), pods(app="web"))),
        edits=["split-peer spec.ingress[0].from[0]"],
    ),
    "a typing error in a label": Mistake(
        mine=db(rule(pods_in(named("shop"), pods(app="wbe")), ports=[5432])),
        edits=["change-label spec.ingress[0].from[0].podSelector.matchLabels.app"],
    ),
    "the wrong pods protected": Mistake(
        mine=db(rule(WEB, ports=[5432]), select=labelled(app="web")),
        edits=["change-label spec.podSelector.matchLabels.app"],
    ),
    "a label too many": Mistake(
        mine=db(rule(WEB, ports=[5432]), select=labelled(app="db", tier="data")),
        edits=["remove-label spec.podSelector.matchLabels.tier"],
    ),
    "all pods instead of some": Mistake(
        mine=db(rule(WEB, ports=[5432]), select=labelled()),
        edits=["add-label spec.podSelector"],
    ),
    "an invented name label": Mistake(
        mine=db(rule(pods_in(namespaces(name="shop"), pods(app="web")), ports=[5432])),
        edits=["use-name-label spec.ingress[0].from[0].namespaceSelector.matchLabels.name"],
    ),
    "a pod selector thought to be global": Mistake(
        mine=db(rule(pods(app="web"), ports=[5432])),
        edits=["add-selector spec.ingress[0].from[0].namespaceSelector"],
    ),
    "a whole namespace instead of some pods": Mistake(
        mine=db(rule(named("shop"), ports=[5432])),
        edits=["add-selector spec.ingress[0].from[0].podSelector"],
    ),
    "a namespace selector too many": Mistake(
        mine=db(rule(WEB)),
        meant=db(rule(pods(app="web"))),
        edits=["remove-selector spec.ingress[0].from[0].namespaceSelector"],
    ),
    "NotIn instead of In": Mistake(
        mine=db(rule(pods(requirement("app", "NotIn", "web", "api")))),
        meant=db(rule(pods(app="web"), pods(app="api"))),
        edits=["change-operator spec.ingress[0].from[0].podSelector.matchExpressions[0]"],
    ),
    "NotIn that picks the unlabelled too": Mistake(
        mine=db(rule(pods(requirement("app", "NotIn", "web")))),
        meant=db(rule(pods(requirement("app", "NotIn", "web"), requirement("app", "Exists")))),
        edits=["add-label spec.ingress[0].from[0].podSelector"],
    ),
    "the port of the Service": Mistake(
        mine=db(rule(WEB, ports=[80])), edits=["change-port spec.ingress[0].ports[0]"]
    ),
    "a protocol left out": Mistake(
        mine=db(rule(WEB, ports=[5432])),
        meant=db(rule(WEB, ports=["5432/UDP"])),
        edits=["change-port spec.ingress[0].ports[0]"],
    ),
    "every port": Mistake(mine=db(rule(WEB)), edits=["add-port spec.ingress[0].ports"]),
    "a wrong port where the other end has the right one": Mistake(
        mine=(db(rule(pods(app="api"), ports=[5432])), api(rule(pods(app="db"), ports=[22]))),
        meant=(db(rule(pods(app="api"), ports=[5432])), api(TO_DB)),
        edits=["change-port spec.egress[0].ports[0]"],
    ),
    "a port too many": Mistake(
        mine=db(rule(WEB, ports=[22, 5432])), edits=["remove-port spec.ingress[0].ports[0]"]
    ),
    "everybody on the port": Mistake(
        mine=db(rule(ports=[5432])), edits=["add-peer spec.ingress[0].from"]
    ),
    "somebody too many": Mistake(
        mine=db(rule(pods(), WEB, ports=[5432])), edits=["remove-peer spec.ingress[0].from[0]"]
    ),
    "a dash before the ports": Mistake(
        mine=db(rule(WEB), rule(ports=[5432])), edits=["join-rules spec.ingress[1]"]
    ),
    "ports at each other's rules": Mistake(
        mine=db(rule(pods(app="a"), ports=[1]), rule(pods(app="b"), ports=[2])),
        meant=db(rule(pods(app="a"), ports=[2]), rule(pods(app="b"), ports=[1])),
        edits=["swap-ports spec.ingress[0].ports"],
    ),
    "an exception forgotten": Mistake(
        mine=db(rule(block("0.0.0.0/0"))),
        meant=db(rule(block("0.0.0.0/0", "10.0.0.0/8"))),
        edits=["change-range spec.ingress[0].from[0].ipBlock"],
    ),
    "a rule that opens everything": Mistake(
        mine=db(rule()), meant=db(), edits=["remove-rule spec.ingress[0]"]
    ),
    "several rules where none should be": Mistake(
        mine=db(rule(pods(app="a")), rule(pods(app="b"))),
        meant=db(),
        edits=["empty-rules spec.ingress"],
    ),
    "no rule": Mistake(mine=db(), edits=["add-rule spec.ingress"]),
    "name resolution forgotten": Mistake(
        mine=api(TO_DB), meant=api(TO_DB, DNS), edits=["add-rule spec.egress"]
    ),
    "name resolution by TCP only": Mistake(
        mine=api(TO_DB, rule(*DNS.peers, ports=[53])),
        meant=api(TO_DB, DNS),
        edits=["add-port spec.egress[1].ports"],
    ),
    "a direction too many": Mistake(
        mine=api(TO_DB, types=[INGRESS, EGRESS]),
        meant=api(TO_DB),
        edits=["remove-policy-type spec.policyTypes"],
    ),
    "a direction forgotten": Mistake(
        mine=policy("bank/deny"),
        meant=policy("bank/deny", types=[INGRESS, EGRESS]),
        edits=["add-policy-type spec.policyTypes"],
    ),
    "a direction forgotten where the other stands twice": Mistake(
        mine=policy("bank/deny", types=[INGRESS, INGRESS]),
        meant=policy("bank/deny", types=[INGRESS, EGRESS]),
        edits=["add-policy-type spec.policyTypes"],
    ),
    "the directions swapped": Mistake(
        mine=policy("bank/db", select=DB, types=[EGRESS], egress=[rule(WEB, ports=[5432])]),
        edits=["swap-directions spec"],
    ),
    "the wrong namespace": Mistake(
        mine=policy("shop/db", select=DB, ingress=REFERENCE.ingress),
        edits=["change-namespace metadata.namespace"],
    ),
    "a policy missing": Mistake(
        mine=[REFERENCE], meant=[REFERENCE, api(TO_DB)], edits=["add-policy"]
    ),
    "a policy too many": Mistake(
        mine=[api(TO_DB), REFERENCE, policy("bank/open", ingress=[rule()])],
        meant=[api(TO_DB), REFERENCE],
        edits=["remove-policy"],
    ),
    "two mistakes in one rule": Mistake(
        mine=db(rule(pods_in(named("shop"), pods(app="x")), ports=[80])),
        edits=[
            "change-label spec.ingress[0].from[0].podSelector.matchLabels.app",
            "change-port spec.ingress[0].ports[0]",
        ],
    ),
    "two entries too many, both fields as they were written": Mistake(
        mine=db(rule(pods(app="a"), WEB, pods(app="b"), ports=[5432])),
        edits=["remove-peer spec.ingress[0].from[0]", "remove-peer spec.ingress[0].from[2]"],
    ),
}


@pytest.mark.parametrize("says", MISTAKES)
def test_repair_of_a_mistake(says: str) -> None:
    """The smallest edit is the one that undoes the mistake, and it does."""
    mistake = MISTAKES[says]
    repair = minimal_repair(mistake.mine, mistake.meant)
    found = [f"{edit.kind} {edit.field}".strip() for edit in repair.edits]
    assert found == mistake.edits
    assert repair.outcome is RepairOutcome.REPAIRED
    assert compare(repair.policies, mistake.meant).equal


@pytest.mark.parametrize("says", MISTAKES)
def test_edits_are_data(says: str) -> None:
    """An edit names the policy as it was written, and has something before or after it."""
    mistake = MISTAKES[says]
    sides = (mistake.mine, mistake.meant)
    written = {each.key for side in sides for each in cluster_of(side).policies}
    for edit in minimal_repair(mistake.mine, mistake.meant).edits:
        assert edit.policy.key in written
        whole = edit.kind in (EditKind.SWAP_DIRECTIONS, EditKind.EMPTY_RULES)
        assert whole or edit.before is not None or edit.after is not None


def test_nothing_to_repair() -> None:
    """What means the same already needs no edit, however it is written."""
    mine = db(rule(pods_in(named("shop"), pods(requirement("app", "In", "web"))), ports=[5432]))
    repair = minimal_repair(mine, REFERENCE)
    assert (repair.outcome, repair.edits) == (RepairOutcome.NOTHING_TO_REPAIR, ())


def test_too_far() -> None:
    """When no edit and no two edits do, that is said, with nothing guessed."""
    mine = [policy("shop/a", ingress=[rule()]), policy("lab/b", egress=[rule(block("::/0"))])]
    repair = minimal_repair(mine, [REFERENCE, api(TO_DB), policy("lab/c")])
    assert (repair.outcome, repair.edits, repair.policies) == (RepairOutcome.TOO_FAR, (), ())


def test_limit() -> None:
    """When the candidates are used up, that is said, with nothing guessed."""
    mistake = MISTAKES["a policy missing"]
    repair = minimal_repair(mistake.mine, mistake.meant, candidates=3)
    assert (repair.outcome, repair.edits) == (RepairOutcome.LIMIT_REACHED, ())


def test_given_policies_are_not_touched() -> None:
    """What is given on both sides counts, and no edit changes it."""
    deny = policy("bank/deny")
    repair = minimal_repair([], [policy("bank/db", ingress=[rule(WEB)])], given=[deny])
    assert [edit.kind for edit in repair.edits] == [EditKind.ADD_POLICY]
    assert deny not in repair.policies


def test_repair_in_a_world() -> None:
    """In a given world it is enough to be right there."""
    world = cluster(namespace("bank"), namespace("shop", team="retail"), pod("shop/web", app="web"))
    mine = db(rule(pods_in(namespaces(team="retail"), pods(app="web")), ports=[5432]))
    assert minimal_repair(mine, REFERENCE).edits
    repair = minimal_repair(mine, REFERENCE, scope="namespaces", world=world)
    assert repair.outcome is RepairOutcome.NOTHING_TO_REPAIR


MANIFEST = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: bank}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: shop
        - podSelector:
            matchLabels:
              app: web
      ports:
        - port: 5432
"""


def test_an_edit_knows_its_line() -> None:
    """An edit of a policy that was read from a file says where."""
    (mine,) = loads(MANIFEST, file="db.yaml").policies
    (edit,) = minimal_repair(mine, REFERENCE).edits
    assert str(edit.location) == "db.yaml:11"
    assert str(edit) == "join-peers at bank/db spec.ingress[0].from[1]"


def test_policy_types_that_were_not_written_are_filled_in_anew() -> None:
    """A rule of egress added to a policy without policyTypes isolates egress by itself."""
    text = MANIFEST.replace("ingress:", "egress:").replace("from:", "to:")
    (mine,) = loads(text.replace("kubernetes.io/metadata.name: shop", "a: b")).policies
    assert mine.policy_types == (INGRESS, EGRESS)
    meant = policy("bank/db", select=DB)
    (edit,) = minimal_repair(mine, meant).edits
    assert (edit.kind, edit.field) == (EditKind.REMOVE_RULE, "spec.egress[0]")


def test_tiers_that_differ_are_told() -> None:
    """No edit of a NetworkPolicy opens what the Admin tier of one side denies."""
    opened = policy("bank/p", ingress=[rule()])
    deny = admin("deny", ingress=[decision("Deny")])
    assert minimal_repair([opened, deny], [opened]).outcome is RepairOutcome.TIERS_DIFFER
    assert minimal_repair([opened, deny], [deny]).outcome is RepairOutcome.NOTHING_TO_REPAIR
    guard = admin("guard", ingress=[decision("Deny", ports=[22])])
    wrong = policy("bank/p", ingress=[rule(ports=[22])])
    right = policy("bank/p", ingress=[rule(ports=[22, 80])])
    repair = minimal_repair([wrong, guard], [right, guard])
    assert repair.outcome is RepairOutcome.REPAIRED
    assert len(repair.edits) == 1


def test_what_a_tier_decides_is_no_matter_of_the_repair() -> None:
    """The policy that shuts the way out stays: the Admin tier has opened it."""
    opened, shut = admin("out", egress=[decision("Accept")]), policy("bank/shut", types=[EGRESS])
    wrong = policy("bank/p", ingress=[rule(pods(), ports=[22])])
    right = policy("bank/p", ingress=[rule(pods(), ports=[22, 80])])
    repair = minimal_repair([wrong, shut, opened], [right, shut, opened])
    assert [edit.policy.name for edit in repair.edits] == ["p"]
