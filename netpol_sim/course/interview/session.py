"""An interview as it goes on: what is open, what was said, how much time is left.

Data and pure functions.  An interview is its plan and its records; everything else, the follow-ups
too, is worked out from them, so that one which was broken off goes on as if it had not been.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import indent

from netpol_sim.course import deck
from netpol_sim.course.grade import Grade, Outcome, grade
from netpol_sim.course.interview.follow_ups import follow_ups
from netpol_sim.course.interview.plan import SHAPES, Plan, Section, Step
from netpol_sim.course.practice import Practice
from netpol_sim.errors import NetpolError, Problem

SKIPPED, SPOKEN = "", "(said aloud)"


class MisunderstoodError(NetpolError):
    """What was said is no answer to the open question; nothing has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was said to one step.

    ``text`` is what was typed.  ``points`` are the positions of a checklist that the candidate
    says were named.  ``seconds`` is how long it took.
    """

    step: str
    text: str
    points: tuple[int, ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """An interview, at any moment.

    ``draft`` holds the words said to the open question until its checklist is confirmed; None
    when nothing was said to it yet.
    ``seconds`` is the time spent on the open question so far; pauses do not count.
    """

    plan: Plan
    records: tuple[Record, ...] = ()
    draft: str | None = None
    seconds: int = 0
    stopped: bool = False

    @property
    def used(self) -> int:
        """The seconds used so far."""
        return self.seconds + sum(record.seconds for record in self.records)

    @property
    def left(self) -> int:
        """The seconds that are left, never less than none."""
        return max(0, self.plan.minutes * 60 - self.used)


def agenda(interview: Interview) -> tuple[Step, ...]:
    """All steps, with the follow-ups that the answers so far have given rise to."""
    said = {record.step: record.text for record in interview.records}
    count = SHAPES[interview.plan.minutes].follow_ups
    steps: list[Step] = []
    for step in interview.plan.steps:
        steps.append(step)
        text = said.get(step.id, SKIPPED)
        asks_on = step.section in (Section.WRITE, Section.DEBUG) and text != SKIPPED
        if asks_on and isinstance(step.asks, Practice):
            steps += follow_ups(step, graded(step.asks, text), count, interview.plan.level)
    return tuple(steps)


def current(interview: Interview) -> Step | None:
    """The open step; None when all is said, the time is up, or the candidate has ended it."""
    at = len(interview.records)
    # Time that runs out cuts nobody off: what is being answered is answered.
    in_time = replace(interview, seconds=0).left > 0
    steps = agenda(interview) if in_time and not interview.stopped else ()
    return steps[at] if at < len(steps) else None


def spend(interview: Interview, seconds: int) -> Interview:
    """The interview after some time was spent on the open step."""
    return replace(interview, seconds=interview.seconds + max(0, seconds))


def say(interview: Interview, text: str) -> Interview:
    """Answer the open step; words that are held against a checklist are only noted as yet.

    Args:
        text: Letters of choices, numbers of lines, words, or the lines of a task.

    Raises:
        MisunderstoodError: It is no answer; the message says what is asked for, and where it fails.
    """
    step = current(interview)
    if step is None:
        return interview
    if isinstance(step.asks, Practice):
        _check(step.asks, text)
    elif step.asks.checklist:
        return replace(interview, draft=text.strip())
    elif deck.understood(step.asks, text) is None:
        raise MisunderstoodError("that is none of the answers")
    return _recorded(interview, step, text)


def confirm(interview: Interview, points: tuple[int, ...]) -> Interview:
    """Say which points of the checklist were named in the words that were noted.

    Raises:
        MisunderstoodError: There is no such point.
    """
    step = current(interview)
    if step is None or isinstance(step.asks, Practice) or not step.asks.checklist:
        return interview
    total = len(step.asks.checklist)
    if not set(points) <= set(range(total)):
        raise MisunderstoodError(f"the points have numbers from 1 to {total}")
    ticked = tuple(sorted(set(points)))
    return _recorded(interview, step, interview.draft or SPOKEN, ticked)


def skip(interview: Interview) -> Interview:
    """Leave the open step without an answer."""
    step = current(interview)
    return _recorded(interview, step, SKIPPED) if step else interview


def stop(interview: Interview) -> Interview:
    """End the interview now."""
    return replace(interview, stopped=True)


def _recorded(
    interview: Interview, step: Step, text: str, points: tuple[int, ...] = ()
) -> Interview:
    record = Record(step=step.id, text=text, points=points, seconds=interview.seconds)
    return replace(interview, records=(*interview.records, record), draft=None, seconds=0)


def _check(task: Practice, text: str) -> None:
    """Nobody loses a task to a typing error: what does not load is told before it counts."""
    result = graded(task, text)
    if result.outcome is Outcome.NOT_ATTEMPTED:
        raise MisunderstoodError("nothing is answered yet: write your answer, and save it")
    if result.problems:
        raise MisunderstoodError("\n".join(map(_told, result.problems)))


def _told(problem: Problem) -> str:
    """A problem, and below it how to mend it."""
    return f"{problem}\n{indent(problem.help, '  ')}".rstrip()


def graded(task: Practice, text: str) -> Grade:
    """What an answer to a task comes to."""
    return grade(task.catalog, task.task, text)
