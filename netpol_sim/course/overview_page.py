"""The map of the course as a page: a table of all tasks, by lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.course import overview
from netpol_sim.course.grade import Outcome
from netpol_sim.course.overview import Overview, TaskState
from netpol_sim.render.html import block, cell, chip, heading, paragraph, row, table
from netpol_sim.render.markup import Markup, element
from netpol_sim.render.palette import Tone

_TONES = {
    Outcome.NOT_ATTEMPTED: Tone.MUTED,
    Outcome.NOT_YET: Tone.DENIED,
    Outcome.DONE: Tone.ALLOWED,
}
_HEAD = ("task", "what to do", "about", "now", "so far")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OverviewPage:
    """A map of the course that shows itself in a notebook."""

    view: Overview

    def __repr__(self) -> str:
        return overview.text(self.view)

    def _repr_html_(self) -> str:
        return html(self.view)


def html(view: Overview) -> str:
    """The map as HTML: what to do next first, then every task."""
    return block(
        *(paragraph(line) for line in overview.summary(view)),
        table(
            *_rows(view),
            caption="The tasks of the course",
            head=row(*(heading(word, scope="col") for word in _HEAD)),
        ),
    )


def _rows(view: Overview) -> Iterator[Markup]:
    for lesson, states in overview.lessons(view):
        title = f"{overview.lesson_line(lesson, states)}"
        yield row(heading(title, scope="colgroup", across=len(_HEAD)))
        yield from (_row(state, is_next=state is view.next) for state in states)


def _row(state: TaskState, *, is_next: bool) -> Markup:
    name = element("code", state.task.id)
    mark = (chip(Tone.ADDED, "next"),) if is_next else ()
    return row(
        heading(name, *(" ", *mark) if mark else (), scope="row", more=";font-weight:normal"),
        cell(state.task.title),
        cell(f"{state.task.minutes} min"),
        cell(chip(_TONES[state.outcome], overview.outcome_words(state))),
        cell(", ".join(overview.facts(state))),
    )
