"""What the quiz widget shows: everything but what is right, which stays here until it is revealed.

Each card is one of four forms: ``choices``, ``lines`` to put in order, ``words`` to say or write,
and after them ``points`` to tick off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from textwrap import dedent

from netpol_sim.course import quiz_text
from netpol_sim.course.card_keys import Question
from netpol_sim.course.card_page import question_page
from netpol_sim.course.deck import LETTERS
from netpol_sim.course.quiz_state import Quiz, asked, ready
from netpol_sim.render import html
from netpol_sim.render.markup import Markup, element, join

View = Mapping[str, object]
_SET_IN = " " * 4


def view(state: Quiz, advice: str = "") -> View:
    """What the browser shows of a state; ``advice`` stands at the end of a round."""
    question = asked(state)
    if question is None:
        said = "\n".join(filter(None, (quiz_text.summary(state.deck), advice)))
        return {"heading": "The end of the round", "said": said, "over": True, "html": _lines(said)}
    number = len(state.deck.answered) + (not state.revealed)
    result = quiz_text.result_text(state.deck.answered[-1]) if state.revealed else ""
    return {
        "over": False,
        "number": number,
        "form": _form(state, question),
        "heading": quiz_text.heading(question, number, len(state.deck)),
        "html": join(question_page(question), _model(state, question)),
        "asks": _asks(state, question),
        "choices": list(_items(state, question)),
        "letters": LETTERS,
        "chosen": list(state.chosen),
        "order": "\n".join(question.lines[at] for at in state.chosen) if question.lines else "",
        "ready": ready(state),
        "revealed": state.revealed,
        "result": _lines(result),
        "said": _said(state, question, result),
        "last": len(state.deck.answered) == len(state.deck),
    }


def _form(state: Quiz, question: Question) -> str:
    if question.checklist:
        return "words" if state.words is None else "points"
    return "lines" if question.lines else "choices"


def _asks(state: Quiz, question: Question) -> str:
    match _form(state, question):
        case "words":
            return "Write it down, or say it aloud. Then compare."
        case "points":
            return "Choose the points that you named, honestly."
        case "lines":
            return "Choose the lines in their order; once more takes one back. How sure are you?"
        case _:
            several = "Choose all that are right." if question.several else "Choose one."
            return f"{several} How sure are you?"


def _items(state: Quiz, question: Question) -> Iterator[View]:
    """What can be chosen; ``mark`` says of a choice whether it is right, once it may be known."""
    match _form(state, question):
        case "words":
            return
        case "points":
            for point in question.checklist:
                yield {"text": point, "block": False, "mark": ""}
        case "lines":
            for line in question.lines:
                yield {"text": line, "block": True, "mark": ""}
        case _:
            for at, choice in enumerate(question.choices):
                mark = _mark(state, at, right=choice.right)
                yield {"text": choice.text, "block": choice.block, "mark": mark}


def _mark(state: Quiz, at: int, *, right: bool) -> str:
    if not state.revealed:
        return ""
    if right:
        return "right"
    return "wrong" if at in state.deck.answered[-1].given else ""


def _said(state: Quiz, question: Question, result: str) -> str:
    """What is read out: what came of an answer, what a choice did, or what is asked."""
    if result:
        return result.splitlines()[0]
    if question.lines and state.chosen:
        last = question.lines[state.chosen[-1]].strip()
        return f"{len(state.chosen)} of {len(question.lines)} in order, the last is: {last}"
    if state.words is not None:
        return f"A model answer: {question.answer}"
    return question.text


def _model(state: Quiz, question: Question) -> Markup:
    """What was said, and a model answer beside it."""
    if state.words is None:
        return join()
    said = state.words.strip()
    parts = [element("p", element("strong", "You: "), said)] if said else []
    model = element("p", element("strong", "A model answer: "), html.with_code(question.answer))
    return join(*parts, model)


def _lines(text: str) -> Markup:
    """A paragraph for each line; lines set in, such as those of a manifest, stay as they are."""
    groups = groupby(filter(str.strip, text.splitlines()), lambda line: line.startswith(_SET_IN))
    return join(*(_part(list(lines), set_in=set_in) for set_in, lines in groups))


def _part(lines: list[str], *, set_in: bool) -> Markup:
    if set_in:
        return element("pre", dedent("\n".join(lines)))
    return join(*(element("p", html.with_code(line)) for line in lines))
