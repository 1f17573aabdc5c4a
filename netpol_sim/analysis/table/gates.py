"""Gates: what the pods that the same policies isolate let pass, worked out once for all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress

from netpol_sim.analysis.table.peers import EVERYONE, Opened, Peers, PortName
from netpol_sim.analysis.table.population import Population
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet, numbered_ports
from netpol_sim.policy import Direction, NetworkPolicy, Rule


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """What one policy adds to a gate: who may pass by its rules, on which ports."""

    openings: Opened
    _rows: dict[int, int] = field(init=False, repr=False, default_factory=dict)

    def peers(self, at: int) -> Iterator[Peers]:
        """Who may pass on the port at a point of the line of ports."""
        for peers, ports in self.openings:
            if bisect_right(ports.edges, at) % 2:
                yield peers

    def row(self, at: int) -> int:
        """The pods and nodes that may pass on that port, and the marks of the ranges outside."""
        known = self._rows.get(at)
        if known is None:
            known = 0
            for peers in self.peers(at):
                known |= peers.inside | peers.mark
            self._rows[at] = known
        return known


@dataclass(frozen=True, eq=False)
class Gate:
    """What some pods of a namespace let pass in one direction.

    ``policies`` are those that isolate the pods, and ``shares`` what each of them lets pass; there
    are none when the gate stands open, or when the pods have finished.  A gate that is
    ``settled`` is what the tiers made of it: one share, which has the ranges outside as positions.
    """

    policies: tuple[NetworkPolicy, ...]
    shares: tuple[Share, ...]
    settled: bool = False
    _rows: dict[int, int] = field(init=False, repr=False, default_factory=dict)

    @property
    def is_spoken_of(self) -> bool:
        """Whether any policy has something to say about what passes."""
        return bool(self.policies) or self.settled

    @cached_property
    def openings(self) -> dict[Peers, PortSet]:
        """Who may pass, on which ports, whichever policy says so."""
        found: dict[Peers, PortSet] = {}
        for share in self.shares:
            for peers, ports in share.openings:
                earlier = found.setdefault(peers, ports)
                if earlier is not ports:
                    found[peers] = earlier | ports
        return found

    def row(self, at: int) -> int:
        """The pods and nodes that may pass on the port at a point of the line of ports.

        With them are the marks of the ranges outside (``Peers``).
        """
        known = self._rows.get(at)
        if known is None:
            known = 0
            for share in self.shares:
                known |= share.row(at)
            self._rows[at] = known
        return known


OPEN = Gate((), (Share([(EVERYONE, ALL_PORTS)]),))
"""Not isolated: everyone may pass."""

CLOSED = Gate((), ())
"""A finished pod: nobody may pass."""


def gates_of(
    population: Population, namespace: str, policies: Sequence[NetworkPolicy]
) -> dict[Direction, list[Gate]]:
    """The gates of each pod of a namespace, whose policies these are.  Equal pods share them."""
    return {
        direction: _gates_in(population, namespace, policies, direction) for direction in Direction
    }


def _gates_in(
    population: Population, namespace: str, policies: Sequence[NetworkPolicy], direction: Direction
) -> list[Gate]:
    span = population.spans[namespace]
    gates = [OPEN] * len(span)
    for gate, behind in _RuleBook(population, namespace, policies, direction).gates():
        for position in behind:
            gates[position - span.start] = gate
    for position in population.finished.intersection(span):
        gates[position - span.start] = CLOSED
    return gates


_DIGITS = bytes.maketrans(b"01", b"\0\1")

_Near = tuple[int | None, tuple[tuple[PortName, int], ...]]
"""What matters about a near pod, besides the policies that isolate it.

