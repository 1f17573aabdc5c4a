"""Feedback as a page: a headline, the connections as a matrix, and the lines of ``feedback``.

It is made of tables, so that it can be read where nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from netpol_sim.course import feedback, standing
from netpol_sim.course.feedback import Line
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.render import grid
from netpol_sim.render.html import block, chip, paragraph, quoted, with_code
from netpol_sim.render.markup import Markup, element
from netpol_sim.render.palette import Tone

_TONES = {
    Outcome.NOT_ATTEMPTED: Tone.MUTED,
    Outcome.NOT_YET: Tone.DENIED,
    Outcome.DONE: Tone.ALLOWED,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Feedback:
    """A grade that shows itself in a notebook.

    ``note`` is one line above it, ``offer`` one below it.  ``live`` makes the widget that takes
    its place in a running notebook; None where there is nothing to do there.
    """

    grade: Grade
    note: str = ""
    offer: str = ""
    live: Callable[[], Any] | None = None

    def __repr__(self) -> str:
        parts = (f"({self.note})" * bool(self.note), feedback.text(self.grade), self.offer)
        return "\n".join(filter(None, parts))

    def _repr_html_(self) -> str:
        return html(self.grade, self.note, self.offer)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as IPython has it
        own = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.live is None:
            return own
        try:
            bundle = self.live()._repr_mimebundle_(**asked)
        except ModuleNotFoundError:  # without anywidget, the page is all there is
            return own
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        return ({**data, **own}, *metadata) if metadata else {**data, **own}


class Message(str):
    """A sentence to the learner, shown as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def html(grade: Grade, note: str = "", offer: str = "") -> str:
    """The feedback as HTML."""
    task = grade.task
    return block(
        paragraph(f"({note})") if note else "",
        paragraph(
            chip(_TONES[grade.outcome], str(grade.outcome)),
            " ",
            element("b", task.id),
            f": {task.title}",
        ),
        *_matrix(grade),
        *(part for line in feedback.lines(grade) for part in _line(line)),
        paragraph(element("i", with_code(offer))) if offer else "",
    )


def _matrix(grade: Grade) -> Iterator[Markup]:
    shown = standing.matrix(grade)
    if shown is not None:
        yield grid.as_html(shown)


def _line(line: Line) -> Iterator[Markup]:
    style = f"margin:{2 if line.level else 6}px 0 2px {line.level * 20}px"
    yield element("p", with_code(line.text), style=style)
    yield from map(quoted, line.quotes)
