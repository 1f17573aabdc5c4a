"""Search for a connection that one policy set allows and another denies.

The denying side denies at some end, so each end in turn is searched for a difference, with the
other end added only when there is one.  Pairs of ends are taken in order of the pods they need,
and of what is found there, the answer with the fewest labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netpol_sim.analysis.compare.atoms import Mask
from netpol_sim.analysis.compare.search import (
    Conjunction,
    Constraint,
    Domains,
    Problem,
    Steps,
    StepsSpentError,
    cost,
    negate,
    solve,
)
from netpol_sim.analysis.compare.universe import Meaning, Pair, PlaceKind, Universe, meaning
from netpol_sim.policy import Direction, NetworkPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two policy sets differ: the ends, and the cases of everything that matters there.

    ``cost`` is that of the labels it takes.
    """

    pair: Pair
    domains: Domains
    cost: int

    @property
    def pods(self) -> int:
        """How many pods are at the ends."""
        return _pods(self.pair)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found; ``complete`` unless its steps were spent before it was sure."""

    difference: Difference | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conditions:
    """Constraints, in the two kinds that the search knows."""

    decisions: tuple[Constraint, ...] = ()
    clauses: tuple[Constraint, ...] = ()

    def __add__(self, other: _Conditions) -> _Conditions:
        return _Conditions(
            decisions=self.decisions + other.decisions, clauses=self.clauses + other.clauses
        )


def smallest_difference(
    universe: Universe,
    allowing: Sequence[NetworkPolicy],
    denying: Sequence[NetworkPolicy],
    steps: Steps,
    most_pods: int = 2,
) -> Found:
    """The smallest connection that ``allowing`` allows and ``denying`` denies, if there is one.

    When the steps run out, it is the smallest found so far.
    """
    pairs = sorted(_pairs(universe, denying), key=_pods)
    best: Difference | None = None
    try:
        for pair in pairs:
            if _pods(pair) > (best.pods if best else most_pods):
                break
            for conditions in _conditions(universe, allowing, denying, pair, steps):
                best = _smallest(universe, pair, conditions, steps, best)
                if best is not None and best.cost == 0:
                    return Found(difference=best, complete=True)
    except StepsSpentError:
        return Found(difference=best, complete=False)
    return Found(difference=best, complete=True)


def _pods(pair: Pair) -> int:
    return pair.near.place.pods + pair.far.place.pods


def _pairs(universe: Universe, denying: Sequence[NetworkPolicy]) -> Iterator[Pair]:
    for direction in Direction:
        judging = (each for each in denying if each.isolates(direction))
        for namespace in dict.fromkeys(each.namespace for each in judging):
            yield from universe.pairs(direction, namespace)


def _conditions(
    universe: Universe,
    allowing: Sequence[NetworkPolicy],
    denying: Sequence[NetworkPolicy],
    pair: Pair,
    steps: Steps,
) -> Iterator[_Conditions]:
    """When the denying side denies at the near end and the allowing side allows at both."""
    near = meaning(universe, allowing, pair)
    against = meaning(universe, denying, pair)
    other: Meaning | None = None
    for here in _differences(universe, near, against):
        if pair.far.place.kind is not PlaceKind.PODS:
            yield here
            continue
        if other is None:
            other = meaning(universe, allowing, pair.reversed)
        if other.subjects and _solve(universe, pair, here, steps) is None:
            continue
        for there in _grants(universe, other):
            yield here + there


def _differences(universe: Universe, near: Meaning, against: Meaning) -> Iterator[_Conditions]:
    """When ``against`` denies at an end where ``near`` allows: without isolation, or by a rule."""
    denied = []
    for condition, ports in against.allows.items():
        clause = negate(_with_ports(universe, condition, ports), universe.variables.full)
        if not clause:
            return
        denied.append(clause)
    isolated = [each for each in against.subjects if each not in near.subjects]
    if isolated and () not in near.subjects:
        free = (negate(subject, universe.variables.full) for subject in near.subjects)
        yield _Conditions(decisions=(tuple(isolated),), clauses=(*free, *denied))
    for condition, ports in near.allows.items():
        more = ports & ~against.allows.get(condition, 0)
        if more:
            allowed = _with_ports(universe, condition, more)
            yield _Conditions(decisions=((allowed,), against.subjects), clauses=tuple(denied))


def _grants(universe: Universe, end: Meaning) -> Iterator[_Conditions]:
    """When an end allows: because it is not isolated, or because of a rule."""
    if () not in end.subjects:
        yield _Conditions(
            clauses=tuple(negate(subject, universe.variables.full) for subject in end.subjects)
        )
    if end.allows:
        alternatives = (_with_ports(universe, *each) for each in end.allows.items())
        yield _Conditions(decisions=(tuple(alternatives),))


def _with_ports(universe: Universe, condition: Conjunction, ports: Mask) -> Conjunction:
    if ports == universe.variables.full[universe.port]:
        return condition
    return tuple(sorted((*condition, (universe.port, ports))))


def _smallest(
    universe: Universe, pair: Pair, conditions: _Conditions, steps: Steps, best: Difference | None
) -> Difference | None:
    """The answer with the fewest labels: ``best`` unless there is a cheaper one."""
    while best is None or best.cost > 0:
        limit = None if best is None else best.cost
        domains = _solve(universe, pair, conditions, steps, limit)
        if domains is None:
            break
        best = Difference(pair=pair, domains=domains, cost=cost(domains, universe.variables.labels))
    return best


def _solve(
    universe: Universe,
    pair: Pair,
    conditions: _Conditions,
    steps: Steps,
    cheaper_than: int | None = None,
) -> Domains | None:
    return solve(
        Problem(
            full=universe.variables.full,
            decisions=conditions.decisions,
            clauses=conditions.clauses,
            labels=universe.variables.labels,
            cheaper_than=cheaper_than,
            accepts=lambda domains: universe.accepts(pair, domains),
        ),
        steps,
    )
