"""The bank of cards: the simulator agrees with every key, option and claim."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from netpol_sim.course import prose
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_check import faults, faults_between
from netpol_sim.course.cards import Card, CardKind, Level
from netpol_sim.course.glossary import read_glossary
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.syllabus import read_syllabus
from netpol_sim.course.workspace import content_folder

ROOT = content_folder()
BANK = read_bank()
CONCEPTS = frozenset(
    word for entry in read_glossary(read_syllabus(ROOT), ROOT) for word in entry.words
)
FEWEST_CARDS = 150
FEWEST_OF_A_LEVEL = 30
FEWEST_ORDERS = 10
FEWEST_THAT_VARY = 40
NAMES = prose.names_of_worlds(ROOT)
HERE = Path(__file__).parent
QUESTIONS = yaml.safe_load((HERE / "questions.yaml").read_text("utf-8"))
SCENARIOS = yaml.safe_load((HERE.parent / "spec" / "scenarios.yaml").read_text("utf-8"))
SERIES = {"J": 20, "I": 28, "S": 25, "T": 14, "PE": 16}
"""How many questions there are: of each level, and published answers that are wrong."""


@pytest.mark.parametrize("card", BANK, ids=[card.id for card in BANK])
def test_a_card_is_right(card: Card) -> None:
    """Nothing about the card is contradicted by the simulator."""
    assert faults(card, ROOT, concepts=CONCEPTS, names=NAMES) == []


def test_no_two_cards_are_the_same() -> None:
    """Every id and every question is there once."""
    assert faults_between(BANK) == []


def test_the_bank_covers_the_course() -> None:
    """Every lesson, word, misconception, kind and level has a card; most keys are computed."""
    assert len(BANK) >= FEWEST_CARDS
    assert {card.lesson for card in BANK} == set(range(1, 15))
    assert {card.concept for card in BANK} >= CONCEPTS
    believed = {option.misconception for card in BANK for option in card.options}
    assert believed >= {each.id for each in MISCONCEPTIONS}
    assert {card.kind for card in BANK} == set(CardKind)
    assert {card.level for card in BANK} == set(Level)
    assert sum(card.kind.computed for card in BANK) > len(BANK) / 2
    assert min(Counter(card.level for card in BANK).values()) >= FEWEST_OF_A_LEVEL
    assert sum(card.kind is CardKind.ORDER for card in BANK) >= FEWEST_ORDERS
    assert sum(bool(card.vary) for card in BANK) >= FEWEST_THAT_VARY


def test_every_question_of_interviews_is_asked() -> None:
    """Each question, and each published answer that is wrong, has a card."""
    wanted = {
        f"{letters}{number:02}" if letters != "PE" else f"PE{number}"
        for letters, most in SERIES.items()
        for number in range(1, most + 1)
    }
    assert set(QUESTIONS) == wanted
    asking = {name: set(each["cards"]) for name, each in QUESTIONS.items()}
    assert [name for name, cards in asking.items() if not cards] == []
    assert set().union(*asking.values()) <= {card.id for card in BANK}
    run = {re.sub("-.*", "", scenario["id"]) for scenario in SCENARIOS}
    assert {name for name in run if not name.startswith("E")} <= wanted


def test_the_length_of_an_option_tells_nothing() -> None:
    """Who always takes the longest option, or the shortest, is wrong more often than not."""
    single = [
        card.options
        for card in BANK
        if card.kind is CardKind.RECALL and sum(option.right for option in card.options) == 1
    ]
    for extreme in (max, min):
        taken = [extreme(options, key=lambda option: len(option.text)) for options in single]
        assert sum(option.right for option in taken) < len(single) / 2
