"""A made-up task as a page, and as lines for a terminal: what is asked, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.course import forms
from netpol_sim.course.practice import Practice
from netpol_sim.course.task import TaskKind
from netpol_sim.model import Pod
from netpol_sim.render.html import block, cell, heading, paragraph, row, table
from netpol_sim.render.markup import Markup, element


def lines(made: Practice) -> Iterator[str]:
    """Everything but the starter, as lines of text."""
    task = made.task
    yield from (f"{task.title} ({made.difficulty})", "", *task.story.splitlines(), "", "The pods:")
    for pod in made.catalog.world(task).pods:
        yield f"  {pod.key:<22} {_labels(pod):<22} {_ports(pod)}"
    if task.kind is TaskKind.GRID:
        yield from ("", _how_to_answer(made), "", *task.given.splitlines())
    if task.listed:
        yield ""
    for connection, must_allow in task.listed:
        yield f"{'must pass    ' if must_allow else 'must not pass'}  {connection}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PracticePage:
    """A made-up task that shows itself in a notebook."""

    made: Practice

    def __repr__(self) -> str:
        return "\n".join((*lines(self.made), "", "Answer in a cell of its own:", *_cell(self.made)))

    def _repr_html_(self) -> str:
        return block(*_parts(self.made))


def _parts(made: Practice) -> Iterator[Markup]:
    task = made.task
    yield paragraph(element("b", task.title), f" ({made.difficulty})")
    yield from (paragraph(line) for line in task.story.splitlines())
    head = row(*(heading(word, scope="col") for word in ("pod", "labels", "ports")))
    pods = made.catalog.world(task).pods
    yield table(
        *(row(cell(pod.key), cell(_labels(pod)), cell(_ports(pod))) for pod in pods),
        caption="The pods",
        head=head,
    )
    if task.kind is TaskKind.GRID:
        yield element("pre", task.given.strip())
        yield paragraph(_how_to_answer(made))
    if task.listed:
        yield table(
            *(
                row(cell(connection), cell("must pass" if must_allow else "must not pass"))
                for connection, must_allow in task.listed
            ),
            caption="What will be tried, among other things",
        )
    yield paragraph("Answer in a cell of its own:")
    yield element("pre", "\n".join(_cell(made)))


def _cell(made: Practice) -> tuple[str, ...]:
    return (f"%%answer {made.task.id}", *forms.starter(made.task).rstrip().splitlines())


def _how_to_answer(made: Practice) -> str:
    return f"Answer each line with one of {', '.join(forms.words(made.task))}."


def _labels(pod: Pod) -> str:
    return ", ".join(f"{key}: {value}" for key, value in pod.labels.items())


def _ports(pod: Pod) -> str:
    return ", ".join(f"{port.port}/{port.protocol}" for port in pod.ports)
