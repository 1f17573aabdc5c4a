"""``netpol.quiz``: quiz cards in a notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from netpol_sim.course import card_bank, schedule
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.card_keys import pose
from netpol_sim.course.deck import Answered, Deck
from netpol_sim.course.progress import Diary
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError


def quiz(lesson: int | None = None, *, count: int = 5, seed: int = 0) -> Any:  # noqa: ANN401  anywidget comes without types
    """Ask quiz cards in the notebook: what is due first, then new ones.

    Args:
        lesson: Only cards of this lesson.
        count: How many.
        seed: Draws the options and the values that vary.

    Raises:
        NetpolError: There are no such cards, or the package anywidget is missing.
    """
    try:
        from netpol_sim.course.quiz_widget import QuizWidget  # noqa: PLC0415  needs anywidget
    except ModuleNotFoundError as error:
        message = "widgets need the package anywidget: pip install 'netpol-sim[course]'"
        raise NetpolError(message) from error
    root = content_folder()
    diary = Diary(folder=find_workspace())
    cards = [card for card in card_bank.read_bank(root) if lesson in (None, card.lesson)]
    chosen = schedule.in_order(cards, diary.read(), datetime.now(UTC))
    questions = tuple(pose(card, root, seed) for card in chosen[:count])
    if not questions:
        raise NetpolError(f"there are no cards for lesson {lesson}")

    def remember(answered: Answered) -> None:
        diary.add(schedule.review(answered, datetime.now(UTC)))

    return QuizWidget(Deck(questions=questions), remember)
