"""Laws of contributions: a policy is redundant exactly when its removal changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given

from netpol_sim.analysis.contribution import contribution, redundant, removable
from netpol_sim.analysis.diff import diff
from netpol_sim.cluster import Cluster
from netpol_sim.model import Phase
from netpol_sim.policy import NetworkPolicy, Rule
from netpol_sim.profiles import PROFILES
from tests.builders import (
    EGRESS,
    admin,
    baseline,
    block,
    cluster,
    decision,
    labelled,
    namespaces,
    node,
    pod,
    pods,
    pods_in,
    policy,
    rule,
)
from tests.laws.strategies import clusters


@given(clusters())
def test_redundant(world: Cluster) -> None:
    """Each policy alone: redundant and contributing are opposites."""
    idle = redundant(world)
    for each in world.every_policy:
        assert (each in idle) is not bool(contribution(world, each.key))
        assert (each in idle) is not bool(diff(world, world.without_policy(each.key)))


@given(clusters())
def test_removable(world: Cluster) -> None:
    """Without all removable policies everything is as before, and nothing more can go."""
    gone = removable(world)
    rest = world.without_policy(*(each.key for each in gone))
    assert not diff(world, rest)
    assert not redundant(rest)


def test_twins() -> None:
    """Of two policies that say the same, each is redundant and the second is removable."""
    web = rule(pods(app="web"), ports=[80])
    world = cluster(
        pod("bank/web", labels={"app": "web"}),
        pod("bank/db", labels={"app": "db"}),
        policy("bank/one", select=labelled(app="db"), ingress=[web]),
        policy("bank/two", select=labelled(app="db"), ingress=[web]),
        policy("bank/nobody", select=labelled(app="gone")),
    )
    assert [each.name for each in redundant(world)] == ["one", "two", "nobody"]
    assert [each.name for each in removable(world)] == ["two", "nobody"]
    assert not contribution(world, "bank/two")
    with_all = world.with_policies(
        [policy("bank/all", ingress=[rule()]), policy("bank/nothing")],
    )
    assert [each.name for each in removable(with_all)] == ["all", "nothing"]
    assert contribution(world.without_policy("bank/one"), "bank/two")


def test_cluster_scoped_policies_count() -> None:
    """What an Admin tier denies to all pods, a NetworkPolicy allows them in vain."""
    shut, pods_in = policy("bank/shut"), policy("bank/in", ingress=[rule(namespaces())])
    world = cluster(pod("bank/db"), pod("shop/web"), shut, pods_in)
    assert pods_in not in redundant(world)
    denied = world.with_policy(admin("deny", ingress=[decision("Deny")]))
    assert pods_in in redundant(denied)
    assert contribution(denied, "ClusterNetworkPolicy/deny")


def test_redundant_cluster_scoped_policies() -> None:
    """They are looked at, too; of two in a tier that say the same, the first stays."""
    deny = [decision("Deny", pods_in(namespaces(), pods(app="web")))]
    world = cluster(
        pod("bank/db"),
        pod("shop/web", labels={"app": "web"}),
        admin("one", ingress=deny, priority=1),
        admin("two", ingress=deny, priority=2),
        admin(
            "nobody",
            subject=pods_in(namespaces(), pods(app="gone")),
            ingress=[decision("Deny")],
            priority=3,
        ),
        baseline("default", ingress=[decision("Deny")]),
        policy("bank/shut", ingress=[rule(namespaces())]),
        policy("shop/shut", ingress=[rule(namespaces())]),
    )
    assert [each.name for each in redundant(world)] == ["one", "two", "nobody", "default"]
    assert [each.name for each in removable(world)] == ["two", "nobody", "default"]
    deaf = world.with_profile(PROFILES["cilium"])
    assert {each.name for each in redundant(deaf)} >= {"one", "two", "nobody", "default"}


OUT_OF_WEB = policy("bank/web-out", select=labelled(app="web"), types=[EGRESS])
TO_PORT_1 = policy(
    "bank/web-out", select=labelled(app="web"), types=[EGRESS], egress=[rule(ports=[1])]
)
INTO_DB = [rule(pods(app="web"), ports=[80])]


@pytest.mark.parametrize(
    ("others", "rules", "idle"),
    [
        ([], INTO_DB, False),
        ([OUT_OF_WEB], INTO_DB, True),
        ([TO_PORT_1], INTO_DB, True),
        ([TO_PORT_1], [rule(pods(app="web"), ports=[1, 80])], False),
        ([], [rule(pods(app="db"))], True),
        ([], [rule(block("10.0.0.1/32"))], True),
        ([], [rule(block("10.0.0.2/32"))], False),
        ([], [rule(pods(app="done"))], True),
    ],
)
def test_what_a_rule_adds_must_arrive(
    others: list[NetworkPolicy], rules: list[Rule], *, idle: bool
) -> None:
    """A rule adds nothing for ends that the other end stops, or that no policy can stop."""
    world = cluster(
        node("n1", "10.0.0.1"),
        node("n2", "10.0.0.2"),
        pod("bank/web", app="web"),
        pod("bank/db", app="db", node="n1"),
        pod("bank/done", app="done", phase=Phase.SUCCEEDED),
        policy("bank/shut", select=labelled(app="db")),
        *others,
    )
    tried = policy("bank/tried", select=labelled(app="db"), ingress=rules)
    assert (tried in redundant(world.with_policy(tried))) is idle
