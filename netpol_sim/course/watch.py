"""Judge an answer each time it is saved: what is shown after each event.

Pure: a state and an event give the next state and a text.  Who waits for files and keys is in the
command line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from netpol_sim.course import feedback
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.course.task import Task, lesson_name

Judge = Callable[[Task], Grade]
_KEYS = "Enter: next task.  Ctrl-C: end."


class Event(StrEnum):
    """What can happen: the answer was saved, or the learner wants the next task."""

    SAVED = "saved"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The tasks of the course, and the one that is watched; None when none is left."""

    tasks: tuple[Task, ...]
    current: Task | None


def begin(tasks: tuple[Task, ...], asked: Task | None, judge: Judge) -> tuple[State, str]:
    """Watch the task that was asked for, else the first that is not done."""
    state = State(tasks=tasks, current=asked or _first_open(tasks, judge))
    return state, _shown(state, judge)


def step(state: State, event: Event, judge: Judge) -> tuple[State, str]:
    """The state after an event, and what to show.

    After the last task, the next one is the first that is not done.
    """
    if event is Event.NEXT and state.current is not None:
        place = state.tasks.index(state.current) + 1
        behind = (*state.tasks[place:], *state.tasks[: place - 1])
        # A task that is not done is never lost: it comes again when no other is open.
        state = replace(state, current=_first_open((*behind, state.current), judge))
    return state, _shown(state, judge)


def _first_open(tasks: tuple[Task, ...], judge: Judge) -> Task | None:
    return next((task for task in tasks if judge(task).outcome is not Outcome.DONE), None)


def _shown(state: State, judge: Judge) -> str:
    task = state.current
    if task is None:
        return "Every task is done. `netpol practice` makes new ones."
    grade = judge(task)
    lines = [f"{lesson_name(task.lesson)}: {task.title} ({task.id}, about {task.minutes} minutes)"]
    if grade.outcome is Outcome.NOT_ATTEMPTED:
        lines += ["", task.story.strip()]
    lines += ["", feedback.text(grade), "", _KEYS]
    return "\n".join(lines)
