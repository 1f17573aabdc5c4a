"""An exercise in the real JupyterLab: a wrong answer, a hint by its button, the right answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from netpol_sim.course import exercise_notebooks
from netpol_sim.course.catalog import read_catalog
from tests.browser import lab
from tests.browser.conftest import Seen, Server
from tests.browser.stage import violations

CATALOG = read_catalog()
TASK = CATALOG.task("shop-backend")
GRID = CATALOG.task("open-grid")
RIGHT = TASK.references[0].text
WRONG = RIGHT.replace("app: frontend", "app: front")
_WRITE = """([index, text]) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index;
  notebook.activeCell.model.sharedModel.setSource(text);
}"""


@pytest.fixture(name="page")
def _page(browser: Browser, jupyter: Server) -> Iterator[tuple[Page, Server]]:
    """A notebook with two answer cells, run; nothing may go wrong in it."""
    lab.bring(jupyter, "exercises", "solutions")
    cells = [
        "%load_ext netpol_sim",
        f"%%answer {TASK.id}\n{TASK.starter}",
        f"%%answer {GRID.id}\n?",
    ]
    for stale in ("answers", "progress.txt"):
        _removed(jupyter.folder / stale)
    lab.write(jupyter, "exercise.ipynb", cells)
    page, seen = lab.opened(browser, jupyter, "exercise.ipynb")
    lab.run_all(page)
    yield page, jupyter
    page.close()
    assert seen == Seen()


def _removed(path: Path) -> None:
    """Take an answer or diary of an earlier test away."""
    if path.is_dir():
        for each in path.iterdir():
            each.unlink()
    elif path.exists():
        path.unlink()


def panel(page: Page, task_id: str) -> Locator:
    """The panel below the answer to a task."""
    return page.get_by_role("region", name=f"Task {task_id}", exact=True)


def answered(page: Page, index: int, text: str) -> None:
    """Write an answer into a cell and run it."""
    page.evaluate(_WRITE, [index, text])
    page.evaluate(lab.COMMAND, ["notebook:run-cell", {}])


def test_wrong_then_a_hint_then_right(page: tuple[Page, Server]) -> None:
    """Not yet with its reason; the button gives hints in turn; the repaired answer is done."""
    lab_page, server = page
    below = panel(lab_page, TASK.id)
    expect(below).to_contain_text("not attempted")
    answered(lab_page, 1, f"%%answer {TASK.id}\n{WRONG}")
    expect(below).to_contain_text("ecommerce/frontend -> ecommerce/backend:8080 must pass")
    expect(below.get_by_role("table").first).to_contain_text("ecommerce/frontend")
    below.get_by_role("button", name="Give me a hint").click()
    expect(below.get_by_role("listitem")).to_contain_text("Hint 1 of 5 (locate)")
    below.get_by_role("button", name="Next hint").click()
    expect(below.get_by_role("listitem")).to_have_count(2)
    expect(below.get_by_role("status")).to_contain_text("Hint 2 of 5 (concept)")
    assert violations(lab_page, f"section.np[aria-label='Task {TASK.id}']") == []
    answered(lab_page, 1, f"%%answer {TASK.id}\n{RIGHT}")
    expect(lab_page.locator(".jp-OutputArea").nth(1)).to_contain_text("mean exactly what is asked")
    expect(below).to_have_count(0)
    saved = server.folder / "answers" / f"{TASK.id}.yaml"
    assert saved.read_text("utf-8").strip() == RIGHT.strip()


def test_a_grid_by_mouse(page: tuple[Page, Server]) -> None:
    """Every row is chosen and checked; the same answer as text gets the same grade."""
    lab_page, server = page
    below = panel(lab_page, GRID.id)
    check = below.get_by_role("button", name="Check my answers")
    expect(check).to_be_disabled()
    right = exercise_notebooks.solution(CATALOG, GRID)
    for line in right.splitlines():
        label, word = line.rsplit(": ", 1)
        below.get_by_role("radio", name=f"{label}: {word}", exact=True).check()
    expect(check).to_be_enabled()
    check.click()
    expect(below).to_contain_text(f"All {len(GRID.rows)} are right.")
    saved = server.folder / "answers" / f"{GRID.id}.yaml"
    assert saved.read_text("utf-8") == right
