"""Judge an answer by what it means: not attempted, not yet, or done, and why.

Pure: text in, grade out.  An answer is data; nothing of it is ever run.  The order of a grade is
the order of its fields: what does not load, the listed connections that come out wrong, what
differs beyond the list, the misconception that makes exactly this answer, advice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netpol_sim.analysis.compare import Relation, Scope, compare
from netpol_sim.analysis.lint import Finding, Severity, lint
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, of_cluster
from netpol_sim.course import diagnosis, forms, roles
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.forms import RowResult
from netpol_sim.course.task import Limit, Reference, Task, TaskKind
from netpol_sim.errors import ManifestError, Problem, ProblemKind
from netpol_sim.manifest import loads
from netpol_sim.policy import Direction
from netpol_sim.verdict import Answer, Verdict


class Outcome(StrEnum):
    """What an answer comes to."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A listed connection that comes out wrong: it must be allowed and is not, or the reverse.

    ``answer`` is what becomes of it, ``should`` what becomes of it with the solution.
    """

    connection: str
    must_allow: bool
    answer: Answer
    should: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A policy that, applied where it stands in the answer, stops what must be allowed.

    ``step`` counts from 1; ``failures`` passed at the step before.
    """

    policy: AnyPolicy
    step: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What an answer comes to, and why.

    Attributes:
        policies: The policies of the answer, when they load.
        cluster: The task's world with them.
        problems: What does not load.
        failures: Listed connections that come out wrong.
        relation: The answer against the solution, with the given policies on both sides; None when
            only the listed connections count.
        interruption: For staged tasks, the first step that stops what must be allowed.
        over_limit: The limit that the answer breaks, if it breaks one.
        misconception: The id of the mistake that makes exactly this answer of a right one.
        rows: For grids, reviews and talks: one result for each row, statement or point.
        findings: Advice about the policies of the answer; none for staged tasks, in which a rule
            may be needed on the way that the last policies make redundant.
        others: Right answers that are written otherwise, to be shown once the task is done.
        slack: The answer against the solution in the task's world when only listed connections
            count: its ``too_open`` is allowed without need.
    """

    task: Task
    outcome: Outcome
    policies: tuple[AnyPolicy, ...] = field(default=(), repr=False)
    cluster: Cluster | None = field(default=None, repr=False)
    problems: tuple[Problem, ...] = ()
    failures: tuple[Failure, ...] = ()
    relation: Relation | None = None
    interruption: Interruption | None = None
    over_limit: Limit | None = None
    misconception: str | None = None
    rows: tuple[RowResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    others: tuple[Reference, ...] = ()
    slack: Relation | None = None


def grade(catalog: Catalog, task: Task, text: str | None) -> Grade:
    """Judge an answer to a task.

    Args:
        text: The answer as written; None when there is none.
    """
    if text is None or forms.untouched(task, text):
        return Grade(task=task, outcome=Outcome.NOT_ATTEMPTED)
    if task.kind is TaskKind.GRID:
        return _of_rows(task, *forms.grid(catalog, task, text))
    if task.kind is TaskKind.REVIEW:
        return _of_rows(task, *forms.review(task, text))
    if task.kind is TaskKind.ROLES:
        return _of_rows(task, *roles.judge(task, text))
    if task.kind is TaskKind.TALK:
        return _of_rows(task, *forms.talk(task, text))
    try:
        policies = answer_policies(catalog, task, text)
    except ManifestError as error:
        return Grade(task=task, outcome=Outcome.NOT_YET, problems=error.problems)
    return grade_policies(catalog, task, policies)


def answer_policies(catalog: Catalog, task: Task, text: str) -> tuple[AnyPolicy, ...]:
    """The policies an answer holds.

    Raises:
        ManifestError: The answer does not load, holds no policy, writes over a given one, or holds
            cluster-scoped policies and the task is not about them.
    """
    file = f"{task.id}.yaml"
    policies = loads(text, file=file).every_policy
    given = {policy.key for policy in catalog.world(task).every_policy}
    if not policies:
        message = "this answer holds no policy"
        raise ManifestError(
            [Problem(kind=ProblemKind.REQUIRED, field="", message=message, file=file)]
        )
    taken = [
        Problem(
            kind=ProblemKind.DUPLICATE,
            field="metadata.name",
            value=policy.name,
            object=called(policy),
            message="a policy of this name is given and stays as it is; choose another name",
            file=file,
            line=policy.origin.line if policy.origin else None,
        )
        for policy in policies
        if policy.key in given
    ]
    if taken or (taken := _of_other_scope(catalog, task, policies)):
        raise ManifestError(taken)
    return policies


def _of_other_scope(catalog: Catalog, task: Task, policies: tuple[AnyPolicy, ...]) -> list[Problem]:
    """Cluster-scoped policies where NetworkPolicies are asked for."""
    if any(map(of_cluster, catalog.solutions(task)[0])):
        return []
    return [
        Problem(
            kind=ProblemKind.NOT_SUPPORTED,
            field="kind",
            value=policy.kind,
            object=called(policy),
            message="this task is answered with NetworkPolicies",
            file=f"{task.id}.yaml",
            line=policy.origin.line if policy.origin else None,
        )
        for policy in policies
        if of_cluster(policy)
    ]


def _of_rows(task: Task, rows: tuple[RowResult, ...], problems: tuple[Problem, ...]) -> Grade:
    done = not problems and all(row.right for row in rows)
    return Grade(
        task=task,
        outcome=Outcome.DONE if done else Outcome.NOT_YET,
        problems=problems,
        rows=rows,
    )


def grade_policies(
    catalog: Catalog, task: Task, policies: tuple[AnyPolicy, ...], *, advise: bool = True
) -> Grade:
    """Judge policies, however they were written; ``advise`` asks lint for advice as well."""
    world = catalog.world(task)
    cluster = world.with_policy(*policies)
    failures = _failures(cluster, world.with_policy(*catalog.solutions(task)[0]), task)
    relation = relation_to_solution(catalog, task, policies)
    over_limit = task.limit if task.limit and _breaks(task.limit, policies) else None
    interruption = _interruption(world, task, policies) if task.staged else None
    exact = relation.equal or not task.means
    done = exact and not failures and not over_limit and not interruption
    return Grade(
        task=task,
        outcome=Outcome.DONE if done else Outcome.NOT_YET,
        policies=policies,
        cluster=cluster,
        failures=failures,
        relation=relation if task.means else None,
        interruption=interruption,
        over_limit=over_limit,
        misconception=diagnosis.misconception(catalog, task, policies, relation),
        findings=_advice(cluster, policies) if advise and not task.staged else (),
        others=_others(catalog, task, policies) if done else (),
        slack=relation if done and not task.means else None,
    )


def is_done(catalog: Catalog, task: Task, policies: tuple[AnyPolicy, ...]) -> bool:
    """Whether policies do what a task asks: as ``grade_policies``, without the reasons."""
    world = catalog.world(task)
    cluster = world.with_policy(*policies)
    if any(_is_wrong(evaluate(cluster, text), must_allow) for text, must_allow in task.listed):
        return False
    if (task.limit and _breaks(task.limit, policies)) or (
        task.staged and _interruption(world, task, policies)
    ):
        return False
    return not task.means or relation_to_solution(catalog, task, policies).equal


def _failures(cluster: Cluster, solved: Cluster, task: Task) -> tuple[Failure, ...]:
    answers = [(text, must_allow, evaluate(cluster, text)) for text, must_allow in task.listed]
    return tuple(
        Failure(
            connection=text, must_allow=must_allow, answer=answer, should=evaluate(solved, text)
        )
        for text, must_allow, answer in answers
        if _is_wrong(answer, must_allow)
    )


def _is_wrong(answer: Answer, must_allow: bool) -> bool:  # noqa: FBT001  the answer itself
    return (answer.allowed if must_allow else not passes_somehow(answer)) is False


def _others(catalog: Catalog, task: Task, policies: tuple[AnyPolicy, ...]) -> tuple[Reference, ...]:
    mine = diagnosis.said(policies)
    pairs = zip(task.references, catalog.solutions(task), strict=True)
    return tuple(reference for reference, others in pairs if diagnosis.said(others) != mine)


def called(policy: AnyPolicy) -> str:
    """A policy as problems and findings call it."""
    if of_cluster(policy):
        return f"{policy.kind} {policy.name}"
    return f"NetworkPolicy {policy.key}"


def _interruption(
    world: Cluster, task: Task, policies: tuple[AnyPolicy, ...]
) -> Interruption | None:
    """The first policy that stops a connection which must be allowed and passed until then."""
    cluster = world
    before = {text: evaluate(world, text) for text in task.must_allow}
    passing = [text for text, answer in before.items() if answer.allowed]
    for step, policy in enumerate(policies, start=1):
        cluster = cluster.with_policy(policy)
        answers = {text: evaluate(cluster, text) for text in task.must_allow}
        failures = tuple(
            Failure(connection=text, must_allow=True, answer=answers[text], should=before[text])
            for text in passing
            if not answers[text].allowed
        )
        if failures:
            return Interruption(policy=policy, step=step, failures=failures)
        before = answers
        passing = [text for text, answer in answers.items() if answer.allowed]
    return None


def passes_somehow(answer: Answer) -> bool:
    """Whether the connection passes; to a Service: whether any backend lets it pass."""
    if isinstance(answer, Verdict):
        return answer.allowed
    return answer.allowed or any(backend.allowed for backend in answer.backends)


def relation_to_solution(catalog: Catalog, task: Task, policies: tuple[AnyPolicy, ...]) -> Relation:
    """An answer against the solution, with the given policies on both sides."""
    world, solution = catalog.world(task), catalog.solutions(task)[0]
    given, scope = world.every_policy, task.means or Scope.WORLD
    return compare((*given, *policies), (*given, *solution), scope=scope, world=world)


def _breaks(limit: Limit, policies: tuple[AnyPolicy, ...]) -> bool:
    rules = sum(len(policy.rules(direction)) for policy in policies for direction in Direction)
    too_many_policies = limit.policies is not None and len(policies) > limit.policies
    return too_many_policies or (limit.rules is not None and rules > limit.rules)


def _advice(cluster: Cluster, policies: tuple[AnyPolicy, ...]) -> tuple[Finding, ...]:
    """What lint says of the answer's own policies, and not of how the world is covered."""
    own = {called(policy) for policy in policies}
    found = (finding for finding in lint(cluster) if finding.object in own)
    return tuple(
        finding
        for finding in found
        if finding.severity.reaches(Severity.LOW) and not finding.id.startswith("NP6")
    )
