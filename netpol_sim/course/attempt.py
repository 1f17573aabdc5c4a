"""Judge the saved answer to a task and write that down: one way for notebook, terminal and watch.

What the diary holds never decides anything here.  A grade comes from the answer file alone.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from netpol_sim.course.answers import AnswerError, Answers
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.grade import Grade, Outcome, grade
from netpol_sim.course.progress import Diary, EventKind, Progress, event
from netpol_sim.course.task import Task
from netpol_sim.errors import Problem, ProblemKind

_MARK_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a learner works: the course, and the workspace with answers and diary."""

    catalog: Catalog
    answers: Answers

    @property
    def diary(self) -> Diary:
        """The diary of the workspace."""
        return Diary(folder=self.answers.folder)

    def judge(self, task: Task) -> Grade:
        """Judge the saved answer.  A file that cannot be read is an answer that is not yet."""
        try:
            text = self.answers.read(task)
        except AnswerError as error:
            problem = Problem(kind=ProblemKind.MALFORMED, field="", message=str(error))
            return Grade(task=task, outcome=Outcome.NOT_YET, problems=(problem,))
        return grade(self.catalog, task, text)

    def attempt(self, task: Task, *, now: datetime) -> Grade:
        """Judge the saved answer, and add that to the diary.

        An answer that is judged again unchanged is no new attempt.  A diary that cannot be written
        takes no grade away: ``netpol progress`` is where its trouble is told.
        """
        result = self.judge(task)
        with suppress(AnswerError):
            record(self.diary, result, self.mark(task), now=now)
        return result

    def mark(self, task: Task) -> str:
        """A short name of the saved answer as it is written; empty when there is none to read."""
        with suppress(AnswerError):
            return mark(self.answers.read(task) or "")
        return ""


def mark(text: str) -> str:
    """A short name of a text: the same for equal texts, another for others."""
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_LENGTH] if text else ""


def record(diary: Diary, result: Grade, answer: str, *, now: datetime) -> None:
    """Add a judged answer to the diary, unless it is the one that was judged last.

    Args:
        answer: The mark of the answer.

    Raises:
        AnswerError: The diary cannot be read or written.
    """
    task_id = result.task.id
    if result.outcome is Outcome.NOT_ATTEMPTED or last_answer(diary.read(), task_id) == answer:
        return
    attempt = event(
        now,
        EventKind.GRADED,
        task_id,
        str(result.outcome),
        misconception=result.misconception,
        answer=answer,
    )
    diary.add(attempt)


def last_answer(progress: Progress, task_id: str) -> str | None:
    """The mark of the answer that was judged last since a reset; None when none was."""
    kinds = (EventKind.GRADED, EventKind.RESET)
    events = [each for each in progress.of(task_id) if each.kind in kinds]
    if not events or events[-1].kind is EventKind.RESET:
        return None
    return events[-1].fact("answer")
