"""Cut labels, addresses and ports into the finitely many cases that policies can tell apart.

A policy never asks more of a connection than these questions: is this label key absent, or its
value one of those listed; is this address inside a range; is the port within those numbers of a
protocol; does the destination call the port by this name.  So only finitely many cases exist:

- of a label key: absent, each value that a selector mentions, and one more that stands for every
  other value;
- of an address: the intervals between the borders of all ranges and exceptions, both families;
- of a port: the intervals between the borders of all port entries, protocol by protocol;
- of a port name: the destination declares the port under this name and protocol, or does not;
- of a namespace: each that has policies or is mentioned by name, and one more for every other.

The product of these cases is far too large to walk through, and need not be.  A set of cases is an
integer with one bit for each case, and everything a policy says becomes a conjunction of such sets,
one for each key it mentions (``universe.py``).  At one end, ``mine`` allows what some of its
conjunctions "subject and peer and port" cover, or everything where no subject of its own holds;
the reference denies where some subject holds and none of its conjunctions does.  The negation of a
conjunction is a clause, so a difference is an answer to a small constraint problem over finite
domains, and a proof that there is none is an exhausted search (``search.py``).  What keeps that
search small:

- conjunctions that both sides have are no reason for a difference at that end, and drop out
  before any search (which port lists, label lists or order of rules they were written as does not
  matter: they were cut into the same cases);
- a search begins with one conjunction of the side that allows; that settles most labels at once,
  and propagation the rest.

Both ends must allow a connection.  So a difference at one end counts only when the side that
allows there allows the other end as well; the search adds that as further constraints once the
end by itself has a difference (``compare.py``).

Which entities must be looked at?  An end is judged only at ordinary pods.  The far end can be a
pod, or something that no selector matches: an outside address, or a node (a pod that counts as its
node included).  A node differs from an outside address only when the plugin's ranges skip nodes.  A
finished pod, a pod to itself and a pod with its own node get the same verdict from all policies.
Connections are taken as they arrive at their destination, after any translation of a Service
address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from netpol_sim.addresses import IPAddress, IPNetwork, parse_address
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.peers import IPBlock
from netpol_sim.policy import PolicyPort, Protocol

Mask = int
"""A set of cases: bit ``n`` is case ``n``."""


def cases(mask: Mask) -> Iterator[int]:
    """The cases of a set, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def requirements(selector: LabelSelector) -> Iterator[Requirement]:
    """Everything a selector requires; a label is an ``In`` with one value."""
    for key, value in selector.match_labels.items():
        yield Requirement(key=key, operator=Operator.IN, values=(value,))
    yield from selector.match_expressions


