"""The deck of quiz cards in a real browser: without a mouse, in both themes, in small windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.deck import LETTERS, Answered, Deck
from netpol_sim.course.quiz_widget import QuizWidget
from netpol_sim.course.workspace import content_folder
from tests.browser.conftest import Seen
from tests.browser.stage import answer_next, hold_answers, mounted, violations

ROOT = content_folder()
CARDS = {card.id: card for card in read_bank()}
ASKED = ("namespace-is-no-wall", "what-db-policy-leaves-open", "how-to-name-a-namespace")
QUESTIONS = tuple(pose(CARDS[name], ROOT) for name in ASKED)
Stage = Callable[..., tuple[Page, list[Answered]]]


@pytest.fixture(name="stage")
def _stage(browser: Browser) -> Iterator[Stage]:
    """Shows a round and gives its page and what it remembers; nothing may go wrong there."""
    shown: list[tuple[Page, Seen]] = []

    def show(*questions: Question, **options: Any) -> tuple[Page, list[Answered]]:  # noqa: ANN401
        remembered: list[Answered] = []
        widget = QuizWidget(Deck(questions=questions or QUESTIONS), remembered.append)
        shown.append(mounted(browser, widget, **options))
        return shown[-1][0], remembered

    yield show
    for page, seen in shown:
        page.close()
        assert seen == Seen()


def focused(page: Page) -> str:
    """What has the focus, in its own words."""
    return str(page.evaluate("document.activeElement.textContent"))


def press_right(page: Page, question: Question) -> None:
    """Choose all that is right, by letter."""
    for number, at in enumerate(sorted(question.key), start=1):
        page.keyboard.press(LETTERS[at])
        expect(page.locator("[aria-pressed=true]")).to_have_count(number)


def test_a_round_by_keyboard(stage: Stage) -> None:
    """Letters choose, numbers say how sure one is, Enter goes on; the end shows calibration."""
    page, remembered = stage()
    page.keyboard.press("Tab")
    for number, question in enumerate(QUESTIONS, start=1):
        expect(page.get_by_text(f"Card {number} of {len(QUESTIONS)}")).to_be_visible()
        press_right(page, question)
        page.keyboard.press("3")
        why = page.get_by_role("region", name="What is right, and why")
        expect(why).to_contain_text("Right.")
        expect(page.locator("[role=status]")).to_contain_text("Right.")
        expect(page.locator("[data-next]")).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.get_by_text("The end of the round")).to_be_visible()
    expect(page.locator("[role=status]")).to_contain_text("3 of 3 right")
    expect(
        page.get_by_role("paragraph").filter(has_text="when you were sure: 3 of 3")
    ).to_be_visible()
    assert [each.question.card.id for each in remembered] == list(ASKED)


def test_a_late_answer_loses_no_key(stage: Stage) -> None:
    """A letter and a number at once are a choice and an answer, however slow the kernel is."""
    page, remembered = stage(QUESTIONS[0])
    page.keyboard.press("Tab")
    hold_answers(page)
    for key in (LETTERS[min(QUESTIONS[0].key)], "3"):
        page.keyboard.press(key)
    for _ in range(2):
        answer_next(page)
    expect(page.locator("[data-next]")).to_be_focused()
    assert [each.right for each in remembered] == [True]


def test_nothing_is_given_away_before_the_answer(stage: Stage) -> None:
    """The page knows no key and no reason until one has said how sure one is."""
    page, remembered = stage()
    page.locator(".np-choices button").last.click()
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    expect(page.get_by_role("region", name="What is right, and why")).to_be_hidden()
    assert "✓" not in page.locator("#stage").inner_text()
    assert remembered == []
    page.get_by_role("button", name="A guess").click()
    expect(page.locator(".np-choices")).to_contain_text("✓ right")
    expect(page.locator(".np-choices")).to_contain_text("✗ wrong")
    assert not remembered[0].right


def test_one_may_change_ones_mind(stage: Stage) -> None:
    """Of one, the last choice counts; without a choice nothing can be answered."""
    page, _ = stage()
    sure = page.get_by_role("button", name="Sure", exact=False).last
    expect(sure).to_be_disabled()
    first, last = (page.locator(".np-choices button").nth(at) for at in (0, -1))
    first.click()
    last.click()
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(last).to_have_attribute("aria-pressed", "true")
    expect(sure).to_be_enabled()
    assert focused(page) == last.text_content()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("question", QUESTIONS, ids=ASKED)
def test_axe_finds_nothing_serious(stage: Stage, question: Question, dark: bool) -> None:  # noqa: FBT001
    """Before and after the answer, in both themes."""
    page, _ = stage(question, dark=dark)
    assert violations(page, "#stage") == []
    page.locator(".np-choices button").first.click()
    page.get_by_role("button", name="Unsure").click()
    expect(page.locator("[data-next]")).to_be_visible()
    assert violations(page, "#stage") == []


@pytest.mark.parametrize("question", QUESTIONS, ids=ASKED)
def test_a_small_window_shows_it_all(stage: Stage, question: Question) -> None:
    """In a window as narrow as a phone nothing sticks out of the page."""
    page, _ = stage(question, width=375)
    page.locator(".np-choices button").first.click()
    page.get_by_role("button", name="Unsure").click()
    expect(page.locator("[data-next]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
