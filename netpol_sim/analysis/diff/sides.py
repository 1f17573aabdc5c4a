"""Two clusters side by side: two tables in which a position means the same on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.gates import Gate
from netpol_sim.analysis.table.index import bitset, span
from netpol_sim.analysis.table.outside import Outside
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.model import Namespace, Node, Pod
from netpol_sim.policy import Direction

_T = TypeVar("_T", Namespace, Pod, Node)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side: its table, and the positions of what it really has (all ranges outside count)."""

    table: Table
    present: int

    @classmethod
    def whole(cls, table: Table) -> Side:
        """A side that has everything."""
        return cls(table=table, present=(1 << len(table.places)) - 1)

    @cached_property
    def reach(self) -> dict[Direction, Reach]:
        """Whom places reach, and by whom they are reached."""
        return {direction: Reach(self.table, direction) for direction in Direction}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides over a common refinement.

    What one side lacks has a position there, too, and is not ``present``.  Outside addresses are
    cut by the blocks of both sides; an address that belongs to a pod or node of either side is not
    outside.
    """

    before: Side
    after: Side

    @classmethod
    def of(cls, before: Cluster, after: Cluster) -> Sides:
        """Bring two clusters to the same positions."""
        first = Table(_with_all_of(before, before, after))
        second = first.edited(_with_all_of(after, before, after))
        taken = first.population.addresses | second.population.addresses
        first.outside = second.outside = Outside(first.blocks | second.blocks, taken)
        return cls(
            before=Side(table=first, present=_present(first, before)),
            after=Side(table=second, present=_present(second, after)),
        )

    @property
    def both(self) -> tuple[Side, Side]:
        """Before, then after."""
        return self.before, self.after

    @property
    def one_sided(self) -> int:
        """The pods and nodes that are present on one side only."""
        return self.before.present ^ self.after.present

    @property
    def pods(self) -> int:
        """All pods of either side."""
        return (1 << len(self.before.table.population.pods)) - 1

    @property
    def namespaces(self) -> Iterator[int]:
        """The pods of each namespace."""
        return map(span, self.before.table.population.spans.values())

    def unequal(self, direction: Direction) -> int:
        """The ends that may let something else pass than before; all others surely do not."""
        first, second = self.before.table, self.after.table
        same_entities = first.population is second.population
        known: dict[tuple[Gate, Gate], bool] = {}
        found = []
        pairs = zip(first.gates[direction], second.gates[direction], strict=True)
        for position, gates in enumerate(pairs):
            equal = known.get(gates)
            if equal is None:
                before, after = gates
                equal = before is after or _means(before) == _means(after)
                known[gates] = equal
            if equal and not same_entities:
                exempt = (table.exempt(position, direction) for table in (first, second))
                equal = next(exempt) == next(exempt)
            if not equal:
                found.append(position)
        return bitset(found) | self.one_sided


def _means(gate: Gate) -> frozenset[object]:
    """Who may pass a gate on which ports, in a form that can be compared."""
    openings = gate.openings.items()
    return frozenset((peers.inside, peers.outside, ports) for peers, ports in openings)


def _with_all_of(cluster: Cluster, before: Cluster, after: Cluster) -> Cluster:
    """A cluster with the namespaces, pods and nodes of both sides, in an order common to both."""
    if (before.namespaces, before.pods, before.nodes) == (
        after.namespaces,
        after.pods,
        after.nodes,
    ):
        return cluster
    every = (before, after, cluster)
    return replace(
        cluster,
        namespaces=_united((each.namespaces for each in every), lambda item: item.name),
        pods=_united((each.pods for each in every), lambda item: item.key),
        nodes=_united((each.nodes for each in every), lambda item: item.name),
    )


def _united(groups: Iterable[tuple[_T, ...]], key: Callable[[_T], str]) -> tuple[_T, ...]:
    """Everything once, in the order in which it is first met and as it is last met."""
    return tuple({key(item): item for group in groups for item in group}.values())


def _present(table: Table, cluster: Cluster) -> int:
    own = {pod.key for pod in cluster.pods} | {node.key for node in cluster.nodes}
    positions = table.population.positions.items()
    missing = bitset(position for key, position in positions if key not in own)
    return (1 << len(table.places)) - 1 & ~missing
