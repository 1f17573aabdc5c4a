"""Hints for answers that are no manifests: grids, reviews and talks.  Their ladders are shorter."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.course import forms, roles
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.forms import RowResult
from netpol_sim.course.task import Task, TaskKind
from netpol_sim.render.describe import listed
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Answer, EndVerdict, Verdict

LOCATE, CONCEPT, LINE, EDIT = 1, 2, 4, 5


def steps(catalog: Catalog, task: Task, text: str) -> Iterator[tuple[int, str]]:
    """The steps for an answer, each with its number; none when every row is right."""
    match task.kind:
        case TaskKind.GRID:
            rows, _ = forms.grid(catalog, task, text)
        case TaskKind.REVIEW:
            rows, _ = forms.review(task, text)
        case TaskKind.ROLES:
            yield from _roles(task, text)
            return
        case _:
            yield from _talk(task, text)
            return
    wrong = [row for row in rows if not row.right]
    if not wrong:
        return
    # A row that was answered teaches more than one that was left open.
    row = next((row for row in wrong if row.given), wrong[0])
    state = f"you say {row.given}; that is not so" if row.given else "it is still open"
    yield LOCATE, f"Look at `{row.label}`: {state}."
    yield CONCEPT, task.concept
    yield LINE, _policies(row.answer)
    yield EDIT, f"{row.label}: {row.expected}\n{_why(row)}"


def _roles(task: Task, text: str) -> Iterator[tuple[int, str]]:
    rows, problems = roles.judge(task, text)
    wrong = [row for row in rows if not row.right]
    if problems:
        yield LOCATE, f"Your answer cannot be read yet. Look at {problems[0].object or 'it'}."
    elif wrong:
        yield LOCATE, f"Look at `{wrong[0].label}`: it is {wrong[0].given}."
    else:
        return
    yield CONCEPT, task.concept
    yield LINE, str(problems[0]) if problems else wrong[0].because
    yield EDIT, f"This is right:\n\n{task.references[0].text}"


def _talk(task: Task, text: str) -> Iterator[tuple[int, str]]:
    rows, problems = forms.talk(task, text)
    missing = [row.label for row in rows if not row.right]
    if not missing and not problems:
        return
    yield LOCATE, f"Say something about: {missing[0]}" if missing else problems[0].message
    yield CONCEPT, task.concept
    yield EDIT, f"One way to say it:\n\n{task.references[0].text}"


def _policies(answer: Answer | None) -> str:
    """Which policies isolate each end, without what they come to."""
    if answer is None:
        return ""
    verdict = answer if isinstance(answer, Verdict) else next(iter(answer.backends), None)
    return "\n".join(map(_end, verdict.ends)) if verdict else ""


def _end(end: EndVerdict) -> str:
    names = listed([f"{policy.key}" for policy in end.isolated_by]) or "none"
    direction = end.direction.value.lower()
    return f"Policies that isolate {end.entity.key} for {direction}: {names}."


def _why(row: RowResult) -> str:
    if row.because or row.answer is None:
        return row.because
    return explain(row.answer, Length.LINE)
