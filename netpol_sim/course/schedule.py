"""When a card comes back: spaced repetition over the diary, with the FSRS algorithm.

Nothing is stored but what happened.  The diary's reviews are played through the scheduler again, so
two machines that merge their diaries agree on what is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from netpol_sim.course.cards import Card
from netpol_sim.course.deck import Answered, Confidence
from netpol_sim.course.progress import Event, EventKind, Progress, event
from netpol_sim.errors import NetpolError

RIGHT, WRONG = "right", "wrong"
_RATINGS = {
    Confidence.GUESS: "Hard",
    Confidence.UNSURE: "Good",
    Confidence.SURE: "Easy",
}


def review(answered: Answered, now: datetime) -> Event:
    """What an answer adds to the diary."""
    return event(
        now,
        EventKind.REVIEWED,
        answered.question.card.id,
        RIGHT if answered.right else WRONG,
        confidence=answered.confidence.value,
        misconception=next(iter(answered.misconceptions), ""),
    )


def due_at(card_id: str, progress: Progress) -> datetime | None:
    """When a card comes back; None when it was never asked.

    Raises:
        NetpolError: The package fsrs is missing.
    """
    reviews = [each for each in progress.of(card_id) if each.kind is EventKind.REVIEWED]
    if not reviews:
        return None
    fsrs = _fsrs()
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=reviews[0].time)
    for each in reviews:
        card, _ = scheduler.review_card(card, fsrs.Rating[_rating(each)], each.time)
    due: datetime = card.due
    return due


def _fsrs() -> Any:  # noqa: ANN401  a module
    try:
        return import_module("fsrs")
    except ModuleNotFoundError as error:
        message = "repeating cards needs the package fsrs: pip install 'netpol-sim[course]'"
        raise NetpolError(message) from error


def _rating(reviewed: Event) -> str:
    if reviewed.result != RIGHT:
        return "Again"
    confidence = reviewed.fact("confidence")
    known = confidence in list(Confidence)
    return _RATINGS[Confidence(confidence)] if known else "Good"


def due(cards: Iterable[Card], progress: Progress, now: datetime) -> tuple[Card, ...]:
    """The cards that are due, first those that were due first."""
    times = ((due_at(card.id, progress), card) for card in cards)
    found = [(time, card) for time, card in times if time is not None and time <= now]
    return tuple(card for _, card in sorted(found, key=lambda item: (item[0], item[1].id)))


def in_order(cards: Sequence[Card], progress: Progress, now: datetime) -> tuple[Card, ...]:
    """All cards, the most useful first.

    What is due comes first, then new cards, then what can wait; and within each, cards about what
    the learner has lately got wrong come forward.
    """
    weak = progress.misconceptions()
    times = {card.id: due_at(card.id, progress) for card in cards}

    def rank(item: tuple[int, Card]) -> tuple[int, int, int]:
        place, card = item
        time = times[card.id]
        stage = 1 if time is None else 0 if time <= now else 2
        probed = max((weak.get(option.misconception, 0) for option in card.options), default=0)
        return stage, -probed, place

    return tuple(card for _, card in sorted(enumerate(cards), key=rank))
