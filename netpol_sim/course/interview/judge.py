"""How good an answer is, for which skill, and what shows that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.course import deck, feedback, quiz_text
from netpol_sim.course.card_keys import Question
from netpol_sim.course.exercise_notebooks import solution
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.course.interview.plan import Section, Skill, Step
from netpol_sim.course.interview.session import SKIPPED, Interview, Record, agenda, graded
from netpol_sim.course.misconceptions import BY_ID
from netpol_sim.course.practice import Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that speaks for or against a skill; ``share`` goes from 0 to 1.

    ``self_assessed`` says that the candidate ticked it off, and nobody checked.
    """

    skill: Skill
    share: float
    words: str
    self_assessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One step, its record, and what it shows.

    ``said`` is what there is to say about it, ``model`` a model answer where one could have been
    written or said.  ``lesson`` is where to read more, None when nothing was wrong.
    """

    step: Step
    record: Record
    evidence: tuple[Evidence, ...]
    said: str
    model: str
    lesson: int | None

    @property
    def right(self) -> bool:
        """Whether all that was checked is right."""
        return all(each.share == 1 for each in self.evidence)


def judge(interview: Interview) -> tuple[Judged, ...]:
    """Every answer of an interview."""
    pairs = zip(agenda(interview), interview.records, strict=False)
    return tuple(_judged(step, record) for step, record in pairs)


def _judged(step: Step, record: Record) -> Judged:
    if not isinstance(step.asks, Practice):
        return _card(step, step.asks, record)
    result = graded(step.asks, record.text)
    skipped = record.text == SKIPPED
    return Judged(
        step=step,
        record=record,
        evidence=tuple(_of_task(step, result)),
        said="Not answered." if skipped else feedback.text(result),
        model=solution(step.asks.catalog, step.asks.task).strip(),
        lesson=None if result.outcome is Outcome.DONE else _LESSONS[step.section],
    )


_LESSONS = {Section.PREDICT: 3, Section.WRITE: 2, Section.DEBUG: 9}
"""Where the tasks of a section are taught."""


def _card(step: Step, question: Question, record: Record) -> Judged:
    if question.checklist:
        return _spoken(step, question, record)
    given = deck.understood(question, record.text) or ()
    right = record.text != SKIPPED and deck.is_right(question, given)
    answered = deck.Answered(
        question=question, given=given, confidence=deck.Confidence.UNSURE, right=right
    )
    return Judged(
        step=step,
        record=record,
        evidence=(Evidence(skill=step.skill, share=float(right), words=_words(question)),),
        said=quiz_text.result_text(answered),
        model="",
        lesson=None if right else question.card.lesson,
    )


def _words(question: Question) -> str:
    """The question; of a single connection, with it."""
    connections = question.card.connections
    return f"{question.text} ({connections[0]})" if len(connections) == 1 else question.text


def _spoken(step: Step, question: Question, record: Record) -> Judged:
    total = len(question.checklist)
    share = len(record.points) / total
    missed = [point for at, point in enumerate(question.checklist) if at not in record.points]
    said = f"{len(record.points)} of {total} points, by your own word."
    if missed:
        said += "\nNot named:\n" + "\n".join(f"- {point}" for point in missed)
    evidence = Evidence(skill=step.skill, share=share, words=question.text, self_assessed=True)
    good = share >= deck.GOOD_SHARE
    return Judged(
        step=step,
        record=record,
        evidence=(evidence,),
        said=said,
        model=question.answer,
        lesson=None if good else question.card.lesson,
    )


def _of_task(step: Step, result: Grade) -> Iterator[Evidence]:
    title = result.task.title
    if step.section is Section.PREDICT:
        rows = result.rows
        right = sum(row.right for row in rows)
        passing = sum((row.given == "allow") == (row.expected == "allow") for row in rows)
        total = len(rows) or 1
        yield Evidence(
            skill=Skill.CORRECTNESS,
            share=passing / total if rows else 0.0,
            words=f"{title} Passes or not: {passing} of {len(rows)} right.",
        )
        yield Evidence(
            skill=Skill.REASON,
            share=right / total if rows else 0.0,
            words=f"{title} Which end refuses: {right} of {len(rows)} right.",
        )
        return
    done = result.outcome is Outcome.DONE
    yield Evidence(skill=Skill.CORRECTNESS, share=float(done), words=_outcome(result))
    if result.relation is not None and result.policies:
        witness = result.relation.too_open
        words = f"{title}: nothing passes that should not."
        if witness is not None:
            words = f"{title}: {witness.connection} passes, and should not."
        yield Evidence(skill=Skill.LEAST_PRIVILEGE, share=float(witness is None), words=words)


def _outcome(result: Grade) -> str:
    title = result.task.title
    if result.outcome is Outcome.DONE:
        return f"{title}: equal to the model answer, on every cluster in question."
    if result.misconception is not None:
        return f"{title}: not yet; it looks as if {BY_ID[result.misconception].believes}."
    if result.failures:
        return f"{title}: not yet; {result.failures[0].connection} comes out wrong."
    return f"{title}: not yet."
