"""``netpol.quiz``: quiz cards in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from netpol_sim.course import card_bank, drill, schedule
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.card_keys import pose
from netpol_sim.course.cards import Level
from netpol_sim.course.deck import Answered, Deck
from netpol_sim.course.progress import Diary
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError


def quiz(
    lesson: int | None = None,
    *,
    level: str | None = None,
    count: int = 5,
    seed: int | None = None,
) -> Any:  # noqa: ANN401  anywidget comes without types
    """Ask quiz cards in the notebook: what is due first, then new ones.

    Args:
        lesson: Only cards of this lesson.
        level: Only cards of this level: ``junior``, ``mid``, ``senior`` or ``staff``.
        count: How many.
        seed: Draws the order of the options and the values that vary; None takes others each time.

    Raises:
        NetpolError: There are no such cards, or the package anywidget is missing.
    """
    try:
        from netpol_sim.course.quiz_widget import QuizWidget  # noqa: PLC0415  needs anywidget
    except ModuleNotFoundError as error:
        message = "widgets need the package anywidget: pip install 'netpol-sim[course]'"
        raise NetpolError(message) from error
    if level not in (None, *Level):
        raise NetpolError(f"a level is one of {', '.join(Level)}, not `{level}`")
    root = content_folder()
    diary = Diary(folder=find_workspace())
    bank = card_bank.read_bank(root)
    cards = [card for card in bank if lesson in (None, card.lesson) and level in (None, card.level)]
    progress = diary.read()
    chosen = schedule.in_order(cards, progress, datetime.now(UTC))
    drawn = len(progress.events) if seed is None else seed
    questions = tuple(pose(card, root, drawn) for card in chosen[:count])
    if not questions:
        last = max(card.lesson for card in bank)
        raise NetpolError(f"there are no such cards; the lessons are 1 to {last}")

    def remember(answered: Answered) -> None:
        diary.add(schedule.review(answered, datetime.now(UTC)))

    def advise(answered: Sequence[Answered]) -> str:
        return drill.advice(answered, diary.read())

    return QuizWidget(Deck(questions=questions), remember, advise)
