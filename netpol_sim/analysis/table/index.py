"""Sets of small numbers as integers, and an index that finds by labels without trying selectors.

Bit ``i`` of a set stands for the thing at position ``i``.  Python's integers are of any size, so
one ``&`` combines ten thousand pods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from netpol_sim.labels import LabelSelector, Operator, Requirement

EVERYTHING = -1
"""The set of all positions, however many there are."""

_FEW = 8
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
    # Written out in binary, highest position first: Python reads this faster than it sets bits.
    last = max(found)
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
    """Who has which label, for a sequence of label sets; a None among them is never picked.

    No selector is tried on a thing: each label that a selector names becomes a set, once, and sets
    are combined by ``&``.  Keys that no selector names cost nothing.

    Args:
        label_sets: The labels of each thing, in order.
        as_set: The set that a list of things stands for; their own positions if left out.
    """

    def __init__(
        self,
        label_sets: Sequence[Mapping[str, str] | None],
        as_set: Callable[[list[int]], int] = bitset,
    ) -> None:
        self._as_set = as_set
        by_keys: defaultdict[tuple[str, ...], _Alike] = defaultdict(_Alike)
        for position, labels in enumerate(label_sets):
            if labels is not None:
                alike = by_keys[tuple(labels.keys())]
                alike.positions.append(position)
                alike.values.append(tuple(labels.values()))
        self._columns: defaultdict[str, list[tuple[int, _Alike]]] = defaultdict(list)
        for keys, alike in by_keys.items():
            for column, key in enumerate(keys):
                self._columns[key].append((column, alike))
        self._pickable = as_set([i for alike in by_keys.values() for i in alike.positions])
        self._having: dict[str, dict[str, list[int]]] = {}
        self._sets: dict[tuple[str, str], int] = {}
        self._with_key: dict[str, int] = {}

    def select(self, selector: LabelSelector) -> int:
        """Whom a selector picks."""
        found = self._pickable
        for key, value in selector.match_labels.items():
            found &= self._with_label(key, value)
        for requirement in selector.match_expressions:
            found &= self._meeting(requirement)
        return found

    def _with_label(self, key: str, value: str) -> int:
        known = self._sets.get((key, value))
        if known is None:
            having = self._by_value(key).get(value, [])
            known = self._as_set(having)
            # A set of few is made faster than it is found, and there may be very many of them.
            if len(having) >= _FEW:
                self._sets[key, value] = known
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
                    listed |= self._with_label(requirement.key, value)
                return listed if operator is Operator.IN else ~listed

    def _with(self, key: str) -> int:
        if key not in self._with_key:
            found = [i for _, alike in self._columns.get(key, ()) for i in alike.positions]
            self._with_key[key] = self._as_set(found)
        return self._with_key[key]

    def _by_value(self, key: str) -> dict[str, list[int]]:
        """The values of a key, each with the things that have it."""
        known = self._having.get(key)
        if known is None:
            known = self._having[key] = defaultdict(list)
            for column, alike in self._columns.get(key, ()):
                for position, values in zip(alike.positions, alike.values, strict=True):
                    known[values[column]].append(position)
        return known


class _Alike:
    """Things with labels of the same keys, and the values that each of them has."""

    __slots__ = ("positions", "values")

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.values: list[tuple[str, ...]] = []
