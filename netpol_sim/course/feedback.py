"""A grade in words: the same text in the notebook, in the terminal and in the tests.

What matters most comes first and one thing at a time: what does not load; the listed connections
that come out wrong; then, beyond the list, the smallest connection that tells the answer from the
intent; then the belief behind it.  Advice comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.course.forms import RowResult
from netpol_sim.course.grade import Failure, Grade, Interruption, Outcome
from netpol_sim.course.misconceptions import BY_ID
from netpol_sim.course.task import Task, TaskKind
from netpol_sim.errors import Problem
from netpol_sim.labels import Labels
from netpol_sim.model import Pod
from netpol_sim.policy import Direction
from netpol_sim.render.html import block, chip, paragraph, table, tone_of
from netpol_sim.render.markup import Markup, element
from netpol_sim.render.palette import Tone
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Verdict

_MARKS = {Outcome.NOT_ATTEMPTED: "…", Outcome.NOT_YET: "✗", Outcome.DONE: "✓"}
_TONES = {
    Outcome.NOT_ATTEMPTED: Tone.MUTED,
    Outcome.NOT_YET: Tone.DENIED,
    Outcome.DONE: Tone.ALLOWED,
}
_CELL = "padding:2px 8px;text-align:left"
_MOST_FAILURES = 3
_MOST_FINDINGS = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Feedback:
    """A grade that shows itself in a notebook; ``note`` is one line above it."""

    grade: Grade
    note: str = ""

    def __repr__(self) -> str:
        note = f"({self.note})\n" if self.note else ""
        return note + text(self.grade)

    def _repr_html_(self) -> str:
        return html(self.grade, self.note)


class Message(str):
    """A sentence to the learner, shown as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def html(grade: Grade, note: str = "") -> str:
    """The feedback as HTML: a headline, the listed connections, and the same lines as ``text``."""
    tone = _TONES[grade.outcome]
    head, *lines = _lines(grade)
    return block(
        paragraph(f"({note})") if note else "",
        paragraph(chip(tone, str(grade.outcome)), " ", element("b", head.split(": ")[0][2:])),
        *_listed(grade),
        *(paragraph(line.strip()) if line == line.strip() else indented(line) for line in lines),
    )


def indented(line: str) -> Markup:
    """A line that belongs to the one above it."""
    return element("p", line.strip(), style="margin:2px 0 2px 24px")


def _listed(grade: Grade) -> tuple[Markup, ...]:
    """The connections a task lists, and how each comes out."""
    task = grade.task
    if grade.outcome is Outcome.NOT_ATTEMPTED or not grade.policies:
        return ()
    wrong = {failure.connection for failure in grade.failures}
    rows = []
    for connection, must_allow in task.listed:
        passes = must_allow is (connection not in wrong)
        verdict = chip(tone_of(passes), "allowed" if passes else "denied")
        right = "as it must be" if connection not in wrong else "must be the other way"
        cells = (element("td", cell, style=_CELL) for cell in (connection, verdict, right))
        rows.append(element("tr", *cells))
    return (table(*rows, caption="What the task lists"),) if rows else ()


def text(grade: Grade) -> str:
    """The feedback on an answer, as lines."""
    return "\n".join(_lines(grade))


def headline(grade: Grade) -> str:
    """The task and what the answer comes to."""
    return f"{_MARKS[grade.outcome]} {grade.task.id}: {grade.outcome}"


def _lines(grade: Grade) -> Iterator[str]:
    yield headline(grade)
    match grade.outcome:
        case Outcome.NOT_ATTEMPTED:
            yield _how_to_begin(grade.task)
        case Outcome.NOT_YET:
            yield from _what_is_missing(grade)
        case Outcome.DONE:
            yield from _what_is_proven(grade)


def _how_to_begin(task: Task) -> str:
    match task.kind:
        case TaskKind.GRID | TaskKind.REVIEW:
            return "Put your answer in place of each `?`."
        case TaskKind.TALK:
            return "Write your explanation, then tick what you said: `[x]`."
        case _:
            return "Write your policies, and you are told what they do."


def _what_is_missing(grade: Grade) -> Iterator[str]:
    if grade.problems:
        yield from _problems(grade.problems)
        if not grade.rows:
            return
    if grade.rows:
        yield from _rows(grade.task, grade.rows)
        return
    yield from _failures(grade.failures)
    if not grade.failures and grade.relation is not None:
        yield from _beyond_the_list(grade)
    if not grade.failures and grade.interruption is not None:
        yield from _interrupted(grade.interruption)
    if not grade.failures and grade.over_limit is not None:
        yield _limit(grade)
    if grade.misconception is not None:
        belief = BY_ID[grade.misconception]
        yield f"This is what comes out of the belief that {belief.believes}."
        yield f"In fact {belief.truth}."
    yield from _advice(grade)


