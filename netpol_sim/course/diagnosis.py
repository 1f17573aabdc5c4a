"""Find the misconception that makes exactly a given wrong answer of a right one."""

from __future__ import annotations

from functools import lru_cache

from netpol_sim.analysis.compare import compare
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.course.task import Task
from netpol_sim.manifest import loads
from netpol_sim.policy import NetworkPolicy

Policies = tuple[NetworkPolicy, ...]


def misconception(catalog: Catalog, task: Task, policies: Policies) -> str | None:
    """The id of the first misconception one of whose variants means what the answer means.

    The task's own misconceptions come first, then all others in their order.  Only variants that
    agree on every listed connection are compared by meaning, which is exact but costs more.
    """
    world = catalog.world(task)
    seen = _signature(world, task, policies)
    for misconception_id, variant in _variants(catalog, task):
        if _signature(world, task, variant) != seen:
            continue
        mine, theirs = (*world.policies, *policies), (*world.policies, *variant)
        if compare(mine, theirs, scope=task.means or "world", world=world).equal:
            return misconception_id
    return None


def _signature(world: Cluster, task: Task, policies: Policies) -> tuple[str, ...]:
    cluster = world.with_policy(*policies)
    asked = (*task.must_allow, *task.must_deny)
    return tuple(str(evaluate(cluster, connection)) for connection in asked)


@lru_cache(maxsize=64)
def _variants(catalog: Catalog, task: Task) -> tuple[tuple[str, Policies], ...]:
    """Every wrong answer that a misconception makes of a reference, the task's own first."""
    world = catalog.world(task)
    references = [loads(reference.text, file="solution").policies for reference in task.references]
    own = {name: index for index, name in enumerate(task.misconceptions)}
    ordered = sorted(MISCONCEPTIONS, key=lambda item: own.get(item.id, len(own)))
    return tuple(
        (item.id, variant)
        for item in ordered
        for reference in references
        for variant in item.variants(reference, world)
    )
