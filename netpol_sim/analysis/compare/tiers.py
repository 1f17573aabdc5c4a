"""Compare policy sets with cluster-scoped policies.

In a given world that is exact: the whole world is compared, connection by connection.  On every
cluster it is proven where the tiers of both sides say the same, rule by rule in the same order;
then only NetworkPolicies can differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.analysis.diff import diff
from netpol_sim.analysis.diff.changes import Change
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Pod
from netpol_sim.policy import Direction, NetworkPolicy, PodPeer


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """The policies of one side, of either scope."""

    policies: tuple[NetworkPolicy, ...]
    cluster_policies: tuple[ClusterNetworkPolicy, ...]

    @classmethod
    def of(cls, given: Iterable[NetworkPolicy | ClusterNetworkPolicy]) -> PolicySet:
        """What is given, by scope."""
        every = tuple(given)
        return cls(
            policies=tuple(each for each in every if isinstance(each, NetworkPolicy)),
            cluster_policies=tuple(
                each for each in every if isinstance(each, ClusterNetworkPolicy)
            ),
        )

    def put_into(self, world: Cluster) -> Cluster:
        """A world with exactly these policies."""
        return world.with_policies(self.policies).with_cluster_policies(self.cluster_policies)


def same_tiers(first: PolicySet, second: PolicySet) -> bool:
    """Whether the tiers of both sides say the same by the same rules in the same order.

    Names, kinds and the numbers of priorities do not matter, only the order they make.
    """
    return _tiers(first) == _tiers(second)


_Said = tuple[PodPeer, Direction, tuple[ClusterRule, ...]]


def _tiers(given: PolicySet) -> dict[tuple[Tier, Direction], list[_Said]]:
    cluster = Cluster(cluster_policies=given.cluster_policies)
    return {
        (tier, direction): [
            (policy.subject, direction, tuple(replace(rule, name="") for rule in rules))
            for policy in cluster.tier(tier)
            if (rules := policy.rules(direction))
        ]
        for tier in Tier
        for direction in Direction
    }


def in_world(
    world: Cluster, mine: PolicySet, reference: PolicySet
) -> tuple[Witness | None, Witness | None]:
    """A connection that only mine allows, and one that only the reference does."""
    ours, theirs = mine.put_into(world), reference.put_into(world)
    change = diff(theirs, ours)
    bare = world.with_policies(()).with_cluster_policies(())
    return _witness(bare, ours, theirs, change.added), _witness(bare, ours, theirs, change.removed)


def _witness(
    bare: Cluster, ours: Cluster, theirs: Cluster, changes: tuple[Change, ...]
) -> Witness | None:
    if not changes:
        return None
    connection = min((each.example for each in changes), key=_pods)
    return Witness(
        cluster=bare,
        connection=connection,
        mine=evaluate(ours, connection),
        reference=evaluate(theirs, connection),
    )


def _pods(connection: Connection) -> int:
    return sum(isinstance(end, Pod) for end in (connection.source, connection.destination))


def still_differs(witness: Witness, mine: PolicySet, reference: PolicySet) -> Witness | None:
    """A witness with the tiers of both sides in place; None when they decide alike there."""
    found = replace(
        witness,
        mine=evaluate(mine.put_into(witness.cluster), witness.connection),
        reference=evaluate(reference.put_into(witness.cluster), witness.connection),
    )
    return found if found.mine.allowed is not found.reference.allowed else None
