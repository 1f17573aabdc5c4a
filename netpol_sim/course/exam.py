"""The exam drill: fifteen tasks against the clock, answered in files, judged at the end.

``Exam`` is data and pure functions; ``ExamFolder`` keeps it, and the answers, in a workspace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from netpol_sim.course import exercise_notebooks, feedback
from netpol_sim.course.answers import Answers, save_text
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.course.saved import restore, save_state, whole_number
from netpol_sim.course.task import Task

SET = "exam-drill"
FOLDER = "exam"
PASS_SHARE = 0.66
"""The share of the points that passes, as in the exams of today."""

_STATE, _REPORT = "exam.json", "report.md"
_VERSION = 1
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """An exam at any moment: its tasks, the one on the table, and the seconds spent on each.

    A task is worth as many points as it has minutes.
    """

    tasks: tuple[Task, ...]
    seconds: tuple[int, ...]
    at: int = 0
    ended: bool = False

    @property
    def minutes(self) -> int:
        """The time there is for everything."""
        return sum(task.minutes for task in self.tasks)

    @property
    def left(self) -> int:
        """The seconds that are left, never less than none."""
        return max(0, self.minutes * _MINUTE - sum(self.seconds))

    @property
    def late(self) -> int:
        """The seconds that were taken beyond the time."""
        return max(0, sum(self.seconds) - self.minutes * _MINUTE)

    @property
    def over(self) -> bool:
        """Whether the candidate has ended it, or the time has."""
        return self.ended or not self.left

    def spend(self, seconds: int) -> Exam:
        """The exam after some time was spent on the open task."""
        spent = list(self.seconds)
        spent[self.at] += max(0, seconds)
        return replace(self, seconds=tuple(spent))

    def go_to(self, at: int) -> Exam:
        """The exam with another task on the table; behind the last one comes the first."""
        return replace(self, at=at % len(self.tasks))

    def end(self) -> Exam:
        """The exam, ended by the candidate."""
        return replace(self, ended=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An exam that is over, and what each answer comes to."""

    exam: Exam
    grades: tuple[Grade, ...]

    @property
    def points(self) -> int:
        """The points that were reached."""
        return sum(grade.task.minutes for grade in self.grades if grade.outcome is Outcome.DONE)

    @property
    def share(self) -> float:
        """The part of all points that was reached."""
        return self.points / self.exam.minutes

    @property
    def passed(self) -> bool:
        """Whether there are enough points, within the time."""
        return self.share >= PASS_SHARE and not self.exam.late


def begin(catalog: Catalog) -> Exam:
    """An exam that nobody has looked at yet."""
    tasks = catalog.exercise_set(SET).tasks
    return Exam(tasks=tasks, seconds=(0,) * len(tasks))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFolder:
    """Where the answers, the state and the report of an exam lie in a workspace."""

    workspace: Path
    catalog: Catalog

    @property
    def folder(self) -> Path:
        """The folder of the exam."""
        return self.workspace / FOLDER

    @property
    def answers(self) -> Answers:
        """The answers: apart from those to the same tasks as exercises."""
        return Answers(folder=self.folder)

    def read(self) -> Exam | None:
        """The exam that goes on; None when there is none.

        Raises:
            AnswerError: The file holds no exam; a copy of it is kept.
        """
        return restore(self.folder / _STATE, self._exam, again="netpol exam --new")

    def _exam(self, document: Any) -> Exam:  # noqa: ANN401  as JSON has it
        fresh = begin(self.catalog)
        if document["version"] != _VERSION or document["tasks"] != _ids(fresh):
            raise ValueError("it is of another version of the course")
        seconds = tuple(map(whole_number, document["seconds"]))
        at = whole_number(document["at"])
        if len(seconds) != len(fresh.tasks) or at >= len(fresh.tasks):
            raise ValueError("its numbers do not fit its tasks")
        return replace(fresh, at=at, seconds=seconds)

    def begin(self) -> Exam:
        """A new exam; answers to an earlier one are kept beside the new files.

        Raises:
            AnswerError: Files cannot be written.
        """
        exam = begin(self.catalog)
        for task in exam.tasks:
            self.answers.reset(task)
        self.write(exam)
        return exam

    def write(self, exam: Exam) -> None:
        """Keep the state.

        Raises:
            AnswerError: It cannot be written.
        """
        document = {
            "version": _VERSION,
            "tasks": _ids(exam),
            "at": exam.at,
            "seconds": list(exam.seconds),
        }
        save_state(self.folder / _STATE, document)

    def judge(self, exam: Exam) -> Result:
        """What every answer comes to; one that cannot be read is not right, and says so."""
        desk = Desk(catalog=self.catalog, answers=self.answers)
        return Result(exam=exam, grades=tuple(map(desk.judge, exam.tasks)))

    def conclude(self, result: Result) -> Path:
        """Keep the report, make room for the next exam, and return where the report is.

        Raises:
            AnswerError: It cannot be written.
        """
        path = save_text(self.folder / _REPORT, report(self.catalog, result))
        (self.folder / _STATE).unlink(missing_ok=True)
        return path


def _ids(exam: Exam) -> list[str]:
    return [task.id for task in exam.tasks]


def report(catalog: Catalog, result: Result) -> str:
    """The result as Markdown: the score, time per task, what is wrong and why, a solution."""
    return "\n".join((*summary(result), *_corrections(catalog, result))) + "\n"


def summary(result: Result) -> Iterator[str]:
    """The score and the time, of the whole and of each task."""
    exam = result.exam
    verdict = "passed" if result.passed else "not passed"
    yield "# Exam drill"
    yield ""
    yield (
        f"{result.points} of {exam.minutes} points ({result.share:.0%}): {verdict}; "
        f"{PASS_SHARE:.0%} pass."
    )
    yield f"Time: {_time(sum(exam.seconds))} of {exam.minutes} min."
    if exam.late:
        yield f"That is {_time(exam.late)} too much: an exam ends when the time is over."
    yield ""
    yield "| | task | points | time | meant |"
    yield "| --- | --- | --- | --- | --- |"
    for number, (grade, seconds) in enumerate(zip(result.grades, exam.seconds, strict=True), 1):
        task = grade.task
        got = task.minutes if grade.outcome is Outcome.DONE else 0
        cells = (
            feedback.MARKS[grade.outcome],
            f"{number}. {task.title}",
            f"{got} of {task.minutes}",
            _time(seconds),
            f"{task.minutes} min",
        )
        yield f"| {' | '.join(cells)} |"


def _corrections(catalog: Catalog, result: Result) -> Iterator[str]:
    for number, grade in enumerate(result.grades, start=1):
        task = grade.task
        if grade.outcome is Outcome.DONE:
            continue
        attempted = grade.outcome is not Outcome.NOT_ATTEMPTED
        said = feedback.text(grade) if attempted else "Not answered."
        yield from ("", f"## {number}. {task.title}", "", task.story.strip(), "")
        yield from ("```text", said, "```", "", task.concept.strip(), "")
        solution = exercise_notebooks.solution(catalog, task).strip()
        yield from ("A solution:", "", "```yaml", solution, "```")


def _time(seconds: int) -> str:
    return f"{seconds // _MINUTE} min {seconds % _MINUTE:02} s"
