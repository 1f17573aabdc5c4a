"""All pairs at once: the table that answers for every two ends, on every port, by two bit tests.

1. Pods and nodes get positions; an index from label to positions turns each selector into a set of
   positions without trying it on a pod (``population``).
2. What an end lets pass depends only on the policies that isolate it.  So the pods of a namespace
   that the same policies isolate share one *gate*: who may pass, on which ports.
3. For one port, a gate is one set, its *row*: a bit for every position that may pass.  A connection
   is allowed when the destination is in the row of the source's egress gate and the source is in
   the row of the destination's ingress gate.  That is the whole table.
4. The few connections that no policy can stop (a pod and itself, a pod and its own node) are kept
   beside the table (``exempt``).

NetworkPolicies select pods of their own namespace only.  So the gates are made namespace by
namespace, and after an edit of one policy only those of its namespace are made again (``edited``).
Where a cluster has cluster-scoped policies, each gate then goes through the tiers (``tiers``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import or_

from netpol_sim.analysis.table.gates import CLOSED, OPEN, Gate, gates_of
from netpol_sim.analysis.table.index import EVERYTHING
from netpol_sim.analysis.table.outside import Outside, OutsideRange
from netpol_sim.analysis.table.peers import Peers
from netpol_sim.analysis.table.population import Population
from netpol_sim.analysis.table.tiers import blocks_of, settled
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.model import Node, Pod
from netpol_sim.peers import IPBlock
from netpol_sim.policy import Direction, NetworkPolicy

Place = Pod | Node | OutsideRange
"""What has a row and a column: a pod, a node, or a range of addresses outside."""


class Table:
    """Who may connect to whom in a cluster, for every pair and every port.

    Positions are those of ``population``; after them come the ranges outside.
    """

    def __init__(
        self, cluster: Cluster, family: int | None = None, *, earlier: Table | None = None
    ) -> None:
        self.cluster: Cluster = cluster
        self.parts: dict[str, NamespaceGates] = {}
        self._covered: dict[int, int] = {}
        known: dict[str, NamespaceGates] = {}
        if earlier is not None and _differ_only_in_policies(earlier.cluster, cluster):
            self.population: Population = earlier.population
            known = earlier.parts
        else:
            self.population = Population(cluster, family)
        for name, policies in _by_namespace(cluster):
            part = known.get(name)
            if part is None or part.policies != policies:
                part = NamespaceGates(self.population, name, policies)
            self.parts[name] = part
        if earlier is not None and known and earlier.blocks == self.blocks:
            self.outside = earlier.outside

    def edited(self, cluster: Cluster) -> Table:
        """The table of a cluster that differs from this one in its policies.

        Only the namespaces whose policies differ are worked out.  A cluster that differs in
        anything else gets a table of its own.
        """
        return Table(cluster, self.population.family, earlier=self)

    @cached_property
    def gates(self) -> dict[Direction, list[Gate]]:
        """The gate of every pod and node, by position."""
        start = [OPEN] * len(self.population.entities)
        for position in self.population.finished:
            start[position] = CLOSED
        gates = {direction: start.copy() for direction in Direction}
        for name, part in self.parts.items():
            span = self.population.spans[name]
            for direction in Direction:
                gates[direction][span.start : span.stop] = part.gates[direction]
        return settled(self, gates) if self.cluster_policies else gates

    # -- Asking ----------------------------------------------------------------------------------

    @cached_property
    def blocks(self) -> frozenset[IPBlock]:
        """The blocks of addresses that rules in force speak of."""
        of_tiers = blocks_of(self.cluster_policies)
        return of_tiers.union(*(part.blocks for part in self.parts.values()))

    @property
    def cluster_policies(self) -> tuple[ClusterNetworkPolicy, ...]:
        """The cluster-scoped policies, if the plugin enforces policies at all."""
        return self.cluster.cluster_policies if self.cluster.profile.enforces else ()

    @cached_property
    def outside(self) -> Outside:
        """The ranges of outside addresses that the policies can tell apart."""
        return Outside(self.blocks, self.population.addresses, self.population.family)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What has a row and a column, by position."""
        return (*self.population.entities, *self.outside.ranges)

    def gate(self, position: int, direction: Direction) -> Gate:
        """What the end at a position lets pass; an end outside lets everything pass."""
        gates = self.gates[direction]
        return gates[position] if position < len(gates) else OPEN

    def row(self, gate: Gate, at: int) -> int:
        """The positions, outside ranges included, that may pass a gate on the port at a point."""
        row = gate.row(at)
        if gate.settled:
            return row
        inside = len(self.population.entities)
        marks = row >> inside
        # None are left out, or everyone is in.
        if marks in (0, EVERYTHING):
            return row
        covered = self._covered.get(marks)
        if covered is None:
            blocks = self.population.marked(marks)
            covered = reduce(or_, [self.outside.covered(block) for block in blocks]) << inside
            self._covered[marks] = covered
        return row ^ marks << inside | covered

    def bits(self, peers: Peers) -> int:
        """The positions, outside ranges included, that some peers mean."""
        return peers.inside if peers.outside is None else peers.inside | self.covered(peers.outside)

    def covered(self, block: IPBlock) -> int:
        """The positions of the outside ranges that a block covers."""
        return self.outside.covered(block) << len(self.population.entities)

    def exempt(self, position: int, direction: Direction) -> tuple[int, int]:
        """Whom policies cannot stop from connecting with the end at a position.

        Args:
            position: The near end: the source for egress, the destination for ingress.
            direction: The direction of its own policies.

        Returns:
            First the far ends that its own policies have no say about, then those whose policies
            have no say about it.
        """
        population = self.population
        if position >= len(population.entities):
            return 0, 0
        entity = population.entities[position]
        own = 0 if position in population.finished else 1 << position
        node = entity.name if isinstance(entity, Node) else entity.node
        if node is None:
            return own, own
        ordinary, sharing = population.own_node[node]
        # A pod lets its own node in; whether it always gets out to it is up to the plugin.
        out = self.cluster.profile.own_node_egress_allowed
        if sharing >> position & 1:
            waived = out or direction is Direction.EGRESS
            return own, own | (ordinary if waived else 0)
        waived = bool(own) and (out or direction is Direction.INGRESS)
        return own | (sharing if waived else 0), own


class NamespaceGates:
    """The gates of the pods of one namespace, and the blocks of addresses in its rules."""

    def __init__(
        self, population: Population, namespace: str, policies: list[NetworkPolicy]
    ) -> None:
        self.policies = policies
        self.gates = gates_of(population, namespace, policies)
        rules = [
            rule
            for policy in policies
            for direction in policy.policy_types
            for rule in policy.rules(direction)
        ]
        self.blocks = frozenset(
            [peer for rule in rules for peer in rule.peers if isinstance(peer, IPBlock)]
        )


def _by_namespace(cluster: Cluster) -> Iterable[tuple[str, list[NetworkPolicy]]]:
    """The policies in force, namespace by namespace."""
    found: dict[str, list[NetworkPolicy]] = {}
    for policy in cluster.policies if cluster.profile.enforces else ():
        found.setdefault(policy.namespace, []).append(policy)
    return found.items()


def _differ_only_in_policies(first: Cluster, second: Cluster) -> bool:
    return (
        first.pods == second.pods
        and first.nodes == second.nodes
        and first.namespaces == second.namespaces
        and first.profile == second.profile
    )
