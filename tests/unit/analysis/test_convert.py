"""Old cluster-scoped policies as new ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.convert import convert
from netpol_sim.analysis.diff import diff
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import DomainNames
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterPolicyKind, Tier
from netpol_sim.errors import InvalidValueError
from netpol_sim.policy import PolicyPort
from tests.builders import admin, baseline, decision, namespaces, pod
from tests.laws.strategies import clusters

OLD = ClusterPolicyKind.ADMIN


def as_old(policy: ClusterNetworkPolicy) -> ClusterNetworkPolicy:
    """The same as an AdminNetworkPolicy, in that tier."""
    return replace(policy, kind=OLD, tier=Tier.ADMIN)


def as_the_baseline(policy: ClusterNetworkPolicy) -> Iterator[ClusterNetworkPolicy]:
    """The same as the BaselineAdminNetworkPolicy, if it has nothing that this kind lacks."""
    rules = (*policy.ingress, *policy.egress)
    lacks = any(each.action is Action.PASS for each in rules) or any(
        isinstance(peer, DomainNames) for each in rules for peer in each.peers
    )
    if lacks:
        yield policy
        return
    kind = ClusterPolicyKind.BASELINE
    yield replace(policy, kind=kind, tier=Tier.BASELINE, name="default", priority=1000)


@settings(max_examples=50)
@given(clusters(max_pods=4, max_policies=2, tiers=True))
def test_everything_is_decided_as_before(world: Cluster) -> None:
    """Converted policies mean the same, on every cluster and in this one."""
    old = tuple(map(as_old, world.cluster_policies))
    old = (*old[:-1], *as_the_baseline(old[-1]))
    new = tuple(each.after for each in convert(old))
    assert {each.kind for each in new} <= {ClusterPolicyKind.CLUSTER}
    assert compare(old, new).equal
    beside = world.policies
    assert compare((*beside, *old), (*beside, *new)).equal
    before = world.with_cluster_policies(old)
    assert not diff(before, world.with_cluster_policies(new))


def test_priorities_are_readable_and_equal_ones_stay_equal() -> None:
    """The numbers are tens, in the order of the old ones."""
    old = [as_old(admin(name, priority=at)) for name, at in (("c", 7), ("a", 3), ("b", 3))]
    found = [(each.after.name, each.after.priority) for each in convert(old)]
    assert found == [("a", 10), ("b", 10), ("c", 20)]


def test_numbers_stay_beside_new_policies() -> None:
    """Where both kinds stand in one tier, numbers stay; a name that is taken gets another."""
    old = as_old(admin("guard", priority=7))
    (found,) = convert([old, admin("guard", priority=8)])
    assert (found.after.name, found.after.priority) == ("guard-2", 7)


def test_the_singleton_gets_a_name() -> None:
    """The one baseline policy is called baseline."""
    old = replace(baseline("default", priority=1000), kind=ClusterPolicyKind.BASELINE)
    (found,) = convert([old])
    assert (found.after.name, found.after.tier, found.after.priority) == (
        "baseline",
        Tier.BASELINE,
        10,
    )


def test_what_is_too_long_is_split() -> None:
    """More than 25 rules, peers or ports become several, in their order."""
    rule = decision(
        "Deny",
        *(namespaces(team=f"t{number}") for number in range(30)),
        ports=[PolicyPort(port=80, end_port=80), *range(100, 130)],
    )
    many = replace(as_old(admin("long")), ingress=(rule,) * 8)
    found = [each.after for each in convert([many])]
    assert [(each.name, each.priority, len(each.ingress)) for each in found] == [
        ("long", 10, 25),
        ("long-2", 11, 7),
    ]
    assert found[0].ingress[0].ports[0] == PolicyPort(port=80)
    world = Cluster(pods=(pod("a/b"), pod("c/d"))).with_cluster_policies([many])
    assert not diff(world, world.with_cluster_policies(found))


def test_no_room_between_priorities() -> None:
    """A policy that must be split, and shares its priority, has no place for the rest."""
    many = replace(as_old(admin("long")), ingress=(decision("Deny"),) * 26)
    with pytest.raises(InvalidValueError, match="than there are priorities for"):
        convert([many, replace(many, name="other")])
