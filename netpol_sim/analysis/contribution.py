"""What one policy alone contributes, and which policies contribute nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_sim.analysis.diff import Diff, Side, diff, differ
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.gates import Gate
from netpol_sim.analysis.table.index import members, span
from netpol_sim.analysis.table.ports import NO_PORTS, PortSet
from netpol_sim.analysis.table.regions import ByPorts, grouped
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.policy import Direction, NetworkPolicy

_TRIED = 32
"""So many far ends are tried for a quick proof that a gate matters."""


def contribution(cluster: Cluster, policy: str) -> Diff:
    """What changes because of one policy: from the cluster without it to the cluster with it.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        policy: The policy as ``namespace/name``, or ``Kind/name`` if it is cluster-scoped.

    Raises:
        UnknownNameError: The cluster has no such policy.
    """
    return diff(cluster.without_policy(policy), cluster)


def redundant(cluster: Cluster) -> tuple[AnyPolicy, ...]:
    """The policies that change nothing in this cluster, each alone.

    Looked at is each policy of either scope: NetworkPolicies, then cluster-scoped policies, both
    in cluster order.  A policy of a kind that the plugin ignores changes nothing.
    Two policies that say the same are both redundant, though one of them is needed.
    """
    whole = Side.whole(Table(cluster))
    return tuple(policy for policy in cluster.every_policy if _is_redundant(whole, policy))


def removable(cluster: Cluster) -> tuple[AnyPolicy, ...]:
    """Policies that can all be removed together without a change in this cluster.

    From the last to the first (cluster-scoped policies, then NetworkPolicies) each is left out if
    what remains then does the same, so that of two that say the same the first stays; and again,
    until nothing more can go (a policy that allows everything goes when the one that denies
    everything beside it is gone).  In the order of ``redundant``.
    """
    left, before = Side.whole(Table(cluster)), -1
    while before != len(left.table.cluster.every_policy):
        remaining = left.table.cluster.every_policy
        before = len(remaining)
        for policy in reversed(remaining):
            if _is_redundant(left, policy):
                left = _without(left, policy)
    kept = {policy.key for policy in left.table.cluster.every_policy}
    return tuple(policy for policy in cluster.every_policy if policy.key not in kept)


def _without(side: Side, policy: AnyPolicy) -> Side:
    """The same without a policy."""
    table = side.table.edited(side.table.cluster.without_policy(policy.key))
    # Ranges outside that only the policy told apart stay apart, so that positions are the same.
    table.outside = side.table.outside
    return Side.whole(table)


def _is_redundant(whole: Side, policy: AnyPolicy) -> bool:
    left = _without(whole, policy)
    changed = list(_changed_gates(whole.table, left.table, policy))
    if any(_surely_matters(whole.table, left.table, *each) for each in changed):
        return False
    return not changed or not differ(whole, left)


def _changed_gates(
    first: Table, second: Table, policy: AnyPolicy
) -> Iterator[tuple[int, Direction, Gate, Gate]]:
    """A pod for each pair of gates that differ in meaning between two tables."""
    seen: set[tuple[Gate, Gate]] = set()
    for direction in Direction:
        for position in _concerned(first, policy):
            pair = (first.gate(position, direction), second.gate(position, direction))
            if pair not in seen and pair[0].openings != pair[1].openings:
                yield position, direction, *pair
            seen.add(pair)


def _concerned(table: Table, policy: AnyPolicy) -> Iterable[int]:
    """The positions of all pods that a policy may decide about."""
    if isinstance(policy, NetworkPolicy):
        return table.population.spans[policy.namespace]
    return members(table.population.ordinary(policy.subject))


def _surely_matters(
    first: Table, second: Table, near: int, direction: Direction, old: Gate, new: Gate
) -> bool:
    """Whether some pod or node is let pass by one gate only, and by its own end on both sides."""
    opposite = next(each for each in Direction if each is not direction)
    exempt = [each for table in (first, second) for each in table.exempt(near, direction)]
    counted = ~(exempt[0] | exempt[1] | exempt[2] | exempt[3] | 1 << near)
    for ports, far in _differing(first, old, new):
        for position in list(members(far & counted))[:_TRIED]:
            passing = ports
            for table in (first, second):
                passing &= _ports(table.gate(position, opposite), near)
            if passing:
                return True
    return False


def _differing(table: Table, old: Gate, new: Gate) -> Iterator[tuple[PortSet, int]]:
    """The ports on which two gates differ, and for whom."""
    everyone = span(range(len(table.population.entities)))
    first, second = (_complete(gate, everyone) for gate in (old, new))
    for ports, far in first.items():
        for others, them in second.items():
            difference = (ports - others) | (others - ports)
            if difference and far & them:
                yield difference, far & them


def _complete(gate: Gate, everyone: int) -> ByPorts:
    """Everybody by the ports that a gate opens for them, those without any included."""
    found = grouped((peers.inside & everyone, ports) for peers, ports in gate.openings.items())
    for positions in found.values():
        everyone &= ~positions
    return {**found, NO_PORTS: everyone}


def _ports(gate: Gate, position: int) -> PortSet:
    """The ports that a gate opens for the pod or node at a position."""
    return PortSet.union(
        ports for peers, ports in gate.openings.items() if peers.inside >> position & 1
    )
