"""The bank of cards: the simulator agrees with every key, option and claim."""

from __future__ import annotations

import pytest

from netpol_sim.course import prose
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_check import faults, faults_between
from netpol_sim.course.cards import Card
from netpol_sim.course.glossary import read_glossary
from netpol_sim.course.syllabus import read_syllabus
from netpol_sim.course.workspace import content_folder

ROOT = content_folder()
BANK = read_bank()
CONCEPTS = frozenset(
    word for entry in read_glossary(read_syllabus(ROOT), ROOT) for word in entry.words
)
NAMES = prose.names_of_worlds(ROOT)


@pytest.mark.parametrize("card", BANK, ids=[card.id for card in BANK])
def test_a_card_is_right(card: Card) -> None:
    """Nothing about the card is contradicted by the simulator."""
    assert faults(card, ROOT, concepts=CONCEPTS, names=NAMES) == []


def test_no_two_cards_are_the_same() -> None:
    """Every id and every question is there once."""
    assert faults_between(BANK) == []
