"""An interview in a file: it survives a pause, a crash, and a half-written file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpol_sim.course.answers import AnswerError, free_name, read_text, write_whole
from netpol_sim.course.cards import Level
from netpol_sim.course.interview import report
from netpol_sim.course.interview.plan import draw
from netpol_sim.course.interview.session import Interview, Record, agenda
from netpol_sim.errors import NetpolError

FOLDER = "interview"
FILE = "interview.json"
DAMAGED = "interview.damaged.json"
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
    def path(self) -> Path:
        """The file of the interview that goes on."""
        return self.folder / FILE

    def read(self) -> Interview | None:
        """The interview that was begun; None when there is none.

        Raises:
            AnswerError: The file holds no interview, or one of another version of the course.  A
                copy of it is kept in ``DAMAGED``.
        """
        text = read_text(self.path)
        if text is None:
            return None
        try:
            return _interview(json.loads(text), self.course)
        except (ValueError, KeyError, TypeError, RecursionError, NetpolError) as error:
            with suppress(OSError):
                write_whole(self.folder / DAMAGED, text)
            raise AnswerError(
                f"{FOLDER}/{FILE} cannot be gone on with ({error}); a copy is in "
                f"{FOLDER}/{DAMAGED}; begin a new one with: netpol interview --new"
            ) from error

    def write(self, interview: Interview) -> None:
        """Keep an interview.

        Raises:
            AnswerError: The file cannot be written.
        """
        self.keep(FILE, json.dumps(_document(interview), indent=1) + "\n")

    def keep(self, name: str, text: str) -> Path:
        """Write a file beside the interview, whole or not at all, and return where.

        Raises:
            AnswerError: It cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / name, text)
        except OSError as error:
            raise AnswerError(f"{FOLDER}/{name} cannot be written: {error.strerror}") from error
        return self.folder / name

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
        self.keep(f"{name}.html", report.as_html(interview, lessons))
        text = report.as_markdown(interview, lessons)
        path = self.keep(f"{name}.md", text)
        self.forget()
        return text, path

    def set_aside(self) -> None:
        """Begin anew: nothing of an earlier interview is in the way, and no answer is lost.

        Raises:
            AnswerError: The answers cannot be moved.
        """
        try:
            for path in sorted(self.folder.glob("practice-*.yaml")):
                if ".before-" not in path.name:
                    path.rename(free_name(path))
        except OSError as error:
            raise AnswerError(f"{FOLDER} cannot be cleared: {error.strerror}") from error
        self.forget()

    def forget(self) -> None:
        """Begin anew: the interview that went on is no more."""
        with suppress(FileNotFoundError):
            self.path.unlink()


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
        "stopped": interview.stopped,
    }


def _interview(document: dict[str, Any], course: Path) -> Interview:
    if document["version"] != _VERSION:
        raise ValueError("it is of another version")
    minutes, seed = _whole(document["minutes"]), _whole(document["seed"])
    records = tuple(map(_record, document["records"]))
    interview = Interview(
        plan=draw(minutes, Level(document["level"]), seed, course),
        records=records,
        draft=None if document["draft"] is None else _words(document["draft"]),
        seconds=_whole(document["seconds"]),
        stopped=document["stopped"] is True,
    )
    asked = [step.id for step in agenda(interview)]
    said = [record.step for record in interview.records]
    if said != asked[: len(said)]:
        raise ValueError("its questions are no longer those of the course")
    return interview


def _record(item: dict[str, Any]) -> Record:
    return Record(
        step=_words(item["step"]),
        text=_words(item["text"]),
        points=tuple(map(_whole, item["points"])),
        seconds=_whole(item["seconds"]),
    )


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"`{value}` is no number")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"`{value}` is no text")
    return value
