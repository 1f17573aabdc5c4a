"""Prove the grader itself: what must pass passes, what must not does not.

For every task: the stub is not attempted; every reference is done, and there are at least two of
different shape; an empty set of policies, allow-all, deny-all, the solutions of other tasks and
every mutant of the solution are either proven to mean the same as the solution, or not yet.  A
mutant is what a misconception makes of it, or a single edit; the former must be given the
misconception's name, or the name of one that makes the same policies.  Answers that fit today's
pods and no others are tried as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.repair.edits import Pool, edits
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, by_scope, of_cluster
from netpol_sim.course import diagnosis, forms, tier_rewrites
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.cheats import cheats
from netpol_sim.course.exercise_notebooks import solution
from netpol_sim.course.grade import Outcome, grade, grade_policies, is_done
from netpol_sim.course.misconceptions import BY_ID, MISCONCEPTIONS
from netpol_sim.course.task import Option, Task, TaskKind
from netpol_sim.errors import NetpolError
from netpol_sim.policy import Direction, NetworkPolicy, Rule

_NOBODY = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: everything}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
"""
_EVERYBODY = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: everybody}
subjects: [{kind: Group, name: "system:authenticated"}]
roleRef: {kind: ClusterRole, name: everything}
"""

Policies = tuple[AnyPolicy, ...]
_MOST_EDITS = 450


class Sort(StrEnum):
    """What a trial is about."""

    FORM = "form"
    REFERENCE = "reference"
    MUTANT = "mutant"
    CHEAT = "cheat"
    OTHER_TASK = "solution of another task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One answer given to the grader: what it stands for, what must come out, what did.

    ``misconception`` is the one that made a mutant which means something else, ``named`` the one
    that the grade names.
    """

    sort: Sort
    name: str
    expected: tuple[Outcome, ...]
    outcome: Outcome
    misconception: str | None = None
    named: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the grader did what it must."""
        return self.outcome in self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReport:
    """Everything tried on one task; ``faults`` are what is wrong with the task itself."""

    task: Task
    trials: tuple[Trial, ...]
    faults: tuple[str, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """One sentence for each thing that is not as it must be."""
        wrong = (
            f"{trial.name}: {trial.outcome}, not {' or '.join(trial.expected)}"
            for trial in self.trials
            if not trial.passed
        )
        return (*self.faults, *wrong)


def examine(catalog: Catalog, task: Task) -> TaskReport:
    """Try everything on one task."""
    return TaskReport(
        task=task, trials=tuple(_trials(catalog, task)), faults=tuple(_faults(catalog, task))
    )


def _trials(catalog: Catalog, task: Task) -> Iterator[Trial]:
    yield _try(catalog, task, "stub", forms.starter(task), (Outcome.NOT_ATTEMPTED,))
    yield _try(catalog, task, "no file", None, (Outcome.NOT_ATTEMPTED,))
    yield _try(catalog, task, "empty file", "", (Outcome.NOT_ATTEMPTED,))
    yield _try(catalog, task, "garbage", "\0{[", (Outcome.NOT_YET,))
    if not task.kind.answered_with_policies:
        right = solution(catalog, task)
        yield _try(catalog, task, "solution", right, (Outcome.DONE,), Sort.REFERENCE)
        yield from _wrong_forms(catalog, task)
        if task.kind is TaskKind.ROLES:
            yield from _roles(catalog, task)
        return
    for reference in task.references:
        name = f"reference {reference.label or 'one'}"
        yield _try(catalog, task, name, reference.text, (Outcome.DONE,), Sort.REFERENCE)
    yield from _wrong_policies(catalog, task)
    yield from _single_edits(catalog, task)


def _try(
    catalog: Catalog,
    task: Task,
    name: str,
    text: str | None,
    expected: tuple[Outcome, ...],
    sort: Sort = Sort.FORM,
) -> Trial:
    found = grade(catalog, task, text)
    return Trial(
        sort=sort, name=name, expected=expected, outcome=found.outcome, named=found.misconception
    )


def _wrong_forms(catalog: Catalog, task: Task) -> Iterator[Trial]:
    """Every single wrong line, and the same word everywhere."""
    right = solution(catalog, task).splitlines()
    for number, line in enumerate(right):
        label, _, value = line.rpartition(": ")
        if value not in forms.words(task):
            continue
        for word in forms.words(task):
            if word == value:
                continue
            changed = "\n".join([*right[:number], f"{label}: {word}", *right[number + 1 :]])
            name = f"{label}: {word}"
            yield _try(catalog, task, name, changed, (Outcome.NOT_YET,), Sort.MUTANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """Policies to be judged; ``misconception`` made them, if one did."""

    name: str
    policies: Policies
    sort: Sort = Sort.MUTANT
    misconception: str | None = None


def _roles(catalog: Catalog, task: Task) -> Iterator[Trial]:
    """The other references; nobody may do anything; everybody may do everything."""
    for reference in task.references[1:]:
        name = f"reference {reference.label or 'one'}"
        yield _try(catalog, task, name, reference.text, (Outcome.DONE,), Sort.REFERENCE)
    for name, text in (("nobody", _NOBODY), ("everybody", f"{_NOBODY}---{_EVERYBODY}")):
        yield _try(catalog, task, name, text, (Outcome.NOT_YET,), Sort.MUTANT)


def _wrong_policies(catalog: Catalog, task: Task) -> Iterator[Trial]:
    world, right = catalog.world(task), catalog.solutions(task)[0]
    for candidate in _candidates(catalog, task):
        if not _can_be_handed_in(candidate.policies, right, world):
            continue
        found = grade_policies(catalog, task, candidate.policies, advise=False)
        relation = found.relation or compare(
            (*world.every_policy, *candidate.policies),
            (*world.every_policy, *right),
            scope="world",
            world=world,
        )
        yield Trial(
            sort=candidate.sort,
            name=candidate.name,
            expected=(Outcome.DONE, Outcome.NOT_YET) if relation.equal else (Outcome.NOT_YET,),
            outcome=found.outcome,
            misconception=None if relation.equal else candidate.misconception,
            named=found.misconception,
        )


def _candidates(catalog: Catalog, task: Task) -> Iterator[_Candidate]:
    world, right = catalog.world(task), catalog.solutions(task)[0]
    both = (Direction.INGRESS, Direction.EGRESS)
    own, of_cluster = by_scope(right)
    namespace = own[0].namespace if own else world.pods[0].namespace
    shut = NetworkPolicy(namespace=namespace, name="all", policy_types=both)
    yield _Candidate(name="deny-all", policies=(shut,))
    yield _Candidate(name="allow-all", policies=(_opened(shut),))
    for other in catalog.tasks:
        if other.id != task.id and other.kind.answered_with_policies:
            name = f"solution of {other.id}"
            yield _Candidate(name=name, policies=catalog.solutions(other)[0], sort=Sort.OTHER_TASK)
    for misconception in MISCONCEPTIONS:
        for number, variant in enumerate(misconception.everywhere(right, world), start=1):
            name = f"{misconception.id} {number}"
            yield _Candidate(name=name, policies=variant, misconception=misconception.id)
    for name, policies in cheats(own, world):
        if policies != own:
            yield _Candidate(name=name, policies=(*policies, *of_cluster), sort=Sort.CHEAT)


def _can_be_handed_in(policies: Policies, right: Policies, world: Cluster) -> bool:
    """Whether there are policies, of the task's scope, none with the name of another one."""
    keys = [policy.key for policy in (*world.every_policy, *policies)]
    fits = any(map(of_cluster, right)) or not any(map(of_cluster, policies))
    return bool(policies) and fits and len(set(keys)) == len(keys)


