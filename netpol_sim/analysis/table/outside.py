"""The addresses outside the cluster, cut into the ranges that policies can tell apart.

Policies speak of outside addresses through ``ipBlock`` alone.  All blocks together cut the line of
addresses into stretches; stretches in the same blocks belong to the same range, and whatever holds
for one address of a range holds for all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)
from itertools import chain

from netpol_sim.addresses import KNOWN_OUTSIDE, IPAddress, IPNetwork, parse_address
from netpol_sim.analysis.table.index import bitset
from netpol_sim.model import External
from netpol_sim.peers import IPBlock

_BITS = {4: 32, 6: 128}
_FIRST_IPV6 = 1 << 128
_START = {4: 0, 6: _FIRST_IPV6}


def on_line(address: IPAddress) -> int:
    """An address as one number: first come those of IPv4, then, from 2**128, those of IPv6."""
    number = int(address)
    return number if isinstance(address, IPv4Address) else number + _FIRST_IPV6


def on_lines(addresses: list[IPAddress]) -> list[int]:
    """Many addresses as numbers."""
    if set(map(type, addresses)) <= {IPv4Address}:
        return list(map(int, addresses))
    return list(map(on_line, addresses))


def family_of(number: int) -> int:
    """The family, 4 or 6, of an address that is given as a number."""
    return 4 if number < _FIRST_IPV6 else 6


Stretch = tuple[int, int]
"""The first and the last of consecutive addresses, as numbers (``on_line``)."""


def stretch_of(network: IPNetwork) -> Stretch:
    """The addresses of a network."""
    first = on_line(network.network_address)
    return first, first + (1 << _BITS[network.version] - network.prefixlen) - 1


@dataclass(frozen=True, kw_only=True)
class OutsideRange:
    """Outside addresses that no policy can tell apart, in stretches.

    They are cut into networks, and one of them is chosen, when somebody asks.  ``taken`` are the
    addresses of pods and nodes.
    """

    stretches: tuple[Stretch, ...]
    taken: frozenset[int] = field(repr=False, compare=False)

    @cached_property
    def networks(self) -> tuple[IPNetwork, ...]:
        """The addresses exactly, as few CIDRs as possible in order (those taken included)."""
        return _joined(self.stretches)

    @cached_property
    def sample(self) -> External:
        """One of the addresses that belongs to nobody in the cluster: a known one if possible."""
        known = (ip for ip in map(parse_address, KNOWN_OUTSIDE) if self._offers(on_line(ip)))
        return External(address=next(known, None) or _address(next(self._free)))

    def _offers(self, number: int) -> bool:
        index = bisect_right(self.stretches, (number, number))
        around = self.stretches[max(index - 1, 0) : index + 1]
        within = any(first <= number <= last for first, last in around)
        return within and number not in self.taken

    @property
    def _free(self) -> Iterator[int]:
        """The addresses that belong to nobody; of each network last the one that names it."""
        for network in self.networks:
            start, size = on_line(network.network_address), network.num_addresses
            for offset in chain(range(1, size), range(1)):
                if start + offset not in self.taken:
                    yield start + offset

    @property
    def key(self) -> str:
        """The range as text: its CIDRs, or one CIDR and its exceptions if that is shorter."""
        listed = ", ".join(map(str, self.networks))
        cover = _cover(self.networks)
        holes = _joined(_complement(self.networks, cover))
        excepted = f"{cover} except {', '.join(map(str, holes))}"
        return excepted if holes and len(excepted) < len(listed) else listed

    def __str__(self) -> str:
        return self.key


class Outside:
    """The ranges that a set of blocks can tell apart, in order of their first addresses.

    Args:
        blocks: All blocks of the policies in question.
        taken: The addresses of pods and nodes, as numbers (``on_line``); a range that holds no
            others is left out.
        family: The family to cut.  None cuts those that blocks or ``taken`` speak of, and IPv4 if
            there are none.
    """

    def __init__(
        self,
        blocks: Iterable[IPBlock],
        taken: frozenset[int],
        family: int | None = None,
    ) -> None:
        distinct = list(blocks)
        versions: set[int] = {block.network.version for block in distinct}
        in_order = sorted(taken)
        versions |= set(map(family_of, (*in_order[:1], *in_order[-1:])))
        ranges: list[OutsideRange] = []
        covered: dict[IPBlock, list[int]] = {block: [] for block in distinct}
        for version in (family,) if family else sorted(versions or {4}):
            own = [block for block in distinct if block.network.version == version]
            for stretches, within in _told_apart(own, version):
                if _have_room(stretches, in_order):
                    for block in within:
                        covered[block].append(len(ranges))
                    ranges.append(OutsideRange(stretches=tuple(stretches), taken=taken))
        self.ranges = tuple(ranges)
        self._covered = {block: bitset(found) for block, found in covered.items()}

    def covered(self, block: IPBlock) -> int:
        """The ranges a block covers, as a set of indexes; none for a family that was not cut."""
        return self._covered[block]


def _told_apart(
    blocks: list[IPBlock], version: int
) -> Iterator[tuple[list[Stretch], list[IPBlock]]]:
    """Stretches of one family that lie in the same blocks, and those blocks."""
    edges = {_START[version], _START[version] + (1 << _BITS[version])}
    for block in blocks:
        for network in (block.network, *block.excluded):
            first, last = stretch_of(network)
            edges |= {first, last + 1}
    starts = sorted(edges)
    within: list[list[int]] = [[] for _ in starts[:-1]]
    for number, block in enumerate(blocks):
        cut = {index for hole in block.excluded for index in _indexes(starts, hole)}
        for index in _indexes(starts, block.network):
            if index not in cut:
                within[index].append(number)
    alike: dict[tuple[int, ...], list[Stretch]] = {}
    for index, numbers in enumerate(within):
        alike.setdefault(tuple(numbers), []).append((starts[index], starts[index + 1] - 1))
    for found, stretches in alike.items():
        yield stretches, [blocks[number] for number in found]


def _indexes(starts: list[int], network: IPNetwork) -> range:
    """The stretches that make up a network."""
    first, last = stretch_of(network)
    return range(bisect_left(starts, first), bisect_left(starts, last + 1))


def _have_room(stretches: list[Stretch], taken: list[int]) -> bool:
    """Whether any address of some stretches is not among those taken, which are in order."""
    return any(
        last + 1 - first > bisect_right(taken, last) - bisect_left(taken, first)
        for first, last in stretches
    )


def _address(number: int) -> IPAddress:
    """The address that a number on the line stands for."""
    return IPv4Address(number) if family_of(number) == 4 else IPv6Address(number - _FIRST_IPV6)


def _joined(stretches: Iterable[Stretch]) -> tuple[IPNetwork, ...]:
    """Stretches of one family, in order, as the fewest networks."""
    touching: list[Stretch] = []
    for first, last in stretches:
        if touching and touching[-1][1] + 1 == first:
            touching[-1] = (touching[-1][0], last)
        else:
            touching.append((first, last))
    return tuple(
        network
        for first, last in touching
        for network in summarize_address_range(_address(first), _address(last))
    )


def _cover(networks: tuple[IPNetwork, ...]) -> IPNetwork:
    """The smallest network that holds all of these, which are in order."""
    first, last = networks[0].network_address, networks[-1].broadcast_address
    bits = _BITS[first.version]
    prefix = bits - (int(first) ^ int(last)).bit_length()
    start = int(first) >> (bits - prefix) << (bits - prefix)
    return IPv4Network((start, prefix)) if bits == 32 else IPv6Network((start, prefix))


def _complement(networks: tuple[IPNetwork, ...], cover: IPNetwork) -> Iterator[Stretch]:
    """What a cover holds besides these networks, which are in order."""
    start = on_line(cover.network_address)
    for network in networks:
        if start < on_line(network.network_address):
            yield start, on_line(network.network_address) - 1
        start = on_line(network.broadcast_address) + 1
    if start <= on_line(cover.broadcast_address):
        yield start, on_line(cover.broadcast_address)
