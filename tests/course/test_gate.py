"""The gate: the grader is right about every task, and every task is right."""

from __future__ import annotations

import pytest

from netpol_sim.course import gate, gate_table
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.gate import Sort
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task

CATALOG = read_catalog()
PUBLISHED = (CATALOG.folder / gate_table.FILE).read_text("utf-8")
ROWS = {line.split("`")[1]: line for line in PUBLISHED.splitlines() if line.startswith("| `")}
AGAIN = "the table is old: run python -m netpol_sim.course.gate_table"


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_the_grader_is_right_about_every_answer(task: Task) -> None:
    """Stubs are not attempted, references are done, and what means something else is not yet.

    A mutant that is not yet is given the name of a mistake that makes exactly it.  What was tried
    is what is published.
    """
    report = gate.examine(CATALOG, task)
    assert report.failures == ()
    made = [trial for trial in report.trials if trial.misconception]
    assert [trial.name for trial in made if trial.outcome != "done" and not trial.named] == []
    assert gate_table.row(report) == ROWS.get(task.id), AGAIN


def test_the_published_table_is_of_these_tasks() -> None:
    """Byte for byte: the text around the rows, and the rows in the order of the course."""
    assert list(ROWS) == [task.id for task in CATALOG.tasks], AGAIN
    assert gate_table.text(ROWS.values()) == PUBLISHED, AGAIN


def test_every_misconception_is_shown_by_some_task() -> None:
    """The grader names each of them somewhere in the course."""
    named = {name.strip(" |") for row in ROWS.values() for name in row.split(" | ")[-1].split(",")}
    assert {item.id for item in MISCONCEPTIONS} - named == set()


def test_no_cheat_is_done() -> None:
    """Listing today's pods solves no task whose peers are pods of the world."""
    report = gate.examine(CATALOG, CATALOG.task("bank-batch"))
    cheats = [trial for trial in report.trials if trial.sort is Sort.CHEAT]
    assert [trial.outcome for trial in cheats] == ["not yet", "not yet"]
