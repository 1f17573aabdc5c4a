"""Exact ports between whole groups of places: what a table says about all ports at once.

The far ends of a gate fall into groups by the exact set of ports on which it lets them pass.  What
one place reaches is the meeting of two such groupings: that of its own gate, and that of the gates
of the others which let it pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from netpol_sim.analysis.table.gates import OPEN, Gate
from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet
from netpol_sim.analysis.table.regions import ByPorts, grouped, meeting
from netpol_sim.analysis.table.table import Table
from netpol_sim.policy import Direction

_FEW = 64


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
        self._questions = 0

    def of(self, position: int) -> ByPorts:
        """The far ends of one place, by exact ports; the place itself is not among them."""
        ((_, found),) = self.alike(1 << position)
        own = 1 << position
        return {ports: rest for ports, far in found.items() if (rest := far & ~own)}

    def alike(self, positions: int) -> Iterator[tuple[int, ByPorts]]:
        """Near ends that are alike, with their far ends.

        Whether a place is among its own far ends means nothing: a pod always reaches itself.
        """
        if not positions:
            return
        turned = self._turned(positions)
        groups: defaultdict[tuple[Gate, tuple[int, ...], int, int], list[int]] = defaultdict(list)
        for position, met in zip(members(positions), turned.met(positions), strict=True):
            gate = self.table.gate(position, self.direction)
            own, others = self.table.exempt(position, self.direction)
            itself = ~(1 << position)
            groups[gate, met, own & itself, others & itself].append(position)
        for (gate, met, own, others), near in groups.items():
            ends = (_freed(self.of_gate(gate), own), _freed(turned.letting_pass(met), others))
            yield bitset(near), meeting(*ends)

    def of_gate(self, gate: Gate) -> ByPorts:
        """The far ends that a gate of near ends lets pass, by exact ports."""
        if gate not in self._of_gate:
            self._of_gate[gate] = self._among(gate, self._everything)
        return self._of_gate[gate]

    def _among(self, gate: Gate, ends: int) -> ByPorts:
        """Those of some ends that a gate lets pass, by exact ports."""
        return grouped(
            (found, ports)
            for peers, ports in gate.openings.items()
            if (found := self.table.bits(peers) & ends)
        )

    def _turned(self, near: int) -> _Turned:
        """The gates of far ends, turned round: for all near ends, once it is many who ask."""
        self._questions += near.bit_count()
        if self._questions > _FEW:
            return self._all_turned
        letting_in = ((self._among(gate, near), far) for gate, far in self._behind.items())
        return _Turned(near, letting_in)

    @cached_property
    def _all_turned(self) -> _Turned:
        letting_in = ((self.of_gate(gate), far) for gate, far in self._behind.items())
        return _Turned(self._everything, letting_in)

    @cached_property
    def _behind(self) -> dict[Gate, int]:
        """The gates of far ends, with the positions behind each."""
        behind: defaultdict[Gate, list[int]] = defaultdict(list)
        gates = self.table.gates[self.opposite]
        for position, gate in enumerate(gates):
            behind[gate].append(position)
        behind[OPEN] += range(len(gates), len(self.table.places))
        return {gate: bitset(positions) for gate, positions in behind.items()}


class _Class(NamedTuple):
    """Near ends that a far gate lets pass on exactly these ports, and what is behind the gate."""

    near: int
    ports: PortSet
    far: int


class _Turned:
    """What the gates of far ends let pass, seen from the near ends.

    Args:
        everyone: The near ends in question.
        gates: For each gate whom of them it lets pass, and the far ends behind it.
    """

    def __init__(self, everyone: int, gates: Iterable[tuple[ByPorts, int]]) -> None:
        self._always: ByPorts = {}
        self._classes: list[_Class] = []
        self._made: dict[tuple[int, ...], ByPorts] = {}
        shared: dict[PortSet, PortSet] = {}
        for letting_in, far in gates:
            for found, near in letting_in.items():
                ports = shared.setdefault(found, found)
                if near == everyone:
                    self._always[ports] = self._always.get(ports, 0) | far
                else:
                    self._classes.append(_Class(near, ports, far))

    def met(self, positions: int) -> list[tuple[int, ...]]:
        """For each of some near ends: the (numbers of the) classes that it is in."""
        found: dict[int, list[int]] = {position: [] for position in members(positions)}
        for number, each in enumerate(self._classes):
            for position in members(each.near & positions):
                found[position].append(number)
        return [tuple(numbers) for numbers in found.values()]

    def letting_pass(self, met: tuple[int, ...]) -> ByPorts:
        """The far ends that let pass whoever is in these classes, by exact ports."""
        if met not in self._made:
            # By object first, which is much faster; the classes share equal sets of ports.
            found = {id(ports): (ports, far) for ports, far in self._always.items()}
            for number in met:
                _, ports, far = self._classes[number]
                known = found.get(id(ports))
                found[id(ports)] = (ports, far | known[1] if known else far)
            self._made[met] = dict(found.values())
        return self._made[met]


def _freed(found: ByPorts, freed: int) -> ByPorts:
    """The same, with some positions on all ports."""
    if not freed:
        return found
    kept = {ports: rest for ports, positions in found.items() if (rest := positions & ~freed)}
    return {**kept, ALL_PORTS: kept.get(ALL_PORTS, 0) | freed}
