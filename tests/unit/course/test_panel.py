"""The panel below an answer: a form by mouse is the form by keyboard, hints come by a button."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.course import exercise_notebooks, forms
from netpol_sim.course.answers import Answers
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.panel import Panel
from netpol_sim.course.panel_widget import PanelWidget
from netpol_sim.course.task import Task, TaskKind

CATALOG = read_catalog()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORMS = [task for task in CATALOG.tasks if task.kind in (TaskKind.GRID, TaskKind.REVIEW)]
WRONG = CATALOG.task("shop-backend").references[0].text.replace("app: frontend", "app: front")


def panel(folder: Path, task: Task) -> Panel:
    """The panel of a task at a desk in this folder."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=folder))
    return Panel(desk, desk.judge(task), lambda: NOON)


def filled(task: Task, *, wrong: int | None = None) -> dict[str, str]:
    """The right word for each row; at most one of them wrong."""
    lines = exercise_notebooks.solution(CATALOG, task).splitlines()
    words = dict(line.rsplit(": ", 1) for line in lines)
    if wrong is not None:
        label = list(words)[wrong]
        words[label] = next(word for word in forms.words(task) if word != words[label])
    return words


@pytest.mark.parametrize("task", FORMS, ids=lambda task: task.id)
@pytest.mark.parametrize("wrong", [None, 0])
def test_a_form_by_mouse_gets_the_grade_of_its_text(
    task: Task, wrong: int | None, tmp_path: Path
) -> None:
    """What is chosen is saved as the text form, and both are judged the same."""
    shown = panel(tmp_path, task)
    words = filled(task, wrong=wrong)
    for row, word in words.items():
        shown.act({"do": "choose", "row": row, "word": word})
    shown.act({"do": "check"})
    text = "".join(f"{row}: {word}\n" for row, word in words.items())
    assert shown.desk.answers.read(task) == text
    assert shown.grade == grade(CATALOG, task, text)
    assert (shown.grade.outcome is Outcome.DONE) is (wrong is None)
    again = panel(tmp_path, task).view()
    assert {row["row"]: row["given"] for row in again["rows"]} == words


def test_the_truth_is_not_in_what_a_browser_gets(tmp_path: Path) -> None:
    """Before it is checked, the view of a form does not depend on what is right."""
    for task in FORMS:
        view = panel(tmp_path, task).view()
        assert all(row["given"] == "" for row in view["rows"])
        assert not view["hints"]
        for option in task.options:
            assert option.because.strip() not in json.dumps(view, ensure_ascii=False)


def test_hints_by_button_end_with_the_edit(tmp_path: Path) -> None:
    """Each press brings one more, until the fifth; then the button is gone."""
    task = CATALOG.task("shop-backend")
    Answers(folder=tmp_path).save(task, WRONG)
    shown = panel(tmp_path, task)
    seen = []
    while shown.view()["more"]:
        shown.act({"do": "hint"})
        seen.append(shown.view()["hints"][-1]["title"])
    assert [title.partition(" (")[0] for title in seen] == [f"Hint {n} of 5" for n in range(1, 6)]
    assert shown.view()["said"].startswith("Hint 5 of 5")
    assert shown.desk.diary.read().hints(task.id) == 5


def test_a_diary_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The trouble stands where the hint would, and nothing breaks."""
    (tmp_path / "progress.txt").mkdir()
    shown = panel(tmp_path, CATALOG.task("shop-backend"))
    shown.act({"do": "hint"})
    assert "progress.txt cannot be" in shown.view()["message"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    )
    | st.fixed_dictionaries({"do": st.sampled_from(["choose", "dance"]), "row": st.text()})
)
def test_nonsense_from_a_browser_changes_nothing(action: object) -> None:
    """Whatever is sent, the view stays as it was and remains JSON."""
    shown = panel(Path("/nowhere"), CATALOG.task("open-grid"))
    before = json.dumps(shown.view())
    shown.act(action)
    assert json.dumps(shown.view()) == before


def test_the_widget_shows_what_the_panel_says(tmp_path: Path) -> None:
    """A message from the browser goes to the panel, and its new view comes back."""
    widget = PanelWidget(panel(tmp_path, CATALOG.task("open-grid")))
    row = widget.view["rows"][0]["row"]
    widget._handle_custom_msg({"do": "choose", "row": row, "word": "allow"}, [])  # noqa: SLF001  where messages arrive
    assert widget.view["rows"][0]["given"] == "allow"
    assert widget.view == widget.panel.view()
