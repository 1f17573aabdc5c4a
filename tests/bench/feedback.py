# ruff: noqa: T201  a report is printed
"""How long a learner waits: ``python -m tests.bench.feedback``.

For each task answered with policies: the grade and its page for the solution, for no policy's
worth of text, and for wrong answers; and the hints for the wrong ones.  Milliseconds of CPU time,
the median and the worst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from statistics import median
from time import process_time

from netpol_sim.course import feedback_page, hints
from netpol_sim.course.catalog import Catalog, read_catalog
from netpol_sim.course.grade import grade
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task
from netpol_sim.manifest import dump

GOAL = 200
WRONG = 12


def main() -> None:
    """Measure every task, and print those that take longest first."""
    catalog = read_catalog()
    rows = [(task.id, *_times(catalog, task)) for task in catalog.tasks if task.references]
    print(f"{'task':<30}{'feedback':>10}{'worst':>8}{'hint':>8}{'worst':>8}   ms, goal {GOAL}")
    for name, told, helped in sorted(rows, key=lambda row: -max(row[1])):
        numbers = (median(told), max(told), median(helped), max(helped))
        print(
            f"{name:<30}{numbers[0]:>10.0f}{numbers[1]:>8.0f}{numbers[2]:>8.0f}{numbers[3]:>8.0f}"
        )
    everything = [time for _, told, _ in rows for time in told]
    print(f"all: median {median(everything):.0f} ms, worst {max(everything):.0f} ms")


def _times(catalog: Catalog, task: Task) -> tuple[list[float], list[float]]:
    answers = list(_answers(catalog, task))
    told = [
        _milliseconds(lambda text=text: feedback_page.html(grade(catalog, task, text)))  # type: ignore[misc]
        for text in answers
    ]
    helped = [
        _milliseconds(lambda text=text: hints.ladder(catalog, task, text))  # type: ignore[misc]
        for text in answers
    ]
    return told, helped


def _answers(catalog: Catalog, task: Task) -> Iterator[str]:
    yield task.references[0].text
    yield ""
    if task.kind.answered_with_policies:
        right, world = catalog.solutions(task)[0], catalog.world(task)
        made = (each for item in MISCONCEPTIONS for each in item.everywhere(right, world) if each)
        yield from (dump(variant) for variant in islice(made, WRONG))


def _milliseconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return (process_time() - began) * 1000


if __name__ == "__main__":
    main()
