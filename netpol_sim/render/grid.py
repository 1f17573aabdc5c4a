"""A table of answers for pairs, grouped by namespace, as HTML that needs no style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from netpol_sim.render import html
from netpol_sim.render.markup import Markup, element, join
from netpol_sim.render.palette import LIGHT, Tone

MOST = 60
"""So many rows, and columns, are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What a row or a column stands for; ``group`` is its namespace, empty when it has none."""

    key: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How one answer looks: a symbol, its word for the legend, a tone, and whether it counts."""

    symbol: str
    word: str
    tone: Tone
    counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows are sources and columns destinations; ``signs`` holds a tuple for each row.

    ``corner`` stands above the rows.  A grid that is not ``counted`` has no sums at its edges.
    """

    caption: str
    rows: tuple[End, ...]
    columns: tuple[End, ...]
    signs: tuple[tuple[Sign, ...], ...]
    corner: str = "from \\ to"
    counted: bool = True


def as_html(grid: Grid) -> Markup:
    """The grid with headings that stay in view, counts, and a legend."""
    columns = grid.columns[:MOST]
    shown = list(zip(grid.rows, grid.signs, strict=True))[:MOST]
    used = dict.fromkeys(sign for _, signs in shown for sign in signs[:MOST])
    hidden = max(len(grid.rows), len(grid.columns)) - MOST
    legend = html.paragraph(
        *(part for sign in used for part in (_chip(sign), " ")),
        f"{hidden} more are not shown." if hidden > 0 else "",
    )
    table = html.table(
        *(_row(end, signs, counted=grid.counted) for end, signs in shown),
        *([_totals(grid, len(columns))] if grid.counted else []),
        caption=grid.caption,
        head=_head(grid, columns),
    )
    scroll = "overflow:auto;max-height:52em;max-width:100%"
    # What can be scrolled can be reached with the keyboard.
    frame = {"aria-label": grid.caption}
    box = element("div", table, attributes=frame, role="region", tabindex=0, style=scroll)
    return html.block(box, legend)


def as_text(grid: Grid) -> str:
    """The grid as plain text: columns are numbered, and the rows say which number is whose."""
    width = max((len(end.key) for end in grid.rows), default=0)
    symbols = [sign.symbol for signs in grid.signs for sign in signs]
    wide = max(len(str(len(grid.columns))), *map(len, symbols)) if symbols else 1
    numbers = " ".join(f"{number:>{wide}}" for number in range(1, len(grid.columns) + 1))
    same = grid.rows == grid.columns
    lines = [grid.caption, f"{'':<{width + (5 if same else 0)}}{numbers}".rstrip()]
    for number, (end, signs) in enumerate(zip(grid.rows, grid.signs, strict=True), start=1):
        named = f"{number:>3}. {end.key:<{width}}" if same else f"{end.key:<{width}}"
        lines.append(f"{named} {' '.join(f'{sign.symbol:>{wide}}' for sign in signs)}".rstrip())
    if not same:
        lines += [f"{number:>3}. {end.key}" for number, end in enumerate(grid.columns, start=1)]
    used = dict.fromkeys(sign for signs in grid.signs for sign in signs)
    return "\n".join([*lines, ", ".join(f"{sign.symbol} {sign.word}" for sign in used)])


def _chip(sign: Sign) -> Markup:
    style = f"{LIGHT[sign.tone].style};padding:0 6px"
    return element("span", f"{sign.symbol} {sign.word}", style=style)


_PALE = f";{LIGHT[Tone.MUTED].style};font-weight:normal"
_TOP = f"{_PALE};position:sticky;top:0;z-index:1"
_BOTTOM = "vertical-align:bottom"
_LEFT = f"{_PALE};position:sticky;left:0"


def _head(grid: Grid, ends: Sequence[End]) -> Markup:
    grouped = any(end.group for end in ends)
    down = 2 if grouped else None
    upright = len(ends) < 6
    corner = html.heading(grid.corner, scope="col", down=down, more=f"{_LEFT};top:0;z-index:2")
    reaches = html.heading(_name("reaches", upright=upright), scope="col", down=down, more=_TOP)
    count = [reaches] if grid.counted else []
    names = [html.heading(_name(end.name, upright=upright), scope="col", more=_TOP) for end in ends]
    if not grouped:
        return html.row(corner, *names, *count)
    groups = [
        _group(name, len(list(found)), upright=upright)
        for name, found in groupby(ends, key=lambda end: end.group)
    ]
    return join(html.row(corner, *groups, *count), html.row(*names))


def _group(name: str, across: int, *, upright: bool) -> Markup:
    """The heading of a group; above a single narrow column it is as narrow."""
    shown = _name(name, upright=upright or across > 1)
    return html.heading(shown, scope="colgroup", across=across, more=f"{_PALE};{_BOTTOM}")


def _name(name: str, *, upright: bool) -> str:
    return name if upright else element("span", name, style="writing-mode:vertical-rl")


def _row(end: End, signs: Sequence[Sign], *, counted: bool) -> Markup:
    return html.row(
        html.heading(end.key, scope="row", more=f"{_LEFT};white-space:nowrap"),
        *(_cell(sign) for sign in signs[:MOST]),
        *([_number(sum(sign.counts for sign in signs))] if counted else []),
    )


def _totals(grid: Grid, columns: int) -> Markup:
    counts = [sum(signs[column].counts for signs in grid.signs) for column in range(columns)]
    total = sum(sign.counts for signs in grid.signs for sign in signs)
    name = html.heading("reached by", scope="row", more=_LEFT)
    return html.row(name, *map(_number, counts), _number(total))


def _cell(sign: Sign) -> Markup:
    style = f"{LIGHT[sign.tone].style};text-align:center;padding:2px 5px"
    return element("td", sign.symbol, style=style)


def _number(count: int) -> Markup:
    return element("td", count, style="text-align:center;padding:2px 5px")
