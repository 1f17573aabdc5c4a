"""The quiz widget: its state without a browser, and what it shows before and after an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import netpol_sim as netpol
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.deck import Deck
from netpol_sim.course.progress import Diary
from netpol_sim.course.quiz_state import Action, Quiz, step
from netpol_sim.course.quiz_view import View, view
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError

CARDS = {card.id: card for card in read_bank()}
ONE = pose(CARDS["default-without-policies"], content_folder())
SEVERAL = pose(CARDS["which-pass-with-shop-policy"], content_folder())
LINES = pose(CARDS["one-policy-becomes-two"], content_folder())
WORDS = pose(CARDS["life-of-a-pod"], content_folder())
RIGHT = next(iter(ONE.key))
SURE: Action = {"do": "answer", "confidence": "sure"}


def quiz(*actions: Action) -> Quiz:
    """A round of two cards after some actions."""
    return played((ONE, SEVERAL), *actions)


def played(questions: tuple[Question, ...], *actions: Action) -> Quiz:
    """A round after some actions."""
    state = Quiz(deck=Deck(questions=questions))
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
    before = json.dumps(view(quiz(choose(RIGHT))))
    assert '"mark": "right"' not in before
    assert not any(choice.because in before for choice in ONE.choices)
    after = view(quiz(choose(RIGHT), SURE))
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


SAY: Action = {"do": "say", "text": "It is <b>open</b> first."}
RIGHT_ORDER = tuple(choose(LINES.lines.index(line)) for line in LINES.card.lines)


def lines(*actions: Action) -> View:
    """What is shown of a card with lines after some actions."""
    return view(played((LINES,), *actions))


def words(*actions: Action) -> View:
    """What is shown of a card with a checklist after some actions."""
    return view(played((WORDS,), *actions))


def test_lines_are_put_in_order_one_by_one() -> None:
    """Each choice is the next line; choosing it again takes it back; all of them can be judged."""
    assert lines()["form"] == "lines"
    two = lines(*RIGHT_ORDER[:2])
    assert two["order"] == "\n".join(LINES.card.lines[:2])
    assert two["said"] == f"2 of 3 in order, the last is: {LINES.card.lines[1]}"
    assert not two["ready"]
    assert lines(*RIGHT_ORDER[:2], RIGHT_ORDER[0])["order"] == LINES.card.lines[1]
    assert lines(*RIGHT_ORDER)["ready"]
    assert lines(*RIGHT_ORDER, SURE)["said"] == "✓ Right."


def test_an_order_that_is_wrong_is_told_with_a_right_one() -> None:
    """The step that breaks something is read out; lines keep how far they are set in."""
    wrong = lines(*reversed(RIGHT_ORDER), SURE)
    assert str(wrong["said"]).startswith("✗ Not yet. After `delete bank/old`:")
    steps = "\n".join(LINES.card.lines)
    assert f"<pre>{steps}</pre>" in str(wrong["result"])


def test_a_model_answer_comes_after_ones_own_words() -> None:
    """Before something was said, neither the answer nor a point of the checklist is shown."""
    before = words()
    assert (before["form"], before["ready"], before["choices"]) == ("words", False, [])
    assert not any(json.dumps(text)[1:-1] in json.dumps(before) for text in WORDS.checklist)
    assert WORDS.answer not in json.dumps(before)
    after = words(SAY)
    assert after["form"] == "points"
    assert "It is &lt;b&gt;open&lt;/b&gt; first." in str(after["html"])
    assert WORDS.answer in str(after["said"])
    assert [item["text"] for item in after["choices"]] == list(WORDS.checklist)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("points", "says"),
    [((), "You named 0 of 4"), ((0, 1, 3), "You named 3 of 4"), ((0, 0), "You named 0 of 4")],
)
def test_a_checklist_is_for_oneself_to_judge(points: tuple[int, ...], says: str) -> None:
    """Any number of points can be named, none too, and it is said whose word that is."""
    done: Action = {"do": "answer", "confidence": "unsure"}
    shown = words(SAY, *map(choose, points), done)
    assert str(shown["said"]) == f"{says} points (your own word)."


@pytest.mark.parametrize(
    ("question", "actions"),
    [
        (LINES, [SAY]),
        (LINES, [SURE]),
        (LINES, [choose(3)]),
        (WORDS, [choose(0)]),
        (WORDS, [SURE]),
        (WORDS, [{"do": "say", "text": "x" * 50_000}]),
        (WORDS, [{"do": "say", "text": 5}]),
        (ONE, [SAY]),
    ],
)
def test_what_a_card_does_not_ask_changes_nothing(
    question: Question, actions: list[Action]
) -> None:
    """Words for lines, points before words, an order that is not complete."""
    assert played((question,), *actions) == played((question,))


def test_words_are_said_once() -> None:
    """Who has seen the model answer cannot change what was said."""
    again: Action = {"do": "say", "text": "All of that!"}
    assert words(SAY, again) == words(SAY)


def test_a_round_ends_with_how_it_went() -> None:
    """After the last card comes the summary; from there the round begins again."""
    actions = (choose(RIGHT), SURE, {"do": "next"}, choose(0), SURE, {"do": "next"})
    over = quiz(*actions)
    assert "of 2 right" in str(view(over)["said"])
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
    with pytest.raises(NetpolError, match="there are no such cards; the lessons are 1 to 14"):
        netpol.quiz(lesson=99)
    with pytest.raises(NetpolError, match="junior, mid, senior, staff, not `boss`"):
        netpol.quiz(level="boss")


def test_a_round_is_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an answer the same cards come in another order of options; a seed repeats a round."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))

    def drawn(seed: int | None = None) -> dict[str, object]:
        questions = netpol.quiz(level="staff", count=30, seed=seed).state.deck.questions
        return {each.card.id: (each.choices, each.lines) for each in questions}

    first = drawn()
    widget = netpol.quiz(lesson=1, count=1)
    for action in (choose(0), SURE):
        widget._handle_custom_msg(action, [])  # noqa: SLF001  where messages arrive
    assert drawn() != first
    assert drawn(seed=0) == first


def test_a_round_ends_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong answer that shows a misconception brings the truth, and a task to practise on."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    widget = netpol.quiz(lesson=1, count=30)
    question, believed = next(
        (question, at)
        for question in widget.state.deck.questions
        for at, each in enumerate(question.choices)
        if each.misconception
    )
    widget.state = Quiz(deck=Deck(questions=(question,)))
    for action in (choose(believed), SURE, {"do": "next"}):
        assert "netpol practice" not in str(widget.view)
        widget._handle_custom_msg(action, [])  # noqa: SLF001  where messages arrive
    assert "In fact" in widget.view["html"]
    assert "netpol practice --kind write" in widget.view["html"]


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
    shown = view(Quiz(deck=Deck(questions=(question,))))
    assert shown["html"] == html
