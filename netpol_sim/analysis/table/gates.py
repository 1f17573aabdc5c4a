"""Gates: what the pods that the same policies isolate let pass, worked out once for all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.population import EVERYONE, Opened, Peers, Population
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet, numbered_ports
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, PolicyPort, Protocol, Rule


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
    together = _selected_alike(population, policies, span)
    found = {}
    for direction in Direction:
        rules = _RuleBook(population, policies, direction)
        gates = [OPEN] * len(span)
        for chosen, alike in together.items():
            for gate, positions in rules.gates(chosen, alike):
                for position in positions:
                    gates[position - span.start] = gate
        for position in population.finished.intersection(span):
            gates[position - span.start] = CLOSED
        found[direction] = gates
    return found


def _selected_alike(
    population: Population, policies: Sequence[NetworkPolicy], span: range
) -> dict[tuple[int, ...], list[int]]:
    """The positions in a span by the (numbers of the) policies that select them."""
    # One row of digits for each policy, the last pod first; a column says who selects a pod.
    rows = [f"{population.subjects(policy):0{len(span)}b}" for policy in policies]
    alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, column in zip(reversed(span), zip(*rows, strict=True), strict=False):
        alike[column].append(position)
    return {
        tuple([number for number, digit in enumerate(column) if digit == "1"]): positions
        for column, positions in alike.items()
    }


_PortName = tuple[str, Protocol]

_Near = tuple[int | None, tuple[tuple[_PortName, int], ...]]
"""What matters about a near pod, besides the policies that isolate it.

The family of the address that it sees of dual-stack far ends (``Population.by_sight``), and what
the names in ingress rules stand for on it, since it is their destination.
"""


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

    def gates(
        self, selecting: tuple[int, ...], positions: Sequence[int]
    ) -> Iterator[tuple[Gate, Iterable[int]]]:
        """The gates of the pods at these positions, which these policies select."""
        chosen = tuple([number for number in selecting if self._isolating[number]])
        if not chosen:
            return
        names = _NO_NAMES.union(*[self._names[number] for number in chosen])
        if not names and not self._population.is_dual_stack:
            yield self._gate(chosen, (None, ())), positions
            return
        for near, those in self._alike(bitset(positions), names):
            yield self._gate(chosen, near), members(those)

    def _alike(self, positions: int, names: frozenset[_PortName]) -> list[tuple[_Near, int]]:
        """Near pods in groups in which nothing else matters."""
        sights = self._population.by_sight(self._direction).items()
        groups: list[tuple[_Near, int]] = [((sight, ()), positions & who) for sight, who in sights]
        for name in names:
            for number, declaring in self._population.declaring(*name).items():
                groups = [
                    (near, part)
                    for (sight, known), group in groups
                    for near, part in (
                        ((sight, (*known, (name, number))), group & declaring),
                        ((sight, known), group & ~declaring),
                    )
                    if part
                ]
        return [(near, group) for near, group in groups if group]

    def _gate(self, chosen: tuple[int, ...], near: _Near) -> Gate:
        known = self._made.get((chosen, near))
        if known is None:
            openings: dict[Peers, PortSet] = {}
            for number in chosen:
                for peers, ports in self._openings(number, near):
                    earlier = openings.setdefault(peers, ports)
                    if earlier is not ports:
                        openings[peers] = earlier | ports
            known = Gate(tuple([self._policies[number] for number in chosen]), openings)
            self._made[chosen, near] = known
        return known

    def _openings(self, number: int, near: _Near) -> Opened:
        if not self._names[number]:
            near = (near[0], ())
        known = self._opened.get((number, near))
        if known is None:
            known = self._opened[number, near] = []
            for rule in self._policies[number].rules(self._direction):
                known += self._open(self._policies[number], rule, near)
        return known

    def _open(self, policy: NetworkPolicy, rule: Rule, near: _Near) -> Opened:
        """Whom a rule lets pass; a name stands for a number on the destination."""
        population, (sight, declared) = self._population, near
        groups = [population.peers(policy, peer, sight) for peer in rule.peers] or [EVERYONE]
        ports = numbered_ports(rule.ports)
        named = [(str(entry.port), entry.protocol) for entry in rule.ports if _is_named(entry)]
        if named and self._direction is Direction.INGRESS:
            resolved = (
                PortSet.single(name[1], number) for name, number in declared if name in named
            )
            ports = PortSet.union([ports, *resolved])
            named = []
        opened = [(peers, ports) for peers in groups] if ports else []
        for peers in groups if named else ():
            for name, protocol in named:
                opened += population.named(peers, name, protocol)
        return opened


def _is_named(entry: PolicyPort) -> bool:
    return isinstance(entry.port, str)


def _port_names(policy: NetworkPolicy, direction: Direction) -> frozenset[_PortName]:
    """The names that rules look up on the near pod itself, which is so for ingress only."""
    if direction is Direction.EGRESS:
        return _NO_NAMES
    entries = [entry for rule in policy.ingress for entry in rule.ports if _is_named(entry)]
    return frozenset((str(entry.port), entry.protocol) for entry in entries)


_NO_NAMES: frozenset[_PortName] = frozenset()
