"""What the quiz widget holds and shows, and how it answers to what a person does.

``step`` takes a state and an action and gives the next one.  An action comes from the browser, so
anything can be in it: what makes no sense changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netpol_sim.course import deck, quiz_text
from netpol_sim.course.card_keys import Question
from netpol_sim.course.deck import LETTERS, Confidence, Deck
from netpol_sim.render import html
from netpol_sim.render.markup import Markup, element, join

Action = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A round, the positions chosen so far, and whether the last answer is being looked at."""

    deck: Deck
    chosen: tuple[int, ...] = ()
    revealed: bool = False


def step(state: Quiz, action: Action) -> Quiz:
    """The state after an action."""
    match action:
        case {"do": "choose", "at": int(at)} if not state.revealed:
            return _chosen(state, at)
        case {"do": "answer", "confidence": str(sure)} if _may_answer(state, sure):
            answered = deck.answer(state.deck, state.chosen, Confidence(sure))
            return replace(state, deck=answered, revealed=True)
        case {"do": "next"} if state.revealed:
            return Quiz(deck=state.deck)
        case {"do": "again"} if state.deck.current is None:
            return Quiz(deck=Deck(questions=state.deck.questions))
    return state


def _may_answer(state: Quiz, sure: str) -> bool:
    open_ = not state.revealed and state.deck.current is not None
    return open_ and bool(state.chosen) and sure in list(Confidence)


def _chosen(state: Quiz, at: int) -> Quiz:
    question = state.deck.current
    if question is None or not 0 <= at < len(question.choices):
        return state
    if at in state.chosen:
        return replace(state, chosen=tuple(one for one in state.chosen if one != at))
    kept = state.chosen if question.several else ()
    return replace(state, chosen=(*kept, at))


def asked(state: Quiz) -> Question | None:
    """The question on the table: the one just answered while its answer is shown."""
    return state.deck.answered[-1].question if state.revealed else state.deck.current


def view(state: Quiz) -> Mapping[str, object]:
    """What the browser shows; what is right stays with Python until it is revealed."""
    question = asked(state)
    if question is None:
        said = quiz_text.summary(state.deck)
        return {"heading": "The end of the round", "said": said, "over": True, "html": _lines(said)}
    number = len(state.deck.answered) + (not state.revealed)
    result = quiz_text.result_text(state.deck.answered[-1]) if state.revealed else ""
    return {
        "over": False,
        "heading": quiz_text.heading(question, number, len(state.deck)),
        "html": _question(question),
        "several": question.several,
        "choices": [
            {"text": choice.text, "block": choice.block, "mark": _mark(state, at)}
            for at, choice in enumerate(question.choices)
        ],
        "letters": LETTERS,
        "chosen": list(state.chosen),
        "revealed": state.revealed,
        "result": _lines(result),
        "said": result.splitlines()[0] if result else question.text,
        "last": len(state.deck.answered) == len(state.deck),
    }


def _mark(state: Quiz, at: int) -> str:
    """Right or wrong, once it may be known: ``right``, ``wrong``, or nothing."""
    question = asked(state)
    if not state.revealed or question is None:
        return ""
    if question.choices[at].right:
        return "right"
    return "wrong" if at in state.deck.answered[-1].given else ""


def _question(question: Question) -> Markup:
    parts = [element("p", html.with_code(question.text))]
    if question.manifests:
        parts.append(element("pre", question.manifests.rstrip()))
    parts += [element("p", fact) for fact in question.facts]
    if len(question.card.connections) == 1:
        parts.append(element("pre", question.card.connections[0]))
    return join(*parts)


def _lines(text: str) -> Markup:
    return join(*(element("p", html.with_code(line)) for line in text.splitlines() if line.strip()))
