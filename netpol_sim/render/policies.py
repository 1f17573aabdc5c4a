"""Policies as a table: where each is written, whom it selects, what it isolates them for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.render import describe, rule_words, tiers
from netpol_sim.render.sheet import Page, Sheet

_HEAD: Final = ("policy", "written at", "selects", "isolates for")
_OF_TIER: Final = "nothing; {tier} tier, priority {priority}"
_COUNT: Final = {True: "{count} policy", False: "{count} policies"}


def page(policies: Sequence[AnyPolicy]) -> Page:
    """How many they are, and a row for each."""
    count = len(policies)
    return (f"{_COUNT[count == 1].format(count=count)}.", sheet(policies))


def sheet(policies: Sequence[AnyPolicy]) -> Sheet:
    """A row for each policy; one that is cluster-scoped isolates no pod for anything."""
    return Sheet(head=_HEAD, rows=tuple(map(_row, policies)))


def _row(policy: AnyPolicy) -> tuple[str, ...]:
    place = policy.origin.locate() if policy.origin else None
    return (policy.key, str(place or ""), *_about(policy))


def _about(policy: AnyPolicy) -> tuple[str, str]:
    """Whom a policy selects, and what it isolates them for."""
    if isinstance(policy, NetworkPolicy):
        namespace = rule_words.NAMESPACE.format(names=policy.namespace)
        return (
            describe.pods(policy.pod_selector, namespace),
            describe.listed(way.value.lower() for way in Direction if policy.isolates(way)),
        )
    return tiers.subject(policy), _OF_TIER.format(tier=policy.tier, priority=policy.priority)
