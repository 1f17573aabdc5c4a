"""What a learner calls in a notebook: the same as in the terminal, in the same workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import netpol_sim as netpol
from netpol_sim.course.answers import Answers
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.practice import PracticeError
from netpol_sim.course.progress import RETRY_AFTER, Diary
from netpol_sim.errors import UnknownNameError

CATALOG = read_catalog()
TASK = CATALOG.task("shop-backend")
RIGHT = TASK.references[0].text


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))


def test_hints_come_one_by_one(tmp_path: Path) -> None:
    """The edit comes fifth and never before; another answer begins again."""
    Answers(folder=tmp_path).save(TASK, RIGHT.replace("app: frontend", "app: front"))
    told = [netpol.hint("shop-backend") for _ in range(5)]
    assert [("+ " in text) for text in told] == [False] * 4 + [True]
    Answers(folder=tmp_path).save(TASK, RIGHT.replace("8080", "80"))
    assert netpol.hint("shop-backend").startswith("Hint 1 of 5")
    with pytest.raises(UnknownNameError):
        netpol.hint("shop-backnd")


def test_a_solution_is_noted_and_the_task_comes_back(tmp_path: Path) -> None:
    """Revealing is an act of its own, in the diary, and makes the task due again."""
    told = netpol.reveal("shop-backend")
    assert told.startswith(RIGHT.rstrip())
    assert "comes back in 2 days" in told
    diary = Diary(folder=tmp_path).read()
    (revealed,) = diary.of("shop-backend")
    assert diary.retry_at("shop-backend") == revealed.time + RETRY_AFTER


def test_the_map_names_every_task(tmp_path: Path) -> None:
    """As text and as a page: each task with its state, and what is next."""
    Answers(folder=tmp_path).save(TASK, RIGHT)
    page = netpol.progress()
    html = page._repr_html_()
    for task in CATALOG.tasks:
        assert task.id in repr(page)
        assert f"<code>{task.id}</code>" in html
    assert f"1 of {len(CATALOG.tasks)} tasks are done." in html
    assert html.count("✓ done") == 1
    assert html.count("next</span>") == 1


@pytest.mark.parametrize("kind", ["write", "fix", "grid"])
def test_a_made_up_task_as_a_page(kind: str, golden: Callable[[str, str], None]) -> None:
    """The text of a task, and every line of it in its page; the seed is in its name."""
    made = netpol.practice(kind, seed=4, level=2)
    golden(repr(made) + "\n", f"feedback/practice-{kind}.txt")
    page = made._repr_html_()
    assert f"%%answer practice-{kind}-2-4" in page
    assert all(pod.key in page for pod in made.made.catalog.world(made.made.task).pods)
    assert repr(netpol.practice(kind)) != ""


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kind": "dance"}, "there are write, fix, grid"),
        ({"level": 6}, "from 1 to 5, not `6`"),
        ({"seed": -1}, "from 0, not `-1`"),
        ({"seed": "x"}, "from 0, not `x`"),
    ],
)
def test_what_cannot_be_practised_is_said(asked: dict[str, object], says: str) -> None:
    """A wrong kind, level or seed gets a sentence."""
    with pytest.raises(PracticeError, match=says):
        netpol.practice(**asked)  # type: ignore[arg-type]
