"""Two notebook texts from one exercise set: the learner's, and the solved one.

Both are texts as ``source`` reads them, so that exercises are built, checked and compared the same
way as lessons.
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.course import forms
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.exercises import ExerciseSet
from netpol_sim.course.task import Task, TaskKind

LOAD = "```python\n%load_ext netpol_sim\n```"
_KINDS = {
    TaskKind.WRITE: "write policies",
    TaskKind.FIX: "repair policies",
    TaskKind.MIN: "do the same with less",
    TaskKind.HUNT: "find the leak",
    TaskKind.ORDER: "put lines in order",
    TaskKind.GRID: "predict",
    TaskKind.REVIEW: "judge statements",
    TaskKind.ROLES: "repair permissions",
    TaskKind.TALK: "explain",
}


_HIDDEN = (
    "**{count} connections are tried, and you do not see which.** Some must pass, some must not. "
    "The text says all that you need to know."
)


def markdown(catalog: Catalog, exercises: ExerciseSet, *, solved: bool) -> str:
    """The text of one notebook of a set.

    Args:
        solved: Whether the first reference stands in each cell, and the others below it; otherwise
            each cell holds the task's starter.
    """
    first, *others = exercises.prose
    opening, heading, rest = first.rstrip().rpartition("\n## ")
    pieces = [opening, LOAD, f"## {rest}"] if heading else [rest, LOAD]
    for task, prose in zip(exercises.tasks, others, strict=True):
        pieces += _task(task)
        pieces.append(_cell(task, solution(catalog, task) if solved else forms.starter(task)))
        if solved:
            pieces += _other_ways(task)
        pieces.append(prose.strip())
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def solution(catalog: Catalog, task: Task) -> str:
    """The answer that is shown as a task's solution; that of a grid is what the simulator says."""
    match task.kind:
        case TaskKind.GRID:
            world = catalog.world(task)
            truths = ((row.label, forms.truth(world, task.asks, row)[0]) for row in task.rows)
            return "".join(f"{label}: {truth}\n" for label, truth in truths)
        case TaskKind.REVIEW:
            return "".join(
                f"{option.id}: {'yes' if option.right else 'no'}\n" for option in task.options
            )
        case TaskKind.TALK:
            ticked = "".join(f"[x] {point}\n" for point in task.checklist)
            return f"{task.references[0].text.strip()}\n\n{ticked}"
        case _:
            return task.references[0].text


def _task(task: Task) -> Iterator[str]:
    yield f"**{task.title}** ({_KINDS[task.kind]}, about {task.minutes} minutes)"
    yield task.story.strip()
    if task.given:
        summary = "<summary>These policies are given and stay in place</summary>"
        yield f"<details>{summary}\n\n```yaml\n{task.given.strip()}\n```\n\n</details>"
    if task.hidden:
        yield _HIDDEN.format(count=len(task.listed))
    elif task.listed:
        rows = (
            f"| `{connection}` | {'pass' if must_allow else 'not pass'} |"
            for connection, must_allow in task.listed
        )
        yield "\n".join(("| connection | must |", "|---|---|", *rows))
    if task.kind is TaskKind.ROLES:
        requests = [(each, "be granted") for each in task.may]
        requests += [(each, "be refused") for each in task.may_not]
        rows = (f"| `{request}` | {must} |" for request, must in requests)
        yield "\n".join(("| request | must |", "|---|---|", *rows))
    if task.kind is TaskKind.REVIEW:
        yield "\n".join(f"- **{option.id}**: {option.text.strip()}" for option in task.options)
    if task.kind in (TaskKind.GRID, TaskKind.REVIEW):
        answers = ", ".join(f"`{word}`" for word in forms.words(task))
        yield f"Answer each line with one of {answers}."
    for row in task.rows:
        if row.policies:
            yield f"**{row.label}**\n\n```yaml\n{row.policies.strip()}\n```"


def _cell(task: Task, body: str) -> str:
    return f"```python\n%%answer {task.id}\n{body.rstrip() or '# your answer'}\n```"


def _other_ways(task: Task) -> Iterator[str]:
    for reference in task.references[1:]:
        label = reference.label or "another way"
        yield f"**Another way: {label}**\n\n```yaml\n{reference.text.rstrip()}\n```"
