"""A matrix as a grid: one sign for each pair, as HTML and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from netpol_sim.analysis.matrix import AskedPort, Cell, Matrix
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.model import Node, Pod
from netpol_sim.render import crowd, grid, html
from netpol_sim.render.grid import End, Grid, Sign
from netpol_sim.render.markup import Markup, join
from netpol_sim.render.palette import Tone

LETTERS = {
    Cell.ALLOWED: "a",
    Cell.DENIED_BY_EGRESS: "e",
    Cell.DENIED_BY_INGRESS: "i",
    Cell.DENIED_BY_BOTH: "b",
    Cell.NO_SUCH_PORT: "n",
}
ITSELF, NO_POD = "s", "o"
"""The letters of what is no cell: a place and itself, and pairs without a pod."""

SIGNS = {
    "a": Sign(symbol="✓", word="allowed", tone=Tone.ALLOWED, counts=True),
    "e": Sign(symbol="✗E", word="denied by egress", tone=Tone.DENIED),
    "i": Sign(symbol="✗I", word="denied by ingress", tone=Tone.DENIED),
    "b": Sign(symbol="✗EI", word="denied by both", tone=Tone.DENIED),
    "n": Sign(symbol="∅", word="no such port", tone=Tone.DEPENDS),
    ITSELF: Sign(symbol="·", word="itself", tone=Tone.MUTED),
    NO_POD: Sign(symbol="-", word="no pod at either end", tone=Tone.MUTED),
}
OPENED = Sign(symbol="+", word="newly allowed", tone=Tone.ADDED, counts=True)
CLOSED = Sign(symbol="\N{MINUS SIGN}", word="no longer allowed", tone=Tone.REMOVED, counts=True)
SAME = {
    True: Sign(symbol="✓", word="allowed as before", tone=Tone.MUTED),
    False: Sign(symbol="✗", word="denied as before", tone=Tone.MUTED),
}


def as_html(matrix: Matrix) -> Markup:
    """A matrix as HTML: a table for each of its ports."""
    grids = (grid.as_html(of_port(matrix, asked)) for asked in matrix.ports)
    return join(*grids, *map(html.paragraph, _notes(matrix)))


def as_text(matrix: Matrix) -> str:
    """A matrix as plain text, with the same content."""
    grids = [grid.as_text(of_port(matrix, asked)) for asked in matrix.ports]
    return "\n\n".join([*grids, *_notes(matrix)])


def _notes(matrix: Matrix) -> Iterator[str]:
    """That the network plugin ignores policies, if it does."""
    cluster = matrix.table.cluster
    if cluster.ignored_policies:
        ignored = ", ".join(policy.key for policy in cluster.ignored_policies)
        yield _IGNORED.format(profile=cluster.profile.name, ignored=ignored)


_IGNORED: Final = "The profile {profile} does not know, and ignores: {ignored}."


def of_port(matrix: Matrix, asked: AskedPort) -> Grid:
    """The grid of one port of a matrix."""
    ends = tuple(map(end_of, matrix.places))
    letters = letters_of(matrix, matrix.places, asked)
    return Grid(
        caption=f"Port {asked}: {allowed(matrix, asked)}",
        rows=ends,
        columns=ends,
        signs=tuple(tuple(SIGNS[letter] for letter in row) for row in letters),
    )


def difference(before: Matrix, after: Matrix, asked: AskedPort) -> Grid:
    """The grid of what changes on one port between two matrices.

    Both are of the same pods; outside ranges, which policies tell apart, are not compared.
    """
    places = [place for place in after.places if isinstance(place, Pod)]
    ends = tuple(map(end_of, places))
    signs = tuple(
        tuple(
            SIGNS[ITSELF]
            if source is target
            else _change(
                before=before.allows(source.key, target.key, str(asked)),
                after=after.allows(source.key, target.key, str(asked)),
            )
            for target in places
        )
        for source in places
    )
    opened, closed = (sum(row.count(sign) for row in signs) for sign in (OPENED, CLOSED))
    caption = f"Port {asked}: newly allowed {opened}, no longer allowed {closed}"
    return Grid(caption=caption, rows=ends, columns=ends, signs=signs)


def _change(*, before: bool, after: bool) -> Sign:
    if before is after:
        return SAME[after]
    return OPENED if after else CLOSED


def allowed(matrix: Matrix, asked: AskedPort) -> str:
    """How many connections are allowed, in words."""
    return f"{matrix.count(port=str(asked))} of {matrix.pairs} connections are allowed"


def end_of(place: Place) -> End:
    """How a place is called in a row or a column."""
    match place:
        case Pod(namespace=namespace, name=name):
            return End(key=place.key, name=name, group=namespace)
        case Node():
            return End(key=place.key, name=place.name, group="nodes")
        case OutsideRange():
            name = crowd.shortened(place.key, 16)
            return End(key=f"outside {place.key}", name=name, group="outside")


def letters_of(matrix: Matrix, places: Sequence[Place], asked: AskedPort) -> tuple[str, ...]:
    """One text for each row, with one letter for each column, of some places of a matrix."""
    wanted = {id(place) for place in places}
    columns = [index for index, place in enumerate(matrix.places) if id(place) in wanted]
    rows = []
    for source in places:
        cells = matrix.row(source, port=str(asked))
        rows.append("".join(_letter(source, matrix.places[at], cells[at]) for at in columns))
    return tuple(rows)


def _letter(source: Place, target: Place, cell: Cell) -> str:
    if source is target:
        return ITSELF
    if not isinstance(source, Pod) and not isinstance(target, Pod):
        return NO_POD
    return LETTERS[cell]
