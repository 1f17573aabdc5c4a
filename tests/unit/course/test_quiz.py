"""A round of cards: answers, confidence, what is said, when a card comes back, other programs."""

from __future__ import annotations

import json
import sqlite3
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netpol_sim.course import card_export, deck, drill, quiz_text, schedule
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_export import ExportError
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.cards import parse
from netpol_sim.course.deck import Confidence, Deck
from netpol_sim.course.misconceptions import BY_ID
from netpol_sim.course.practice import PracticeKind, practice
from netpol_sim.course.progress import EventKind, Progress, event
from netpol_sim.errors import NetpolError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CARDS = """\
- id: one
  concept: rule
  level: junior
  kind: recall
  question: One?
  explanation: So it is.
  options:
  - {text: yes it is, right: true, because: It is.}
  - {text: no, misconception: directions-swapped}
- id: several
  concept: rule
  level: mid
  kind: recall
  question: Which?
  options:
  - {text: these, right: true}
  - {text: those, right: true}
  - {text: neither, believes: nothing is}
- id: words
  concept: rule
  level: senior
  kind: explain
  question: Why?
  answer: Because.
  checklist: [a, b, c, d]
- id: lines
  concept: rule
  level: mid
  kind: order
  question: In which order?
  lines: ["kind: NetworkPolicy", "spec: {}"]
"""
ONE, SEVERAL, WORDS, LINES = (
    pose(card, Path(), seed=0) for card in parse(CARDS, file="c", lesson=4, problems=[])
)


def right_at(question: Question) -> tuple[int, ...]:
    """The positions of the right choices."""
    return tuple(question.key)


@pytest.mark.parametrize(
    ("question", "typed", "given"),
    [
        (ONE, "a", (0,)),
        (ONE, " B\n", (1,)),
        (ONE, "a b", None),
        (ONE, "c", None),
        (ONE, "", None),
        (SEVERAL, "ca", (2, 0)),
        (SEVERAL, "a, c", (0, 2)),
        (WORDS, "", ()),
        (WORDS, "4 1 4", (3, 0)),
        (WORDS, "5", None),
        (WORDS, "a", None),
        (LINES, "2 1", (1, 0)),
        (LINES, "²", None),
    ],
)
def test_typed_answers_are_understood(
    question: Question, typed: str, given: tuple[int, ...] | None
) -> None:
    """Letters for choices, numbers for lines and points; anything else makes no sense."""
    assert deck.understood(question, typed) == given


@pytest.mark.parametrize(
    ("question", "given", "right"),
    [
        (ONE, right_at(ONE), True),
        (ONE, (), False),
        (SEVERAL, right_at(SEVERAL), True),
        (SEVERAL, right_at(SEVERAL)[:1], False),
        (WORDS, (0, 1, 2), True),
        (WORDS, (0, 1), False),
        (LINES, (0, 1), False),
    ],
)
def test_answers_are_judged(question: Question, given: tuple[int, ...], *, right: bool) -> None:
    """All right choices and no other; most of a checklist; lines by what they mean."""
    assert deck.is_right(question, given) is right


def test_a_round_knows_how_sure_one_was() -> None:
    """Calibration counts right answers by confidence; after the end nothing changes."""
    round_ = Deck(questions=(ONE, SEVERAL))
    round_ = deck.answer(round_, right_at(ONE), Confidence.SURE)
    round_ = deck.answer(round_, (), Confidence.SURE)
    assert deck.answer(round_, (), Confidence.GUESS) == round_
    assert deck.calibration(round_.answered) == {Confidence.SURE: (1, 2)}
    assert "when you were sure: 1 of 2 right" in quiz_text.summary(round_)


def test_a_wrong_answer_says_which_belief_leads_to_it() -> None:
    """The right letter, the belief behind the wrong one, and the card's own words."""
    (wrong,) = {0, 1} - ONE.key
    (answered,) = deck.answer(Deck(questions=(ONE,)), (wrong,), Confidence.SURE).answered
    said = quiz_text.result_text(answered)
    assert answered.misconceptions == ("directions-swapped",)
    assert "Not yet" in said
    assert "comes from the belief that" in said
    assert said.endswith("So it is.")


def reviews(*results: tuple[int, str, str]) -> Progress:
    """A diary of reviews of one card: on which day, what came of it, how sure."""
    return Progress(
        events=tuple(
            event(NOON + timedelta(days=day), EventKind.REVIEWED, "one", result, confidence=sure)
            for day, result, sure in results
        )
    )