def _problems(problems: tuple[Problem, ...]) -> Iterator[str]:
    count = len(problems)
    yield "One thing cannot be read:" if count == 1 else f"{count} things cannot be read:"
    for problem in problems:
        yield f"  {problem}"
        yield from (f"    {line}" for line in problem.help.splitlines())


def _failures(failures: tuple[Failure, ...]) -> Iterator[str]:
    for failure in failures[:_MOST_FAILURES]:
        must = "must pass, but does not" if failure.must_allow else "must not pass, but does"
        yield f"{failure.connection} {must}:"
        lines = explain(failure.answer, Length.PARAGRAPH).splitlines()
        yield from (f"  {line}" for line in lines[1:] or lines)
    left = len(failures) - _MOST_FAILURES
    if left > 0:
        yield f"{left} more listed connection{'s come' if left > 1 else ' comes'} out wrong."


def _beyond_the_list(grade: Grade) -> Iterator[str]:
    relation = grade.relation
    assert relation is not None  # noqa: S101  the caller has looked
    listed = "All listed connections come out right, but " if grade.task.must_allow else ""
    if relation.too_open is not None:
        yield f"{listed}your policies are too open. This passes too:"
        yield from _witness(relation.too_open)
    if relation.too_tight is not None:
        too_tight = f"{listed}your policies are too tight"
        also = "They are also too tight" if relation.too_open else too_tight
        yield f"{also}. This should pass and does not:"
        yield from _witness(relation.too_tight)
    if relation.limit is not None and not relation.witnesses:
        yield "Your policies are too many to compare by meaning; write fewer or simpler ones."


def _witness(witness: Witness) -> Iterator[str]:
    yield f"  {witness.connection}"
    for pod in witness.pods:
        yield f"  {_describe(pod)}"
    lines = explain(witness.mine, Length.PARAGRAPH).splitlines()
    yield from (f"  {line}" for line in lines[1:])


def _describe(pod: Pod) -> str:
    labels = str(pod.labels) if isinstance(pod.labels, Labels) and pod.labels else "no labels"
    return f"({pod.key} is a pod with {labels})"


def _interrupted(found: Interruption) -> Iterator[str]:
    yield f"On the way, step {found.step} ({found.policy.key}) stops what must not be interrupted:"
    for failure in found.failures:
        yield f"  {explain(failure.answer, Length.LINE)}"


def _limit(grade: Grade) -> str:
    limit = grade.over_limit
    assert limit is not None  # noqa: S101  the caller has looked
    parts = []
    if limit.policies is not None:
        parts.append(f"{limit.policies} policies (you have {len(grade.policies)})")
    if limit.rules is not None:
        rules = sum(len(each.rules(way)) for each in grade.policies for way in Direction)
        parts.append(f"{limit.rules} rules (you have {rules})")
    return f"It works, but it can be smaller: at most {' and '.join(parts)}."


def _rows(task: Task, rows: tuple[RowResult, ...]) -> Iterator[str]:
    if task.kind is TaskKind.TALK:
        yield "Not ticked yet:"
        yield from (f"  [ ] {row.label}" for row in rows if not row.right)
        return
    right = sum(row.right for row in rows)
    yield f"{right} of {len(rows)} are right."
    for row in rows:
        if row.right:
            continue
        given = f"you say {row.given}" if row.given else "left open"
        yield f"  {row.label}: {given}."
        if row.given:
            yield from (f"    {line}" for line in _why(row))


def _why(row: RowResult) -> Iterator[str]:
    if row.because:
        yield row.because.strip()
    elif isinstance(row.answer, Verdict):
        yield explain(row.answer, Length.LINE)
    elif row.answer is not None:
        yield str(row.answer)
    else:
        yield f"It is {row.expected}."


def _advice(grade: Grade) -> Iterator[str]:
    for finding in grade.findings[:_MOST_FINDINGS]:
        yield f"Advice ({finding.id}): {finding.message}"


def _what_is_proven(grade: Grade) -> Iterator[str]:
    task = grade.task
    if task.kind is TaskKind.TALK:
        yield "Ticked by you, so this is your own assessment."
        return
    if grade.rows:
        yield f"All {len(grade.rows)} are right."
        return
    yield f"All {len(task.listed)} listed connections come out right."
    if grade.relation is not None:
        yield "And your policies mean exactly what is asked, for every other pod as well."
    elif grade.slack is not None and grade.slack.too_open is not None:
        yield f"They also allow more than the solution does: {grade.slack.too_open.connection}."
    labels = [reference.label for reference in grade.others if reference.label]
    if labels:
        yield f"Also right: {'; '.join(labels)}."
    yield from _advice(grade)
