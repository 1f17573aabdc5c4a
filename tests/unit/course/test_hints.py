"""The ladder of hints: in order, about the answer, silent about the edit until step five."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from netpol_sim.course import exercise_notebooks, forms
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.hints import Hint, Step, ladder
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task
from netpol_sim.labels import LabelSelector
from netpol_sim.manifest import dump, loads
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy

CATALOG = read_catalog()
POLICY_TASKS = [task for task in CATALOG.tasks if task.kind.answered_with_policies]
MUTANTS = 12


@cache
def untouched(task_id: str) -> tuple[Hint, ...]:
    """The hints for a task that nobody has begun; some take seconds to find."""
    return ladder(CATALOG, CATALOG.task(task_id), None)


def answers(task: Task) -> Iterator[str]:
    """Wrong answers that mistakes make of the solution."""
    right = loads(task.references[0].text).policies
    world = CATALOG.world(task)
    made = (each for item in MISCONCEPTIONS for each in item.variants(right, world) if each)
    yield from dict.fromkeys(
        dump(variant) for _, variant in zip(range(MUTANTS), made, strict=False)
    )


def values(policies: tuple[NetworkPolicy, ...]) -> set[str]:
    """The labels, as ``key: value`` and ``key=value``, and the ranges that policies hold."""
    found: set[str] = set()
    for policy in policies:
        rules = [rule for direction in Direction for rule in policy.rules(direction)]
        peers = [peer for rule in rules for peer in rule.peers]
        selectors: list[LabelSelector | None] = [policy.pod_selector]
        for peer in peers:
            if isinstance(peer, IPBlock):
                found |= {peer.cidr, *peer.except_}
            elif isinstance(peer, PodPeer):
                selectors += [peer.pod_selector, peer.namespace_selector]
        for selector in filter(None, selectors):
            for key, value in selector.match_labels.items():
                found |= {f"{key}: {value}", f"{key}={value}"}
        for rule in rules:
            found |= {f"port: {port.port}" for port in rule.ports}
    return found


@pytest.mark.parametrize("task", POLICY_TASKS, ids=lambda task: task.id)
def test_no_step_before_the_fifth_tells_the_edit(task: Task) -> None:
    """Nothing that the solution has and the answer lacks stands in hints 1 to 4.

    A made-up pod is described by its labels, which is a fact about the witness.
    """
    solution = loads(task.references[0].text).policies
    starter = forms.starter(task)
    made = ((answer, ladder(CATALOG, task, answer)) for answer in answers(task))
    for answer, hints in ((starter, untouched(task.id)), *made):
        mine = loads(answer).policies if "metadata" in answer else ()
        lacking = values(solution) - values(mine)
        for hint in hints:
            if hint.step is Step.EDIT:
                continue
            told = re.sub(r"(?m)^Suppose there is a pod .*$", "", hint.text)
            assert [value for value in lacking if value in told] == []
            assert not re.search(r"(?m)^[+-] ", told)


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.id)
def test_what_is_done_needs_no_hint(task: Task) -> None:
    """There is no hint for a solution, and there are some before it; of policies, all five."""
    assert ladder(CATALOG, task, exercise_notebooks.solution(CATALOG, task)) == ()
    steps = [hint.step for hint in untouched(task.id)]
    assert steps == (list(Step) if task.kind.answered_with_policies else sorted(set(steps)))
    assert steps[0] is Step.LOCATE
    assert steps[-1] is Step.EDIT


@pytest.mark.parametrize("answer", ["", "\n", forms.starter(CATALOG.task("shop-backend"))])
def test_nothing_answered_is_like_the_starter(answer: str) -> None:
    """An empty file and one that was not changed get the hints of no file."""
    assert ladder(CATALOG, CATALOG.task("shop-backend"), answer) == untouched("shop-backend")


def test_a_repair_is_shown_as_lines_to_change() -> None:
    """Where a small repair exists, step four names its line and step five its words."""
    task = CATALOG.task("dev-dns-protocol")
    steps = {hint.step: hint.text for hint in ladder(CATALOG, task, None)}
    assert re.match(r"dev-dns-protocol\.yaml:\d+, policy dev/only-dns, field", steps[Step.LINE])
    assert "+        - protocol: UDP" in steps[Step.EDIT]


def test_an_answer_that_does_not_load() -> None:
    """The ladder goes to the line that cannot be read, and then says how to write it."""
    task = CATALOG.task("shop-backend")
    text = task.references[0].text.replace("podSelector", "podSelectr", 1)
    found = {hint.step: hint.text for hint in ladder(CATALOG, task, text)}
    assert Step.WITNESS not in found
    assert re.match(r"shop-backend\.yaml:\d+, field spec\.podSelectr", found[Step.LINE])


def test_a_longer_answer_than_allowed() -> None:
    """An answer that is right and too long is told just that, and then a shorter one."""
    task = CATALOG.task("prod-one-rule")
    (policy,) = loads(task.references[0].text).policies
    twice = dump((policy, replace(policy, name="again")))
    found = ladder(CATALOG, task, twice)
    assert "only longer than the task allows" in found[0].text
    assert [hint.step for hint in found] == [Step.LOCATE, Step.CONCEPT, Step.EDIT]


def test_several_policies_stand_at_an_end() -> None:
    """One policy stands, two policies stand: the verb agrees."""
    task = CATALOG.task("five-faults")
    assert "At this end stand your policies" in ladder(CATALOG, task, task.starter)[0].text
    task = CATALOG.task("stored-types")
    shut = task.starter.replace("app: frontend", "app: nobody")
    assert "At this end stands your policy" in ladder(CATALOG, task, shut)[0].text
