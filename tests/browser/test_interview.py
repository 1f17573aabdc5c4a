"""The mock interview in a real browser: with the keyboard, in both themes, in small windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import netpol_sim as netpol
from netpol_sim.course.interview import session
from tests.browser.conftest import Seen
from tests.browser.stage import mounted, violations
from tests.unit.course.interview.candidates import right


@pytest.fixture(name="stages")
def _stages() -> Iterator[list[tuple[Page, Seen]]]:
    """Pages that were shown; nothing may have gone wrong on them."""
    shown: list[tuple[Page, Seen]] = []
    yield shown
    for page, seen in shown:
        page.close()
        assert seen == Seen()


@pytest.mark.parametrize(("dark", "width"), [(False, 1200), (True, 375)], ids=["light", "dark"])
def test_an_interview_by_keyboard(
    browser: Browser,
    stages: list[tuple[Page, Seen]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dark: bool,  # noqa: FBT001
    width: int,
) -> None:
    """Every kind of question is answered without a mouse; the report comes at the end."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    widget = netpol.interview(seed=7)
    stages.append(mounted(browser, widget, dark=dark, width=width))
    page = stages[-1][0]
    page.locator(".np-form").locator("input, textarea, select").first.focus()
    checked = set()
    while (step := session.current(widget.state.interview)) is not None:
        kind = widget.view["kind"]
        if kind not in checked:
            assert violations(page, "#stage") == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        checked.add(kind)
        before = page.locator(".np p").first.inner_text()
        _answer(page, kind, right(step))
        page.get_by_role("button", name="Answer").press("Enter")
        if kind == "words":
            expect(page.get_by_text("An interviewer listens for these")).to_be_visible()
        else:
            expect(page.locator(".np p").first).not_to_have_text(before)
    assert checked == {"words", "points", "choices", "grid", "policy"}
    expect(page.get_by_role("heading", name="What to review")).to_be_visible()
    assert violations(page, "#stage") == []


def test_it_begins_when_the_learner_says_so(
    browser: Browser,
    stages: list[tuple[Page, Seen]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Length and level are chosen with the keyboard; the first question has the focus."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    stages.append(mounted(browser, netpol.interview(), width=375))
    page = stages[-1][0]
    assert violations(page, "#stage") == []
    page.get_by_label("minutes").select_option("45")
    page.get_by_label("level").select_option("senior")
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_text("Question 1: opening. 45 minutes left")).to_be_visible()
    expect(page.get_by_label("Your answer in your words")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def _answer(page: Page, kind: str, text: str) -> None:
    """Fill in the form, with the keyboard alone."""
    form = page.locator(".np-form")
    match kind:
        case "words" | "policy":
            form.locator("textarea").focus()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(text)
        case "choices":
            for letter in text.split():
                field = form.locator("input").nth("abcdefghij".index(letter))
                field.press("Space")
        case "points":
            for field in form.locator("input").all():
                field.press("Space")
        case "grid":
            for field, line in zip(form.locator("select").all(), text.splitlines(), strict=True):
                field.select_option(line.rpartition(": ")[2])
        case _:
            raise AssertionError(kind)
