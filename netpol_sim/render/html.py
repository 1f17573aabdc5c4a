"""The pieces of our HTML: tables that need no style sheet, no class and no script.

Sites that show notebooks drop style sheets, and some drop every ``style`` too, so that each piece
says with a symbol and a word what it also says with a colour.
"""

from __future__ import annotations

from netpol_sim.render.markup import Markup, element, join, text
from netpol_sim.render.palette import LIGHT, Tone
from netpol_sim.render.quotes import Quote

SYMBOLS = {
    Tone.ALLOWED: "✓",
    Tone.DENIED: "✗",
    Tone.DEPENDS: "◐",
    Tone.ADDED: "+",
    Tone.REMOVED: "\N{MINUS SIGN}",
}
"""What stands beside a colour; ``MARKED`` lines have an arrow instead."""

_MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_TEXT = "font-size:13px;line-height:1.45"
_CELL = "padding:4px 8px;text-align:left;vertical-align:top;border:1px solid #7d8590"


def tone_of(allowed: bool) -> Tone:  # noqa: FBT001  the answer itself
    """The tone of an answer."""
    return Tone.ALLOWED if allowed else Tone.DENIED


def block(*content: object) -> Markup:
    """One output: everything that belongs together."""
    return element("div", *content, style=_TEXT)


def paragraph(*content: object) -> Markup:
    """A line of text; what stands between backticks in its plain parts is set as code."""
    parts = (with_code(part) if isinstance(part, str) else part for part in content)
    return element("p", *parts, style="margin:4px 0")


def with_code(words: str) -> Markup:
    """Words in which what stands between backticks is set as code; markup stays as it is."""
    if isinstance(words, Markup):
        return words
    parts = words.split("`")
    if len(parts) % 2 == 0:  # a backtick without its pair is only a backtick
        return text(words)
    return join(
        *(element("code", part) if at % 2 else part for at, part in enumerate(parts) if part)
    )


def folded(summary: str, *content: object) -> Markup:
    """What is shown when somebody asks for it."""
    return element("details", element("summary", summary), *content)


def chip(tone: Tone, word: str) -> Markup:
    """A word in a tone, with the tone's symbol."""
    ink = LIGHT[tone]
    symbol = f"{SYMBOLS[tone]} " if tone in SYMBOLS else ""
    frame = f"border:1px solid {ink.line};border-radius:4px;padding:0 6px;white-space:nowrap"
    return element("span", f"{symbol}{word}", style=f"{ink.style};{frame}")


def table(*rows: Markup, caption: object = "", head: Markup | None = None) -> Markup:
    """A table; the caption says what it is about."""
    style = f"border-collapse:collapse;margin:6px 0;{_TEXT}"
    caption_style = "caption-side:top;text-align:left;font-weight:bold;padding:4px 0;color:inherit"
    return element(
        "table",
        element("caption", caption, style=caption_style) if caption else Markup(""),
        element("thead", head) if head is not None else Markup(""),
        element("tbody", *rows),
        style=style,
    )


def row(*cells: Markup) -> Markup:
    """A row of cells."""
    return element("tr", *cells)


def chain(*cells: Markup) -> Markup:
    """A table of one row that goes on below where the window is too narrow."""
    return table(element("tr", *cells, style="display:flex;flex-wrap:wrap;row-gap:4px"))


def cell(*content: object, tone: Tone | None = None, more: str = "") -> Markup:
    """A cell of data; without a tone it has the colours of its surroundings."""
    ink = f"{LIGHT[tone].style};" if tone is not None else ""
    return element("td", *content, style=f"{ink}{_CELL}{more}")


def heading(
    *content: object, scope: str, across: int | None = None, down: int | None = None, more: str = ""
) -> Markup:
    """A cell that names its row or column: ``scope`` is ``row``, ``col`` or a group of them."""
    style = f"{_CELL};font-weight:bold{more}"
    return element("th", *content, scope=scope, colspan=across, rowspan=down, style=style)


def lines(texts: list[Markup] | list[str]) -> Markup:
    """Texts one below the other."""
    return join(*texts, by=element("br"))


def quoted(quote: Quote) -> Markup:
    """Lines of a manifest; the deciding ones are marked by an arrow and a colour."""
    ink = LIGHT[Tone.MARKED]
    shown, before = [], None
    for line in quote.lines:
        if before is not None and line.number > before + 1:
            shown.append(row(_code("⋮"), _code(""), _code("")))
        before = line.number
        style = f";{ink.style}" if line.marked else ""
        mark = "▶" if line.marked else ""
        shown.append(
            row(
                _code(mark, style),
                _code(line.number, style, right=True),
                _code(line.text, f"{style};width:100%"),
            )
        )
    # A caption is broken where its table ends, and a file's name is often longer.
    kept = "white-space:nowrap"
    name = join(element("code", quote.file, style=kept), f" ({quote.policy})")
    return table(*shown, caption=element("span", name, style=kept))


def _code(content: object, more: str = "", *, right: bool = False) -> Markup:
    align = "right" if right else "left"
    style = f"padding:0 6px;border:0;white-space:pre;text-align:{align};{_MONO}{more}"
    return element("td", content, style=style)
