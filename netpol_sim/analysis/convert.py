"""AdminNetworkPolicy and BaselineAdminNetworkPolicy as ClusterNetworkPolicy.

Rules stay in their order, and policies in theirs, so that every connection is decided as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from netpol_sim.cluster_peers import ClusterPort
from netpol_sim.cluster_policy import ClusterNetworkPolicy, ClusterPolicyKind, ClusterRule, Tier
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.policy import Direction, PolicyPort

_T = TypeVar("_T")
_MOST = ClusterPolicyKind.CLUSTER.most
_STEP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A ClusterNetworkPolicy, and the policy that it replaces (or a part of it)."""

    before: ClusterNetworkPolicy
    after: ClusterNetworkPolicy


def convert(policies: Iterable[ClusterNetworkPolicy]) -> tuple[Converted, ...]:
    """Say with ClusterNetworkPolicies what policies of the older kinds say.

    Priorities become 10, 20, 30 and so on in the order of the old ones, and equal ones stay equal;
    where ClusterNetworkPolicies are given too, whose numbers stand beside them, all stay as they
    are.  A policy with more rules than the new kind may have becomes several, one after the other.

    Returns:
        The policies of older kinds only, in the order of evaluation.

    Raises:
        InvalidValueError: There is no room between priorities for a policy that must be split.
    """
    every = tuple(policies)
    taken = {each.name for each in every if each.kind is ClusterPolicyKind.CLUSTER}
    found: list[Converted] = []
    for tier in Tier:
        own = sorted((each for each in every if each.tier is tier), key=lambda each: each.priority)
        numbers = _numbers(own)
        for policy in own:
            if policy.kind is not ClusterPolicyKind.CLUSTER:
                first = numbers[policy.priority]
                following = min((each for each in numbers.values() if each > first), default=1001)
                shared = sum(each.priority == policy.priority for each in own) > 1
                room = 1 if shared else following - first
                found += _converted(policy, first, room, taken)
    return tuple(found)


def _numbers(policies: list[ClusterNetworkPolicy]) -> dict[int, int]:
    """The new priority for each old one of a tier."""
    distinct = sorted({each.priority for each in policies})
    is_mixed = any(each.kind is ClusterPolicyKind.CLUSTER for each in policies)
    if is_mixed or len(distinct) * _STEP > 1000:
        return {number: number for number in distinct}
    return {number: (place + 1) * _STEP for place, number in enumerate(distinct)}


def _converted(
    policy: ClusterNetworkPolicy, first: int, room: int, taken: set[str]
) -> Iterator[Converted]:
    chunks = {
        direction: list(_chunks(list(_expanded(policy.rules(direction)))))
        for direction in Direction
    }
    parts = max(1, *map(len, chunks.values()))
    if parts > room:
        raise InvalidValueError([_no_room(policy)])
    for part in range(parts):
        rules = [found[part] if part < len(found) else () for found in chunks.values()]
        yield Converted(
            before=policy,
            after=replace(
                policy,
                kind=ClusterPolicyKind.CLUSTER,
                name=_free_name(policy, taken),
                priority=first + part,
                ingress=rules[0],
                egress=rules[1],
                origin=None,
            ),
        )


def _free_name(policy: ClusterNetworkPolicy, taken: set[str]) -> str:
    """The old name where nobody has it; that of the singleton says nothing, so it gets another."""
    wanted = "baseline" if policy.kind is ClusterPolicyKind.BASELINE else policy.name
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def _expanded(rules: Iterable[ClusterRule]) -> Iterator[ClusterRule]:
    """The same rules, none with more peers or ports than it may have."""
    for rule in rules:
        ports = tuple(map(_as_number, rule.ports))
        for peers in _chunks(list(rule.peers)):
            for some in _chunks(list(ports)) if ports else ((),):
                yield replace(rule, peers=peers, ports=some)


def _as_number(port: ClusterPort) -> ClusterPort:
    """A range of one port is written as its number now."""
    if isinstance(port, PolicyPort) and port.end_port == port.port:
        return replace(port, end_port=None)
    return port


def _chunks(items: list[_T]) -> Iterator[tuple[_T, ...]]:
    for start in range(0, len(items), _MOST):
        yield tuple(items[start : start + _MOST])


def _no_room(policy: ClusterNetworkPolicy) -> Problem:
    return Problem(
        kind=ProblemKind.TOO_MANY,
        field="spec",
        object=policy.key,
        message=f"its rules fill more policies of {_MOST} rules than there are priorities for",
        help="split it by hand, or give rules with the same action one list of peers",
    )
