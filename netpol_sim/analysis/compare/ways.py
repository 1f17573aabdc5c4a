"""The ways in which policies come to a verdict at an end: what must match, and what must not.

They are in the order of ``evaluate``: the Admin tier, then NetworkPolicies, then the Baseline tier.
Any two ways of one side exclude each other, so one way of each side together is a small problem for
``search``; and most of those are seen to have no answer without a search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netpol_sim.analysis.compare.meaning import Cases, Decision, Meaning
from netpol_sim.cluster_policy import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Of each of ``matching`` some case holds, and no case of ``excluded``."""

    matching: tuple[Cases, ...] = ()
    excluded: Cases = field(default_factory=dict)

    def __add__(self, other: Way) -> Way:
        return Way(
            matching=self.matching + other.matching,
            excluded=_united(self.excluded, other.excluded),
        )

    def beside(self, other: Way) -> Way | None:
        """Both ways at once; None when some of ``matching`` has no case that is not excluded.

        What both sides say alike is no reason for a difference, and drops out here.
        """
        # Most pairs end here, before anything is put together.
        if not (
            _may_hold(self.matching, other.excluded) and _may_hold(other.matching, self.excluded)
        ):
            return None
        both = self + other
        matching = tuple(_left(cases, both.excluded) for cases in both.matching)
        return Way(matching=matching, excluded=both.excluded) if all(matching) else None


def _may_hold(matching: tuple[Cases, ...], excluded: Cases) -> bool:
    """Whether each has a case that is not excluded in these very words."""
    return all(
        any(mask & ~excluded.get(condition, 0) for condition, mask in cases.items())
        for cases in matching
    )


def ways(said: Meaning, *, allowed: bool) -> Iterator[Way]:
    """Every way in which an end comes to a verdict."""
    for action, way in _outcomes(said.admin):
        if action in (None, Action.PASS):
            for rest in _after_admin(said, allowed=allowed):
                yield way + rest
        elif (action is Action.ACCEPT) is allowed:
            yield way


def _after_admin(said: Meaning, *, allowed: bool) -> Iterator[Way]:
    """The ways when the Admin tier leaves the verdict to others."""
    for action, way in _outcomes(said.baseline):
        if (action is not Action.DENY) is allowed:
            yield Way(excluded=said.settled) + way
    if not allowed:
        yield Way(matching=(said.isolated,), excluded=said.allowed)
        return
    kept_out = _left(said.settled, said.isolated)
    if kept_out:
        yield Way(matching=(kept_out,), excluded=said.isolated)
    yield Way(matching=(said.allowed,))


def _outcomes(decisions: Sequence[Decision]) -> Iterator[tuple[Action | None, Way]]:
    """What a tier decides, and when it is the first to match; None when nothing is."""
    earlier: Cases = {}
    for decision in decisions:
        yield decision.action, Way(matching=(decision.cases,), excluded=earlier)
        earlier = _united(earlier, decision.cases)
    yield None, Way(excluded=earlier)


def _united(first: Cases, second: Cases) -> Cases:
    if not (first and second):
        return first or second
    found = dict(first)
    for condition, mask in second.items():
        found[condition] = found.get(condition, 0) | mask
    return found


def _left(cases: Cases, excluded: Cases) -> Cases:
    """The cases that are not excluded in these very words."""
    return {
        condition: left
        for condition, mask in cases.items()
        if (left := mask & ~excluded.get(condition, 0))
    }
