"""Sentences and tables of words, drawn once for every place: text, HTML, Markdown and CSV.

What can be said in a few sentences and tables is a ``Page``.  Whoever makes a page decides what is
said; here is only how it looks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

from netpol_sim.render import html
from netpol_sim.render.markup import Markup, join
from netpol_sim.render.palette import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A word with a tone: a symbol stands beside it, and a colour where there are colours."""

    tone: Tone
    word: str

    def __str__(self) -> str:
        symbol = html.SYMBOLS.get(self.tone)
        return f"{symbol} {self.word}" if symbol else self.word


_WIDEST = 72

Cell = str | Sequence[str] | Mark
"""What stands in a table: words, several lines of words, or a word with a tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: the name of each column, and rows of as many cells.

    In HTML only the first ``shown`` rows are open; the rest unfolds.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    shown: int | None = None


Page = Sequence[str | Sheet]
"""Sentences and tables, in the order in which they are read; tables without rows are left out."""


def as_text(page: Page) -> str:
    """A page as plain text: a line for each sentence, columns one below the other."""
    return "\n".join(_text_lines(page)).strip("\n")


def _text_lines(page: Page) -> Iterator[str]:
    after_table = False
    for part in page:
        if isinstance(part, str):
            if after_table:
                yield ""
            yield part
            after_table = False
        elif part.rows:
            yield ""
            yield from _table_lines(part)
            after_table = True


def _table_lines(sheet: Sheet) -> Iterator[str]:
    if sheet.caption:
        yield f"{sheet.caption}:"
    rows = [[*map(_wrapped, row[:-1]), _lines(row[-1])] for row in sheet.rows]
    columns = zip(*rows, strict=True)
    widths = [
        max(len(name), *(len(line) for cell in column for line in cell))
        for name, column in zip(sheet.head, columns, strict=True)
    ]
    apart = any(len(cell) > 1 for row in rows for cell in row)
    yield _aligned([name.upper() for name in sheet.head], widths)
    for number, row in enumerate(rows):
        if apart and number:
            yield ""
        for line in zip_longest(*row, fillvalue=""):
            yield _aligned(line, widths)


def _aligned(words: Iterable[str], widths: Sequence[int]) -> str:
    pairs = zip(words, widths, strict=True)
    return "  ".join(f"{word:<{width}}" for word, width in pairs).rstrip()


def _wrapped(cell: Cell) -> Sequence[str]:
    """The lines of a cell, so short that what stands beside it can be read."""
    return [
        part
        for line in _lines(cell)
        for part in wrap(line, _WIDEST, subsequent_indent="  ", break_long_words=False)
    ] or [""]


def _lines(cell: Cell) -> Sequence[str]:
    return (str(cell),) if isinstance(cell, str | Mark) else cell


def as_html(page: Page) -> Markup:
    """A page as HTML that needs no style sheet."""
    return html.block(*(_html_part(part) for part in page))


def _html_part(part: str | Sheet) -> Markup:
    if isinstance(part, str):
        return html.paragraph(part)
    if not part.rows:
        return Markup("")
    head = html.row(*(html.heading(name, scope="col") for name in part.head))
    rows = [html.row(*map(_html_cell, row)) for row in part.rows]
    # One row more is no longer than the line that would hide it.
    cut = part.shown if part.shown is not None and len(rows) > part.shown + 1 else len(rows)
    table = html.table(*rows[:cut], caption=part.caption, head=head)
    if cut == len(rows):
        return table
    return join(table, html.folded(f"{len(rows) - cut} more", html.table(*rows[cut:], head=head)))


def _html_cell(cell: Cell) -> Markup:
    if isinstance(cell, Mark):
        return html.cell(html.chip(cell.tone, cell.word))
    return html.cell(html.lines(list(map(html.with_code, _lines(cell)))))


def as_markdown(page: Page) -> str:
    """A page as Markdown: a paragraph for each sentence, a table for each table."""
    return "\n\n".join(_markdown_parts(page)) + "\n"


def _markdown_parts(page: Page) -> Iterator[str]:
    for part in page:
        if isinstance(part, str):
            yield escaped(part)
        elif part.rows:
            if part.caption:
                yield f"**{escaped(part.caption)}**"
            yield markdown_table(part)


def markdown_table(sheet: Sheet) -> str:
    """A table alone as Markdown, without an end of line at the end."""
    lines = [f"| {' | '.join(sheet.head)} |", "|" + " --- |" * len(sheet.head)]
    for row in sheet.rows:
        cells = ("<br>".join(map(escaped, _lines(cell))) for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def escaped(words: str) -> str:
    """Words that Markdown shows as they are, in a cell of a table too."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>|#~&" else each for each in words)


def as_csv(sheet: Sheet) -> str:
    """A table as CSV, with its head; several names in one field are parted by ``; ``.

    A field that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.head)
    writer.writerows([_field(cell) for cell in row] for row in sheet.rows)
    return text.getvalue()


def _field(cell: Cell) -> str:
    words = cell.word if isinstance(cell, Mark) else "; ".join(_lines(cell))
    return f"'{words}" if words.startswith(_FORMULA) else words


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
