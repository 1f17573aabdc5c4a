"""One port of a table: who reaches whom on it, pair by pair or as rows of bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from netpol_sim.analysis.table.gates import OPEN, Gate, Share
from netpol_sim.analysis.table.index import EVERYTHING, bitset, members
from netpol_sim.analysis.table.peers import Peers
from netpol_sim.analysis.table.ports import point
from netpol_sim.analysis.table.table import Table
from netpol_sim.policy import Direction, Protocol


class Layer:
    """A table seen on one port.

    ``egress`` holds, for each position, the positions that its egress end lets pass; ``ingress``
    those that its ingress end does.  Exemptions are not in them (see ``Table.exempt``).
    """

    def __init__(self, table: Table, protocol: Protocol, port: int) -> None:
        self.table = table
        self.at = point(protocol, port)
        self.egress = self._sets(Direction.EGRESS)
        self.ingress = self._sets(Direction.INGRESS)
        self._on_node_network = table.population.on_node_network

    def _sets(self, direction: Direction) -> list[int]:
        gates = self.table.gates[direction]
        sets = {gate: self.table.row(gate, self.at) for gate in set(gates)}
        outside = [EVERYTHING] * len(self.table.outside.ranges)
        return [sets[gate] for gate in gates] + outside

    @cached_property
    def allows(self) -> Callable[[int, int], bool]:
        """Whether both ends let a connection pass, by the positions of source and destination.

        A function over bytes, from which a single bit is read without the others: what is asked
        of it a million times it answers about as fast as a dict of all pairs would.
        """
        egress, ingress = self._bytes
        on_node = self._on_node_network

        def allowed(source: int, destination: int) -> bool:
            if (
                egress[source][destination >> 3] >> (destination & 7) & 1
                and ingress[destination][source >> 3] >> (source & 7) & 1
            ):
                return True
            # Of two ends that no policy can part, one is on a node's network, or both are the same.
            if source != destination and not (
                on_node and (source in on_node or destination in on_node)
            ):
                return False
            return self.ends(source, destination) == (True, True)

        return allowed

    @property
    def _bytes(self) -> tuple[list[bytes], list[bytes]]:
        """``egress`` and ``ingress`` as bytes."""
        size = len(self.table.places)
        everyone = (1 << size) - 1
        distinct = {id(found): found for found in (*self.egress, *self.ingress)}
        made = {
            known: (found & everyone).to_bytes((size + 7) >> 3, "little")
            for known, found in distinct.items()
        }
        egress, ingress = (
            [made[id(found)] for found in each] for each in (self.egress, self.ingress)
        )
        return egress, ingress

    def ends(self, source: int, destination: int) -> tuple[bool, bool]:
        """Whether the egress end lets a connection pass, and whether the ingress end does."""
        freed, admitted = self.table.exempt(source, Direction.EGRESS)
        return (
            bool((self.egress[source] | freed) >> destination & 1),
            bool(self.ingress[destination] >> source & 1 or admitted >> destination & 1),
        )

    def row(self, source: int) -> int:
        """The positions that a source reaches, itself included unless it has finished."""
        freed, admitted = self.table.exempt(source, Direction.EGRESS)
        return (self.egress[source] | freed) & (self.admits[source] | admitted)

    @cached_property
    def rows(self) -> list[int]:
        """For each source the positions that policies let it reach: all pairs, without exemptions.

        Sources that behave alike share one row.
        """
        made: dict[tuple[int, int], int] = {}
        rows = []
        for egress, admits in zip(self.egress, self.admits, strict=True):
            key = (id(egress), id(admits))
            if key not in made:
                made[key] = egress & admits
            rows.append(made[key])
        return rows

    @cached_property
    def admits(self) -> list[int]:
        """For each source the destinations whose ingress end lets it pass.

        The ingress sets, turned round.  Gates open for the same peers are gathered first, so that
        each source meets the few peers it is among and not every gate.
        """
        size = len(self.table.places)
        shared: defaultdict[Share, int] = defaultdict(int)
        for gate, behind in self._behind().items():
            for share in gate.shares:
                shared[share] |= behind
        let_in: defaultdict[Peers, int] = defaultdict(int)
        for share, behind in shared.items():
            for peers in share.peers(self.at):
                let_in[peers] |= behind
        always = 0
        met: list[list[int]] = [[] for _ in range(size)]
        behind_peers: list[int] = []
        for peers, behind in let_in.items():
            if peers.inside == EVERYTHING:
                always |= behind
                continue
            for position in members(self.table.bits(peers)):
                met[position].append(len(behind_peers))
            behind_peers.append(behind)
        made: dict[tuple[int, ...], int] = {}
        return [_union(behind_peers, tuple(numbers), always, made) for numbers in met]

    def _behind(self) -> dict[Gate, int]:
        """The ingress gates, with the positions behind each."""
        found: defaultdict[Gate, list[int]] = defaultdict(list)
        gates = self.table.gates[Direction.INGRESS]
        for position, gate in enumerate(gates):
            found[gate].append(position)
        found[OPEN].extend(range(len(gates), len(self.table.places)))
        return {gate: bitset(positions) for gate, positions in found.items()}


def _union(
    sets: list[int], numbers: tuple[int, ...], always: int, made: dict[tuple[int, ...], int]
) -> int:
    known = made.get(numbers)
    if known is None:
        known = always
        for number in numbers:
            known |= sets[number]
        made[numbers] = known
    return known
