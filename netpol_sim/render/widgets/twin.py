"""The text twin of a widget: what it shows where nothing runs, as plain text and as HTML."""

from __future__ import annotations

from typing import Any

from netpol_sim.render import grid, table
from netpol_sim.render.grid import End, Grid, Sign
from netpol_sim.render.markup import Markup
from netpol_sim.render.palette import Tone

View = dict[str, Any]

_ASKED = Sign(symbol="?", word="for you to say", tone=Tone.PLAIN)


def bundle(given: Any, view: View) -> Any:  # noqa: ANN401  ipywidgets comes without types
    """A widget's MIME bundle with its grid added as text and as HTML."""
    shown = grid_of(view)
    return beside(given, grid.as_text(shown), grid.as_html(shown))


def beside(given: Any, text: str, html: Markup) -> Any:  # noqa: ANN401  as above
    """A widget's MIME bundle with a text and HTML added for where nothing runs."""
    data, *metadata = given if isinstance(given, tuple) else (given,)
    data = {**data, "text/plain": text, "text/html": html}
    return (data, *metadata) if metadata else data


def grid_of(view: View) -> Grid:
    """The grid that a widget shows; guesses and their judgement are not for the page."""

    def ends(listed: list[dict[str, str]]) -> tuple[End, ...]:
        return tuple(
            End(key=item["key"], name=item["name"], group=item["group"]) for item in listed
        )

    return Grid(
        caption=view["caption"],
        rows=ends(view["rows"]),
        columns=ends(view["columns"]),
        signs=tuple(
            tuple(table.SIGNS[letter] if view["answers"] else _ASKED for letter in row)
            for row in view["cells"]
        ),
        corner=view["corner"],
        counted=view["answers"],
    )
