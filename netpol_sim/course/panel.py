"""What a learner sees below an answer, and can do there: hints, and a form to fill in.

Knows nothing of widgets.  ``act`` takes what comes from a browser, so that anything can be in it:
what makes no sense changes nothing.  Whatever is filled in is saved as the text form of the answer
and judged as that, so that a form by mouse and one by keyboard get the same grade.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from netpol_sim.course import coaching, feedback_page, forms
from netpol_sim.course.attempt import Desk
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.course.hints import Hint, Step
from netpol_sim.course.task import Task, TaskKind
from netpol_sim.errors import NetpolError

Clock = Callable[[], datetime]
View = dict[str, Any]


class Panel:
    """The state below one answer."""

    def __init__(self, desk: Desk, grade: Grade, clock: Clock, note: str = "") -> None:
        self.desk, self.grade, self.clock, self.note = desk, grade, clock, note
        self.hints: tuple[Hint, ...] = ()
        self.message = ""
        self.choices = self._saved()

    @property
    def task(self) -> Task:
        """The task that is answered."""
        return self.grade.task

    def act(self, action: object) -> None:
        """Do what a learner wants: ``hint``, ``choose`` a word for a row, or ``check`` the form."""
        self.message = ""
        try:
            match action:
                case {"do": "hint"}:
                    self._hint()
                case {"do": "choose", "row": str(row), "word": str(word)}:
                    if row in self.choices and word in forms.words(self.task):
                        self.choices = {**self.choices, row: word}
                case {"do": "check"} if self.choices:
                    self._check()
                case _:
                    pass
        except NetpolError as error:
            self.message = str(error)

    def view(self) -> View:
        """Everything that is to be seen, as JSON."""
        last = bool(self.hints) and self.hints[-1].step is Step.EDIT
        return {
            "name": f"Task {self.task.id}",
            "html": feedback_page.html(self.grade, self.note),
            "rows": [
                {"row": row, "says": says, "given": self.choices[row]}
                for row, says in _rows(self.task).items()
            ],
            "words": list(forms.words(self.task)) if self.choices else [],
            "hints": [_shown(hint) for hint in self.hints],
            "more": self.grade.outcome is not Outcome.DONE and not last,
            "message": self.message,
            "said": self._said(),
        }

    def _hint(self) -> None:
        found = coaching.hint(self.desk, self.task, now=self.clock())
        if found is not None and found not in self.hints:
            self.hints = (*self.hints, found)

    def _check(self) -> None:
        text = "".join(f"{row}: {word or forms.OPEN}\n" for row, word in self.choices.items())
        self.desk.answers.save(self.task, text)
        self.grade = self.desk.attempt(self.task, now=self.clock())
        self.hints, self.note = (), ""

    def _saved(self) -> Mapping[str, str]:
        """The words of the saved answer, row by row; none for a task without a form."""
        rows = _rows(self.task)
        given = {row.label: row.given for row in self.grade.rows}
        return {row: given.get(row, "") for row in rows}

    def _said(self) -> str:
        if self.message:
            return self.message
        if self.hints:
            return str(self.hints[-1])
        return f"{self.task.id}: {self.grade.outcome}"


def _rows(task: Task) -> Mapping[str, str]:
    """The rows of a form by label, each with what it says; none for other tasks."""
    if task.kind is TaskKind.GRID:
        return {row.label: row.label for row in task.rows}
    if task.kind is TaskKind.REVIEW:
        return {option.id: f"{option.id}: {option.text.strip()}" for option in task.options}
    return {}


def _shown(hint: Hint) -> dict[str, str]:
    return {"title": hint.title, "text": hint.text}
