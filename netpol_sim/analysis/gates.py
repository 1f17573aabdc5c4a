"""Gates: what the pods that the same policies isolate let pass, worked out once for all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from netpol_sim.analysis.index import members
from netpol_sim.analysis.population import EVERYONE, Opened, Peers, Population
from netpol_sim.analysis.ports import ALL_PORTS, PortSet, numbered_ports
from netpol_sim.model import ContainerPort
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, PolicyPort


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """What some pods of a namespace let pass in one direction.

    ``policies`` are those that isolate the pods; there are none when the gate stands open, or when
    the pods have finished.  ``openings`` says who may pass, on which ports.
    """

    policies: tuple[NetworkPolicy, ...]
    openings: dict[Peers, PortSet]
    _ranges: tuple[tuple[IPBlock, PortSet], ...] = field(init=False, repr=False)
    _rows: dict[int, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        ranges = [(peers.outside, ports) for peers, ports in self.openings.items() if peers.outside]
        object.__setattr__(self, "_ranges", tuple(ranges))

    def row(self, at: int) -> int:
        """The pods and nodes that may pass on the port at a point of the line of ports."""
        known = self._rows.get(at)
        if known is None:
            known = 0
            for peers in self.peers(at):
                known |= peers.inside
            self._rows[at] = known
        return known

    def peers(self, at: int) -> Iterator[Peers]:
        """Who may pass on that port, as the rules say it."""
        for peers, ports in self.openings.items():
            if bisect_right(ports.edges, at) % 2:
                yield peers

    def blocks(self, at: int) -> Iterator[IPBlock]:
        """The blocks of outside addresses that may pass on that port."""
        for block, ports in self._ranges:
            if bisect_right(ports.edges, at) % 2:
                yield block


OPEN = Gate((), {EVERYONE: ALL_PORTS})
"""Not isolated: everyone may pass."""

CLOSED = Gate((), {})
"""A finished pod: nobody may pass."""


def gates_of(
    population: Population, namespace: str, policies: Sequence[NetworkPolicy]
) -> dict[Direction, list[Gate]]:
    """The gates of each pod of a namespace, whose policies these are.  Equal pods share them."""
    span = population.spans[namespace]
    alike = _selected_alike(population, policies, span)
    found = {}
    for direction in Direction:
        rules = _RuleBook(population, policies, direction)
        gates = [OPEN] * len(span)
        for chosen, positions in alike.items():
            gates_alike = rules.gates(chosen, positions)
            for position, gate in zip(positions, gates_alike, strict=False):
                gates[position - span.start] = gate
        for position in population.finished.intersection(span):
            gates[position - span.start] = CLOSED
        found[direction] = gates
    return found


def _selected_alike(
    population: Population, policies: Sequence[NetworkPolicy], span: range
) -> dict[tuple[int, ...], list[int]]:
    """The positions in a span by the (numbers of the) policies that select them."""
    everyone: list[int] = []
    selecting: list[list[int]] = [[] for _ in span]
    for number, policy in enumerate(policies):
        subjects = population.subjects(policy)
        if subjects.bit_count() == len(span):
            everyone.append(number)
        else:
            for offset in members(subjects):
                selecting[offset].append(number)
    alike: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for position, numbers in zip(span, selecting, strict=True):
        alike[tuple(numbers)].append(position)
    return {tuple(sorted((*everyone, *own))): found for own, found in alike.items()}


_Near = tuple[int | None, tuple[ContainerPort, ...]]
"""What matters about a near pod, besides the policies that isolate it.

The family of the address that it sees of dual-stack far ends (``Population.sight``), and the ports
that it declares under names that ingress rules use, since it is their destination.
"""

_ANY_POD: _Near = (None, ())


class _RuleBook:
    """What the rules of a namespace's policies open in one direction, each worked out once."""

    def __init__(
        self, population: Population, policies: Sequence[NetworkPolicy], direction: Direction
    ) -> None:
        self._population = population
        self._policies = policies
        self._direction = direction
        self._isolating = [policy.isolates(direction) for policy in policies]
        self._names = [_port_names(policy, direction) for policy in policies]
        self._opened: dict[tuple[int, _Near], Opened] = {}
        self._made: dict[tuple[tuple[int, ...], _Near], Gate] = {}

    def gates(self, selecting: tuple[int, ...], positions: Sequence[int]) -> Iterable[Gate]:
        """The gates of the pods at these positions, which these policies select."""
        chosen = tuple([number for number in selecting if self._isolating[number]])
        if not chosen:
            return repeat(OPEN)
        names = _NO_NAMES.union(*[self._names[number] for number in chosen])
        if not names and not self._population.is_dual_stack:
            return repeat(self._gate(chosen, _ANY_POD))
        return [self._gate(chosen, self._near(position, names)) for position in positions]

    def _near(self, position: int, names: frozenset[str]) -> _Near:
        sight = self._population.sight(position, self._direction)
        ports = self._population.pods[position].ports if names else ()
        return sight, tuple([port for port in ports if port.name in names])

    def _gate(self, chosen: tuple[int, ...], near: _Near) -> Gate:
        known = self._made.get((chosen, near))
        if known is None:
            openings: dict[Peers, PortSet] = {}
            for number in chosen:
                for peers, ports in self._openings(number, near):
                    earlier = openings.setdefault(peers, ports)
                    if earlier is not ports:
                        openings[peers] = earlier | ports
            known = Gate(tuple(self._policies[number] for number in chosen), openings)
            self._made[chosen, near] = known
        return known

    def _openings(self, number: int, near: _Near) -> Opened:
        if not self._names[number]:
            near = (near[0], ())
        if (number, near) not in self._opened:
            self._opened[number, near] = list(self._open(self._policies[number], near))
        return self._opened[number, near]

    def _open(self, policy: NetworkPolicy, near: _Near) -> Iterator[tuple[Peers, PortSet]]:
        population, (sight, declared) = self._population, near
        for rule in policy.rules(self._direction):
            groups = [population.peers(policy, peer, sight) for peer in rule.peers]
            ports = numbered_ports(rule.ports)
            named = [entry for entry in rule.ports if isinstance(entry.port, str)]
            if named and self._direction is Direction.INGRESS:
                ports = PortSet.union([ports, *(_resolved(each, declared) for each in named)])
            for peers in groups or [EVERYONE]:
                if ports:
                    yield peers, ports
                if self._direction is Direction.EGRESS:
                    for entry in named:
                        yield from population.named(peers, str(entry.port), entry.protocol)


def _port_names(policy: NetworkPolicy, direction: Direction) -> frozenset[str]:
    """The names that rules look up on the near pod itself, which is so for ingress only."""
    if direction is Direction.EGRESS:
        return _NO_NAMES
    entries = (entry for rule in policy.ingress for entry in rule.ports)
    return frozenset(entry.port for entry in entries if isinstance(entry.port, str))


_NO_NAMES: frozenset[str] = frozenset()


def _resolved(entry: PolicyPort, declared: tuple[ContainerPort, ...]) -> PortSet:
    """The ports that a named entry stands for on a pod that declares these."""
    return PortSet.union(
        PortSet.single(port.protocol, port.port)
        for port in declared
        if port.name == entry.port and port.protocol is entry.protocol
    )
