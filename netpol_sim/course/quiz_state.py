"""What the quiz widget holds, and how it answers to what a person does.

``step`` takes a state and an action and gives the next one.  An action comes from the browser, so
anything can be in it: what makes no sense changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netpol_sim.course import deck
from netpol_sim.course.card_keys import Question
from netpol_sim.course.deck import Confidence, Deck

Action = Mapping[str, object]
_MOST_LETTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A round and its open card.

    ``chosen`` are positions of choices, of lines in the order given to them, or of points of a
    checklist.  ``words`` is what was said before the checklist is seen, None until then.
    ``revealed`` says that the last answer is being looked at.
    """

    deck: Deck
    chosen: tuple[int, ...] = ()
    words: str | None = None
    revealed: bool = False


def step(state: Quiz, action: Action) -> Quiz:
    """The state after an action."""
    match action:
        case {"do": "choose", "at": int(at)} if not state.revealed:
            return _chosen(state, at)
        case {"do": "say", "text": str(text)} if _may_say(state, text):
            return replace(state, words=text)
        case {"do": "answer", "confidence": str(sure)} if sure in list(Confidence):
            return _answered(state, Confidence(sure))
        case {"do": "next"} if state.revealed:
            return Quiz(deck=state.deck)
        case {"do": "again"} if state.deck.current is None:
            return Quiz(deck=Deck(questions=state.deck.questions))
    return state


def asked(state: Quiz) -> Question | None:
    """The question on the table: the one just answered while its answer is shown."""
    return state.deck.answered[-1].question if state.revealed else state.deck.current


def ready(state: Quiz) -> bool:
    """Whether there is something to judge: a choice, all lines in an order, or words."""
    question = state.deck.current
    if question is None or state.revealed:
        return False
    if question.checklist:
        return state.words is not None
    return bool(state.chosen) and len(state.chosen) >= len(question.lines)


def _answered(state: Quiz, sure: Confidence) -> Quiz:
    if not ready(state):
        return state
    return replace(state, deck=deck.answer(state.deck, state.chosen, sure), revealed=True)


def _may_say(state: Quiz, text: str) -> bool:
    question = state.deck.current
    unsaid = not state.revealed and state.words is None and len(text) <= _MOST_LETTERS
    return unsaid and question is not None and bool(question.checklist)


def _chosen(state: Quiz, at: int) -> Quiz:
    question = state.deck.current
    if question is None or not 0 <= at < len(_choosable(state, question)):
        return state
    if at in state.chosen:
        return replace(state, chosen=tuple(one for one in state.chosen if one != at))
    one_only = bool(question.choices) and not question.several
    return replace(state, chosen=(at,) if one_only else (*state.chosen, at))


def _choosable(state: Quiz, question: Question) -> tuple[object, ...]:
    """Choices or lines; the points of a checklist only after something was said."""
    if question.checklist:
        return question.checklist if state.words is not None else ()
    return question.choices or question.lines