ABSENT: Mask = 1
"""Of every label key: the case in which the object does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCases:
    """The cases of one label key: absent, each mentioned value, any other value."""

    values: tuple[str, ...]

    @property
    def full(self) -> Mask:
        """All cases."""
        return (1 << (len(self.values) + 2)) - 1

    def of(self, requirement: Requirement) -> Mask:
        """The cases in which a requirement on this key is met."""
        match requirement.operator:
            case Operator.IN:
                return self._listed(requirement)
            case Operator.NOT_IN:
                return self.full & ~self._listed(requirement)
            case Operator.EXISTS:
                return self.full & ~ABSENT
            case Operator.DOES_NOT_EXIST:
                return ABSENT

    def _listed(self, requirement: Requirement) -> Mask:
        return sum(1 << (self.values.index(value) + 1) for value in set(requirement.values))

    def pick(self, mask: Mask) -> str | None:
        """The friendliest label value of a set of cases; None when the key may be absent."""
        case = next(cases(mask))
        if case == 0:
            return None
        return self.values[case - 1] if case <= len(self.values) else fresh("other", self.values)


def fresh(word: str, taken: Iterable[str]) -> str:
    """A name that nothing else has."""
    known, number, name = set(taken), 2, word
    while name in known:
        name, number = f"{word}-{number}", number + 1
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class PortCases:
    """The cases of a port: intervals of numbers, protocol by protocol."""

    intervals: tuple[tuple[Protocol, int, int], ...]

    @classmethod
    def cut(cls, entries: Iterable[PolicyPort], numbers: Iterable[int] = ()) -> PortCases:
        """Cut at the borders of port entries, and around single numbers in every protocol."""
        borders = {protocol: {1} for protocol in Protocol}
        for entry in entries:
            if isinstance(entry.port, int):
                borders[entry.protocol] |= {entry.port, (entry.end_port or entry.port) + 1}
        for number in numbers:
            for found in borders.values():
                found |= {number, number + 1}
        return cls(
            intervals=tuple(
                (protocol, first, last)
                for protocol in Protocol
                for first, last in _intervals(borders[protocol], 65535)
            )
        )

    @property
    def full(self) -> Mask:
        """All cases."""
        return (1 << len(self.intervals)) - 1

    def within(self, protocol: Protocol, first: int = 1, last: int = 65535) -> Mask:
        """The cases of a range of numbers whose ends are borders."""
        return sum(
            1 << case
            for case, (cut, low, high) in enumerate(self.intervals)
            if cut is protocol and first <= low and high <= last
        )

    def pick(self, mask: Mask) -> tuple[int, Protocol]:
        """The friendliest port of a set of cases: a well-known one where possible."""
        found = []
        for case in cases(mask):
            protocol, first, last = self.intervals[case]
            known = next((port for port in _KNOWN_PORTS if first <= port <= last), None)
            rank = len(_KNOWN_PORTS) if known is None else _KNOWN_PORTS.index(known)
            found.append((list(Protocol).index(protocol), rank, case, known or first))
        protocol_index, _, _, number = min(found)
        return number, list(Protocol)[protocol_index]


_KNOWN_PORTS = (80, 443, 8080, 5432, 53)


def _intervals(borders: Iterable[int], last: int) -> Iterator[tuple[int, int]]:
    """The intervals between borders, each of which begins one, up to and including ``last``."""
    begins = sorted(border for border in borders if border <= last)
    for first, following in zip(begins, [*begins[1:], last + 1], strict=True):
        yield first, following - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressCases:
    """The cases of an address: intervals of both families."""

    intervals: tuple[tuple[int, int, int], ...]

    @classmethod
    def cut(cls, blocks: Iterable[IPBlock], single: Iterable[IPAddress] = ()) -> AddressCases:
        """Cut at the borders of ranges and exceptions, and around single addresses."""
        borders: dict[int, set[int]] = {4: {0}, 6: {0}}
        for block in blocks:
            for network in (block.network, *block.excluded):
                first, last = _ends(network)
                borders[network.version] |= {first, last + 1}
        for address in single:
            borders[address.version] |= {int(address), int(address) + 1}
        return cls(
            intervals=tuple(
                (version, first, last)
                for version, bits in _FAMILIES
                for first, last in _intervals(borders[version], (1 << bits) - 1)
            )
        )

    @property
    def full(self) -> Mask:
        """All cases."""
        return (1 << len(self.intervals)) - 1

    def of(self, block: IPBlock) -> Mask:
        """The cases that a block covers."""
        covered = self._within(block.network)
        for excluded in block.excluded:
            covered &= ~self._within(excluded)
        return covered

    def _within(self, network: IPNetwork) -> Mask:
        first, last = _ends(network)
        return sum(
            1 << case
            for case, (version, low, high) in enumerate(self.intervals)
            if version == network.version and first <= low and high <= last
        )

    def single(self, mask: Mask) -> bool:
        """Whether a set of cases is exactly one address."""
        found = [self.intervals[case] for case in cases(mask)]
        return len(found) == 1 and found[0][1] == found[0][2]

    def pick(self, mask: Mask, preferred: Sequence[str], taken: IPAddress | None) -> IPAddress:
        """The friendliest address of a set of cases: a preferred one where possible."""
        found = [self.intervals[case] for case in cases(mask)]
        likely = [address for address in map(parse_address, preferred) if address != taken]
        for address in likely:
            if any(v == address.version and a <= int(address) <= z for v, a, z in found):
                return address
        for version, first, last in found:
            for number in (min(first + 10, last), first):
                address = IPv4Address(number) if version == 4 else IPv6Address(number)
                if address != taken:
                    return address
        raise ValueError("a single address that is already taken")


_FAMILIES = ((4, 32), (6, 128))


def _ends(network: IPNetwork) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address)
