"""Made-up tasks: the same everywhere, solvable, and not to be had for nothing."""

from __future__ import annotations

import itertools

import pytest

from netpol_sim.course import exercise_notebooks, forms, hints
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.practice import LEVELS, Difficulty, Practice, PracticeKind, practice
from netpol_sim.course.scenario import Dice

CASES = [(kind, level) for kind in PracticeKind for level in (1, 3, 5)]
ALL = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: all, namespace: {namespace}}}
spec: {{podSelector: {{}}, policyTypes: [Ingress, Egress]{rules}}}
"""


@pytest.mark.parametrize(("kind", "level"), CASES)
def test_a_task_can_be_solved_and_only_so(kind: PracticeKind, level: int) -> None:
    """The solution is done, the starter is not attempted, lazy answers are not yet."""
    made = practice(kind, seed=1, level=level)
    solution = exercise_notebooks.solution(made.catalog, made.task)
    assert grade(made.catalog, made.task, solution).outcome is Outcome.DONE
    starter = forms.starter(made.task)
    assert grade(made.catalog, made.task, starter).outcome is Outcome.NOT_ATTEMPTED
    if kind is PracticeKind.GRID:
        assert len({forms.verdict_word(row.answer) for row in _rows(made) if row.answer}) == 2
        return
    namespace = made.catalog.world(made.task).pods[0].namespace
    for rules in ("", ", ingress: [{}], egress: [{}]"):
        lazy = ALL.format(namespace=namespace, rules=rules)
        assert grade(made.catalog, made.task, lazy).outcome is Outcome.NOT_YET


def _rows(made: Practice) -> tuple[forms.RowResult, ...]:
    rows, _ = forms.grid(made.catalog, made.task, "")
    return rows


def test_the_starter_of_a_repair_is_wrong() -> None:
    """What is to be repaired is not right as it is, and has hints."""
    made = practice(PracticeKind.FIX, seed=2, level=2)
    wrong = f"{made.task.starter}\n---\n"
    assert grade(made.catalog, made.task, wrong).outcome is not Outcome.DONE
    assert hints.ladder(made.catalog, made.task, None)


def test_the_same_seed_gives_the_same_task() -> None:
    """A seed stands for one task on every machine; another seed for another."""
    one, two, three = (practice(PracticeKind.WRITE, seed=seed, level=2) for seed in (7, 7, 8))
    assert one == two
    assert one.task != three.task
    dice = Dice(7)
    assert [dice.below(100) for _ in range(6)] == [32, 15, 65, 7, 53, 36]


@pytest.mark.parametrize("kind", PracticeKind)
@pytest.mark.parametrize("level", LEVELS)
def test_every_seed_gives_a_task_of_its_level(kind: PracticeKind, level: int) -> None:
    """Whatever the seed, a task comes up, as hard as asked for; its solution passes."""
    for seed in range(100, 104):
        made = practice(kind, seed=seed, level=level)
        assert made.difficulty.level == level
        assert len(made.difficulty.misconceptions) >= 2
        solution = exercise_notebooks.solution(made.catalog, made.task)
        assert grade(made.catalog, made.task, solution).outcome is Outcome.DONE


def test_an_exception_forgotten_is_practised() -> None:
    """There are repairs of a range without its exception."""
    drilled = {
        practice(PracticeKind.FIX, seed=seed, level=5).task.misconceptions for seed in range(12)
    }
    assert ("except-forgotten",) in drilled


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_is_the_one_asked_for(level: int) -> None:
    """The level comes from facts about the task, and at least two mistakes matter in it."""
    made = practice(PracticeKind.WRITE, seed=3, level=level)
    assert made.difficulty.level == level
    assert len(made.difficulty.misconceptions) >= 2


def test_more_never_makes_it_easier() -> None:
    """The level grows with each fact."""
    steps = itertools.product(range(1, 6), range(2, 5), (5, 20))
    levels = {
        step: Difficulty(rules=step[0], namespaces=step[1], misconceptions=("a",) * step[2]).level
        for step in steps
    }
    for one, two in itertools.product(levels, repeat=2):
        if all(a <= b for a, b in zip(one, two, strict=True)):
            assert levels[one] <= levels[two]
    assert set(levels.values()) == set(LEVELS)
