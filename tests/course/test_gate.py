"""The gate: the grader is right about every task, and every task is right."""

from __future__ import annotations

import pytest

from netpol_sim.course import gate
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.task import Task

CATALOG = read_catalog()


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_the_grader_is_right_about_every_answer(task: Task) -> None:
    """Stubs are not attempted, references are done, and what means something else is not yet."""
    assert gate.examine(CATALOG, task).failures == ()


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_mistakes_are_named(task: Task) -> None:
    """A mutant that is not yet is given the name of a mistake that makes exactly it."""
    report = gate.examine(CATALOG, task)
    unnamed = [
        trial.name
        for trial in report.trials
        if trial.misconception and trial.outcome != "done" and trial.named is None
    ]
    assert unnamed == []
