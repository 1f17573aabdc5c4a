"""What a change of policies, pods or labels changes: the connections that appear and disappear.

Both sides are brought to the same positions (``sides``).  Where neither the egress gate of a source
nor the ingress gate of a destination means anything else than before, nothing changes between them;
only for the others are the exact ports before and after compared (``reach``).  The pairs that
change alike are told together (``rectangles``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from netpol_sim.analysis.diff.rectangles import Rectangle, fewest
from netpol_sim.analysis.diff.sides import Side, Sides
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.choice import entity_at, example_port
from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.ports import NO_PORTS, PortSet
from netpol_sim.analysis.table.regions import ByPorts
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Namespace, Node, Pod
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Connections that appear or disappear together: each source to each destination.

    ``ports`` are exactly those that change.  A pod and itself are no pair, nor are two ends of
    which none is a pod.  At an end whose own policies changed, all pods are of one namespace.
    ``example`` is one of the connections, ``before`` and ``after`` its verdicts; None where one of
    its ends does not exist on that side.
    """

    sources: tuple[Place, ...]
    destinations: tuple[Place, ...]
    ports: PortSet
    example: Connection
    before: Verdict | None
    after: Verdict | None

    @property
    def pairs(self) -> Iterator[tuple[Place, Place]]:
        """Each source with each destination."""
        for source in self.sources:
            for destination in self.destinations:
                if source.key != destination.key and (
                    isinstance(source, Pod) or isinstance(destination, Pod)
                ):
                    yield source, destination

    @property
    def count(self) -> int:
        """How many pairs there are."""
        ends = (self.sources, self.destinations)
        pods, others = zip(*map(_counted, ends), strict=True)
        return (
            len(self.sources) * len(self.destinations)
            - len(pods[0] & pods[1])
            - len(others[0]) * len(others[1])
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diff:
    """The connections that appear and disappear between two clusters; true when any do.

    ``places`` are all pods, nodes and ranges outside that were looked at.  ``only_before`` and
    ``only_after`` hold the namespaces, nodes and pods that one side lacks.
    """

    before: Cluster
    after: Cluster
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    places: tuple[Place, ...]

    @property
    def only_before(self) -> tuple[Namespace | Node | Pod, ...]:
        """What is gone."""
        return _missing(self.before, self.after)

    @property
    def only_after(self) -> tuple[Namespace | Node | Pod, ...]:
        """What is new."""
        return _missing(self.after, self.before)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __str__(self) -> str:
        if not self:
            return "no connection appears or disappears"
        parts = ((self.added, "appear"), (self.removed, "disappear"))
        told = [
            f"connections {verb} between {count} pair{'' if count == 1 else 's'} of ends"
            for changes, verb in parts
            if (count := sum(change.count for change in changes))
        ]
        return "; ".join(told)


def diff(before: Cluster, after: Cluster) -> Diff:
    """Find exactly which connections appear and disappear between two clusters.

    The clusters may differ in anything: policies, labels, pods, namespaces, the network plugin.
    Pods and nodes are the same when their names are; one that a side lacks has no connections
    there.  Each side takes the addresses of dual-stack pods as a connection without ``family``
    does.
    """
    sides = Sides.of(before, after)
    out, into = (sides.unequal(direction) for direction in (Direction.EGRESS, Direction.INGRESS))
    added: list[Rectangle] = []
    removed: list[Rectangle] = []
    for more, fewer in _changes(sides, out, into):
        added += more
        removed += fewer
    parts = (_parts(sides, out), _parts(sides, into))
    return Diff(
        before=before,
        after=after,
        added=tuple(_told(sides, each) for each in fewest(added, *parts)),
        removed=tuple(_told(sides, each) for each in fewest(removed, *parts)),
        places=tuple(_place(sides, position) for position in range(len(sides.after.table.places))),
    )


def differ(before: Side, after: Side) -> bool:
    """Whether any connection appears or disappears; both sides must have the same positions."""
    sides = Sides(before=before, after=after)
    ends = (sides.unequal(direction) for direction in (Direction.EGRESS, Direction.INGRESS))
    # What is left of a pod and itself when it is trimmed is no pair.
    return any(
        all(each.trimmed[:2]) for more, fewer in _changes(sides, *ends) for each in (*more, *fewer)
    )


def _changes(
    sides: Sides, out: int, into: int
) -> Iterator[tuple[list[Rectangle], list[Rectangle]]]:
    """What appears and what disappears: seen from some sources, then from some destinations."""
    yield from _differences(sides, out)
    for more, fewer in _differences(sides, into, Direction.INGRESS, without=out):
        yield [each.turned for each in more], [each.turned for each in fewer]


def _differences(
    sides: Sides, near: int, direction: Direction = Direction.EGRESS, without: int = 0
) -> Iterator[tuple[list[Rectangle], list[Rectangle]]]:
    """What appears and what disappears between some near ends and all far ends but some."""
    for own, counted in (
        (near & sides.pods, ~without),
        (near & ~sides.pods, sides.pods & ~without),
    ):
        alike: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        found: list[ByPorts] = [{}]
        numbers: list[dict[int, int]] = []
        for side in sides.both:
            group_of: dict[int, int] = {}
            for positions, far in side.reach[direction].alike(own & side.present):
                group_of.update(dict.fromkeys(members(positions), len(found)))
                found.append(_within(far, side.present & counted))
            numbers.append(group_of)
        for position in members(own):
            alike[tuple(group_of.get(position, 0) for group_of in numbers)].append(position)
        for (first, second), same in alike.items():
            together = bitset(same)
            more, fewer = _compared(found[first], found[second])
            yield (
                [Rectangle(together, far, ports) for ports, far in more.items()],
                [Rectangle(together, far, ports) for ports, far in fewer.items()],
            )


def _within(found: ByPorts, positions: int) -> ByPorts:
    return {ports: kept for ports, far in found.items() if (kept := far & positions)}


def _compared(before: ByPorts, after: ByPorts) -> tuple[ByPorts, ByPorts]:
    """What is only in the second, and what is only in the first."""
    if before == after:
        return {}, {}
    everyone = _union(before) | _union(after)
    first = {**before, NO_PORTS: everyone & ~_union(before)}
    second = {**after, NO_PORTS: everyone & ~_union(after)}
    more: defaultdict[PortSet, int] = defaultdict(int)
    fewer: defaultdict[PortSet, int] = defaultdict(int)
    for old, far in first.items():
        for new, them in second.items():
            both = far & them
            if both and new - old:
                more[new - old] |= both
            if both and old - new:
                fewer[old - new] |= both
    return more, fewer


def _union(found: ByPorts) -> int:
    return reduce(or_, found.values(), 0)


# -- For people ----------------------------------------------------------------------------------


def _parts(sides: Sides, changed: int) -> list[int]:
    """The positions, so that ends whose own policies changed are told namespace by namespace.

    So are those that are new or gone; they never share a rectangle with others.
    """
    everything = (1 << len(sides.after.table.places)) - 1
    one_sided = sides.one_sided
    parts = [everything & ~changed]
    for own in (*sides.namespaces, everything & ~sides.pods):
        parts += [own & changed & ~one_sided, own & one_sided]
    return [part for part in parts if part]


def _told(sides: Sides, found: Rectangle) -> Change:
    source, destination = next(
        (row, column)
        for row in members(found.rows)
        for column in members(found.columns)
        if row != column and 1 << row & sides.pods | 1 << column & sides.pods
    )
    protocol, port = example_port(found.ports, _place(sides, destination))
    verdicts = [_verdict(side, source, destination, protocol, port) for side in sides.both]
    before, after = verdicts
    known = after or before
    if known is None:
        raise AssertionError("a connection that changes exists on one side at least")
    return Change(
        sources=tuple(_place(sides, row) for row in members(found.rows)),
        destinations=tuple(_place(sides, column) for column in members(found.columns)),
        ports=found.ports,
        example=known.connection,
        before=before,
        after=after,
    )


def _place(sides: Sides, position: int) -> Place:
    """What is at a position: as it is after, or else as it was before."""
    side = sides.after if sides.after.present >> position & 1 else sides.before
    return side.table.places[position]


def _verdict(
    side: Side, source: int, destination: int, protocol: Protocol, port: int
) -> Verdict | None:
    if not (side.present >> source & 1 and side.present >> destination & 1):
        return None
    ends = (entity_at(side.table, position) for position in (source, destination))
    connection = Connection(source=next(ends), destination=next(ends), port=port, protocol=protocol)
    return evaluate(side.table.cluster, connection)


def _counted(places: tuple[Place, ...]) -> tuple[set[str], set[str]]:
    """The keys of the pods, and those of everything else."""
    pods = {each.key for each in places if isinstance(each, Pod)}
    return pods, {each.key for each in places} - pods


def _missing(here: Cluster, there: Cluster) -> tuple[Namespace | Node | Pod, ...]:
    """The namespaces, nodes and pods of one cluster that the other lacks."""
    pods, nodes = ({each.key for each in found} for found in (there.pods, there.nodes))
    namespaces = {each.name for each in there.namespaces}
    return (
        *(each for each in here.namespaces if each.name not in namespaces),
        *(each for each in here.nodes if each.key not in nodes),
        *(each for each in here.pods if each.key not in pods),
    )
