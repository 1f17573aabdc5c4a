"""The smallest batches of policies that, each applied at once, break no connection that is needed.

A state is safe when it denies no needed connection that was allowed before.  A connection that a
batch breaks is mended only by another policy that selects one of its ends, and, unless it replaces
one of its name, allows the connection there; or by one that is cluster-scoped, or keeps the
Baseline tier out.  So the search completes each policy by such helpers, with ever larger batches,
and the first batch that it finds is the smallest one that can come next.

Where all needed connections are allowed to begin with and every policy is a new NetworkPolicy, two
safe states together make a safe state.  The smallest next batch is then never larger than the
largest batch of any other way, so that going on like this keeps it as small as it can be.
All that is left is always safe, since everything that is needed is allowed in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from netpol_sim.analysis.asked import Asked, answers, verdicts_of
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.evaluate import evaluate_end
from netpol_sim.model import Pod
from netpol_sim.plugin import BaselineSkipped
from netpol_sim.policy import NetworkPolicy
from netpol_sim.verdict import Answer

STATES = 2_000
"""How many states of the cluster a search may look at before it takes all that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Policies that take effect at once; ``smallest``: no smaller batch could have come next."""

    policies: tuple[AnyPolicy, ...]
    before: Cluster
    after: Cluster
    smallest: bool


def batches(
    cluster: Cluster,
    target: Cluster,
    policies: Sequence[AnyPolicy],
    questions: Sequence[Asked],
) -> tuple[Batch, ...]:
    """All policies in batches, each the smallest that is safe next.

    Args:
        cluster: Where to begin.
        target: The same with all policies.
        policies: What to apply; all together they allow everything that is needed.
        questions: What is needed.
    """
    found: list[Batch] = []
    remaining = tuple(policies)
    search = _Search(questions=tuple(questions), target=target)
    while remaining:
        chosen = search.next_batch(cluster, remaining)
        keys = {policy.key for policy in chosen}
        ordered = tuple(policy for policy in remaining if policy.key in keys)
        after = applied(cluster, ordered, target)
        found.append(Batch(policies=ordered, before=cluster, after=after, smallest=search.left > 0))
        cluster = after
        remaining = tuple(policy for policy in remaining if policy.key not in keys)
    return tuple(found)


def applied(cluster: Cluster, policies: Sequence[AnyPolicy], target: Cluster) -> Cluster:
    """A cluster with more policies, those of tiers in the order in which the target has them.

    Which of two with one priority is asked first must not depend on which was applied first.
    """
    after = cluster.with_policy(*policies)
    if not after.cluster_policies:
        return after
    place = {each.key: number for number, each in enumerate(target.cluster_policies)}
    ordered = sorted(after.cluster_policies, key=lambda each: place[each.key])
    return after.with_cluster_policies(tuple(ordered))


_Chosen = tuple[AnyPolicy, ...]


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is needed, how many states may still be looked at, and which batches were tried."""

    questions: tuple[Asked, ...]
    target: Cluster
    left: int = STATES
    tried: set[frozenset[str]] = field(default_factory=set)

    def next_batch(self, cluster: Cluster, remaining: _Chosen) -> _Chosen:
        """The smallest batch that is safe next; all that is left when the search gives up."""
        before = answers(cluster, self.questions)
        for size in range(1, len(remaining)):
            self.tried = set()
            for policy in remaining:
                found = self._completed(cluster, before, remaining, (policy,), size)
                if found:
                    return found
        return remaining

    def _completed(
        self,
        cluster: Cluster,
        before: Sequence[Answer],
        remaining: _Chosen,
        chosen: _Chosen,
        size: int,
    ) -> _Chosen | None:
        """A safe batch of at most ``size`` policies with those that are chosen in it."""
        keys = frozenset(policy.key for policy in chosen)
        if keys in self.tried or self.left <= 0:
            return None
        self.tried.add(keys)
        self.left -= 1
        now = answers(applied(cluster, chosen, self.target), self.questions)
        pairs = zip(before, now, strict=True)
        broken = next((new for old, new in pairs if old.allowed and not new.allowed), None)
        if broken is None:
            return chosen
        if len(chosen) == size:
            return None
        for policy in remaining:
            if policy.key not in keys and _mends(cluster, policy, broken):
                found = self._completed(cluster, before, remaining, (*chosen, policy), size)
                if found:
                    return found
        return None


def _mends(cluster: Cluster, policy: AnyPolicy, broken: Answer) -> bool:
    """Whether a policy can turn an end of a broken connection from denied to allowed."""
    if not isinstance(policy, NetworkPolicy):
        return True
    per_pod = cluster.profile.baseline_skipped is BaselineSkipped.PER_POD
    replaces = any(known.key == policy.key for known in cluster.policies)
    alone = cluster.with_policies((policy,)).with_cluster_policies(())
    return replaces or any(
        (per_pod and end.tiers and alone.policies_selecting(entity))
        or (
            alone.isolating(entity, end.direction)
            and evaluate_end(alone, verdict.connection, end.direction).allowed
        )
        for verdict in verdicts_of(broken)
        for end in verdict.ends
        if not end.allowed and isinstance(entity := end.entity, Pod)
    )
