"""Many pairs as few rectangles: everyone of some sources to everyone of some destinations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.regions import ByPorts


class Rectangle(NamedTuple):
    """The pairs from each of ``rows`` to each of ``columns``, all on the same ports.

    A place and itself are no pair.
    """

    rows: int
    columns: int
    ports: PortSet

    @property
    def turned(self) -> Rectangle:
        """With rows and columns exchanged."""
        return Rectangle(self.columns, self.rows, self.ports)

    @property
    def trimmed(self) -> Rectangle:
        """Without rows and columns that stand only for a place and itself."""
        rows, columns = self.rows, self.columns
        if columns.bit_count() == 1:
            rows &= ~columns
        if rows.bit_count() == 1:
            columns &= ~rows
        return Rectangle(rows, columns, self.ports)


def fewest(
    pairs: Iterable[Rectangle], rows: Sequence[int], columns: Sequence[int]
) -> list[Rectangle]:
    """The same pairs in few rectangles, in order.

    Args:
        pairs: Rectangles that share no pair.
        rows: Disjoint sets of rows that hold all; no rectangle of the result mixes them.
        columns: The same for columns.
    """
    given = list(pairs)
    by_row = _joined(given, rows, columns)
    by_column = [each.turned for each in _joined([g.turned for g in given], columns, rows)]
    best = min(by_row, by_column, key=len)
    trimmed = [found for each in best if all((found := each.trimmed)[:2])]
    return sorted(trimmed, key=lambda each: (_first(each.rows), _first(each.columns), each.ports))


def _joined(
    pairs: list[Rectangle], row_parts: Sequence[int], column_parts: Sequence[int]
) -> list[Rectangle]:
    """Rows with the same columns together."""
    alike: dict[tuple[frozenset[tuple[PortSet, int]], int], list[int]] = {}
    whole: dict[tuple[int, ...], frozenset[tuple[PortSet, int]]] = {}
    part_of = {row: number for number, part in enumerate(row_parts) for row in members(part)}
    for row, numbers in _met(pairs).items():
        if numbers not in whole:
            whole[numbers] = frozenset(_columns([pairs[number] for number in numbers]).items())
        alike.setdefault((whole[numbers], part_of[row]), []).append(row)
    found: defaultdict[tuple[int, int, PortSet], int] = defaultdict(int)
    for (by_ports, number), rows in alike.items():
        together = bitset(rows)
        for ports, columns in by_ports:
            for part in column_parts:
                if columns & part:
                    found[number, columns & part, ports] |= together
    return [Rectangle(rows, columns, ports) for (_, columns, ports), rows in found.items()]


def _met(pairs: list[Rectangle]) -> dict[int, tuple[int, ...]]:
    """For each row: the (numbers of the) rectangles that it is in."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, each in enumerate(pairs):
        for row in members(each.rows):
            found[row].append(number)
    return {row: tuple(found[row]) for row in sorted(found)}


def _columns(pairs: list[Rectangle]) -> ByPorts:
    found: ByPorts = {}
    for each in pairs:
        found[each.ports] = found.get(each.ports, 0) | each.columns
    return found


def _first(positions: int) -> int:
    return (positions & -positions).bit_length()
