"""Laws of the search over finite domains: it finds an answer exactly when there is one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.compare.search import (
    Conjunction,
    Constraint,
    Problem,
    Steps,
    StepsSpentError,
    conjoin,
    cost,
    negate,
    solve,
)

FULL = (0b111, 0b11, 0b11, 0b111)
Choice = tuple[int, ...]
CHOICES = list(product(*(range(mask.bit_length()) for mask in FULL)))


@st.composite
def conjunctions(draw: st.DrawFn) -> Conjunction:
    """Literals on one to three variables, none of which always or never holds."""
    variables = draw(st.sets(st.sampled_from(range(len(FULL))), min_size=1, max_size=3))
    return tuple((each, draw(st.integers(1, FULL[each] - 1))) for each in sorted(variables))


CONSTRAINTS = st.lists(conjunctions(), min_size=1, max_size=4).map(tuple)


def holds(conjunction: Conjunction, choice: Choice) -> bool:
    """Whether a choice of cases meets a conjunction."""
    return all(mask >> choice[variable] & 1 for variable, mask in conjunction)


def answers(constraints: list[Constraint]) -> list[Choice]:
    """Every choice that meets all constraints, by trying each."""
    return [
        choice
        for choice in CHOICES
        if all(any(holds(each, choice) for each in constraint) for constraint in constraints)
    ]


@given(st.lists(CONSTRAINTS, max_size=2), st.lists(CONSTRAINTS, max_size=6))
def test_an_answer_is_found_exactly_when_there_is_one(
    decisions: list[Constraint], clauses: list[Constraint]
) -> None:
    """The domains found hold answers only, and None means that there are none."""
    right = answers([*decisions, *clauses])
    found = solve(Problem(full=FULL, decisions=decisions, clauses=clauses), Steps(left=1000))
    assert (found is None) == (not right)
    if found is not None:
        domains = tuple(found.items())
        assert {choice for choice in CHOICES if holds(domains, choice)} <= set(right)


@given(st.lists(CONSTRAINTS, min_size=1, max_size=6))
def test_an_answer_within_a_cost_is_found_exactly_when_there_is_one(
    clauses: list[Constraint],
) -> None:
    """With a limit on what labels cost, an answer costs less, and None means that none does."""
    labels = {0: 3, 1: 4, 3: 5}
    used = {variable for each in clauses for alternative in each for variable, _ in alternative}

    def price(choice: Choice) -> int:
        return sum(labels[each] for each in labels if each in used and choice[each] > 0)

    cheapest = min(map(price, answers(clauses)), default=None)
    for limit in range(1, 14):
        problem = Problem(full=FULL, clauses=clauses, labels=labels, cheaper_than=limit)
        found = solve(problem, Steps(left=1000))
        assert (found is not None) == (cheapest is not None and cheapest < limit)
        assert found is None or cost(found, labels) < limit


@given(conjunctions(), conjunctions())
def test_conjunctions_are_what_they_say(one: Conjunction, other: Conjunction) -> None:
    """Joined, both hold; negated, one alternative holds exactly when the conjunction does not."""
    both = conjoin((one, other))
    for choice in CHOICES:
        together = both is not None and holds(both, choice)
        assert together == (holds(one, choice) and holds(other, choice))
        denied = any(holds(each, choice) for each in negate(one, FULL))
        assert denied != holds(one, choice)


def test_domains_that_are_refused_are_left() -> None:
    """The search goes on where the domains found make no sense together."""
    clauses: list[Constraint] = [(((0, 0b001),), ((0, 0b010),))]
    refused = []

    def accepts(domains: dict[int, int]) -> bool:
        refused.append(domains[0])
        return domains[0] == 0b010

    found = solve(Problem(full=FULL, clauses=clauses, accepts=accepts), Steps(left=10))
    assert refused == [0b001, 0b010]
    assert found == {0: 0b010}


def test_steps_are_counted() -> None:
    """A search that has no steps left says so instead of answering."""
    with pytest.raises(StepsSpentError):
        solve(Problem(full=FULL), Steps(left=0))
