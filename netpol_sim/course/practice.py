"""New tasks, as many as one likes: the same number gives the same task everywhere.

A drawn scenario becomes a task only when it can teach something: the solution passes, and no
policies, allow-all and deny-all do not; at least two mistakes change what passes.  How hard it is
comes from facts that can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.grade import is_done
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.scenario import DNS, Dice, Scenario, draw
from netpol_sim.course.task import GridValue, Reference, Row, Task, TaskKind
from netpol_sim.errors import NetpolError
from netpol_sim.evaluate import evaluate_end
from netpol_sim.manifest import dump
from netpol_sim.model import Connection
from netpol_sim.policy import Direction, NetworkPolicy, Rule
from netpol_sim.verdict import Verdict

Policies = tuple[NetworkPolicy, ...]
LEVELS = range(1, 6)
_DRAWS = 500
_ROWS = 6
_LISTED = 4
_FEWEST_MISTAKES = 2
_MANY_NAMESPACES = 3
_MANY_MISTAKES = 12
_STARTER = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"


class PracticeError(NetpolError):
    """No task of the level that was asked for came up."""


class PracticeKind(StrEnum):
    """What the learner does: write policies, repair them, or predict what passes."""

    WRITE = "write"
    FIX = "fix"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """Facts about a task, and the level they make."""

    rules: int
    namespaces: int
    misconceptions: tuple[str, ...]

    @property
    def level(self) -> int:
        """From 1 to 5: more rules, many namespaces and many mistakes each make it harder."""
        many = self.namespaces > _MANY_NAMESPACES, len(self.misconceptions) > _MANY_MISTAKES
        return min(max(LEVELS), self.rules - 1 + sum(many) or 1)

    def __str__(self) -> str:
        return (
            f"level {self.level}: {self.rules} rule{'s' if self.rules > 1 else ''}, "
            f"{self.namespaces} namespaces, {len(self.misconceptions)} mistakes that matter"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A made-up task, and the catalog it is judged with: ``grade(catalog, task, text)``."""

    task: Task
    catalog: Catalog
    difficulty: Difficulty


def practice(kind: PracticeKind, *, seed: int, level: int) -> Practice:
    """Make a task.

    Args:
        kind: What the learner does.
        seed: Any number from 0; the same one gives the same task.
        level: How hard it is, from 1 to 5.

    Raises:
        PracticeError: There is no such level or seed, or no task came up in many draws.
    """
    if level not in LEVELS:
        raise PracticeError(f"a level is a number from 1 to {max(LEVELS)}, not `{level}`")
    if not str(seed).isdecimal():
        raise PracticeError(f"a seed is a number from 0, not `{seed}`")
    dice = Dice((seed * len(PracticeKind) + list(PracticeKind).index(kind)) * 10 + level)
    for _ in range(_DRAWS):
        scenario = draw(dice)
        if level not in _reachable_levels(scenario):
            continue
        probes = _probes(scenario)
        mistakes = tuple(_mistakes(scenario, probes))
        difficulty = _difficulty(scenario, tuple(name for name, _ in mistakes))
        if difficulty.level != level or len(difficulty.misconceptions) < _FEWEST_MISTAKES:
            continue
        task = _task(f"practice-{kind}-{level}-{seed}", scenario, probes)
        task = _as_kind(kind, task, scenario, probes, mistakes, dice)
        catalog = Catalog(folder=Path(), sets=(), made=((task.world, scenario.cluster),))
        found = Practice(task=task, catalog=catalog, difficulty=difficulty)
        if _teaches(found, scenario):
            return found
    raise PracticeError(f"no task of level {level} came up for seed {seed}; try another seed")


def _probes(scenario: Scenario) -> tuple[str, ...]:
    """The connections worth asking about: at the pod in question, and a few between others."""
    policy = scenario.references[0][0]
    target = f"{policy.namespace}/{policy.name}"
    pods = [pod for pod in scenario.cluster.pods if pod.key != target]
    ports = {pod.key: pod.ports for pod in scenario.cluster.pods}
    foreign = ports[pods[0].key][:1]
    inwards = [*(pod.key for pod in pods if pod.namespace != DNS), *scenario.outside]
    pairs = [(source, target, port) for source in inwards for port in (*ports[target], *foreign)]
    pairs += [(target, pod.key, port) for pod in pods for port in pod.ports]
    pairs += [(target, pods[0].key, port) for port in ports[pods[-1].key]]
    pairs += [(one.key, two.key, two.ports[0]) for one, two in pairwise(pods)]
    texts = (f"{source} -> {end}:{port.port}/{port.protocol}" for source, end, port in pairs)
    return tuple(dict.fromkeys(texts))


def _connections(scenario: Scenario, probes: tuple[str, ...]) -> tuple[Connection, ...]:
    answers = (evaluate(scenario.cluster, probe) for probe in probes)
    return tuple(answer.connection for answer in answers if isinstance(answer, Verdict))


def _passing(cluster: Cluster, connections: tuple[Connection, ...]) -> Iterator[bool]:
    """Whether each of some connections passes, without the reasons."""
    for connection in connections:
        yield all(evaluate_end(cluster, connection, way).allowed for way in Direction)


