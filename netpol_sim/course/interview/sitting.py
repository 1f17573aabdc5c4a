"""An interview in a notebook: what is shown, and what a message from the browser does.

Knows nothing of widgets.  A message can hold anything: what makes no sense changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from netpol_sim.course import forms, practice_page
from netpol_sim.course.answers import AnswerError
from netpol_sim.course.card_page import question_page
from netpol_sim.course.deck import LETTERS
from netpol_sim.course.interview import report, session
from netpol_sim.course.interview.plan import Step
from netpol_sim.course.interview.session import Interview, MisunderstoodError
from netpol_sim.course.interview.store import Store
from netpol_sim.course.practice import Practice
from netpol_sim.course.task import Task, TaskKind
from netpol_sim.render.markup import element, join

Message = Mapping[str, Any]
View = dict[str, Any]
_MINUTE = 60
_MOST_LETTERS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An interview, where it is kept, and what was said about the last message.

    ``clock`` gives seconds that only ever grow; the seconds before ``since`` are counted.
    """

    interview: Interview
    store: Store
    clock: Callable[[], float]
    lessons: Mapping[int, str]
    since: float
    problem: str = ""


def step(state: Sitting, message: Message) -> Sitting:
    """The sitting after a message: ``say``, ``keep``, ``confirm``, ``skip`` or ``end``.

    The interview is kept in its file before anything is shown.
    """
    if session.current(state.interview) is None:
        return state
    # Only whole seconds are counted, so that many messages make the time no longer or shorter.
    seconds = int(state.clock() - state.since)
    spent = session.spend(state.interview, seconds)
    state = replace(state, since=state.since + seconds, interview=spent, problem="")
    try:
        after = _after(state, spent, message)
        state.store.write(after)
        if session.current(after) is None:
            state.store.conclude(after, state.lessons)
    except (MisunderstoodError, AnswerError) as error:
        return replace(state, problem=str(error))
    return replace(state, interview=after)


def _after(state: Sitting, interview: Interview, message: Message) -> Interview:
    match message:
        case {"do": "say", "text": str(text)} if len(text) <= _MOST_LETTERS:
            _keep(state, interview, text)
            return session.say(interview, text)
        case {"do": "keep", "text": str(text)} if len(text) <= _MOST_LETTERS:
            _keep(state, interview, text)
            return interview
        case {"do": "confirm", "points": [*points]} if all(type(at) is int for at in points):
            return session.confirm(interview, tuple(points))
        case {"do": "skip"}:
            return session.skip(interview)
        case {"do": "end"}:
            return session.stop(interview)
        case _:
            return interview


def _keep(state: Sitting, interview: Interview, text: str) -> None:
    """Write down the policies that are being written, in the file that the terminal uses."""
    open_ = session.current(interview)
    if open_ is not None and (task := _written(open_)) is not None:
        state.store.answers.save(task, text)


def view(state: Sitting) -> View:
    """Everything that is to be seen; what is right stays with Python."""
    interview = state.interview
    open_ = session.current(interview)
    if open_ is None:
        said = "The interview is over. Here is your report; it is also in the folder interview."
        return {
            "kind": "over",
            "heading": said,
            "html": report.part(interview, state.lessons),
            "said": said,
        }
    minutes = -(-interview.left // _MINUTE)
    kind = "follow-up" if open_.follows else open_.section
    number = len(interview.records) + 1
    shown = _shown(open_, interview)
    try:
        text, problem = _text(open_, state.store), state.problem
    except AnswerError as error:
        text, problem = "", str(error)
    return {
        **shown,
        "heading": f"Question {number}: {kind}. {minutes} minutes left, about "
        f"{open_.minutes:g} for this.",
        "step": open_.id,
        "problem": problem,
        "said": problem or shown["asks"],
        "text": text,
    }


def _shown(open_: Step, interview: Interview) -> View:
    asks = open_.asks
    if isinstance(asks, Practice):
        grid = asks.task.kind is TaskKind.GRID
        title = element("p", element("b", asks.task.title))
        return {
            "kind": "grid" if grid else "policy",
            "asks": asks.task.title,
            "html": join(title, practice_page.asked(asks)),
            "rows": [row.label for row in asks.task.rows],
            "words": list(forms.words(asks.task)) if grid else [],
        }
    base: View = {"asks": asks.text, "html": question_page(asks)}
    if asks.checklist:
        if interview.draft is None:
            return {**base, "kind": "words"}
        return {
            **base,
            "kind": "points",
            "points": list(asks.checklist),
            "draft": interview.draft,
        }
    if asks.lines:
        return {**base, "kind": "lines", "lines": list(asks.lines)}
    return {
        **base,
        "kind": "choices",
        "several": asks.several,
        "letters": LETTERS,
        "choices": [{"text": each.text, "block": each.block} for each in asks.choices],
    }


def _written(open_: Step) -> Task | None:
    """The task that policies are written for; None of any other question."""
    if isinstance(open_.asks, Practice) and open_.asks.task.kind is not TaskKind.GRID:
        return open_.asks.task
    return None


def _text(open_: Step, store: Store) -> str:
    """What stands in the editor: what was written before, or what the task begins as."""
    task = _written(open_)
    if task is None:
        return ""
    text = store.answers.read(task)
    return forms.starter(task) if text is None else text
