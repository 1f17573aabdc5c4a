"""Comparing policy sets with cluster-scoped policies agrees with ``evaluate``."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from netpol_sim.analysis.compare import compare
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.errors import InvalidValueError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, External, Pod
from tests.builders import admin, cluster, decision, namespaces, pod, policy, rule
from tests.laws.strategies import OUTSIDE, PORTS, cluster_policy_sets, clusters


@settings(max_examples=60)
@given(clusters(max_pods=4, max_policies=2, tiers=True), cluster_policy_sets())
def test_in_a_world(world: Cluster, others: tuple[ClusterNetworkPolicy, ...]) -> None:
    """Witnesses differ as they say, and equal sides decide every connection alike."""
    reference = world.with_cluster_policies(others)
    relation = compare(world, reference, scope="world", world=world)
    for found, is_open in ((relation.too_open, True), (relation.too_tight, False)):
        if found is not None:
            assert evaluate(world, found.connection).allowed is is_open
            assert evaluate(reference, found.connection).allowed is not is_open
    if relation.equal:
        ends: list[Entity] = [*world.pods, *world.nodes, *map(External.of, OUTSIDE)]
        for source in ends:
            for destination in ends:
                if isinstance(source, Pod) or isinstance(destination, Pod):
                    asked = Connection(source=source, destination=destination, port=PORTS[0])
                    ours, theirs = evaluate(world, asked), evaluate(reference, asked)
                    assert ours.allowed is theirs.allowed


WORLD = cluster(pod("shop/web", app="web"), pod("bank/db", app="db"))
DENY = admin("deny", ingress=[decision("Deny", namespaces(team="x"), ports=[80])])
OPEN, SHUT = policy("bank/p", ingress=[rule()]), policy("bank/p")


def test_on_every_cluster_by_the_order_of_rules() -> None:
    """Names and the numbers of priorities do not matter, the order they make does."""
    accept = admin("accept", ingress=[decision("Accept")], priority=20)
    first = (DENY, accept)
    again = (
        admin("b", ingress=[decision("Accept", name="all")], priority=7),
        admin("a", ingress=DENY.ingress, priority=5),
    )
    assert compare(first, again).equal
    swapped = (DENY, admin("accept", ingress=[decision("Accept")], priority=0))
    with pytest.raises(InvalidValueError, match="compared in a given world"):
        compare(first, swapped)


def test_network_policies_beside_equal_tiers() -> None:
    """Where the tiers are equal, a difference of NetworkPolicies counts if they leave it."""
    relation = compare((DENY, OPEN), (DENY, SHUT))
    assert relation.too_open is not None
    assert relation.too_tight is None
    deaf = admin("deaf", ingress=[decision("Deny")])
    assert compare((deaf, SHUT), (deaf, SHUT)).equal


def test_a_world_tells_tiers_apart() -> None:
    """In a world the difference is a connection of it."""
    deny = admin("deny", ingress=[decision("Deny")])
    relation = compare(deny, (), scope="world", world=WORLD)
    assert relation.too_open is None
    assert str(relation.too_tight) == "shop/web -> bank/db:80/TCP"
    assert compare(deny, deny, scope="world", world=WORLD).equal
