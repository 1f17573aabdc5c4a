"""The course in the real JupyterLab: lesson 1 as it is, and the widgets in their notebook."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import lab
from tests.browser.conftest import Seen, Server
from tests.browser.stage import violations

LESSON = "lessons/01-open-by-default.ipynb"
MISTAKE = (
    "%load_ext netpol_sim\nimport netpol_sim as netpol",
    'world = netpol.load("exercises/worlds/bank-and-shop.yaml")',
    'netpol.evaluate(world, "bank/nobody -> bank/api:80")',
)
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: ledger}
spec:
  podSelector: {matchLabels: {app: ledger-db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]
"""


@pytest.fixture(name="opened", scope="module")
def _opened(browser: Browser, jupyter: Server) -> Iterator[tuple[Page, Seen]]:
    """Lesson 1, with all its cells run."""
    lab.bring(jupyter, "lessons", "exercises")
    page, seen = lab.opened(browser, jupyter, LESSON)
    lab.run_all(page)
    expect(page.locator("section.np")).to_have_count(3)
    yield page, seen
    page.close()


@pytest.fixture(name="lesson")
def _lesson(opened: tuple[Page, Seen]) -> Iterator[tuple[Page, Seen]]:
    """The same page for all; each test leaves its window and its theme as they were."""
    page, _ = opened
    size = page.viewport_size
    yield opened
    if size and page.viewport_size != size:
        page.set_viewport_size(size)
    if page.locator("body").get_attribute("data-jp-theme-light") == "false":
        lab.theme(page, "JupyterLab Light")


def widget(page: Page, name: str) -> Locator:
    """A widget by its name."""
    return page.get_by_role("region", name=name, exact=True)


def cell(inside: Locator, name: str) -> Locator:
    """A cell of a widget's grid."""
    return inside.locator(f"td[role=gridcell][aria-label^='{name}']")


def test_the_lesson_runs_and_shows_its_displays(lesson: tuple[Page, Seen]) -> None:
    """Every cell of lesson 1 runs; verdicts, matrix and pictures are there, nothing failed."""
    page, seen = lesson
    expect(page.get_by_text("bank/rogue -> bank/ledger-db:5432/TCP").first).to_be_attached()
    expect(page.locator(".jp-RenderedSVG img").first).to_be_attached()
    expect(page.get_by_text("Port 5432/TCP:").first).to_be_attached()
    expect(page.locator(".jp-OutputArea-output", has_text="Error")).to_have_count(0)
    assert seen == Seen()


@pytest.mark.parametrize("name", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_lesson_is_accessible(lesson: tuple[Page, Seen], name: str) -> None:
    """Axe finds no serious problem in what we show, in both themes."""
    page, _ = lesson
    lab.theme(page, name)
    # JupyterLab shows pictures without an alternative text; ours follows each of them.
    assert violations(page, ".jp-OutputArea-output.jp-RenderedHTML") == []
    pictures = page.locator(".jp-OutputArea-output.jp-RenderedSVG").count()
    expect(page.get_by_text("The picture in words")).to_have_count(pictures)


def test_the_explorer_by_mouse(lesson: tuple[Page, Seen]) -> None:
    """A click asks the kernel, and the reasons come back."""
    inside = widget(lesson[0], "Connections of the cluster")
    cell(inside, "bank/rogue to bank/ledger-db").click()
    expect(inside.get_by_role("region", name="Why")).to_contain_text("no policy isolates")
    expect(inside.get_by_role("status")).to_contain_text("is allowed")


def test_the_explorer_by_keyboard(lesson: tuple[Page, Seen]) -> None:
    """Keys walk in the grid and are no shortcuts of JupyterLab's: no cell is added or deleted."""
    page, _ = lesson
    inside = widget(page, "Connections of the cluster")
    count = page.locator(".jp-Notebook .jp-Cell").count()
    cell(inside, "ecommerce/frontend to ecommerce/backend").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter", "b", "d", "d", "x", "m"):
        page.keyboard.press(key)
    expect(inside.get_by_role("status")).to_contain_text("ecommerce/backend -> ecommerce/db:5432")
    expect(cell(inside, "ecommerce/backend to ecommerce/db")).to_be_focused()
    assert page.locator(".jp-Notebook .jp-Cell").count() == count


def test_the_playground_answers_while_one_types(lesson: tuple[Page, Seen]) -> None:
    """A broken text is told at its line, a right one changes the world."""
    inside = widget(lesson[0], "Policy playground")
    editor = inside.get_by_role("textbox", name="Network policies")
    editor.fill("")
    editor.press_sequentially("kind: [")
    expect(inside.get_by_label("Problems")).to_contain_text("line 1")
    editor.fill(POLICY)
    expect(inside.get_by_label("Problems").get_by_role("listitem")).to_have_count(0)
    expect(cell(inside, "bank/rogue to bank/ledger-db")).to_have_text("✗I")
    inside.get_by_role("tab", name="Picture").click()
    expect(inside.locator(".np-panel svg")).to_be_visible()


def test_a_prediction_by_keyboard(lesson: tuple[Page, Seen]) -> None:
    """A guess for each line, the check, and the truth."""
    page, _ = lesson
    inside = widget(page, "Your prediction")
    for line in inside.locator("td[role=gridcell]").all():
        line.press("d")
        expect(line).to_have_text("✗")
    inside.get_by_role("button", name="Check my prediction").press("Enter")
    expect(inside.get_by_text("2 of 4 predictions are right").first).to_be_visible()


def test_in_a_small_window_nothing_is_cut_off(lesson: tuple[Page, Seen]) -> None:
    """In a narrow window a widget is as wide as its notebook; what is wider scrolls inside."""
    page, _ = lesson
    page.set_viewport_size({"width": 700, "height": 700})
    for section in page.locator("section.np").all():
        assert section.evaluate("each => each.scrollWidth <= each.clientWidth + 1")


def test_an_error_is_a_sentence(browser: Browser, jupyter: Server) -> None:
    """A misspelt name is told in a sentence, without a traceback."""
    lab.bring(jupyter, "exercises")
    lab.write(jupyter, "mistake.ipynb", MISTAKE)
    page, _ = lab.opened(browser, jupyter, "mistake.ipynb")
    lab.run_all(page)
    told = page.locator(".jp-OutputArea-output", has_text="UnknownNameError")
    expect(told).to_contain_text("UnknownNameError: there is no pod `bank/nobody`")
    expect(told).not_to_contain_text("Traceback")
    page.close()


@pytest.mark.parametrize("name", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_widgets_are_accessible_in_each_theme(lesson: tuple[Page, Seen], name: str) -> None:
    """Axe finds no serious problem in the widgets, and their colours follow the theme."""
    page, _ = lesson
    lab.theme(page, name)
    assert violations(page, "section.np") == []
    page_colour = "rgb(17, 20, 24)" if "Dark" in name else "rgb(255, 255, 255)"
    expect(page.locator("section.np").first).to_have_css("background-color", page_colour)


def test_nothing_leaves_this_machine(lesson: tuple[Page, Seen]) -> None:
    """However the lesson is used, no request goes elsewhere and the console stays clean."""
    assert lesson[1] == Seen()


def test_without_a_kernel_the_twins_are_there(browser: Browser, jupyter: Server) -> None:
    """A notebook that is opened and not run shows every stored display."""
    lab.bring(jupyter, "lessons", "exercises")
    page, _ = lab.opened(browser, jupyter, LESSON)
    expect(page.get_by_text("Port 5432/TCP:").first).to_be_attached()
    page.close()
