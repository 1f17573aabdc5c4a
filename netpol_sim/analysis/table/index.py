"""Sets of small numbers as integers, and an index that finds by labels without trying selectors.

Bit ``i`` of a set stands for the thing at position ``i``.  Python's integers are of any size, so
one ``&`` combines ten thousand pods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, compress

from netpol_sim.labels import LabelSelector, Operator, Requirement

EVERYTHING = -1
"""The set of all positions, however many there are."""

_FEW = 8
_FEW_KEYS = 8
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
        self._positions: Sequence[int] = positions
        self._label_sets: Sequence[Mapping[str, str]] = label_sets
        if skipped:
            kept = [position not in skipped for position in positions]
            self._positions = list(compress(positions, kept))
            self._label_sets = list(compress(label_sets, kept))
        self._pickable = as_set(list(self._positions))
        self._having: dict[str, defaultdict[str, list[int]]] = {}
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
            having = self._by_value(label[0]).get(label[1], [])
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
            self._with_key[key] = self._as_set(
                list(chain.from_iterable(self._by_value(key).values()))
            )
        return self._with_key[key]

    def _by_value(self, key: str) -> Mapping[str, list[int]]:
        """The positions that have a key, by its value.

        Selectors name few keys as a rule, and those are looked for one by one.  Where they name
        many, all labels are looked at, once.
        """
        known = self._having.get(key)
        if known is not None:
            return known
        if len(self._having) >= _FEW_KEYS:
            return self._by_key.get(key, {})
        found = self._having[key] = defaultdict(list)
        values = [labels.get(key) for labels in self._label_sets]
        for position, value in zip(self._positions, values, strict=True):
            if value is not None:
                found[value].append(position)
        return found

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, list[int]]]:
        """The same for every key there is."""
        found: defaultdict[str, defaultdict[str, list[int]]]
        found = defaultdict(lambda: defaultdict(list))
        for position, labels in zip(self._positions, self._label_sets, strict=True):
            for key, value in labels.items():
                found[key][value].append(position)
        return found
