"""A round of quiz cards: what is asked, what was answered, and how sure the learner was.

Data and pure functions, for the terminal and for the notebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import CardKind

LETTERS = "abcdefghijklmnopqrstuvwxyz"
GOOD_SHARE = 0.75
"""So much of a checklist makes an explanation right."""


class Confidence(StrEnum):
    """How sure somebody is, before they see what is right."""

    GUESS = "guess"
    UNSURE = "unsure"
    SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One card, answered: ``given`` are positions of choices, lines, or points of a checklist."""

    question: Question
    given: tuple[int, ...]
    confidence: Confidence
    right: bool

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The ids of the misconceptions behind the wrong choices."""
        chosen = (self.question.choices[at] for at in self.given if at < len(self.question.choices))
        return tuple(one.misconception for one in chosen if not one.right and one.misconception)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """A round: its questions in order, and the answers so far."""

    questions: tuple[Question, ...]
    answered: tuple[Answered, ...] = ()

    @property
    def current(self) -> Question | None:
        """The question that is open; None at the end."""
        return self.questions[len(self.answered)] if len(self.answered) < len(self) else None

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(each.right for each in self.answered)

    def __len__(self) -> int:
        return len(self.questions)


def answer(deck: Deck, given: tuple[int, ...], confidence: Confidence) -> Deck:
    """The deck after an answer to its current question."""
    question = deck.current
    if question is None:
        return deck
    judged = Answered(
        question=question, given=given, confidence=confidence, right=is_right(question, given)
    )
    return replace(deck, answered=(*deck.answered, judged))


def is_right(question: Question, given: tuple[int, ...]) -> bool:
    """Whether an answer is right; an explanation is when most of its checklist is ticked."""
    if question.card.kind is CardKind.ORDER:
        return not question.fault_of(given)
    if question.checklist:
        return len(set(given)) >= GOOD_SHARE * len(question.checklist)
    return frozenset(given) == question.key


def understood(question: Question, text: str) -> tuple[int, ...] | None:
    """The positions that a typed answer means; None when it makes no sense.

    Choices have letters, ``b`` or ``a c``; lines and points have numbers, ``3 1 2``.
    """
    words = text.lower().replace(",", " ").split()
    if question.choices:
        known = LETTERS[: len(question.choices)]
        words = list("".join(words))
        if not words or any(word not in known for word in words):
            return None
        if len(set(words)) > 1 and not question.several:
            return None
        return tuple(known.index(word) for word in dict.fromkeys(words))
    most = len(question.lines or question.checklist)
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    if len(numbers) < len(words) or any(not 1 <= number <= most for number in numbers):
        return None
    return tuple(number - 1 for number in dict.fromkeys(numbers))


def calibration(answered: Iterable[Answered]) -> Mapping[Confidence, tuple[int, int]]:
    """For each confidence that was stated: how many answers were right, of how many."""
    counts: dict[Confidence, tuple[int, int]] = {}
    found = tuple(answered)
    for confidence in Confidence:
        of_it = [each for each in found if each.confidence is confidence]
        if of_it:
            counts[confidence] = sum(each.right for each in of_it), len(of_it)
    return counts
