"""Cards in a lesson: Markdown that can be read without a kernel, the answer folded away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from netpol_sim.course import quiz_text
from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.deck import LETTERS
from netpol_sim.errors import UnknownNameError, nearest


def cards_of(folder: Path) -> Callable[[Sequence[str]], str]:
    """What turns the ids of cards into Markdown; for the blocks ``cards`` of a lesson.

    Raises:
        UnknownNameError: When called with an id that no card has.
    """
    known = {card.id: card for card in read_bank(folder)}

    def markdown(ids: Sequence[str]) -> str:
        for wanted in ids:
            if wanted not in known:
                meant = nearest(wanted, known)
                hint = f"; did you mean `{meant}`?" if meant else ""
                raise UnknownNameError(f"there is no card `{wanted}`{hint}")
        questions = [pose(known[wanted], folder) for wanted in ids]
        return "\n\n---\n\n".join(
            "\n".join(_card(question, number)) for number, question in enumerate(questions, start=1)
        )

    return markdown


def _card(question: Question, number: int) -> Iterator[str]:
    yield f"**{number}.** {question.text}"
    yield ""
    if question.manifests:
        yield from _fenced(question.manifests)
    if len(question.card.connections) == 1 and not question.several:
        yield f"`{question.card.connections[0]}`"
        yield ""
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if choice.block:
            yield f"**{letter})**"
            yield ""
            yield from _fenced(choice.text)
        else:
            yield f"- **{letter})** {_code(question, choice.text)}"
    if question.lines:
        yield from _fenced("\n".join(question.lines), "text")
    yield ""
    yield "<details><summary>Answer</summary>"
    yield ""
    yield from _answer(question)
    yield ""
    yield "</details>"


def _answer(question: Question) -> Iterator[str]:
    if question.lines:
        yield from _fenced("\n".join(question.card.lines))
    else:
        said = quiz_text.right_answer(question)
        yield said if question.checklist else f"**{said}**".replace("**none", "**None")
    yield ""
    yield from (f"- {point}" for point in question.checklist)
    yield "  \n".join(quiz_text.why(question).splitlines())


def _code(question: Question, text: str) -> str:
    """Connections are set as code."""
    return f"`{text}`" if text in question.card.connections else text


def _fenced(text: str, language: str = "yaml") -> Iterator[str]:
    yield f"```{language}"
    yield text.rstrip()
    yield "```"
    yield ""
