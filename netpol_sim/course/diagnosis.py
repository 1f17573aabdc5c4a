"""Find the misconception that makes exactly a given wrong answer of a right one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from netpol_sim.analysis.compare import Relation, compare
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.ask import evaluate
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task
from netpol_sim.manifest import loads
from netpol_sim.policy import Direction, NetworkPolicy

Policies = tuple[NetworkPolicy, ...]


def misconception(
    catalog: Catalog, task: Task, policies: Policies, relation: Relation
) -> str | None:
    """The id of the misconception one of whose variants is, or means, exactly the answer.

    None for an answer that means what the solution means.

    A variant that is written like the answer wins over one that only means the same; otherwise the
    task's own misconceptions come first, then all others in their order.

    Args:
        relation: The answer against the solution.  A variant that decides otherwise about one of
            its witnesses cannot mean the same, which spares most comparisons.
    """
    if relation.equal:
        return None
    variants = _variants(catalog, task)
    written = _said(policies)
    for misconception_id, variant in variants:
        if _said(variant) == written:
            return misconception_id
    world = catalog.world(task)
    mine = (*world.policies, *policies)
    for misconception_id, variant in variants:
        theirs = (*world.policies, *variant)
        alike = all(_agrees(witness, theirs) for witness in relation.witnesses)
        if alike and compare(mine, theirs, scope=relation.scope, world=world).equal:
            return misconception_id
    return None


def can_show(catalog: Catalog, task: Task, misconception_id: str) -> bool:
    """Whether a misconception makes a variant of a reference that means something else."""
    world = catalog.world(task)
    solution = loads(task.references[0].text, file="solution").policies
    right, scope = (*world.policies, *solution), task.means or "world"
    return any(
        not compare((*world.policies, *variant), right, scope=scope, world=world).equal
        for name, variant in _variants(catalog, task)
        if name == misconception_id
    )


def _said(policies: Policies) -> frozenset[NetworkPolicy]:
    """What policies say, whatever they are called and wherever their rules are out of force."""
    return frozenset(
        replace(
            policy,
            name="any",
            policy_types=tuple(sorted(set(policy.policy_types))),
            ingress=policy.rules(Direction.INGRESS),
            egress=policy.rules(Direction.EGRESS),
        )
        for policy in policies
    )


def _agrees(witness: Witness, policies: Policies) -> bool:
    cluster = witness.cluster.with_policies(policies)
    return evaluate(cluster, witness.connection).allowed is witness.mine.allowed


@lru_cache(maxsize=64)
def _variants(catalog: Catalog, task: Task) -> tuple[tuple[str, Policies], ...]:
    """Every wrong answer that a misconception makes of a reference, the task's own first."""
    world = catalog.world(task)
    references = [loads(reference.text, file="solution").policies for reference in task.references]
    own = {name: index for index, name in enumerate(task.misconceptions)}
    ordered = sorted(MISCONCEPTIONS, key=lambda item: own.get(item.id, len(own)))
    seen = {_said(reference) for reference in references}
    found = []
    for item in ordered:
        for reference in references:
            for variant in item.variants(reference, world):
                if _said(variant) not in seen:
                    seen.add(_said(variant))
                    found.append((item.id, variant))
    return tuple(found)
