"""Sets of small numbers as integers, and an index that finds by labels without trying selectors.

Bit ``i`` of a set stands for the thing at position ``i``.  Python's integers are of any size, so
one ``&`` combines ten thousand pods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from netpol_sim.labels import LabelSelector, Operator, Requirement

EVERYTHING = -1
"""The set of all positions, however many there are."""

_FEW = 8
_SPARSE = 32
_ONE = ord("1")
_BITS_OF_BYTE = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def bitset(positions: Iterable[int]) -> int:
    """The set of these positions."""
    found = positions if isinstance(positions, list) else list(positions)
    if len(found) < _FEW:
        small = 0
        for position in found:
            small |= 1 << position
        return small
    last = max(found)
    if len(found) * _SPARSE < last:
        bits = bytearray((last >> 3) + 1)
        for position in found:
            bits[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(bits, "little")
    # Written out in binary, highest position first: Python reads this faster than it sets bits.
    digits = bytearray(b"0") * (last + 1)
    for position in found:
        digits[last - position] = _ONE
    return int(digits, 2)


def span(positions: range) -> int:
    """The set of consecutive positions."""
    return ((1 << len(positions)) - 1) << positions.start


def members(found: int) -> Iterator[int]:
    """The positions in a finite set, in order."""
    if found.bit_count() < 16:
        while found:
            lowest = found & -found
            yield lowest.bit_length() - 1
            found ^= lowest
        return
    for index, byte in enumerate(found.to_bytes((found.bit_length() + 7) >> 3, "little")):
        if byte:
            start = index << 3
            for bit in _BITS_OF_BYTE[byte]:
                yield start + bit


class LabelIndex:
    """Who has which label.

    No selector is tried on a thing: each label that a selector names becomes a set, once, and sets
    are combined by ``&``.

    Args:
        positions: The position of each thing.
        label_sets: The labels of each thing.
        skipped: The positions that are never picked.
        as_set: The set that a list of positions stands for; those positions if left out.
    """

    def __init__(
        self,
        positions: Sequence[int],
        label_sets: Sequence[Mapping[str, str]],
        *,
        skipped: frozenset[int] = frozenset(),
        as_set: Callable[[list[int]], int] = bitset,
    ) -> None:
        self._as_set = as_set
        self._having: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        having = self._having
        for position, labels in zip(positions, label_sets, strict=True):
            if position not in skipped:
                for label in labels.items():
                    having[label].append(position)
        self._pickable = as_set([position for position in positions if position not in skipped])
        self._sets: dict[tuple[str, str], int] = {}
        self._with_key: dict[str, int] = {}

    def select(self, selector: LabelSelector) -> int:
        """Whom a selector picks."""
        found = self._pickable
        for label in selector.match_labels.items():
            found &= self._with_label(label)
        for requirement in selector.match_expressions:
            found &= self._meeting(requirement)
        return found

    def _with_label(self, label: tuple[str, str]) -> int:
        known = self._sets.get(label)
        if known is None:
            having = self._having.get(label, [])
            known = self._as_set(having)
            # A set of few is made faster than it is found, and there may be very many of them.
            if len(having) >= _FEW:
                self._sets[label] = known
        return known

    def _meeting(self, requirement: Requirement) -> int:
        match requirement.operator:
            case Operator.EXISTS:
                return self._with(requirement.key)
            case Operator.DOES_NOT_EXIST:
                return ~self._with(requirement.key)
            case Operator.IN | Operator.NOT_IN as operator:
                listed = 0
                for value in requirement.values:
                    listed |= self._with_label((requirement.key, value))
                return listed if operator is Operator.IN else ~listed

    def _with(self, key: str) -> int:
        if key not in self._with_key:
            found = [position for label in self._labels[key] for position in self._having[label]]
            self._with_key[key] = self._as_set(found)
        return self._with_key[key]

    @cached_property
    def _labels(self) -> defaultdict[str, list[tuple[str, str]]]:
        """The labels of each key."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for label in self._having:
            found[label[0]].append(label)
        return found
