"""A grade in words: the same lines in the notebook, in the terminal and in the tests.

What matters most comes first and one thing at a time: what does not load; the listed connections
that come out wrong, the first of them with its reasons; then, beyond the list, the smallest
connection that tells the answer from the intent; then the belief behind it.  Advice comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.analysis.compare import Scope
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.analysis.lint import Finding
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.course import beliefs, reasons
from netpol_sim.course.forms import RowResult
from netpol_sim.course.grade import Failure, Grade, Interruption, Outcome
from netpol_sim.course.misconceptions import BY_ID
from netpol_sim.course.task import Reference, Task, TaskKind
from netpol_sim.errors import Problem
from netpol_sim.labels import Labels
from netpol_sim.manifest import loads
from netpol_sim.model import NAMESPACE_NAME_LABEL, Pod
from netpol_sim.policy import Direction
from netpol_sim.render.describe import listed
from netpol_sim.render.quotes import Quote
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Verdict

MARKS = {Outcome.NOT_ATTEMPTED: "…", Outcome.NOT_YET: "✗", Outcome.DONE: "✓"}
_OTHER_END_DENIES = "NP504"
_MOST_FAILURES = 4
_MOST_FINDINGS = {Outcome.NOT_YET: 1, Outcome.DONE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; ``level`` is how far it belongs below others, ``quotes`` what it rests on."""

    text: str
    level: int = 0
    quotes: tuple[Quote, ...] = ()

    def __str__(self) -> str:
        return "  " * self.level + self.text


def text(grade: Grade) -> str:
    """The feedback on an answer, as lines."""
    return "\n".join([headline(grade), *map(str, lines(grade))])


def headline(grade: Grade) -> str:
    """The task and what the answer comes to."""
    return f"{MARKS[grade.outcome]} {grade.task.id}: {grade.outcome}"


def lines(grade: Grade) -> Iterator[Line]:
    """Everything there is to say below the headline."""
    match grade.outcome:
        case Outcome.NOT_ATTEMPTED:
            yield Line(text=_how_to_begin(grade.task))
        case Outcome.NOT_YET:
            yield from _what_is_missing(grade)
        case Outcome.DONE:
            yield from _what_is_proven(grade)


def _how_to_begin(task: Task) -> str:
    match task.kind:
        case TaskKind.GRID | TaskKind.REVIEW:
            return "Put your answer in place of each `?`."
        case TaskKind.TALK:
            return "Write your explanation, then tick what you said: `[x]`."
        case TaskKind.ROLES:
            return "Write your roles and bindings, and you are told who may do what."
        case _:
            return "Write your policies, and you are told what they do."


def _what_is_missing(grade: Grade) -> Iterator[Line]:
    if grade.problems:
        yield from _problems(grade.problems)
        if not grade.rows:
            return
    if grade.rows:
        yield from _rows(grade.task, grade.rows)
        return
    yield from _failures(grade)
    if not grade.failures and grade.relation is not None and not grade.relation.equal:
        yield from _beyond_the_list(grade)
    if not grade.failures and grade.interruption is not None:
        yield from _interrupted(grade.interruption)
    if not grade.failures and grade.over_limit is not None:
        yield Line(text=_limit(grade))
    if grade.misconception is not None:
        belief = BY_ID[grade.misconception]
        yield Line(text=f"This is what comes out of the belief that {belief.believes}.")
        yield Line(text=f"In fact {belief.truth}.")
    yield from _advice(grade)


def _problems(problems: tuple[Problem, ...]) -> Iterator[Line]:
    count = len(problems)
    yield Line(text="One thing cannot be read:" if count == 1 else f"{count} cannot be read:")
    for problem in problems:
        yield Line(text=str(problem), level=1)
        yield from (Line(text=line, level=2) for line in problem.help.splitlines())


