"""Exact ports between whole groups of places: what a table says about all ports at once.

The far ends of a gate fall into groups by the exact set of ports on which it lets them pass.  What
one place reaches is the meeting of two such groupings: that of its own gate, and that of the gates
of the others which let it pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from netpol_sim.analysis.gates import OPEN, Gate
from netpol_sim.analysis.index import EVERYTHING, bitset, members
from netpol_sim.analysis.population import Peers
from netpol_sim.analysis.ports import ALL_PORTS, PortSet
from netpol_sim.analysis.table import Table
from netpol_sim.policy import Direction

ByPorts = dict[PortSet, int]
"""Disjoint sets of positions, each with exactly these ports; who has none is left out."""


def grouped(openings: Iterable[tuple[int, PortSet]]) -> ByPorts:
    """Positions by the union of the ports of all the openings that they are in."""
    found: ByPorts = {}
    for opened, ports in openings:
        new = opened
        changed: defaultdict[PortSet, int] = defaultdict(int)
        for known, positions in found.items():
            both = positions & new
            changed[known] |= positions ^ both
            if both:
                changed[known | ports] |= both
                new ^= both
        changed[ports] |= new
        found = {known: positions for known, positions in changed.items() if known and positions}
    return found


def meeting(first: ByPorts, second: ByPorts) -> ByPorts:
    """Positions that are in both groupings, by the ports that both give them."""
    found: ByPorts = {}
    for ports, positions in first.items():
        for others, them in second.items():
            both = positions & them
            if both and (common := ports & others):
                found[common] = found.get(common, 0) | both
    return found


class Reach:
    """What places reach, or are reached by, seen from one end.

    With ``Direction.EGRESS`` near ends are sources and far ends their destinations; with INGRESS
    near ends are destinations and far ends the sources that reach them.
    """

    def __init__(self, table: Table, direction: Direction) -> None:
        self.table = table
        self.direction = direction
        self.opposite = next(each for each in Direction if each is not direction)
        self._everything = (1 << len(table.places)) - 1
        self._of_gate: dict[Gate, ByPorts] = {}
        self._of_peers: dict[tuple[int, ...], ByPorts] = {}

    def of(self, position: int) -> ByPorts:
        """The far ends of one place, by exact ports; the place itself is not among them."""
        ((_, found),) = self.alike(1 << position)
        own = 1 << position
        return {ports: rest for ports, far in found.items() if (rest := far & ~own)}

    def alike(self, positions: int) -> Iterator[tuple[int, ByPorts]]:
        """Near ends that are alike, with their far ends.

        Whether a place is among its own far ends means nothing: a pod always reaches itself.
        """
        groups: defaultdict[tuple[Gate, tuple[int, ...], int, int], list[int]] = defaultdict(list)
        for position, met in zip(members(positions), self._met(positions), strict=True):
            gate = self.table.gate(position, self.direction)
            own, others = self.table.exempt(position, self.direction)
            itself = ~(1 << position)
            groups[gate, met, own & itself, others & itself].append(position)
        for (gate, met, own, others), near in groups.items():
            ends = (_freed(self.of_gate(gate), own), _freed(self._letting_pass(met), others))
            yield bitset(near), meeting(*ends)

    def of_gate(self, gate: Gate) -> ByPorts:
        """The far ends that a gate of near ends lets pass, by exact ports."""
        if gate not in self._of_gate:
            self._of_gate[gate] = grouped(
                (self.table.bits(peers) & self._everything, ports)
                for peers, ports in gate.openings.items()
            )
        return self._of_gate[gate]

    # -- Gates of far ends, turned round ----------------------------------------------------------

    @cached_property
    def _peers(self) -> list[tuple[Peers, list[tuple[int, PortSet]]]]:
        """For each peer: what is behind the far gates that let it pass, and on which ports."""
        behind: defaultdict[Gate, list[int]] = defaultdict(list)
        gates = self.table.gates[self.opposite]
        for position, gate in enumerate(gates):
            behind[gate].append(position)
        behind[OPEN] += range(len(gates), len(self.table.places))
        found: defaultdict[Peers, defaultdict[PortSet, int]] = defaultdict(lambda: defaultdict(int))
        for gate, positions in behind.items():
            together = bitset(positions)
            for peers, ports in gate.openings.items():
                found[peers][ports] |= together
        return [
            (peers, [(far, ports) for ports, far in opened.items()])
            for peers, opened in found.items()
        ]

    def _met(self, positions: int) -> list[tuple[int, ...]]:
        """For each of some positions: the (numbers of the) peers that it is among."""
        found: dict[int, list[int]] = {position: [] for position in members(positions)}
        for number, (peers, _) in enumerate(self._peers):
            if peers.inside != EVERYTHING:
                for position in members(self.table.bits(peers) & positions):
                    found[position].append(number)
        return [tuple(numbers) for numbers in found.values()]

    def _letting_pass(self, met: tuple[int, ...]) -> ByPorts:
        """The far ends that let pass whoever is among these peers, by exact ports."""
        if met not in self._of_peers:
            always = ((far, ports) for ports, far in self._always.items())
            openings = (opening for number in met for opening in self._peers[number][1])
            self._of_peers[met] = grouped((*always, *openings))
        return self._of_peers[met]

    @cached_property
    def _always(self) -> ByPorts:
        """The far ends that let everyone pass, by exact ports."""
        return grouped(
            opening
            for peers, openings in self._peers
            if peers.inside == EVERYTHING
            for opening in openings
        )


def _freed(found: ByPorts, freed: int) -> ByPorts:
    """The same, with some positions on all ports."""
    if not freed:
        return found
    kept = {ports: rest for ports, positions in found.items() if (rest := positions & ~freed)}
    return {**kept, ALL_PORTS: kept.get(ALL_PORTS, 0) | freed}