def test_what_is_known_comes_back_later() -> None:
    """Never asked is never due; a sure right answer waits longest, a wrong one least."""
    waits = [
        schedule.due_at("one", reviews((0, result, sure)))
        for result, sure in (("wrong", "sure"), ("right", "guess"), ("right", "sure"))
    ]
    assert schedule.due_at("one", Progress()) is None
    times = [time for time in waits if time]
    assert len(times) == 3
    assert times == sorted(times)
    assert times[0] < times[-1]


def test_the_most_useful_cards_come_first() -> None:
    """Due cards, then new ones; a card about a recent mistake before the others."""
    cards = (WORDS.card, SEVERAL.card, ONE.card)
    later = NOON + timedelta(days=400)
    assert schedule.due(cards, reviews((0, "right", "sure")), later) == (ONE.card,)
    assert schedule.in_order(cards, reviews((0, "right", "sure")), later)[0] == ONE.card
    assert schedule.in_order(cards, reviews((0, "right", "sure")), NOON)[-1] == ONE.card
    seen = event(NOON, EventKind.GRADED, "t", "not-yet", misconception="directions-swapped")
    assert schedule.in_order(cards, Progress(events=(seen,)), NOON)[0] == ONE.card


def test_a_weak_spot_brings_a_task_to_practise() -> None:
    """After a wrong answer with a known belief: the truth, and a task in which it matters."""
    (wrong,) = {0, 1} - ONE.key
    answered = deck.answer(Deck(questions=(ONE,)), (wrong,), Confidence.SURE).answered
    progress = Progress(events=(schedule.review(answered[0], NOON),))
    said = drill.advice(answered, progress)
    assert BY_ID["directions-swapped"].truth in said
    assert "netpol practice --kind write --seed" in said
    right = deck.answer(Deck(questions=(ONE,)), right_at(ONE), Confidence.SURE).answered
    assert drill.advice(right, progress) == ""


def test_the_drill_has_the_mistake_in_it() -> None:
    """The task is one in which the mistake changes what passes; some mistakes have none."""
    level, seed = drill.drill("dash-splits-and") or (0, 0)
    made = practice(PracticeKind.WRITE, seed=seed, level=level)
    assert "dash-splits-and" in made.difficulty.misconceptions
    assert drill.drill("no-such-belief") is None


def test_without_the_package_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cards that were never asked need no schedule; those that were need the package."""
    monkeypatch.setitem(sys.modules, "fsrs", None)
    assert schedule.in_order((ONE.card,), Progress(), NOON) == (ONE.card,)
    with pytest.raises(NetpolError, match=r"pip install 'netpol-sim\[course\]'"):
        schedule.due_at("one", reviews((0, "right", "sure")))


def test_a_sheet_hides_the_answers_unless_asked() -> None:
    """A sheet for a class has no answers; the teacher's has them, with reasons."""
    assert "It is." not in quiz_text.sheet((ONE, WORDS), answers=False)
    assert "It is." in quiz_text.sheet((ONE, WORDS), answers=True)


def test_cards_for_jupyterquiz() -> None:
    """Cards with choices are written with their keys and feedback; others are left out."""
    one, several = card_export.jupyterquiz((ONE, SEVERAL, WORDS, LINES))
    assert (one["type"], several["type"]) == ("multiple_choice", "many_choice")
    assert json.dumps(one).count('"correct": true') == 1


def test_cards_for_anki(tmp_path: Path) -> None:
    """Each card is a note that keeps its name from one export to the next."""
    path = tmp_path / "cards.apkg"
    card_export.export((ONE, WORDS), "anki", path)
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", tmp_path)
        # No times within, so that equal cards give equal bytes.
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    connection = sqlite3.connect(tmp_path / "collection.anki2")
    names = [name for (name,) in connection.execute("select guid from notes order by guid")]
    connection.close()
    assert names == ["netpol-one", "netpol-words"]


@pytest.mark.parametrize(
    ("form", "name", "message"),
    [
        ("word", "a", "one of anki, jupyterquiz, not `word`"),
        ("jupyterquiz", "none/a.json", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, form: str, name: str, message: str) -> None:
    """An unknown format and a folder that is not there are told."""
    with pytest.raises(ExportError, match=message):
        card_export.export((ONE,), form, tmp_path / name)


def test_the_bank_is_counted() -> None:
    """The table counts every card once in each row."""
    bank = read_bank()
    text = card_export.statistics_text(bank)
    assert text.startswith(f"{len(bank)} cards\nby lesson: ")