def _failures(grade: Grade) -> Iterator[Line]:
    """The first failure with its reasons, and a few more without, unless they are hidden."""
    if grade.failures and grade.task.hidden:
        tried = len(grade.task.listed)
        right = tried - len(grade.failures)
        opening = f"{right} of the {tried} hidden connections come out right."
        yield Line(text=f"{opening} One that does not:")
    for failure in grade.failures[:1]:
        assert grade.cluster is not None  # noqa: S101  it was judged in one
        yield Line(text=f"{_failure(failure)}:")
        mine, should = failure.answer, failure.should
        yield from _reasons(reasons.told(mine, should, grade.cluster, grade.policies))
    more = () if grade.task.hidden else grade.failures[1:]
    if more:
        yield Line(
            text="Also wrong:" if len(more) > 1 else "Also wrong, maybe for the same reason:"
        )
    for failure in more[: _MOST_FAILURES - 1]:
        yield Line(text=f"{_failure(failure)}.", level=1)
    left = len(more) - _MOST_FAILURES + 1
    if left > 0:
        yield Line(text=f"and {left} more.", level=1)


def _sort(task: Task) -> str:
    return "hidden" if task.hidden else "listed"


def _failure(failure: Failure) -> str:
    must = "must pass, but does not" if failure.must_allow else "must not pass, but does"
    return f"{failure.connection} {must}"


def _reasons(told: reasons.Told) -> Iterator[Line]:
    for index, sentence in enumerate(told.sentences, start=1):
        last = index == len(told.sentences)
        yield Line(text=sentence, level=1, quotes=told.quotes if last else ())


def _beyond_the_list(grade: Grade) -> Iterator[Line]:
    relation, cluster = grade.relation, grade.cluster
    assert relation is not None  # noqa: S101  the caller has looked
    assert cluster is not None  # noqa: S101  as above
    opening = (
        f"All {_sort(grade.task)} connections come out right, but " if grade.task.listed else ""
    )
    if relation.too_open is not None:
        yield Line(text=f"{opening}your policies are too open. This passes and must not:")
        yield from _witness(relation.too_open, cluster, grade.policies)
    if relation.too_tight is not None:
        too_tight = f"{opening}your policies are too tight"
        also = "They are also too tight" if relation.too_open else too_tight
        yield Line(text=f"{also}. This must pass and does not:")
        yield from _witness(relation.too_tight, cluster, grade.policies)
    if relation.limit is not None and not relation.witnesses:
        yield Line(text="There is too much to compare by meaning; write fewer or simpler policies.")


def _witness(witness: Witness, judged: Cluster, own: tuple[AnyPolicy, ...]) -> Iterator[Line]:
    """A connection, what its made-up pods are, and why it comes out wrong."""
    yield Line(text=str(witness.connection), level=1)
    for pod in witness.pods:
        if judged.find_pod(pod.key) is None:
            yield Line(text=f"({_describe(pod, witness.cluster)})", level=1)
    cluster = witness.cluster.with_policy(*judged.every_policy)
    yield from _reasons(reasons.told(witness.mine, witness.reference, cluster, own))


def _describe(pod: Pod, cluster: Cluster) -> str:
    labels = str(pod.labels) if isinstance(pod.labels, Labels) and pod.labels else "no labels"
    around = dict(cluster.namespace_labels(pod.namespace))
    around.pop(NAMESPACE_NAME_LABEL, None)
    namespace = ", ".join(f"{key}={value}" for key, value in around.items())
    within = f", in a namespace with {namespace}" if namespace else ""
    return f"suppose there is a pod {pod.key} with {labels}{within}"


def _interrupted(found: Interruption) -> Iterator[Line]:
    step = f"step {found.step} ({found.policy.key})"
    yield Line(text=f"On the way, {step} stops what must not be interrupted:")
    for failure in found.failures:
        yield Line(text=explain(failure.answer, Length.LINE), level=1)


def _limit(grade: Grade) -> str:
    limit = grade.over_limit
    assert limit is not None  # noqa: S101  the caller has looked
    parts = []
    if limit.policies is not None:
        parts.append(f"{_count(limit.policies, 'policy')} (you have {len(grade.policies)})")
    if limit.rules is not None:
        parts.append(f"{_count(limit.rules, 'rule')} (you have {_rules_of(grade.policies)})")
    return f"It works, but it can be smaller: at most {' and '.join(parts)}."


