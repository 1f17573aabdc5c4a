"""Laws of exact port sets: they behave like sets of (protocol, number)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table.ports import (
    ALL_PORTS,
    NO_PORTS,
    PortRange,
    PortSet,
    numbered_ports,
)
from netpol_sim.policy import PolicyPort, Protocol

Pairs = frozenset[tuple[Protocol, int]]
NUMBERS = (*range(1, 8), *range(65530, 65536))


def ranges() -> st.SearchStrategy[PortRange]:
    """Ranges at both ends of the line of a protocol."""
    return st.builds(
        lambda protocol, ends: PortRange(protocol=protocol, first=min(ends), last=max(ends)),
        st.sampled_from(Protocol),
        st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)),
    )


def port_sets() -> st.SearchStrategy[PortSet]:
    """Unions of some ranges."""
    return st.lists(ranges(), max_size=4).map(lambda found: PortSet.of(*found))


def members(ports: PortSet) -> Pairs:
    """What a set says about each port of the small universe."""
    return frozenset((p, n) for p in Protocol for n in NUMBERS if (p, n) in ports)


@given(st.lists(ranges(), max_size=4))
def test_membership(found: list[PortRange]) -> None:
    """A set holds exactly the ports of its ranges."""
    expected = {(r.protocol, n) for r in found for n in NUMBERS if r.first <= n <= r.last}
    assert members(PortSet.of(*found)) == expected


@given(port_sets(), port_sets())
def test_combinations(first: PortSet, second: PortSet) -> None:
    """Union, intersection, difference and inclusion are those of sets."""
    assert members(first | second) == members(first) | members(second)
    assert members(first & second) == members(first) & members(second)
    assert members(first - second) == members(first) - members(second)
    assert (first <= second) == (first | second == second)
    assert PortSet.union((first, second)) == first | second


@given(port_sets(), port_sets())
def test_one_form(first: PortSet, second: PortSet) -> None:
    """However it was made, a set of ports is one value with one hash."""
    assert (first == second) == (members(first) == members(second) and len(first) == len(second))
    assert (first - second) | (first & second) == first
    assert PortSet.of(*first.ranges) == first
    assert hash(PortSet.of(*reversed(first.ranges))) == hash(first)


@given(port_sets())
def test_ranges_are_merged(ports: PortSet) -> None:
    """Ranges come in order and never touch."""
    found = ports.ranges
    assert len(ports) == sum(r.last - r.first + 1 for r in found)
    for before, after in pairwise(found):
        assert before.protocol != after.protocol or before.last + 1 < after.first


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        (NO_PORTS, "no ports"),
        (ALL_PORTS, "all ports"),
        (PortSet.all_of(Protocol.UDP), "all UDP"),
        (PortSet.single(Protocol.SCTP, 65535), "SCTP 65535"),
        (
            PortSet.of(
                PortRange(protocol=Protocol.UDP, first=53, last=53),
                PortRange(protocol=Protocol.TCP, first=81, last=90),
                PortRange(protocol=Protocol.TCP, first=80, last=80),
                PortRange(protocol=Protocol.TCP, first=443, last=443),
            ),
            "TCP 80-90,443; UDP 53",
        ),
    ],
)
def test_text(ports: PortSet, text: str) -> None:
    """A set reads as merged ranges, protocol by protocol."""
    assert str(ports) == text


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ((), "all ports"),
        ((PolicyPort(),), "all TCP"),
        ((PolicyPort(port="web"),), "no ports"),
        ((PolicyPort(port="web"), PolicyPort(port=80)), "TCP 80"),
        ((PolicyPort(protocol=Protocol.UDP, port=53, end_port=55),), "UDP 53-55"),
    ],
)
def test_numbered_ports(entries: tuple[PolicyPort, ...], text: str) -> None:
    """No entries mean every port; a name covers no number by itself."""
    assert str(numbered_ports(entries)) == text
