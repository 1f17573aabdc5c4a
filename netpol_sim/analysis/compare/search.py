"""A small search over finite domains: find one case for each variable that meets all constraints.

A literal says that a variable has one of some cases; a conjunction is literals that all hold; a
constraint is conjunctions of which at least one holds.  The search is depth first: strike out what
can no longer hold, apply what is left alone, and where nothing follows, try the alternatives of one
constraint in turn.  It is deterministic, and it counts its steps, so that it can stop at a limit
and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netpol_sim.analysis.compare.atoms import ABSENT, Mask

Literal = tuple[int, Mask]
"""A variable, and the cases it may have."""

Conjunction = tuple[Literal, ...]
"""Literals that all hold, each variable once, in the order of the variables."""

Constraint = tuple[Conjunction, ...]
"""Alternatives: at least one holds."""

Domains = dict[int, Mask]
"""The cases that are left for each variable that matters; any choice among them is an answer."""


class StepsSpentError(Exception):
    """The search has used up its steps and knows no answer."""


@dataclass(slots=True)
class Steps:
    """How many more steps may be taken, over all searches that share it."""

    left: int

    def take(self) -> None:
        """Take one step, or raise ``StepsSpentError``."""
        if self.left <= 0:
            raise StepsSpentError
        self.left -= 1


def conjoin(parts: Iterable[Conjunction]) -> Conjunction | None:
    """All literals of some conjunctions; None when they exclude one another."""
    found: Domains = {}
    for part in parts:
        for variable, mask in part:
            found[variable] = found.get(variable, mask) & mask
    return tuple(sorted(found.items())) if all(found.values()) else None


def negate(conjunction: Conjunction, full: Sequence[Mask]) -> Constraint:
    """What holds exactly when a conjunction does not."""
    return tuple(
        ((variable, full[variable] & ~mask),)
        for variable, mask in conjunction
        if full[variable] & ~mask
    )


def _anything(_: Domains) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Constraints over variables.

    ``decisions`` are tried first and in their order, ``clauses`` where they are tightest.  ``full``
    has all cases of every variable.  ``labels`` maps the variables with a case ``ABSENT`` to what
    any other case costs, and ``cheaper_than`` limits the cost of an answer.  ``accepts`` may refuse
    domains in which no choice makes sense together.
    """

    full: Sequence[Mask]
    decisions: Sequence[Constraint] = ()
    clauses: Sequence[Constraint] = ()
    labels: Mapping[int, int] = field(default_factory=dict)
    cheaper_than: int | None = None
    accepts: Callable[[Domains], bool] = field(default=_anything)


_State = tuple[Domains, Sequence[Constraint], Sequence[Constraint]]


def solve(problem: Problem, steps: Steps) -> Domains | None:
    """Domains in which every choice meets all constraints; None when there are none.

    Raises:
        StepsSpentError: The steps are used up before the answer is known.
    """
    mentioned = {
        variable: problem.full[variable]
        for constraint in (*problem.decisions, *problem.clauses)
        for conjunction in constraint
        for variable, _ in conjunction
    }
    stack: list[_State] = [(mentioned, problem.decisions, problem.clauses)]
    while stack:
        steps.take()
        state = _settle(problem, *stack.pop())
        if state is None:
            continue
        domains, decisions, clauses = state
        if not decisions and not clauses:
            if problem.accepts(domains):
                return domains
            continue
        if decisions:
            chosen, decisions = decisions[0], decisions[1:]
        else:
            chosen = min(clauses, key=len)
            clauses = [clause for clause in clauses if clause is not chosen]
        stack += [(found, decisions, clauses) for found in reversed(_branches(domains, chosen))]
    return None


def _branches(domains: Domains, chosen: Constraint) -> list[Domains]:
    """Domains for each alternative, without what an earlier one has covered."""
    branches = []
    rest = domains
    for alternative in chosen:
        found = dict(rest)
        for variable, mask in alternative:
            found[variable] &= mask
        if all(found[variable] for variable, _ in alternative):
            branches.append(found)
        if len(alternative) == 1:
            ((variable, mask),) = alternative
            rest = {**rest, variable: rest[variable] & ~mask}
            if not rest[variable]:
                break
    return branches


def _settle(
    problem: Problem,
    domains: Domains,
    decisions: Sequence[Constraint],
    clauses: Sequence[Constraint],
) -> _State | None:
    """Apply whatever follows until nothing does; None when a constraint can no longer hold."""
    domains = dict(domains)
    changed = True
    while changed:
        before = dict(domains)
        if not _limit_cost(problem, domains):
            return None
        for_decisions = _reduce(domains, decisions)
        if for_decisions is None:
            return None
        for_clauses = _reduce(domains, clauses)
        if for_clauses is None:
            return None
        decisions, clauses = for_decisions, for_clauses
        changed = domains != before
    return domains, decisions, clauses


def cost(domains: Domains, labels: Mapping[int, int]) -> int:
    """What the labels cost that cannot be absent."""
    return sum(
        labels[variable]
        for variable, mask in domains.items()
        if variable in labels and not mask & ABSENT
    )


def _limit_cost(problem: Problem, domains: Domains) -> bool:
    """Leave out the labels that would cost too much; whether the cost is still within its limit."""
    if problem.cheaper_than is None:
        return True
    left = problem.cheaper_than - cost(domains, problem.labels)
    if left <= 0:
        return False
    for variable, mask in domains.items():
        if mask & ABSENT and problem.labels.get(variable, 0) >= left:
            domains[variable] = ABSENT
    return True


def _reduce(domains: Domains, constraints: Sequence[Constraint]) -> list[Constraint] | None:
    """The constraints that are still open, without alternatives that can no longer hold.

    Narrows ``domains`` by what is left alone; None when a constraint can no longer hold.
    """
    remaining = []
    for constraint in constraints:
        alive = []
        for alternative in constraint:
            certain = True
            for variable, mask in alternative:
                left = domains[variable]
                if not left & mask:
                    break
                if left & ~mask:
                    certain = False
            else:
                if certain:
                    break
                alive.append(alternative)
        else:
            if not alive:
                return None
            if len(alive) > 1:
                remaining.append(tuple(alive))
                continue
            for variable, mask in alive[0]:
                domains[variable] &= mask
    return remaining
