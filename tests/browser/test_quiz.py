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
ORDER, WORDS = (pose(CARDS[name], ROOT) for name in ("one-policy-becomes-two", "life-of-a-pod"))
EVERY_FORM = (*QUESTIONS, ORDER, WORDS)
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


def answer_somehow(page: Page, question: Question) -> None:
    """Answer with the mouse, right or wrong: the first choice, every line, or all points."""
    if question.checklist:
        page.get_by_role("button", name="Compare with a model answer").click()
    most = len(question.lines or question.checklist) or 1
    for at in range(most):
        page.locator(".np-choices button").nth(at).click()
        expect(page.locator("[aria-pressed=true]")).to_have_count(at + 1)
    page.get_by_role("button", name="Done" if question.checklist else "Unsure").click()
    expect(page.locator("[data-next]")).to_be_visible()


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


def test_lines_are_ordered_by_keyboard(stage: Stage) -> None:
    """Letters put lines in order and take one back; the order so far is shown and read out."""
    page, remembered = stage(ORDER)
    page.keyboard.press("Tab")
    steps = ORDER.card.lines
    letters = [LETTERS[ORDER.lines.index(step)] for step in steps]
    so_far = page.get_by_role("region", name="Your order so far")
    expect(so_far).to_be_hidden()
    sure = page.get_by_role("button", name="3 Sure")
    for at in (0, 2, 1, 2):
        page.keyboard.press(letters[at])
    expect(so_far).to_have_text(f"{steps[0]}\n{steps[1]}")
    expect(sure).to_be_disabled()
    expect(page.locator("[role=status]")).to_contain_text(
        f"2 of 3 in order, the last is: {steps[1]}"
    )
    page.keyboard.press(letters[2])
    expect(page.locator(".np-choices")).to_contain_text(f"3. {letters[2]}) {steps[2]}")
    expect(sure).to_be_enabled()
    page.keyboard.press("3")
    expect(page.locator("[role=status]")).to_contain_text("Right.")
    assert [each.right for each in remembered] == [True]


def test_words_then_a_checklist_by_keyboard(stage: Stage) -> None:
    """What is written is kept from letters and numbers, and held against a model answer."""
    page, remembered = stage(WORDS, QUESTIONS[0])
    page.keyboard.press("Tab")
    words = page.get_by_role("textbox", name="Your answer in your words")
    expect(words).to_be_focused()
    assert WORDS.answer not in page.content()
    page.keyboard.type("abc 123: open, then isolated")
    expect(words).to_have_value("abc 123: open, then isolated")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[role=status]")).to_contain_text("A model answer: ")
    expect(page.locator(".np-quiz")).to_contain_text("You: abc 123: open, then isolated")
    expect(page.locator(".np-choices button").first).to_be_focused()
    for number, letter in enumerate("abd", start=1):
        page.keyboard.press(letter)
        expect(page.locator("[aria-pressed=true]")).to_have_count(number)
    page.get_by_role("button", name="Done").press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("You named 3 of 4 points")
    expect(page.locator("[data-next]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(words).to_be_hidden()
    expect(page.locator(".np-choices button").first).to_be_focused()
    assert [(each.given, each.right) for each in remembered] == [((0, 1, 3), True)]


@pytest.mark.parametrize("question", [QUESTIONS[0], ORDER], ids=["choice", "lines"])
def test_a_late_answer_loses_no_key(stage: Stage, question: Question) -> None:
    """Letters and a number at once are choices and an answer, however slow the kernel is."""
    page, remembered = stage(question)
    page.keyboard.press("Tab")
    hold_answers(page)
    right = [question.lines.index(line) for line in question.card.lines] or sorted(question.key)
    for at in right:
        page.keyboard.press(LETTERS[at])
    for _ in right[:-1]:
        answer_next(page)
    page.keyboard.press("3")
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
@pytest.mark.parametrize("question", EVERY_FORM, ids=[each.card.id for each in EVERY_FORM])
def test_axe_finds_nothing_serious(stage: Stage, question: Question, dark: bool) -> None:  # noqa: FBT001
    """Before and after the answer, in both themes."""
    page, _ = stage(question, dark=dark)
    assert violations(page, "#stage") == []
    answer_somehow(page, question)
    assert violations(page, "#stage") == []


@pytest.mark.parametrize("question", EVERY_FORM, ids=[each.card.id for each in EVERY_FORM])
def test_a_small_window_shows_it_all(stage: Stage, question: Question) -> None:
    """In a window as narrow as a phone nothing sticks out of the page."""
    page, _ = stage(question, width=375)
    answer_somehow(page, question)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
