"""Exact sets of ports: which numbers of which protocols.

A set is kept as the points where membership changes, on one line that holds the ports of TCP, then
those of UDP, then those of SCTP.  Every set has exactly one such form, so equal sets are equal
values.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from netpol_sim.policy import PolicyPort, Protocol

_LINE = 1 << 16
_START = {protocol: index * _LINE for index, protocol in enumerate(Protocol)}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PortRange:
    """The ports ``first`` to ``last`` of a protocol, both included."""

    protocol: Protocol
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.protocol} {self.numbers}"

    @property
    def numbers(self) -> str:
        """The numbers alone: ``80`` or ``8080-8090``."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class PortSet:
    """A set of ports of TCP, UDP and SCTP.

    ``edges`` are the points of the line at which the set begins, ends, begins again and so on.
    Sets combine with ``|``, ``&`` and ``-``; ``(protocol, port) in ports`` asks for one.

    >>> web = PortSet.of(PortRange(protocol=Protocol.TCP, first=8080, last=8090))
    >>> print(web | PortSet.single(Protocol.TCP, 80) | PortSet.single(Protocol.UDP, 53))
    TCP 80,8080-8090; UDP 53
    """

    edges: tuple[int, ...] = ()

    @classmethod
    def of(cls, *ranges: PortRange) -> PortSet:
        """The ports of all the ranges."""
        pairs = [(_START[r.protocol] + r.first, _START[r.protocol] + r.last + 1) for r in ranges]
        return cls(_joined(pairs))

    @classmethod
    def single(cls, protocol: Protocol, port: int) -> PortSet:
        """One port."""
        return _single(protocol, port)

    @classmethod
    def all_of(cls, protocol: Protocol) -> PortSet:
        """Every port of a protocol."""
        return cls.of(PortRange(protocol=protocol, first=1, last=_LINE - 1))

    @classmethod
    def union(cls, sets: Iterable[PortSet]) -> PortSet:
        """The ports of all the sets."""
        distinct = set(sets)
        if len(distinct) == 1:
            return distinct.pop()
        pairs = (pair for ports in distinct for pair in _pairs(ports.edges))
        return cls(_joined(pairs))

    @property
    def ranges(self) -> tuple[PortRange, ...]:
        """The ranges in order, none touching the next."""
        protocols = tuple(Protocol)
        return tuple(
            PortRange(
                protocol=protocols[start // _LINE],
                first=start % _LINE,
                last=(end - 1) % _LINE,
            )
            for start, end in _pairs(self.edges)
        )

    def __contains__(self, port: tuple[Protocol, int]) -> bool:
        return bisect_right(self.edges, point(*port)) % 2 == 1

    def __bool__(self) -> bool:
        return bool(self.edges)

    def __len__(self) -> int:
        return sum(end - start for start, end in _pairs(self.edges))

    def __or__(self, other: PortSet) -> PortSet:
        return _combined(self, other, operator.or_)

    def __and__(self, other: PortSet) -> PortSet:
        return _combined(self, other, operator.and_)

    def __sub__(self, other: PortSet) -> PortSet:
        # Of two truth values the first is greater when it alone is true.
        return _combined(self, other, operator.gt)

    def __le__(self, other: PortSet) -> bool:
        return not self - other

    def __str__(self) -> str:
        if self == ALL_PORTS:
            return "all ports"
        parts, ranges = [], self.ranges
        for protocol in Protocol:
            own = [found for found in ranges if found.protocol is protocol]
            if own and own[0].last - own[0].first == _LINE - 2:
                parts.append(f"all {protocol}")
            elif own:
                parts.append(f"{protocol} {','.join(found.numbers for found in own)}")
        return "; ".join(parts) or "no ports"


def point(protocol: Protocol, port: int) -> int:
    """Where a port lies on the line; it is in a set with an odd number of edges at or before it."""
    return _START[protocol] + port


def _pairs(edges: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return zip(edges[::2], edges[1::2], strict=True)


def _joined(pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The edges of a union of stretches, in order and not touching."""
    edges: list[int] = []
    for start, end in sorted(pairs):
        if edges and start <= edges[-1]:
            edges[-1] = max(edges[-1], end)
        else:
            edges += (start, end)
    return tuple(edges)


@lru_cache(maxsize=65536)
def _combined(first: PortSet, second: PortSet, rule: Callable[[bool, bool], bool]) -> PortSet:
    """Walk along the edges of both sets and keep those at which the combination changes."""
    edges: list[int] = []
    inside = False
    for edge in sorted({*first.edges, *second.edges}):
        in_first = bisect_right(first.edges, edge) % 2 == 1
        in_second = bisect_right(second.edges, edge) % 2 == 1
        if rule(in_first, in_second) is not inside:
            inside = not inside
            edges.append(edge)
    return PortSet(tuple(edges))


@lru_cache(maxsize=65536)
def _single(protocol: Protocol, port: int) -> PortSet:
    return PortSet.of(PortRange(protocol=protocol, first=port, last=port))


NO_PORTS = PortSet()
ALL_PORTS = PortSet.of(
    *(PortRange(protocol=protocol, first=1, last=_LINE - 1) for protocol in Protocol)
)


@lru_cache(maxsize=65536)
def numbered_ports(entries: tuple[PolicyPort, ...]) -> PortSet:
    """What the entries of a rule's ``ports`` cover by number; names are not looked at.

    No entries at all mean every port of every protocol.
    """
    if not entries:
        return ALL_PORTS
    return PortSet.of(
        *(
            PortRange(protocol=entry.protocol, first=numbers[0], last=numbers[-1])
            for entry in entries
            if (numbers := entry.ports) is not None
        )
    )
