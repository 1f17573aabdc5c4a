"""Sets of small numbers as integers, and an index that finds by labels without trying selectors.

Bit ``i`` of a set stands for the thing at position ``i``.  Python's integers are of any size, so
one ``&`` combines ten thousand pods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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

    The cost of ``select`` depends on how many labels a selector names, not on how many things there
    are: each label's set is made once, and combined with others by ``&``.
    """

    def __init__(self, label_sets: Sequence[Mapping[str, str] | None]) -> None:
        having: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        pickable = []
        for position, labels in enumerate(label_sets):
            if labels is not None:
                pickable.append(position)
                for pair in labels.items():
                    having[pair].append(position)
        self._having = having
        self._pickable = bitset(pickable)
        self._sets: dict[tuple[str, str], int] = {}
        self._with_key: dict[str, int] = {}

    def select(self, selector: LabelSelector, within: range) -> int:
        """Whom of the positions ``within`` a selector picks; bit 0 is the first of them."""
        found = self._pickable
        for pair in selector.match_labels.items():
            found &= self._with_label(pair)
        for requirement in selector.match_expressions:
            found &= self._meeting(requirement)
        return found >> within.start & (1 << len(within)) - 1

    def _with_label(self, pair: tuple[str, str]) -> int:
        positions = self._having.get(pair, ())
        if len(positions) < _FEW:
            return bitset(positions)
        if pair not in self._sets:
            self._sets[pair] = bitset(positions)
        return self._sets[pair]

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
            lists = (found for pair, found in self._having.items() if pair[0] == key)
            self._with_key[key] = bitset(position for found in lists for position in found)
        return self._with_key[key]
