"""Answer files: whole or not at all, kept on reset, never outside the folder, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.course import forms
from netpol_sim.course.answers import LARGEST, AnswerError, Answers, find_workspace
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome, grade

CATALOG = read_catalog()
TASK = CATALOG.task("shop-backend")


def test_what_is_saved_is_read(tmp_path: Path) -> None:
    """An answer comes back as it was written, and nothing else lies beside it."""
    answers = Answers(folder=tmp_path)
    assert answers.read(TASK) is None
    path = answers.save(TASK, "kind: é\n")
    assert answers.read(TASK) == "kind: é\n"
    assert [each.name for each in path.parent.iterdir()] == ["shop-backend.yaml"]


def test_a_failed_write_leaves_the_old_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new file cannot be put in place, the old one stands and no rest is left."""
    answers = Answers(folder=tmp_path)
    path = answers.save(TASK, "old\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(AnswerError, match="No space left"):
        answers.save(TASK, "new\n")
    assert answers.read(TASK) == "old\n"
    assert [each.name for each in path.parent.iterdir()] == ["shop-backend.yaml"]


def test_a_reset_keeps_every_answer(tmp_path: Path) -> None:
    """Each reset puts the starter back and keeps what was written under a name of its own."""
    answers = Answers(folder=tmp_path)
    kept = []
    for text in ("one\n", "two\n"):
        answers.save(TASK, text)
        kept.append(answers.reset(TASK))
        assert answers.read(TASK) == forms.starter(TASK)
    assert [path.read_text() for path in kept if path] == ["one\n", "two\n"]
    assert answers.reset(TASK) is None


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"\xef\xbb\xbfkind: A", b"\0" * 90, b"a: &a [*a]"]
)
def test_odd_bytes_are_graded(tmp_path: Path, raw: bytes) -> None:
    """Bytes that are no answer give a grade of not yet."""
    answers = Answers(folder=tmp_path)
    answers.save(TASK, "")
    answers.path(TASK).write_bytes(raw)
    assert grade(CATALOG, TASK, answers.read(TASK)).outcome is Outcome.NOT_YET


@given(st.text(max_size=60))
def test_any_text_is_graded(text: str) -> None:
    """No text makes the grader fail, and none of these is right."""
    for task_id in ("shop-backend", "open-grid", "open-targets", "open-talk"):
        assert grade(CATALOG, CATALOG.task(task_id), text).outcome is not Outcome.DONE


def test_a_file_too_large_is_refused_and_graded(tmp_path: Path) -> None:
    """A huge file is not read; the rest of the course is graded all the same."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    desk.answers.save(TASK, "#" * (LARGEST + 1))
    with pytest.raises(AnswerError, match="larger than any answer"):
        desk.answers.read(TASK)
    result = desk.judge(TASK)
    assert result.outcome is Outcome.NOT_YET
    assert "larger than any answer" in str(result.problems[0])


def test_a_folder_in_place_of_an_answer(tmp_path: Path) -> None:
    """What is no file is reported by name."""
    (tmp_path / "answers" / "shop-backend.yaml").mkdir(parents=True)
    with pytest.raises(AnswerError, match=r"shop-backend\.yaml cannot be read"):
        Answers(folder=tmp_path).read(TASK)


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_no_answer_leaves_its_folder(task: object) -> None:
    """Every answer lies directly in the folder for answers."""
    folder = Path("/elsewhere/learner")
    path = Answers(folder=folder).path(task)  # type: ignore[arg-type]
    assert path.resolve().parent == (folder / "answers").resolve()


def test_the_workspace_is_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest folder with the course's index counts; the environment comes before it."""
    monkeypatch.delenv("NETPOL_WORKSPACE", raising=False)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "course.yaml").write_text("sets: []\n")
    deep = tmp_path / "lessons" / "deep"
    deep.mkdir(parents=True)
    assert find_workspace(deep) == tmp_path.resolve()
    monkeypatch.setenv("NETPOL_WORKSPACE", "/elsewhere")
    assert find_workspace(deep) == Path("/elsewhere")