The family of the address that it sees of dual-stack far ends (``Population.sight``), and what the
names in ingress rules stand for on it, since it is their destination.
"""

_Column = tuple[int, ...]
"""For each of some sets, whether a pod is in it."""


class _RuleBook:
    """What the rules of a namespace's policies open in one direction, each worked out once."""

    def __init__(
        self,
        population: Population,
        namespace: str,
        policies: Sequence[NetworkPolicy],
        direction: Direction,
    ) -> None:
        isolating = [
            (policy, found)
            for policy in policies
            if policy.isolates(direction) and (found := population.subjects(policy))
        ]
        self._population = population
        self._direction = direction
        self._span = population.spans[namespace]
        self._policies = [policy for policy, _ in isolating]
        self._names = [_port_names(policy, direction) for policy in self._policies]
        declared = population.declared_in(namespace, frozenset().union(*self._names))
        self._declared = [each for each, _ in declared]
        self._sets = [found for _, found in (*isolating, *declared)]
        self._shares: dict[tuple[int, _Near], Share] = {}
        self._known: dict[_Near, list[Share]] = {}
        self._made: dict[tuple[Share, ...], Gate] = {}

    def gates(self) -> Iterator[tuple[Gate, list[int]]]:
        """The gates of the pods that are isolated, each with some pods behind it."""
        count, population = len(self._policies), self._population
        for column, positions in self._alike():
            selected = column[:count]
            if 1 not in selected:
                continue
            declared = tuple(compress(self._declared, column[count:]))
            if not population.is_dual_stack:
                yield self._gate(selected, (None, declared)), positions
                continue
            for position in positions:
                sight = population.sight(position, self._direction)
                yield self._gate(selected, (sight, declared)), [position]

    def _alike(self) -> Iterable[tuple[_Column, list[int]]]:
        """The pods of the namespace by the sets that they are in."""
        # One row of digits for each set, the last pod first; a column says what a pod is in.
        rows = [f"{found:0{len(self._span)}b}".encode().translate(_DIGITS) for found in self._sets]
        alike: defaultdict[_Column, list[int]] = defaultdict(list)
        for position, column in zip(reversed(self._span), zip(*rows, strict=True), strict=False):
            alike[column].append(position)
        return alike.items()

    def _gate(self, selected: _Column, near: _Near) -> Gate:
        """The gate of a pod that these of the policies select."""
        shares = tuple(compress(self._shares_for(near), selected))
        gate = self._made.get(shares)
        if gate is None:
            chosen = tuple(compress(self._policies, selected))
            gate = self._made[shares] = Gate(chosen, shares)
        return gate

    def _shares_for(self, near: _Near) -> list[Share]:
        """What each of the policies adds to the gate of such a pod, should it select it."""
        known = self._known.get(near)
        if known is None:
            known = [self._share(number, near) for number in range(len(self._policies))]
            self._known[near] = known
        return known

    def _share(self, number: int, near: _Near) -> Share:
        near = near[0], tuple([each for each in near[1] if each[0] in self._names[number]])
        known = self._shares.get((number, near))
        if known is None:
            policy = self._policies[number]
            rules = policy.rules(self._direction)
            opened = [each for rule in rules for each in self._open(policy, rule, near)]
            known = self._shares[number, near] = Share(opened)
        return known

    def _open(self, policy: NetworkPolicy, rule: Rule, near: _Near) -> Opened:
        """Whom a rule lets pass; a name stands for a number on the destination."""
        population, (sight, declared) = self._population, near
        groups = [population.peers(policy, peer, sight) for peer in rule.peers] or [EVERYONE]
        ports = numbered_ports(rule.ports)
        named = [
            (entry.port, entry.protocol) for entry in rule.ports if isinstance(entry.port, str)
        ]
        if named and self._direction is Direction.INGRESS:
            resolved = (
                PortSet.single(name[1], number) for name, number in declared if name in named
            )
            ports = PortSet.union([ports, *resolved])
            named = []
        opened = [(peers, ports) for peers in groups] if ports else []
        for peers in groups if named else ():
            for name in named:
                opened += population.named(peers, name)
        return opened


def _port_names(policy: NetworkPolicy, direction: Direction) -> frozenset[PortName]:
    """The names that rules look up on the near pod itself, which is so for ingress only."""
    if direction is Direction.EGRESS:
        return frozenset()
    return frozenset([name for rule in policy.rules(direction) for name in _names(rule)])


def _names(rule: Rule) -> Iterator[PortName]:
    for entry in rule.ports:
        if isinstance(entry.port, str):
            yield entry.port, entry.protocol
