"""The exam drill: fifteen tasks against the clock, answered in files, judged at the end.

``Exam`` is data and pure functions; ``ExamFolder`` keeps it, and the answers, in a folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from netpol_sim.course import exercise_notebooks, feedback, forms
from netpol_sim.course.answers import AnswerError, free_name, read_text, write_whole
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.grade import Grade, Outcome, grade
from netpol_sim.course.task import Task

SET = "exam-drill"
FOLDER = "exam"
PASS_SHARE = 0.66
"""The share of the points that passes, as in the exams of today."""

_STATE, _DAMAGED, _REPORT = "exam.json", "exam.damaged.json", "report.md"
_VERSION = 1
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """An exam at any moment: its tasks, the one on the table, and the seconds spent on each.

    A task is worth as many points as it has minutes.
    """

    tasks: tuple[Task, ...]
    at: int = 0
    seconds: tuple[int, ...]
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


def begin(catalog: Catalog) -> Exam:
    """An exam that nobody has looked at yet."""
    tasks = catalog.exercise_set(SET).tasks
    return Exam(tasks=tasks, seconds=(0,) * len(tasks))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFolder:
    """The folder of a workspace with the answers, the state and the report of an exam."""

    workspace: Path
    catalog: Catalog

    @property
    def folder(self) -> Path:
        """Where it all lies."""
        return self.workspace / FOLDER

    def answer_file(self, exam: Exam, at: int) -> Path:
        """Where a task is answered; begun with its starter, and never written over.

        Raises:
            AnswerError: It cannot be written.
        """
        task = exam.tasks[at]
        name = f"{at + 1:02}-{task.id.removeprefix('exam-')}.yaml"
        path = self.folder / name
        return path if path.exists() else self._keep(name, forms.starter(task))

    def read(self) -> Exam | None:
        """The exam that goes on; None when there is none.

        Raises:
            AnswerError: The file holds no exam; a copy of it is kept.
        """
        text = read_text(self.folder / _STATE)
        if text is None:
            return None
        try:
            return _exam(text, begin(self.catalog))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            with suppress(OSError):
                write_whole(self.folder / _DAMAGED, text)
            raise AnswerError(
                f"{FOLDER}/{_STATE} cannot be gone on with; a copy is in {FOLDER}/{_DAMAGED}; "
                "your answers are kept; begin again with: netpol exam --new"
            ) from error

    def write(self, exam: Exam) -> None:
        """Keep the state.

        Raises:
            AnswerError: It cannot be written.
        """
        document = {
            "version": _VERSION,
            "tasks": [task.id for task in exam.tasks],
            "at": exam.at,
            "seconds": list(exam.seconds),
        }
        self._keep(_STATE, json.dumps(document, indent=1) + "\n")

    def set_aside(self) -> None:
        """Make room for a new exam; answers that were given keep lying there, under other names.

        Raises:
            AnswerError: They cannot be moved.
        """
        try:
            for path in sorted(self.folder.glob("[0-9][0-9]-*.yaml")):
                if ".before-" not in path.name:
                    path.rename(free_name(path))
            (self.folder / _STATE).unlink(missing_ok=True)
        except OSError as error:
            raise AnswerError(f"{FOLDER} cannot be cleared: {error.strerror}") from error

    def grades(self, exam: Exam) -> tuple[Grade, ...]:
        """What every answer comes to; a file that is not there is no answer.

        Raises:
            AnswerError: A file cannot be read.
        """
        texts = (read_text(self.answer_file(exam, at)) for at in range(len(exam.tasks)))
        pairs = zip(exam.tasks, texts, strict=True)
        return tuple(grade(self.catalog, task, text) for task, text in pairs)

    def conclude(self, exam: Exam) -> tuple[str, Path]:
        """Judge everything, keep the report, and return it with its file.

        Raises:
            AnswerError: An answer cannot be read, or the report not be written.
        """
        text = report(self.catalog, exam, self.grades(exam))
        path = self._keep(_REPORT, text)
        (self.folder / _STATE).unlink(missing_ok=True)
        return text, path

    def _keep(self, name: str, text: str) -> Path:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / name, text)
        except OSError as error:
            raise AnswerError(f"{FOLDER}/{name} cannot be written: {error.strerror}") from error
        return self.folder / name


def _exam(text: str, fresh: Exam) -> Exam:
    document = json.loads(text)
    ids = [task.id for task in fresh.tasks]
    at, seconds = document["at"], document["seconds"]
    if document["version"] != _VERSION or document["tasks"] != ids:
        raise ValueError("it is of another version of the course")
    if [type(each) for each in (at, *seconds)] != [int] * (len(ids) + 1):
        raise TypeError("numbers are missing")
    if not 0 <= at < len(ids) or min(seconds) < 0:
        raise ValueError("a number makes no sense")
    return replace(fresh, at=at, seconds=tuple(seconds))


def points(exam: Exam, grades: tuple[Grade, ...]) -> tuple[int, int]:
    """The points that were reached, and all there are."""
    done = [task for task, each in zip(exam.tasks, grades, strict=True) if _done(each)]
    return sum(task.minutes for task in done), exam.minutes


def _done(each: Grade) -> bool:
    return each.outcome is Outcome.DONE


def report(catalog: Catalog, exam: Exam, grades: tuple[Grade, ...]) -> str:
    """The result as Markdown: the score, time per task, what is wrong and why, a solution."""
    return "\n".join(_report(catalog, exam, grades)) + "\n"


def _report(catalog: Catalog, exam: Exam, grades: tuple[Grade, ...]) -> Iterator[str]:
    reached, total = points(exam, grades)
    share = reached / total
    verdict = "passed" if share >= PASS_SHARE else "not passed"
    yield "# Exam drill"
    yield ""
    yield f"{reached} of {total} points ({share:.0%}): {verdict}; {PASS_SHARE:.0%} pass."
    yield f"Time: {_time(sum(exam.seconds))} of {exam.minutes} min."
    yield ""
    yield "| | task | points | time | meant |"
    yield "| --- | --- | --- | --- | --- |"
    for at, (task, each) in enumerate(zip(exam.tasks, grades, strict=True)):
        mark = feedback.MARKS[each.outcome]
        got = task.minutes if _done(each) else 0
        spent = _time(exam.seconds[at])
        yield (
            f"| {mark} | {at + 1}. {task.title} | {got} of {task.minutes} | {spent} "
            f"| {task.minutes} min |"
        )
    for at, (task, each) in enumerate(zip(exam.tasks, grades, strict=True)):
        if _done(each):
            continue
        yield from ("", f"## {at + 1}. {task.title}", "", task.story.strip(), "")
        yield from ("```text", feedback.text(each), "```", "", task.concept.strip(), "")
        solution = exercise_notebooks.solution(catalog, task).strip()
        yield from ("A solution:", "", "```yaml", solution, "```")


def _time(seconds: int) -> str:
    return f"{seconds // _MINUTE} min {seconds % _MINUTE:02} s"