def _single_edits(catalog: Catalog, task: Task) -> Iterator[Trial]:
    """The solution with one edit, of every kind and in every place; of very many, a part."""
    world, right = catalog.world(task), catalog.solutions(task)[0]
    own, of_cluster = by_scope(right)
    pool = Pool.of(own)
    changes: list[tuple[str, int, AnyPolicy]] = [
        (f"{change.kind} at {policy.key} {change.field}", right.index(policy), change.policy)
        for policy in own
        for change in edits(policy, pool)
    ]
    changes += [
        (f"{name} of {policy.key}", right.index(policy), changed)
        for policy in of_cluster
        for name, changed in tier_rewrites.single_edits(policy)
    ]
    step = math.ceil(len(changes) / _MOST_EDITS) or 1
    for name, index, policy in changes[::step]:
        changed = (*right[:index], policy, *right[index + 1 :])
        if not _can_be_handed_in(changed, right, world):
            continue
        done = is_done(catalog, task, changed)
        yield Trial(
            sort=Sort.MUTANT,
            name=name,
            expected=(Outcome.DONE, Outcome.NOT_YET),
            outcome=Outcome.DONE if done else Outcome.NOT_YET,
        )


def _opened(policy: NetworkPolicy) -> NetworkPolicy:
    return NetworkPolicy(
        namespace=policy.namespace,
        name=policy.name,
        policy_types=policy.policy_types,
        ingress=(Rule(),),
        egress=(Rule(),),
    )


def _faults(catalog: Catalog, task: Task) -> Iterator[str]:
    """What is wrong with the task as it is written."""
    if task.kind.answered_with_policies:
        if len(task.references) < 2:
            yield "there is only one reference"
        if not task.must_allow or not task.must_deny:
            yield "both kinds of connections must be listed: what must pass, and what must not"
    if task.kind is TaskKind.ROLES and not (task.may and task.may_not):
        yield "both kinds of requests must be listed: what must be granted, and what must not"
    if task.kind is not TaskKind.TALK and not task.concept.strip():
        yield "there is no concept to hint at"
    if task.kind is TaskKind.TALK and not (task.references and task.checklist):
        yield "a talk needs a model answer and a checklist"
    for name in task.misconceptions:
        yield from _misconception_faults(catalog, task, name)
    for option in task.options:
        yield from _option_faults(catalog, task, option)
    for connection, _ in task.listed:
        yield from _unanswerable(catalog, task, connection)


def _misconception_faults(catalog: Catalog, task: Task, name: str) -> Iterator[str]:
    if name not in BY_ID:
        yield f"there is no misconception `{name}`"
    elif task.kind.answered_with_policies and not diagnosis.can_show(catalog, task, name):
        yield f"the misconception `{name}` changes nothing in this task"


def _option_faults(catalog: Catalog, task: Task, option: Option) -> Iterator[str]:
    world = catalog.world(task)
    if not option.claims:
        return
    holds = all(forms.comes_to(world, claim.connection, claim.comes_to) for claim in option.claims)
    if holds is not option.right:
        state = "holds" if holds else "does not hold"
        yield f"statement `{option.id}` is marked {option.right}, but what it claims {state}"


def _unanswerable(catalog: Catalog, task: Task, connection: str) -> Iterator[str]:
    try:
        forms.comes_to(catalog.world(task), connection, "allow")
    except NetpolError as error:
        yield f"`{connection}`: {error}"
