"""All that is allowed in a cluster, compactly: groups of places that may connect alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.choice import choice
from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.policy import Direction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """Sources that may all connect to the same destinations, on exactly these ports.

    A place that is both is not meant to connect to itself.  The sets hold positions of ``table``.
    """

    table: Table
    source_set: int
    destination_set: int
    ports: PortSet

    @property
    def sources(self) -> tuple[Place, ...]:
        """The sources, by position."""
        return tuple(self.table.places[position] for position in members(self.source_set))

    @property
    def destinations(self) -> tuple[Place, ...]:
        """The destinations, by position."""
        return tuple(self.table.places[position] for position in members(self.destination_set))

    def __str__(self) -> str:
        sources = ", ".join(place.key for place in self.sources)
        return f"{sources} -> {', '.join(place.key for place in self.destinations)}: {self.ports}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConnectionMap:
    """What is allowed between places: each pair of them, with its ports, is in exactly one flow."""

    table: Table
    flows: tuple[Flow, ...]

    def __iter__(self) -> Iterator[Flow]:
        return iter(self.flows)

    def __len__(self) -> int:
        return len(self.flows)

    def __str__(self) -> str:
        return "\n".join(map(str, self.flows)) or "no connection is allowed"


def connection_map(  # noqa: PLR0913  one question with its filters, all optional
    cluster: Cluster,
    *,
    namespaces: Iterable[str] = (),
    workloads: Iterable[str] = (),
    labels: Mapping[str, str] | LabelSelector | None = None,
    nodes: bool = False,
    outside: bool = True,
    family: int | None = None,
) -> ConnectionMap:
    """List everything that is allowed in a cluster, exactly.

    Pairs without a pod are left out: no policy speaks about them.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        namespaces: Only connections from or to pods of these namespaces.
        workloads: Only connections from or to pods of these workloads, as ``namespace/name``.
        labels: Only connections from or to pods with these labels, or that this selector picks.
        nodes: Connections of nodes, too.
        outside: Connections of the ranges of outside addresses that policies can tell apart, too.
        family: The address family of all connections, as in ``Connection``.

    Returns:
        Flows in order of their first sources and destinations.

    Raises:
        UnknownNameError: A namespace or workload that the cluster does not have.
    """
    table = Table(cluster, family)
    pods = choice(namespaces=namespaces, workloads=workloads, labels=labels, outside=False)
    chosen = bitset(pods.positions(table))
    others = choice(nodes=nodes, outside=outside)
    return ConnectionMap(table=table, flows=flows(table, chosen, bitset(others.positions(table))))


def flows(table: Table, chosen: int, others: int) -> tuple[Flow, ...]:
    """The flows between chosen pods and any ``others``, both ways, as sets of positions."""
    pairs = []
    for sources, found in Reach(table, Direction.EGRESS).alike(chosen | others):
        for ports, destinations in found.items():
            # Every pair has a chosen end: first the source, then the destination alone.
            for near, far in (
                (sources & chosen, destinations & (chosen | others)),
                (sources & ~chosen, destinations & chosen),
            ):
                pairs.append((near, far, ports))
    return joined(table, pairs)


def joined(table: Table, pairs: Iterable[tuple[int, int, PortSet]]) -> tuple[Flow, ...]:
    """Sources, destinations and ports as flows, in order; no pair may be given twice."""
    merged: defaultdict[tuple[PortSet, int], int] = defaultdict(int)
    for near, far, ports in pairs:
        if near and far:
            merged[ports, far] |= near
    found = (_flow(table, near, far, ports) for (ports, far), near in merged.items())
    return tuple(sorted((flow for flow in found if flow is not None), key=_order))


def _flow(table: Table, sources: int, destinations: int, ports: PortSet) -> Flow | None:
    """A flow without the places that could only connect to themselves; None if none are left."""
    if sources.bit_count() == 1:
        destinations &= ~sources
    if destinations.bit_count() == 1:
        sources &= ~destinations
    if not sources or not destinations:
        return None
    return Flow(table=table, source_set=sources, destination_set=destinations, ports=ports)


def _order(flow: Flow) -> tuple[int, int, tuple[int, ...]]:
    first = flow.source_set & -flow.source_set
    return first, flow.destination_set & -flow.destination_set, flow.ports.edges
