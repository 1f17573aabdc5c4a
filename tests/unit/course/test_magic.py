"""``%%answer`` as a notebook meets it, with a shell that only remembers what it was given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netpol_sim.course import exercise_notebooks, forms, magic
from netpol_sim.course.answers import Answers
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.feedback_page import Feedback
from netpol_sim.course.practice import PracticeKind, practice
from netpol_sim.course.progress import Diary

TASK = read_catalog().task("shop-backend")
RIGHT = TASK.references[0].text


class Shell:
    """The part of IPython that an extension uses."""

    def __init__(self) -> None:
        self.magics: dict[str, Callable[[str, str], Any]] = {}
        self.display_formatter = None

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:  # noqa: ANN401
        """Remember a magic."""
        self.magics[f"{kind} {name}"] = function


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """A workspace of its own."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    return Answers(folder=tmp_path)


def test_the_extension_brings_the_magic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the extension registers ``%%answer`` and ``%hint``."""
    monkeypatch.setattr("netpol_sim.render.notebook.load_ipython_extension", lambda _: None)
    shell = Shell()
    magic.load_ipython_extension(shell)
    assert shell.magics == {"cell answer": magic.answer, "line hint": magic.hint}


def test_a_cell_is_saved_and_judged(answers: Answers) -> None:
    """What is written in a cell is the answer; it is graded and goes into the diary."""
    shown = repr(magic.answer(" shop-backend ", RIGHT))
    assert "✓ shop-backend: done" in shown
    assert answers.read(TASK) == RIGHT
    assert Diary(folder=answers.folder).read().attempts(TASK.id) == 1


@pytest.mark.parametrize("cell", ["", "# nothing yet\n", forms.starter(TASK) + "\n\n# mine\n"])
def test_an_untouched_cell_never_overwrites(answers: Answers, cell: str) -> None:
    """An answer from elsewhere stays, and is what is judged."""
    answers.save(TASK, RIGHT)
    shown = repr(magic.answer("shop-backend", cell))
    assert answers.read(TASK) == RIGHT
    assert "judged is your saved answer, shop-backend.yaml" in shown
    assert "done" in shown


def test_an_untouched_cell_writes_nothing(answers: Answers) -> None:
    """Running a fresh notebook leaves no trace, and shows no time."""
    shown = repr(magic.answer("shop-backend", forms.starter(TASK)))
    assert "not attempted" in shown
    assert list(answers.folder.iterdir()) == []


def test_outputs_are_the_same_at_any_time(answers: Answers) -> None:
    """Running a cell again shows the same text and the same page."""
    first, second = (magic.answer("shop-backend", "kind: A\n") for _ in range(2))
    assert answers.read(TASK) == "kind: A\n"
    assert repr(first) == repr(second)
    assert first._repr_html_() == second._repr_html_()  # type: ignore[union-attr]


def test_an_unknown_task_is_said(answers: Answers) -> None:
    """A wrong name gets the nearest one, and no traceback."""
    assert repr(magic.answer("shop-backnd", RIGHT)).endswith("did you mean `shop-backend`?")
    assert not answers.path(TASK).exists()


def test_an_answer_that_is_not_yet_offers_a_hint(answers: Answers) -> None:
    """As text everywhere; as a button where widgets live; a done one offers none."""
    assert answers.read(TASK) is None
    shown = magic.answer("shop-backend", "kind: A\n")
    assert isinstance(shown, Feedback)
    assert "run `%hint shop-backend`" in repr(shown)
    bundle = shown._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == repr(shown)
    assert data["text/html"] == shown._repr_html_()
    assert "application/vnd.jupyter.widget-view+json" in data
    done = magic.answer("shop-backend", RIGHT)
    assert isinstance(done, Feedback)
    assert set(done._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_the_magic_for_hints_goes_step_by_step(answers: Answers) -> None:
    """Each call gives the next hint for the saved answer; the last one stays; errors are said."""
    answers.save(TASK, RIGHT.replace("app: frontend", "app: front"))
    titles = [repr(magic.hint(" shop-backend ")).partition(" (")[0] for _ in range(6)]
    assert titles == [f"Hint {number} of 5" for number in (1, 2, 3, 4, 5, 5)]
    answers.save(TASK, RIGHT)
    assert "nothing to hint at" in repr(magic.hint("shop-backend"))
    assert "did you mean `shop-backend`?" in repr(magic.hint("shop-backnd"))


def test_a_made_up_task_is_answered_in_a_cell(answers: Answers) -> None:
    """Its name says how it was made; its answer is saved, graded and hinted at like any other."""
    made = practice(PracticeKind.WRITE, seed=7, level=1)
    assert "not attempted" in repr(magic.answer(made.task.id, ""))
    assert repr(magic.hint(made.task.id)).startswith("Hint 1 of 5")
    solution = exercise_notebooks.solution(made.catalog, made.task)
    assert f"✓ {made.task.id}: done" in repr(magic.answer(made.task.id, solution))
    assert answers.read(made.task) == solution
    assert "no task `practice-write-9-7`" in repr(magic.answer("practice-write-9-7", ""))
