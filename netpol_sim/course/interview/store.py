"""An interview in a workspace: its state, the answers that are written in files, its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpol_sim.course.answers import Answers, save_text
from netpol_sim.course.cards import Level
from netpol_sim.course.interview import report
from netpol_sim.course.interview.plan import Plan, draw
from netpol_sim.course.interview.session import Interview, Record, agenda
from netpol_sim.course.practice import Practice
from netpol_sim.course.saved import restore, save_state, whole_number, words

FOLDER = "interview"
_STATE = "interview.json"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The folder of a workspace in which interviews are kept.

    ``workspace`` is where the learner works, ``course`` the folder with the cards.
    """

    workspace: Path
    course: Path

    @property
    def folder(self) -> Path:
        """Where answers and reports lie."""
        return self.workspace / FOLDER

    @property
    def answers(self) -> Answers:
        """The policies that are written in an interview."""
        return Answers(folder=self.folder)

    def begin(self, plan: Plan) -> Interview:
        """A new interview; answers to the same tasks in an earlier one are kept beside.

        Raises:
            AnswerError: Files cannot be read or written.
        """
        for step in plan.steps:
            if isinstance(step.asks, Practice) and self.answers.path(step.asks.task).exists():
                self.answers.reset(step.asks.task)
        interview = Interview(plan=plan)
        self.write(interview)
        return interview

    def read(self) -> Interview | None:
        """The interview that goes on; None when there is none.

        Raises:
            AnswerError: The file holds no interview, or one of another version of the course.  A
                copy of it is kept.
        """
        return restore(self.folder / _STATE, self._interview, again="netpol interview --new")

    def write(self, interview: Interview) -> None:
        """Keep an interview.

        Raises:
            AnswerError: The file cannot be written.
        """
        save_state(self.folder / _STATE, _document(interview))

    def conclude(self, interview: Interview, lessons: Mapping[int, str]) -> tuple[str, Path]:
        """Keep the report of an interview, make room for the next one, and return the report.

        Args:
            interview: One that is over.
            lessons: As ``report.lesson_names`` gives them.

        Returns:
            The report as Markdown, and its file; the same as a page lies beside it.

        Raises:
            AnswerError: It cannot be written.
        """
        plan = interview.plan
        name = f"report-{plan.level}-{plan.minutes}-{plan.seed}"
        save_text(self.folder / f"{name}.html", report.as_html(interview, lessons))
        text = report.as_markdown(interview, lessons)
        path = save_text(self.folder / f"{name}.md", text)
        (self.folder / _STATE).unlink(missing_ok=True)
        return text, path

    def _interview(self, document: Any) -> Interview:  # noqa: ANN401  as JSON has it
        if document["version"] != _VERSION:
            raise ValueError("it is of another version of the course")
        minutes, seed = whole_number(document["minutes"]), whole_number(document["seed"])
        records = tuple(map(_record, document["records"]))
        draft = document["draft"]
        interview = Interview(
            plan=draw(minutes, Level(document["level"]), seed, self.course),
            records=records,
            draft=None if draft is None else words(draft),
            seconds=whole_number(document["seconds"]),
        )
        asked = [step.id for step in agenda(interview)]
        if [record.step for record in records] != asked[: len(records)]:
            raise ValueError("its questions are no longer those of the course")
        return interview


def _document(interview: Interview) -> dict[str, Any]:
    plan = interview.plan
    return {
        "version": _VERSION,
        "minutes": plan.minutes,
        "level": plan.level.value,
        "seed": plan.seed,
        "records": [
            {
                "step": record.step,
                "text": record.text,
                "points": list(record.points),
                "seconds": record.seconds,
            }
            for record in interview.records
        ],
        "draft": interview.draft,
        "seconds": interview.seconds,
    }


def _record(item: Any) -> Record:  # noqa: ANN401  as JSON has it
    return Record(
        step=words(item["step"]),
        text=words(item["text"]),
        points=tuple(map(whole_number, item["points"])),
        seconds=whole_number(item["seconds"]),
    )
