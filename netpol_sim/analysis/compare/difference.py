"""Search for a connection that one policy set allows and another denies.

The denying side denies at some end, so each end in turn is searched for a difference, with the
other end added only when there is one.  Pairs of ends are taken in order of the pods they need,
and of what is found there, the answer with the fewest labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netpol_sim.analysis.compare.atoms import Mask
from netpol_sim.analysis.compare.meaning import Cases, meaning
from netpol_sim.analysis.compare.policy_set import PolicySet
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
from netpol_sim.analysis.compare.universe import Pair, PlaceKind, Universe
from netpol_sim.analysis.compare.ways import Way, ways
from netpol_sim.policy import Direction


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
    allowing: PolicySet,
    denying: PolicySet,
    steps: Steps,
    most_pods: int = 2,
) -> Found:
    """The smallest connection that ``allowing`` allows and ``denying`` denies, if there is one.

    When the steps run out, it is the smallest found so far.
    """
    pairs = (pair for direction in Direction for pair in universe.pairs(direction, denying))
    best: Difference | None = None
    try:
        for pair in sorted(pairs, key=_pods):
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


def _conditions(
    universe: Universe, allowing: PolicySet, denying: PolicySet, pair: Pair, steps: Steps
) -> Iterator[_Conditions]:
    """When the denying side denies at the near end and the allowing side allows at both."""
    far_is_open: bool | None = None
    grants: list[_Conditions] = []
    for here in _differences(universe, allowing, denying, pair):
        if pair.far.place.kind is not PlaceKind.PODS:
            yield here
            continue
        if far_is_open is None:
            far = meaning(universe, allowing, pair.reversed)
            far_is_open = not (far.isolated or far.admin or far.baseline)
            grants = [*_translated(universe, ways(far, allowed=True))]
        if not far_is_open and _solve(universe, pair, here, steps) is None:
            continue
        for there in grants:
            yield here + there


def _differences(
    universe: Universe, allowing: PolicySet, denying: PolicySet, pair: Pair
) -> Iterator[_Conditions]:
    """When one side allows at the near end and the other denies there."""
    theirs, ours = meaning(universe, denying, pair), meaning(universe, allowing, pair)
    if theirs == ours:
        return
    denied = list(ways(theirs, allowed=False))
    for way in ways(ours, allowed=True) if denied else ():
        for against in denied:
            both = way.beside(against)
            if both is not None:
                split = len(way.matching) - 1
                yield from _one_by_one(universe, both, split)


def _one_by_one(universe: Universe, way: Way, split: int) -> Iterator[_Conditions]:
    """The alternatives of one decision each for itself: it settles most labels at once."""
    if split < 0:
        yield from _translated(universe, [way])
        return
    listed = [_listed(universe, cases) for cases in way.matching]
    chosen, others = listed[split], (*listed[:split], *listed[split + 1 :])
    # Most exclude another decision, which is seen at once and without a search.
    possible = [one for one in chosen if all(_can_join(one, other) for other in others)]
    clauses = _negated(universe, way.excluded) if possible else ()
    for alternative in possible if all(clauses) else ():
        yield _Conditions(decisions=((alternative,), *others), clauses=clauses)


def _can_join(one: Conjunction, constraint: Constraint) -> bool:
    """Whether some alternative of a constraint can hold together with a conjunction."""
    masks = dict(one)
    return any(
        all(masks.get(variable, mask) & mask for variable, mask in alternative)
        for alternative in constraint
    )


def _translated(universe: Universe, found: Iterable[Way]) -> Iterator[_Conditions]:
    """Ways in the terms of the search, but for those that exclude everything."""
    for way in found:
        clauses = _negated(universe, way.excluded)
        if all(clauses):
            decisions = tuple(_listed(universe, cases) for cases in way.matching)
            yield _Conditions(decisions=decisions, clauses=clauses)


def _negated(universe: Universe, cases: Cases) -> tuple[Constraint, ...]:
    """That none of some cases holds."""
    full = universe.variables.full
    return tuple(negate(condition, full) for condition in _listed(universe, cases))


def _listed(universe: Universe, found: Cases) -> Constraint:
    return tuple(_with_ports(universe, condition, ports) for condition, ports in found.items())


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
