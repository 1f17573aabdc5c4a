"""What the API leaves open about tiers, and whether an answer depends on it.

The points are those of ``tier_caveats``, which asks them of one connection: which of two policies
with one priority comes first, and whether a NetworkPolicy that isolates a pod in one direction
keeps the Baseline tier out of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.relation import Outcome
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.plugin import BaselineSkipped, Profile
from netpol_sim.policy import Direction
from netpol_sim.verdict import Caveat

Asked = Callable[[PolicySet, PolicySet, Profile], Outcome]
"""How two policy sets relate under a profile."""


def left_open(
    mine: PolicySet, reference: PolicySet, profile: Profile, outcome: Outcome, asked: Asked
) -> Iterator[Caveat]:
    """The points on which an outcome depends, or may depend where a search reaches its limit."""
    sides = (mine, reference)
    if any(_counts_one_direction(side) for side in sides):
        other = next(way for way in BaselineSkipped if way is not profile.baseline_skipped)
        settled = replace(profile, baseline_skipped=other)
        if asked(mine, reference, settled) is not outcome:
            yield Caveat.BASELINE_SKIPPED
    reordered = ((side, again) for side in sides for again in _reordered(side))
    if any(asked(side, again, profile) is not Outcome.EQUAL for side, again in reordered):
        yield Caveat.EQUAL_PRIORITIES


def _counts_one_direction(side: PolicySet) -> bool:
    """Whether a Baseline tier stands beside a NetworkPolicy that leaves one direction alone."""
    isolating = (all(each.isolates(way) for way in Direction) for each in side.policies)
    return bool(side.baseline) and not all(isolating)


def _reordered(side: PolicySet) -> Iterator[PolicySet]:
    """The same with one of several policies of a priority put before the others."""
    for tier in _first_among_equals(side.admin):
        yield replace(side, admin=tier)
    for tier in _first_among_equals(side.baseline):
        yield replace(side, baseline=tier)


def _first_among_equals(
    tier: tuple[ClusterNetworkPolicy, ...],
) -> Iterator[tuple[ClusterNetworkPolicy, ...]]:
    count = Counter(each.priority for each in tier)
    for index, policy in enumerate(tier):
        if count[policy.priority] > 1:
            moved = (policy, *tier[:index], *tier[index + 1 :])
            yield tuple(sorted(moved, key=lambda each: each.priority))