def _mistakes(scenario: Scenario, probes: tuple[str, ...]) -> Iterator[tuple[str, Policies]]:
    """Misconceptions with a wrong set of policies each, that change what passes."""
    cluster, right = scenario.cluster, scenario.references[0]
    connections = _connections(scenario, probes)
    passing = tuple(_passing(cluster.with_policies(right), connections))
    for misconception in MISCONCEPTIONS:
        for variant in misconception.variants(right, cluster):
            now = _passing(cluster.with_policies(variant), connections)
            if any(one is not two for one, two in zip(now, passing, strict=True)):
                yield misconception.id, variant
                break


def _reachable_levels(scenario: Scenario) -> set[int]:
    """The levels a scenario can have, before its mistakes are counted."""
    all_of_them = tuple(each.id for each in MISCONCEPTIONS)
    return {_difficulty(scenario, known).level for known in ((), all_of_them)}


def _difficulty(scenario: Scenario, misconceptions: tuple[str, ...]) -> Difficulty:
    return Difficulty(
        rules=scenario.rules,
        namespaces=len({pod.namespace for pod in scenario.cluster.pods} - {DNS}),
        misconceptions=misconceptions,
    )


def _task(task_id: str, scenario: Scenario, probes: tuple[str, ...]) -> Task:
    """The task to write the policies; other kinds are made of it."""
    connections = _connections(scenario, probes)
    passing = _passing(scenario.cluster.with_policies(scenario.references[0]), connections)
    target = scenario.references[0][0]
    key = f"{target.namespace}/{target.name}"
    about = [(probe, passes) for probe, passes in zip(probes, passing, strict=True) if key in probe]
    return Task(
        id=task_id,
        title=f"Protect {key}",
        lesson=0,
        kind=TaskKind.WRITE,
        story="\n".join(f"- {each}" for each in scenario.words),
        world=task_id,
        source="practice",
        line=1,
        starter=_STARTER,
        must_allow=_spread([probe for probe, passes in about if passes]),
        must_deny=_spread([probe for probe, passes in about if not passes]),
        means="namespaces",
        references=tuple(
            Reference(label=label, text=dump(policies))
            for label, policies in zip(("", "one policy each"), scenario.references, strict=True)
        ),
        concept="Isolate first: `policyTypes` says in which directions. Then one rule for each "
        "permission, with its peer and its port.",
    )


def _spread(items: list[str]) -> tuple[str, ...]:
    """A few of many, from all over the list."""
    count = min(_LISTED, len(items))
    return tuple(items[index * len(items) // count] for index in range(count))


def _as_kind(
    kind: PracticeKind,
    task: Task,
    scenario: Scenario,
    probes: tuple[str, ...],
    mistakes: tuple[tuple[str, Policies], ...],
    dice: Dice,
) -> Task:
    match kind:
        case PracticeKind.WRITE:
            return task
        case PracticeKind.FIX:
            name, wrong = dice.pick(mistakes)
            story = f"These policies do not do what they should. Repair them.\n\n{task.story}"
            return replace(
                task,
                kind=TaskKind.FIX,
                story=story,
                starter=dump(wrong) if wrong else _STARTER,
                misconceptions=(name,),
            )
        case PracticeKind.GRID:
            return replace(
                task,
                kind=TaskKind.GRID,
                story="Predict what passes with these policies.",
                title=f"What passes at {scenario.references[0][0].name}?",
                given=task.references[0].text,
                asks=GridValue.END,
                rows=_rows(task, probes, dice),
                must_allow=(),
                must_deny=(),
                means="",
                references=(),
            )


def _rows(task: Task, probes: tuple[str, ...], dice: Dice) -> tuple[Row, ...]:
    """Rows that do not all come out the same: some of what passes, some of what does not."""
    listed = dice.some((*task.must_allow, *task.must_deny), _ROWS - 2)
    others = dice.some([probe for probe in probes if probe not in listed], 2)
    connections = dice.some((*listed, *others), _ROWS)
    return tuple(Row(label=each, connection=each) for each in connections)


def _teaches(found: Practice, scenario: Scenario) -> bool:
    """Whether the solution passes and the lazy answers do not."""
    task, catalog = found.task, found.catalog
    if task.kind is TaskKind.GRID:
        cluster = catalog.world(task)
        return len({evaluate(cluster, row.connection).allowed for row in task.rows}) > 1
    if not task.must_allow or not task.must_deny:
        return False
    if any(is_done(catalog, task, lazy) for lazy in ((), *_lazy(scenario))):
        return False
    return all(is_done(catalog, task, reference) for reference in scenario.references)


def _lazy(scenario: Scenario) -> Iterator[Policies]:
    """Deny-all and allow-all."""
    target = scenario.references[0][0]
    shut = NetworkPolicy(namespace=target.namespace, name="all", policy_types=tuple(Direction))
    yield (shut,)
    yield (replace(shut, ingress=(Rule(),), egress=(Rule(),)),)
