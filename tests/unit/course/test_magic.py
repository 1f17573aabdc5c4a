"""``%%answer`` as a notebook meets it, with a shell that only remembers what it was given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netpol_sim.course import forms, magic
from netpol_sim.course.answers import Answers
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.progress import Diary

TASK = read_catalog().task("shop-backend")
RIGHT = TASK.references[0].text


class Shell:
    """The part of IPython that an extension uses."""

    def __init__(self) -> None:
        self.magics: dict[str, Callable[[str, str], Any]] = {}
        self.display_formatter = None

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:  # noqa: ANN401
        """Remember a cell magic."""
        assert kind == "cell"
        self.magics[name] = function


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """A workspace of its own."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    return Answers(folder=tmp_path)


def test_the_extension_brings_the_magic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the extension registers ``%%answer``."""
    monkeypatch.setattr("netpol_sim.render.notebook.load_ipython_extension", lambda _: None)
    shell = Shell()
    magic.load_ipython_extension(shell)
    assert shell.magics == {"answer": magic.answer}


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