def _rules_of(policies: tuple[AnyPolicy, ...]) -> int:
    return sum(len(policy.rules(direction)) for policy in policies for direction in Direction)


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _rows(task: Task, rows: tuple[RowResult, ...]) -> Iterator[Line]:
    if task.kind is TaskKind.TALK:
        yield Line(text="Not ticked yet:")
        yield from (Line(text=f"[ ] {row.label}", level=1) for row in rows if not row.right)
        return
    right = sum(row.right for row in rows)
    yield Line(text=f"{right} of {len(rows)} are right.")
    for row in rows:
        if row.right or not row.given:
            continue
        given = f"you say {row.given}"
        if task.kind is TaskKind.ROLES:
            given = f"it is {row.given}, and must be {row.expected}"
        yield Line(text=f"{row.label}: {given}.", level=1)
        yield from (Line(text=line, level=2) for line in why(row).splitlines())
        if row.belief:
            yield Line(text=beliefs.sentence(BY_ID[row.belief]), level=2)
    left_open = [row.label for row in rows if not row.given]
    if left_open:
        yield Line(text=f"Still open: {listed(left_open)}.")


def why(row: RowResult) -> str:
    """Why a row comes out as it does."""
    if row.because:
        return row.because.strip()
    if isinstance(row.answer, Verdict):
        return explain(row.answer, Length.LINE)
    return f"It is {row.expected}." if row.answer is None else str(row.answer)


def _advice(grade: Grade) -> Iterator[Line]:
    """What lint says, unless the belief behind the answer says it already."""
    if grade.misconception is not None:
        return
    said = dict.fromkeys(
        (finding.id, finding.message) for finding in grade.findings if not _repeats(grade, finding)
    )
    for rule, message in list(said)[: _MOST_FINDINGS[grade.outcome]]:
        yield Line(text=f"Advice ({rule}): {message}")


def _repeats(grade: Grade, finding: Finding) -> bool:
    """Whether a finding says only what a failure says: that the other end denies."""
    return bool(grade.failures) and finding.id == _OTHER_END_DENIES


def _what_is_proven(grade: Grade) -> Iterator[Line]:
    task = grade.task
    if task.kind is TaskKind.TALK:
        yield Line(text="Ticked by you, so this is your own assessment.")
        return
    if grade.rows:
        yield Line(text=f"All {len(grade.rows)} are right.")
        return
    yield Line(text=f"All {len(task.listed)} {_sort(task)} connections come out right.")
    if grade.relation is not None:
        others = "connection of this cluster" if task.means == Scope.WORLD else "pod"
        yield Line(
            text=f"And your policies mean exactly what is asked, for every other {others} as well."
        )
    elif grade.slack is not None and grade.slack.too_open is not None:
        example = grade.slack.too_open.connection
        yield Line(text=f"They also allow more than is needed, for example {example}.")
    yield from _other_ways(grade)
    yield from _advice(grade)


def _other_ways(grade: Grade) -> Iterator[Line]:
    """How else it can be written, and with how much."""
    if not grade.others:
        return
    mine = _size(grade.policies)
    yield Line(text=f"You wrote {mine}. Also right:")
    for reference in grade.others:
        policies = loads(reference.text).every_policy
        yield Line(text=f"{_label(reference)}: {_size(policies)}", level=1)
    fewest = min(_rules_of(loads(reference.text).every_policy) for reference in grade.others)
    if fewest < _rules_of(grade.policies):
        yield Line(text=f"Fewer rules are easier to review: {_count(fewest, 'rule')} can do it.")


def _label(reference: Reference) -> str:
    return reference.label or "the solution of the course"


def _size(policies: tuple[AnyPolicy, ...]) -> str:
    return f"{_count(len(policies), 'policy')} with {_count(_rules_of(policies), 'rule')}"
