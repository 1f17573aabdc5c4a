"""Five hints, from where to look to what to write, computed from the learner's own answer.

1 locate, where in the answer to look; 2 concept, the idea behind the task; 3 witness, the smallest
connection that comes out wrong; 4 line, the line and field to change; 5 edit, what to write there.
A step that has nothing to say is left out.  No step before the fifth says what to write.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from netpol_sim.analysis.repair import Repair, RepairOutcome, minimal_repair
from netpol_sim.analysis.repair.edit import Edit
from netpol_sim.analysis.repair.tiers import TierEdit, TierRepair, tier_repair
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, of_cluster
from netpol_sim.course import form_hints, forms
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.faults import Fault, faults, witness_fault
from netpol_sim.course.grade import (
    Interruption,
    Outcome,
    answer_policies,
    grade_policies,
    relation_to_solution,
)
from netpol_sim.course.task import Task
from netpol_sim.errors import ManifestError, Problem
from netpol_sim.labels import Labels
from netpol_sim.manifest import dump
from netpol_sim.model import Pod
from netpol_sim.render.describe import listed

Policies = tuple[AnyPolicy, ...]
_CANDIDATES = 5_000
_CONTEXT = 2
_HEAD_OF_DIFFERENCE = 2


class Step(IntEnum):
    """The steps of the ladder."""

    LOCATE = 1
    CONCEPT = 2
    WITNESS = 3
    LINE = 4
    EDIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint: its step, and what it says, as lines."""

    step: Step
    text: str

    @property
    def title(self) -> str:
        """Which of the hints it is."""
        return f"Hint {self.step.value} of {len(Step)} ({self.step.name.lower()})"

    def __str__(self) -> str:
        return f"{self.title}:\n{self.text}"


def ladder(catalog: Catalog, task: Task, text: str | None) -> tuple[Hint, ...]:
    """The hints for an answer, in order of their steps; none when it is done.

    Args:
        text: The answer as written; None when there is none, which is like the starter.
    """
    answer = forms.starter(task) if text is None or forms.untouched(task, text) else text
    if task.kind.answered_with_policies:
        return _hints(_for_policies(catalog, task, answer))
    return _hints((Step(number), said) for number, said in form_hints.steps(catalog, task, answer))


def _hints(steps: Iterator[tuple[Step, str]]) -> tuple[Hint, ...]:
    return tuple(Hint(step=step, text=said.strip()) for step, said in steps if said.strip())


def _for_policies(catalog: Catalog, task: Task, text: str) -> Iterator[tuple[Step, str]]:
    try:
        mine = answer_policies(catalog, task, text) if text.strip() else ()
    except ManifestError as error:
        yield from _unreadable(task, error.problems)
        return
    world = catalog.world(task)
    solution = catalog.solutions(task)[0]
    relation = relation_to_solution(catalog, task, mine)
    if relation.equal:
        judged = grade_policies(catalog, task, mine, advise=False)
        if judged.interruption is not None:
            yield from _interrupted(task, judged.interruption)
        elif judged.outcome is not Outcome.DONE:
            yield from _too_many(task)
        return
    found = faults(world, task, mine, solution)
    if not found and task.means == "":
        return
    fault = found[0] if found else witness_fault(relation.witnesses[0])
    repair = _repair(task, world, mine, solution)
    yield Step.LOCATE, _locate(fault, mine)
    yield Step.CONCEPT, task.concept
    yield Step.WITNESS, _witness(fault, world)
    yield Step.LINE, _line(task, fault, mine, repair)
    yield Step.EDIT, _edit(world, fault, mine, solution, repair)


def _repair(
    task: Task, world: Cluster, mine: Policies, solution: Policies
) -> Repair | TierRepair | None:
    """The smallest repair of an answer, if a small one does."""
    scope = task.means or "world"
    if any(map(of_cluster, (*mine, *solution))):
        return tier_repair(mine, solution, scope=scope, world=world)
    repair = minimal_repair(
        (*mine, *world.cluster_policies),
        (*solution, *world.cluster_policies),
        scope=scope,
        world=world,
        given=world.policies,
        candidates=_CANDIDATES,
    )
    return repair if repair.outcome is RepairOutcome.REPAIRED else None


def _unreadable(task: Task, problems: tuple[Problem, ...]) -> Iterator[tuple[Step, str]]:
    first = problems[0]
    where = first.object or f"the file {task.id}.yaml"
    yield Step.LOCATE, f"Your answer cannot be read yet. Look at {where}."
    yield Step.CONCEPT, task.concept
    field = f", field {first.field}" if first.field else ""
    yield Step.LINE, f"{first.file or where}:{first.line or 1}{field}: {first.message}."
    yield Step.EDIT, first.help or str(first)


def _interrupted(task: Task, found: Interruption) -> Iterator[tuple[Step, str]]:
    name = found.policy.key
    end = "In the end it means what it must."
    yield (
        Step.LOCATE,
        f"{end} Look at step {found.step}, {name}, when those below are not there yet.",
    )
    yield Step.CONCEPT, task.concept
    first = found.failures[0]
    end = forms.end_word(first.answer).removeprefix("deny-").replace("both", "both ends")
    yield Step.WITNESS, f"{first.connection} passed before this step. It is stopped at {end}."
    place = found.policy.origin.locate() if found.policy.origin else f"{task.id}.yaml"
    yield Step.LINE, f"{place}, policy {name}: what allows this comes later, or not at all."
    yield Step.EDIT, f"This order interrupts nothing:\n\n{task.references[0].text}"


def _too_many(task: Task) -> Iterator[tuple[Step, str]]:
    yield Step.LOCATE, "It means what it must. It is only longer than the task allows."
    yield Step.CONCEPT, task.concept
    yield Step.EDIT, f"This is short enough:\n\n{task.references[0].text}"


