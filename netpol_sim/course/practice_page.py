"""A made-up task as a page, and as lines for a terminal: what is asked, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from netpol_sim.course import forms
from netpol_sim.course.practice import Practice
from netpol_sim.course.task import TaskKind
from netpol_sim.model import Pod
from netpol_sim.render.html import block, cell, heading, paragraph, row, table, with_code
from netpol_sim.render.markup import Markup, element, join

_DASH = "- "
_SIDE_BY_SIDE = "display:flex;flex-wrap:wrap;align-items:flex-start;gap:0 24px"


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


def asked(made: Practice) -> Markup:
    """What is asked, as a page: the story, the pods, the given policies, what will be tried."""
    return join(*_asked(made))


def _parts(made: Practice) -> Iterator[Markup]:
    yield paragraph(element("b", made.task.title), f" ({made.difficulty})")
    yield from _asked(made)
    if made.task.kind is TaskKind.GRID:
        yield paragraph(_how_to_answer(made))
    yield paragraph("Answer in a cell of its own:")
    yield element("pre", "\n".join(_cell(made)))


def _asked(made: Practice) -> Iterator[Markup]:
    yield from _story(made.task.story)
    yield element("div", *_tables(made), style=_SIDE_BY_SIDE)


def _tables(made: Practice) -> Iterator[Markup]:
    task = made.task
    head = row(*(heading(word, scope="col") for word in ("pod", "labels", "ports")))
    pods = made.catalog.world(task).pods
    yield table(
        *(row(cell(pod.key), cell(_labels(pod)), cell(_ports(pod))) for pod in pods),
        caption="The pods",
        head=head,
    )
    if task.kind is TaskKind.GRID:
        yield element("pre", task.given.strip())
    if task.listed:
        yield table(
            *(
                row(cell(connection), cell("must pass" if must_allow else "must not pass"))
                for connection, must_allow in task.listed
            ),
            caption="What will be tried, among other things",
        )


def _story(story: str) -> Iterator[Markup]:
    """Paragraphs, and lists of the lines that begin with a dash."""
    lines = filter(None, map(str.strip, story.splitlines()))
    for listed, group in groupby(lines, lambda line: line.startswith(_DASH)):
        if listed:
            points = (line.removeprefix(_DASH) for line in group)
            yield element("ul", *(element("li", with_code(point)) for point in points))
        else:
            yield from map(paragraph, group)


def _cell(made: Practice) -> tuple[str, ...]:
    return (f"%%answer {made.task.id}", *forms.starter(made.task).rstrip().splitlines())


def _how_to_answer(made: Practice) -> str:
    return f"Answer each line with one of {', '.join(forms.words(made.task))}."


def _labels(pod: Pod) -> str:
    return ", ".join(f"{key}: {value}" for key, value in pod.labels.items())


def _ports(pod: Pod) -> str:
    return ", ".join(f"{port.port}/{port.protocol}" for port in pod.ports)
