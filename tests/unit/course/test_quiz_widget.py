"""The quiz widget: its state without a browser, and what it shows before and after an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import netpol_sim as netpol
from netpol_sim.course import quiz_state
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_keys import pose
from netpol_sim.course.deck import Deck
from netpol_sim.course.progress import Diary
from netpol_sim.course.quiz_state import Action, Quiz, step
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError

CARDS = {card.id: card for card in read_bank()}
ONE = pose(CARDS["default-without-policies"], content_folder())
SEVERAL = pose(CARDS["which-pass-with-shop-policy"], content_folder())
RIGHT = next(iter(ONE.key))
SURE: Action = {"do": "answer", "confidence": "sure"}


def quiz(*actions: Action) -> Quiz:
    """A round of two cards after some actions."""
    state = Quiz(deck=Deck(questions=(ONE, SEVERAL)))
    for action in actions:
        state = step(state, action)
    return state


def choose(at: int) -> Action:
    """Choose, or no longer choose, an option."""
    return {"do": "choose", "at": at}


def test_one_option_or_several_are_chosen() -> None:
    """A second choice replaces the first, unless several may be right; twice takes it back."""
    assert quiz(choose(0), choose(1)).chosen == (1,)
    assert quiz(choose(0), choose(0)).chosen == ()
    several = quiz(choose(RIGHT), SURE, {"do": "next"}, choose(0), choose(2))
    assert several.chosen == (0, 2)


def test_nothing_is_given_away_before_the_answer() -> None:
    """No mark, no reason and no key reaches the browser; afterwards all do."""
    before = json.dumps(quiz_state.view(quiz(choose(RIGHT))))
    assert '"mark": "right"' not in before
    assert not any(choice.because in before for choice in ONE.choices)
    after = quiz_state.view(quiz(choose(RIGHT), SURE))
    assert '"mark": "right"' in json.dumps(after)
    assert after["said"] == "✓ Right."


@pytest.mark.parametrize(
    "action",
    [
        SURE,
        choose(99),
        choose(-1),
        {"do": "next"},
        {"do": "again"},
        {"do": "answer", "confidence": "very"},
        {"do": "fly"},
        {},
    ],
)
def test_what_makes_no_sense_changes_nothing(action: Action) -> None:
    """An answer without a choice, an option that is not there, and nonsense."""
    assert quiz(action) == quiz()


def test_a_round_ends_with_how_it_went() -> None:
    """After the last card comes the summary; from there the round begins again."""
    actions = (choose(RIGHT), SURE, {"do": "next"}, choose(0), SURE, {"do": "next"})
    over = quiz(*actions)
    assert "of 2 right" in str(quiz_state.view(over)["said"])
    assert quiz(*actions, {"do": "again"}) == quiz()


def test_answers_go_into_the_diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The widget remembers each answer at once, and its twin has the questions, not the answers."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    widget = netpol.quiz(lesson=1, count=2)
    for action in (choose(0), SURE):
        widget._handle_custom_msg(action, [])  # noqa: SLF001  where messages arrive
    assert len(Diary(folder=tmp_path).read().events) == 1
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert ONE.text in data["text/plain"]
    assert "It stops no packet" not in data["text/html"]


def test_a_lesson_without_cards_is_said() -> None:
    """No empty widget is shown."""
    with pytest.raises(NetpolError, match="there are no cards"):
        netpol.quiz(lesson=99)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a `pod`, `ns`", "<p>a <code>pod</code>, <code>ns</code></p>"),
        ("one ` alone", "<p>one ` alone</p>"),
        ("<b>`<i>`", "<p>&lt;b&gt;<code>&lt;i&gt;</code></p>"),
    ],
)
def test_code_is_set_as_code_and_nothing_breaks_out(text: str, html: str) -> None:
    """What stands between backticks is code; markup in a text is shown, not used."""
    question = replace(ONE, text=text, manifests="", facts=())
    shown = quiz_state.view(Quiz(deck=Deck(questions=(question,))))
    assert shown["html"] == html