# --- the steps


def _locate(fault: Fault, mine: Policies) -> str:
    """Which end, and which policies at it."""
    end, entity = fault.end, fault.end.entity
    direction = end.direction.value.lower()
    where = f"Look at the {direction} of {entity.key}."
    if by_tier := end.decided_by:
        much = "Something must get through there" if fault.must_allow else "Too much gets through"
        return f"{where} {much}. A rule of tier {by_tier.policy.tier} decides: {by_tier.policy}."
    own = [policy.key for policy in end.isolated_by if policy in mine]
    given = [policy.key for policy in end.isolated_by if policy not in mine]
    if fault.must_allow:
        names = f"your {_policies(own)}" if own else "no policy of yours"
        verb, stand = _verb(given, "isolates"), _verb(own, "stands")
        too = " too" if own else ""
        more = f" The given {_policies(given)} {verb} it{too}." if given else ""
        return f"{where} Something must get through there. At this end {stand} {names}.{more}"
    if not end.isolated_by:
        return f"{where} Too much gets through there: no policy isolates it in this direction."
    opening = dict.fromkeys(step.policy.key for step in end.matched)
    return f"{where} Too much gets through there, by {_policies(list(opening))}."


def _policies(keys: list[str]) -> str:
    return f"{'policy' if len(keys) == 1 else 'policies'} {listed(keys)}"


def _verb(keys: list[str], singular: str) -> str:
    """A verb in the present tense, as it stands with so many policies."""
    return singular.removesuffix("s") if len(keys) > 1 else singular


def _witness(fault: Fault, world: Cluster) -> str:
    must = "must pass, but does not" if fault.must_allow else "must not pass, but does"
    lines = [f"{fault.connection} {must}."]
    made_up = (pod for pod in fault.pods if world.find_pod(pod.key) is None)
    lines += [f"Suppose there is a pod {pod.key} with {_labels(pod)}." for pod in made_up]
    ends = [each.direction.value.lower() for each in fault.verdict.ends if not each.allowed]
    if fault.must_allow:
        lines.append(f"It is stopped at {listed(ends)}.")
    return "\n".join(lines)


def _labels(pod: Pod) -> str:
    return f"labels {pod.labels}" if isinstance(pod.labels, Labels) and pod.labels else "no labels"


def _line(task: Task, fault: Fault, mine: Policies, repair: Repair | TierRepair | None) -> str:
    """The line and field to change; that of the repair when there is one."""
    if repair is not None:
        return "\n".join(_edit_place(task, edit, mine) for edit in repair.edits)
    end = fault.end
    if (by_tier := end.decided_by) and by_tier.policy in mine:
        return (
            f"{by_tier.locate() or f'{task.id}.yaml'}, field {by_tier.field} of policy "
            f"{by_tier.policy}: it decides this."
        )
    if should := fault.should.decided_by:
        tier = should.policy.tier
        return f"{task.id}.yaml: no rule of tier {tier} decides about this connection yet."
    own = [step for step in end.matched if step.policy in mine]
    if not fault.must_allow and own:
        step = own[0]
        return f"{step.locate()}, field {step.field} of policy {step.policy.key}: it allows this."
    here = [policy for policy in end.isolated_by if policy in mine]
    if not here:
        return f"{task.id}.yaml: a policy is missing that selects {end.entity.key}."
    field = f"spec.{end.direction.rules_field}"
    place = here[0].origin.locate(field) if here[0].origin else f"{task.id}.yaml"
    return f"{place}, field {field} of policy {here[0].key}: what is there does not do it."


def _edit_place(task: Task, edit: Edit | TierEdit, mine: Policies) -> str:
    if edit.policy not in mine:
        return f"{task.id}.yaml: one policy is missing."
    where = f"{edit.location or f'{task.id}.yaml'}, policy {edit.policy.key}"
    if not edit.field:
        return f"{where}: the whole policy is too much."
    adds = edit.adds if isinstance(edit, TierEdit) else edit.before is None
    what = "something is missing here" if adds else "this must change"
    return f"{where}, field {edit.field}: {'this is too much' if edit.narrows else what}."


def _edit(
    world: Cluster,
    fault: Fault,
    mine: Policies,
    solution: Policies,
    repair: Repair | TierRepair | None,
) -> str:
    """What to write: the repaired policies, else the solution's policy that decides there."""
    if repair is not None:
        return "\n".join(_differences(mine, repair.policies))
    decided = fault.should.matched if fault.must_allow else ()
    by_tier = fault.should.decided_by
    policies: list[AnyPolicy] = [by_tier.policy] if by_tier else []
    policies += [step.policy for step in decided] or list(fault.should.isolated_by)
    relevant = [policy for policy in policies if policy not in world.every_policy]
    return f"A policy such as this one is needed:\n\n{dump((relevant or list(solution))[0])}"


def _differences(mine: Policies, repaired: Policies) -> Iterator[str]:
    for before in mine:
        if before in repaired:
            continue
        after = next((each for each in repaired if each.key == before.key), None)
        if after is None and len(repaired) == len(mine):
            after = repaired[mine.index(before)]
        if after is None:
            yield f"Remove policy {before.key}."
            continue
        yield f"In policy {before.key}, take out the lines with `-`, write those with `+`:\n"
        lines = difflib.unified_diff(
            dump(before).splitlines(), dump(after).splitlines(), n=_CONTEXT, lineterm=""
        )
        yield from (line for line in list(lines)[_HEAD_OF_DIFFERENCE:] if not line.startswith("@@"))
    for after in repaired[len(mine) :]:
        yield f"Add this policy:\n\n{dump(after)}"
