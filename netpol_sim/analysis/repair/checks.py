"""Connections that told policy sets apart, asked again of many others, quickly.

What NetworkPolicies allow adds up.  So what a set decides about a connection follows from what each
of its policies says alone, and that is worked out once for each policy.  Beside cluster-scoped
policies that does not hold, and the whole set is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.evaluate import evaluate_end
from netpol_sim.policy import Direction, NetworkPolicy

_Said = tuple[bool | None, ...]
"""For each direction: whether a policy allows a connection; None where it does not isolate."""


@dataclass(slots=True, kw_only=True)
class Check:
    """A connection, and the verdict it must get; ``tiers`` are there with all that is tried."""

    witness: Witness
    tiers: tuple[ClusterNetworkPolicy, ...] = ()
    _said: dict[int, tuple[_Said, NetworkPolicy]] = field(default_factory=dict)
    _open: tuple[bool, ...] = field(init=False)

    def __post_init__(self) -> None:
        cluster, connection = self.witness.cluster.with_policies(()), self.witness.connection
        self._open = tuple(evaluate_end(cluster, connection, way).allowed for way in Direction)

    def passes(self, policies: Sequence[NetworkPolicy]) -> bool:
        """Whether policies give the reference's verdict."""
        if self.tiers:
            return self._passes_whole(policies)
        ends = zip(*map(self._says, policies), strict=True)
        said = [[each for each in end if each is not None] for end in ends] or [[], []]
        pairs = zip(said, self._open, strict=True)
        allowed = all(any(isolating) if isolating else free for isolating, free in pairs)
        return allowed is self.witness.reference.allowed

    def _passes_whole(self, policies: Sequence[NetworkPolicy]) -> bool:
        cluster = self.witness.cluster.with_policies(tuple(policies))
        cluster = cluster.with_cluster_policies(self.tiers)
        ends = (evaluate_end(cluster, self.witness.connection, way) for way in Direction)
        return all(end.allowed for end in ends) is self.witness.reference.allowed

    def _says(self, policy: NetworkPolicy) -> _Said:
        # By identity, which costs nothing; the policy is kept, so that no other gets its place.
        known = self._said.get(id(policy))
        if known is None:
            known = self._said[id(policy)] = (tuple(self._asked(policy)), policy)
        return known[0]

    def _asked(self, policy: NetworkPolicy) -> Iterable[bool | None]:
        cluster = self.witness.cluster.with_policies((policy,))
        for direction in Direction:
            end = evaluate_end(cluster, self.witness.connection, direction)
            yield end.allowed if end.isolated_by else None
