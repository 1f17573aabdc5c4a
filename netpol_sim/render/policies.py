"""Policies as a table: where each is written, whom it selects, what it isolates them for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.render import describe, rule_words
from netpol_sim.render.sheet import Page, Sheet

_HEAD: Final = ("policy", "written at", "selects", "isolates for")
_COUNT: Final = {True: "{count} policy", False: "{count} policies"}


def page(policies: Sequence[NetworkPolicy]) -> Page:
    """How many they are, and a row for each."""
    count = len(policies)
    return (f"{_COUNT[count == 1].format(count=count)}.", sheet(policies))


def sheet(policies: Sequence[NetworkPolicy]) -> Sheet:
    """A row for each policy."""
    return Sheet(head=_HEAD, rows=tuple(map(_row, policies)))


def _row(policy: NetworkPolicy) -> tuple[str, ...]:
    place = policy.origin.locate() if policy.origin else None
    namespace = rule_words.NAMESPACE.format(names=policy.namespace)
    return (
        policy.key,
        str(place or ""),
        describe.pods(policy.pod_selector, namespace),
        describe.listed(way.value.lower() for way in Direction if policy.isolates(way)),
    )
