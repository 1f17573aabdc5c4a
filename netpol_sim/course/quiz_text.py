"""Cards as plain text: the question, what is right and why, and how a round went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import indent

from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import CardKind
from netpol_sim.course.deck import LETTERS, Answered, Confidence, Deck, calibration

KINDS = {
    CardKind.RECALL: "recall",
    CardKind.PREDICT: "predict",
    CardKind.COUNT: "count",
    CardKind.CHOOSE: "choose the policy",
    CardKind.BUG: "find the mistake",
    CardKind.ACCEPT: "accepted or refused",
    CardKind.COMPARE: "what a change does",
    CardKind.ORDER: "put in order",
    CardKind.EXPLAIN: "explain in your words",
    CardKind.DESIGN: "design",
}


def question_text(question: Question) -> str:
    """What is asked, with what is needed to answer it."""
    return "\n".join(_question(question))


def _question(question: Question) -> Iterator[str]:
    yield question.text
    if question.manifests:
        yield ""
        yield indent(question.manifests.rstrip(), "    ")
    yield ""
    if question.facts:
        yield from question.facts
        yield ""
    if question.card.kind is CardKind.PREDICT and not question.several:
        yield f"    {question.card.connections[0]}"
        yield ""
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if choice.block:
            yield f"  {letter})"
            yield indent(choice.text, "      ")
        else:
            yield f"  {letter}) {choice.text}"
    for number, line in enumerate(question.lines, start=1):
        yield f"  {number:>2} | {line}"


def asks_for(question: Question) -> str:
    """How to answer, in a few words."""
    if question.lines:
        return "The numbers in the right order, such as `3 1 2`"
    if question.checklist:
        return "Say it aloud or write it down, then press Enter"
    if question.several:
        return "All letters that are right, such as `a c`"
    return "One letter"


def right_answer(question: Question) -> str:
    """What is right, for short."""
    if question.lines:
        order = "a safe order is" if question.card.has_steps else "the order is"
        return f"{order}:\n" + indent("\n".join(question.card.lines), "    ")
    if question.checklist:
        return question.answer
    letters = ", ".join(LETTERS[at] for at in sorted(question.key))
    return f"{letters or 'none of them'} {'is' if len(question.key) == 1 else 'are'} right"


def why(question: Question) -> str:
    """The reasons: of the options, of the verdicts, and the card's own words."""
    return "\n".join(_why(question))


def _why(question: Question) -> Iterator[str]:
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if choice.right and choice.because:
            yield f"{letter}) {choice.because}"
        elif choice.believes:
            because = f" {choice.because}" if choice.because else ""
            yield f"{letter}) comes from the belief that {choice.believes}.{because}"
    yield from question.reasons
    if question.explanation:
        yield question.explanation


def result_text(answered: Answered) -> str:
    """What is said to an answer."""
    question = answered.question
    if question.checklist:
        head = (
            f"You named {len(answered.given)} of {len(question.checklist)} points (your own word)."
        )
        return f"{head}\n{why(question)}".rstrip()
    if answered.right:
        head = "✓ Right."
    elif question.lines:
        fault = question.fault_of(answered.given)
        head = f"✗ Not yet. {fault}\nInstead, {right_answer(question)}"
    else:
        head = f"✗ Not yet: {right_answer(question)}."
    return f"{head}\n{why(question)}".rstrip()


def heading(question: Question, number: int, total: int) -> str:
    """Where in the round one is, and what kind of card comes."""
    card = question.card
    facts = (f"lesson {card.lesson}", card.level.value, KINDS[card.kind])
    return f"Card {number} of {total}: {', '.join(facts)}"


def summary(deck: Deck) -> str:
    """How a round went, and how well the learner knows what they know."""
    return "\n".join(_summary(deck))


def _summary(deck: Deck) -> Iterator[str]:
    total = len(deck.answered)
    yield f"{deck.right} of {total} right."
    counts = calibration(deck.answered)
    for confidence, (right, of) in counts.items():
        yield f"  {_SAID[confidence]}: {right} of {of} right"
    right, of = counts.get(Confidence.SURE, (0, 0))
    if right < of:
        yield "Look again at what you were sure of and got wrong: that is where it hurts most."


_SAID = {
    Confidence.GUESS: "when you guessed",
    Confidence.UNSURE: "when you were unsure",
    Confidence.SURE: "when you were sure",
}


def sheet(questions: Iterable[Question], *, answers: bool) -> str:
    """A sheet to print: the questions, and the answers with their reasons if wanted."""
    return "\n".join(_sheet(tuple(questions), answers=answers))


def _sheet(questions: tuple[Question, ...], *, answers: bool) -> Iterator[str]:
    yield "# Network policies: questions" + (" and answers" if answers else "")
    for number, question in enumerate(questions, start=1):
        yield ""
        yield f"## {heading(question, number, len(questions))}"
        yield ""
        yield question_text(question)
        if question.checklist and not answers:
            yield "\n" * 6
        if answers:
            yield ""
            yield f"**Answer.** {right_answer(question)}"
            yield from (f"- {point}" for point in question.checklist)
            yield ""
            yield why(question)
