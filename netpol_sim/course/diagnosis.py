"""Find the misconception that makes exactly a given wrong answer of a right one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from netpol_sim.analysis.compare import Relation, compare
from netpol_sim.analysis.repair.checks import Check
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy, by_scope
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task
from netpol_sim.manifest import dump
from netpol_sim.policy import Direction

Policies = tuple[AnyPolicy, ...]

_ANY_NAME = "default"
"""The one name that every kind may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """A wrong answer that a misconception makes of a right one; ``says`` is what ``said`` gives."""

    misconception: str
    policies: Policies
    says: frozenset[AnyPolicy]


def misconception(
    catalog: Catalog, task: Task, policies: Policies, relation: Relation
) -> str | None:
    """The id of the misconception one of whose variants is, or means, exactly the answer.

    None for an answer that means what the solution means.

    A variant that is written like the answer wins over one that only means the same; otherwise the
    task's own misconceptions come first, then all others in their order.  One that only means the
    same must be nearer to the answer than every solution is: a rule that never matches because of a
    misspelt label means what no rule means, and yet nobody forgot it.

    Args:
        relation: The answer against the solution.  A variant that decides otherwise about one of
            its witnesses cannot mean the same, which spares most comparisons (of NetworkPolicies).
    """
    if relation.equal:
        return None
    variants = _variants(catalog, task)
    written = said(policies)
    for variant in variants:
        if variant.says == written:
            return variant.misconception
    world = catalog.world(task)
    mine = (*world.every_policy, *policies)
    checks = [Check(witness=witness) for witness in relation.witnesses]
    off = min(_distance(policies, right) for right in catalog.solutions(task))
    for variant in variants:
        theirs = (*world.every_policy, *variant.policies)
        own, of_cluster = by_scope(theirs)
        if not of_cluster and any(check.passes(own) for check in checks):
            continue
        nearer = _distance(policies, variant.policies) < off
        if nearer and compare(mine, theirs, scope=relation.scope, world=world).equal:
            return variant.misconception
    return None


def can_show(catalog: Catalog, task: Task, misconception_id: str) -> bool:
    """Whether a misconception makes a variant of a reference that means something else."""
    world = catalog.world(task)
    solution = catalog.solutions(task)[0]
    right, scope = (*world.every_policy, *solution), task.means or "world"
    return any(
        not compare((*world.every_policy, *variant.policies), right, scope=scope, world=world).equal
        for variant in _variants(catalog, task)
        if variant.misconception == misconception_id
    )


def said(policies: Policies) -> frozenset[AnyPolicy]:
    """What policies say, whatever they are called and wherever their rules are out of force."""
    return frozenset(map(_said, policies))


def _said(policy: AnyPolicy) -> AnyPolicy:
    if isinstance(policy, ClusterNetworkPolicy):
        return replace(policy, name=_ANY_NAME)
    return replace(
        policy,
        name=_ANY_NAME,
        policy_types=tuple(sorted(set(policy.policy_types))),
        ingress=policy.rules(Direction.INGRESS),
        egress=policy.rules(Direction.EGRESS),
    )


def _distance(one: Policies, other: Policies) -> int:
    """How many lines differ between two sets as they are written out."""
    here, there = _lines(one), _lines(other)
    return ((here - there) + (there - here)).total()


@lru_cache(maxsize=1024)
def _lines(policies: Policies) -> Counter[str]:
    texts = (dump(replace(policy, name=_ANY_NAME, origin=None)) for policy in policies)
    return Counter(line for text in texts for line in text.splitlines())


@lru_cache(maxsize=64)
def _variants(catalog: Catalog, task: Task) -> tuple[_Variant, ...]:
    """Every wrong answer that a misconception makes of a reference, the task's own first.

    No policy at all is one only where others are there already: otherwise it means what every set
    of policies without effect means, whatever its writer believed.
    """
    world = catalog.world(task)
    references = catalog.solutions(task)
    own = {name: index for index, name in enumerate(task.misconceptions)}
    ordered = sorted(MISCONCEPTIONS, key=lambda item: own.get(item.id, len(own)))
    seen = {said(reference) for reference in references}
    found = []
    for item in ordered:
        for reference in references:
            for variant in item.everywhere(reference, world):
                says = said(variant)
                if (says or world.every_policy) and says not in seen:
                    seen.add(says)
                    found.append(_Variant(misconception=item.id, policies=variant, says=says))
    return tuple(found)
