"""The addresses outside the cluster, cut into the ranges that policies can tell apart.

Policies speak of outside addresses through ``ipBlock`` alone.  All blocks together cut the line of
addresses into stretches; stretches in the same blocks belong to the same range, and whatever holds
for one address of a range holds for all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from netpol_sim.policy import IPBlock

_BITS = {4: 32, 6: 128}
_FIRST_IPV6 = 1 << 128


def on_line(address: IPAddress) -> int:
    """An address as one number: first come those of IPv4, then, from 2**128, those of IPv6."""
    return int(address) + (0 if isinstance(address, IPv4Address) else _FIRST_IPV6)


def family_of(number: int) -> int:
    """The family, 4 or 6, of an address that is given as a number."""
    return 4 if number < _FIRST_IPV6 else 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRange:
    """Outside addresses that no policy can tell apart.

    ``networks`` holds them exactly, as few CIDRs as possible in order (addresses of pods and nodes
    in between included); ``sample`` is one of them that belongs to nobody in the cluster.
    """

    networks: tuple[IPNetwork, ...]
    sample: External

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
        versions |= {family_of(number) for number in taken}
        ranges: list[OutsideRange] = []
        covered: dict[IPBlock, list[int]] = {block: [] for block in distinct}
        for version in (family,) if family else sorted(versions or {4}):
            own = [block for block in distinct if block.network.version == version]
            for stretches, within in _told_apart(own, version):
                networks = _joined(stretches)
                sample = _known_address(stretches, taken) or _free_address(networks, taken)
                if sample is not None:
                    for block in within:
                        covered[block].append(len(ranges))
                    ranges.append(OutsideRange(networks=networks, sample=External(address=sample)))
        self.ranges = tuple(ranges)
        self._covered = {block: bitset(found) for block, found in covered.items()}

    def covered(self, block: IPBlock) -> int:
        """The ranges a block covers, as a set of indexes; none for a family that was not cut."""
        return self._covered[block]


Stretch = tuple[IPAddress, IPAddress]
"""The first and the last of consecutive addresses."""


def _told_apart(
    blocks: list[IPBlock], version: int
) -> Iterator[tuple[list[Stretch], list[IPBlock]]]:
    """Stretches of one family that lie in the same blocks, and those blocks."""
    edges = {0, 1 << _BITS[version]}
    for block in blocks:
        for network in (block.network, *block.excluded):
            edges |= {int(network.network_address), int(network.broadcast_address) + 1}
    starts = sorted(edges)
    within: list[list[int]] = [[] for _ in starts[:-1]]
    for number, block in enumerate(blocks):
        cut = {index for hole in block.excluded for index in _indexes(starts, hole)}
        for index in _indexes(starts, block.network):
            if index not in cut:
                within[index].append(number)
    alike: dict[tuple[int, ...], list[Stretch]] = {}
    for index, numbers in enumerate(within):
        stretch = (_address(starts[index], version), _address(starts[index + 1] - 1, version))
        alike.setdefault(tuple(numbers), []).append(stretch)
    for found, stretches in alike.items():
        yield stretches, [blocks[number] for number in found]


def _indexes(starts: list[int], network: IPNetwork) -> range:
    """The stretches that make up a network."""
    first = bisect_left(starts, int(network.network_address))
    return range(first, bisect_left(starts, int(network.broadcast_address) + 1))


def _address(number: int, version: int) -> IPAddress:
    return IPv4Address(number) if version == 4 else IPv6Address(number)


def _joined(stretches: Iterable[Stretch]) -> tuple[IPNetwork, ...]:
    """Stretches of one family, in order, as the fewest networks."""
    touching: list[Stretch] = []
    for first, last in stretches:
        if touching and int(touching[-1][1]) + 1 == int(first):
            touching[-1] = (touching[-1][0], last)
        else:
            touching.append((first, last))
    return tuple(net for stretch in touching for net in summarize_address_range(*stretch))


def _cover(networks: tuple[IPNetwork, ...]) -> IPNetwork:
    """The smallest network that holds all of these, which are in order."""
    first, last = networks[0].network_address, networks[-1].broadcast_address
    bits = _BITS[first.version]
    prefix = bits - (int(first) ^ int(last)).bit_length()
    start = int(first) >> (bits - prefix) << (bits - prefix)
    return IPv4Network((start, prefix)) if bits == 32 else IPv6Network((start, prefix))


def _complement(networks: tuple[IPNetwork, ...], cover: IPNetwork) -> Iterator[Stretch]:
    """What a cover holds besides these networks, which are in order."""
    version = cover.version
    start = int(cover.network_address)
    for network in networks:
        if start < int(network.network_address):
            yield _address(start, version), _address(int(network.network_address) - 1, version)
        start = int(network.broadcast_address) + 1
    if start <= int(cover.broadcast_address):
        yield _address(start, version), cover.broadcast_address


def _known_address(stretches: list[Stretch], taken: frozenset[int]) -> IPAddress | None:
    """An address that people know and that belongs to nobody, within stretches in order."""
    for address in map(parse_address, KNOWN_OUTSIDE):
        number = on_line(address)
        index = bisect_right(stretches, number, key=lambda stretch: on_line(stretch[0])) - 1
        if index >= 0 and number <= on_line(stretches[index][1]) and number not in taken:
            return address
    return None


def _free_address(networks: tuple[IPNetwork, ...], taken: frozenset[int]) -> IPAddress | None:
    """An address that belongs to nobody: the first, but not the one that names a network."""
    for network in networks:
        start = on_line(network.network_address)
        first = 1 if network.num_addresses > 1 else 0
        for offset in chain(range(first, network.num_addresses), range(first)):
            if start + offset not in taken:
                return network.network_address + offset
    return None
