"""A map of the course: what is done, what is not, what is next.

Whether a task is done is judged from the answer file, now.  The diary adds how often it was tried,
which hints were seen, and when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from netpol_sim.course import schedule
from netpol_sim.course.attempt import Desk
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.grade import Outcome
from netpol_sim.course.progress import EventKind, Progress
from netpol_sim.course.task import Task, lesson_name
from netpol_sim.render.json import Document

_MARKS = {Outcome.NOT_ATTEMPTED: " ", Outcome.NOT_YET: "✗", Outcome.DONE: "✓"}
_MISCONCEPTIONS_SHOWN = 3
_ID_WIDTH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One task: what its answer comes to now, and what the diary says about it.

    ``retry_at`` is when the task comes back because its solution was looked at; ``due`` is whether
    that time has come.
    """

    task: Task
    outcome: Outcome
    attempts: int
    hints: int
    retry_at: datetime | None
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All tasks in order, and how often each misconception was seen, the commonest first.

    ``cards_due`` counts the quiz cards that are about to be forgotten.
    """

    tasks: tuple[TaskState, ...]
    misconceptions: Mapping[str, int]
    cards_due: int

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(state.outcome is Outcome.DONE for state in self.tasks)

    @property
    def next(self) -> TaskState | None:
        """A task that is due again, else the first that is not done; None when nothing is left."""
        due = (state for state in self.tasks if state.due)
        left = (state for state in self.tasks if state.outcome is not Outcome.DONE)
        return next(due, None) or next(left, None)


def overview(desk: Desk, progress: Progress, *, now: datetime) -> Overview:
    """Judge every answer in the workspace, and join to it what the diary says."""
    states = []
    for task in desk.catalog.tasks:
        retry_at = progress.retry_at(task.id)
        state = TaskState(
            task=task,
            outcome=desk.judge(task).outcome,
            attempts=progress.attempts(task.id),
            hints=progress.hints(task.id),
            retry_at=retry_at,
            due=retry_at is not None and retry_at <= now,
        )
        states.append(state)
    return Overview(
        tasks=tuple(states),
        misconceptions=progress.misconceptions(),
        cards_due=_cards_due(desk, progress, now),
    )


def _cards_due(desk: Desk, progress: Progress, now: datetime) -> int:
    """How many cards are due; the bank is read only when some card was asked before."""
    if not any(each.kind is EventKind.REVIEWED for each in progress.events):
        return 0
    return len(schedule.due(read_bank(desk.catalog.folder), progress, now))


def text(view: Overview) -> str:
    """The map as lines, by lesson."""
    lines: list[str] = []
    for lesson, states in lessons(view):
        lines.append(lesson_line(lesson, states))
        lines += [f"  {_line(state)}" for state in states]
    return "\n".join([*lines, "", *summary(view)])


def lessons(view: Overview) -> Iterator[tuple[int, tuple[TaskState, ...]]]:
    """The tasks of each lesson, in the order of the lessons."""
    # What belongs to no lesson comes last.
    numbers = {state.task.lesson for state in view.tasks}
    for lesson in sorted(numbers, key=lambda number: (number == 0, number)):
        yield lesson, tuple(state for state in view.tasks if state.task.lesson == lesson)


def lesson_line(lesson: int, states: tuple[TaskState, ...]) -> str:
    """How much of a lesson is done."""
    done = sum(state.outcome is Outcome.DONE for state in states)
    return f"{lesson_name(lesson)}: {done} of {len(states)} done"


def summary(view: Overview) -> Iterator[str]:
    """How much is done, what went wrong most often, and what is next."""
    yield f"{view.done} of {len(view.tasks)} tasks are done."
    seen = list(view.misconceptions.items())[:_MISCONCEPTIONS_SHOWN]
    if seen:
        listed = ", ".join(f"{name} ({count})" for name, count in seen)
        yield f"Seen most often in your answers: {listed}."
    if view.cards_due:
        cards = "1 quiz card is" if view.cards_due == 1 else f"{view.cards_due} quiz cards are"
        yield f"{cards} due today: `netpol quiz --due`."
    yield _what_next(view.next)


def _line(state: TaskState) -> str:
    line = f"[{_MARKS[state.outcome]}] {state.task.id:<{_ID_WIDTH}} {outcome_words(state):<9}"
    return f"{line}  {', '.join(facts(state))}".rstrip()


def outcome_words(state: TaskState) -> str:
    """What the answer comes to, in words for a map."""
    return {Outcome.NOT_ATTEMPTED: "not begun"}.get(state.outcome, str(state.outcome))


def facts(state: TaskState) -> tuple[str, ...]:
    """What the diary says about a task."""
    found = []
    if state.attempts:
        found.append(f"{state.attempts} attempt{'s' if state.attempts > 1 else ''}")
    if state.hints:
        found.append(f"hints to step {state.hints}")
    if state.due:
        found.append("due again")
    elif state.retry_at:
        found.append(f"comes back on {state.retry_at:%Y-%m-%d}")
    return tuple(found)


def _what_next(state: TaskState | None) -> str:
    if state is None:
        return "Nothing is left to do. `netpol practice` makes new tasks."
    task = state.task
    if state.due and state.outcome is Outcome.DONE:
        return f"Next: {task.id} again, without the solution. `netpol reset {task.id}` clears it."
    return f"Next: {task.id}, {task.title} (about {task.minutes} minutes)."


def as_fields(view: Overview) -> Document:
    """The map as the fields of a JSON document."""
    return {
        "done": view.done,
        "next": view.next.task.id if view.next else None,
        "tasks": [
            {
                "task": state.task.id,
                "lesson": state.task.lesson,
                "outcome": str(state.outcome),
                "attempts": state.attempts,
                "hints": state.hints,
                "retryAt": f"{state.retry_at:%Y-%m-%dT%H:%M:%SZ}" if state.retry_at else None,
                "due": state.due,
            }
            for state in view.tasks
        ],
        "misconceptions": dict(view.misconceptions),
        "cardsDue": view.cards_due,
    }
