"""The gate: the grader is right about every task, and every task is right."""

from __future__ import annotations

import pytest

from netpol_sim.course import gate
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.task import Task

CATALOG = read_catalog()


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_the_grader_is_right_about_every_answer(task: Task) -> None:
    """Stubs are not attempted, references are done, and what means something else is not yet.

    A mutant that is not yet is given the name of a mistake that makes exactly it.
    """
    report = gate.examine(CATALOG, task)
    assert report.failures == ()
    mutants = [trial for trial in report.trials if trial.misconception]
    assert [trial.name for trial in mutants if trial.outcome != "done" and not trial.named] == []
