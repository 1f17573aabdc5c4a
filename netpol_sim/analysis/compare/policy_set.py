"""The policies of one side of a comparison, of either scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.plugin import DOCUMENTATION, Profile
from netpol_sim.policy import Direction, NetworkPolicy, Rule

Policies = AnyPolicy | Iterable[AnyPolicy] | Cluster
"""What can be compared: a policy, several, or those of a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """NetworkPolicies, and the cluster-scoped policies of each tier in the order of evaluation."""

    policies: tuple[NetworkPolicy, ...] = ()
    admin: tuple[ClusterNetworkPolicy, ...] = ()
    baseline: tuple[ClusterNetworkPolicy, ...] = ()

    @classmethod
    def of(cls, given: Policies, profile: Profile = DOCUMENTATION) -> PolicySet:
        """The policies given, without those of kinds that a network plugin does not know.

        Raises:
            InvalidValueError: Two of them share a name.
        """
        cluster = cluster_of(given)
        if not cluster.cluster_policies:
            return cls(policies=cluster.policies)
        cluster = cluster.with_profile(profile)
        admin, baseline = (cluster.tier(tier) for tier in (Tier.ADMIN, Tier.BASELINE))
        return cls(policies=cluster.policies, admin=admin, baseline=baseline)

    @property
    def cluster_policies(self) -> tuple[ClusterNetworkPolicy, ...]:
        """Those of both tiers."""
        return (*self.admin, *self.baseline)

    def rules(self) -> Iterator[Rule | ClusterRule]:
        """Every rule of every policy."""
        for policy in self.policies:
            yield from (*policy.ingress, *policy.egress)
        for of_tier in self.cluster_policies:
            yield from (*of_tier.ingress, *of_tier.egress)

    def judges(self, direction: Direction) -> bool:
        """Whether a tier has rules for a direction."""
        return any(each.rules(direction) for each in self.cluster_policies)

    def put_into(self, cluster: Cluster) -> Cluster:
        """A cluster with exactly these policies."""
        return replace(cluster, policies=self.policies, cluster_policies=self.cluster_policies)

    def __add__(self, other: PolicySet) -> PolicySet:
        return PolicySet(
            policies=self.policies + other.policies,
            admin=self.admin + other.admin,
            baseline=self.baseline + other.baseline,
        )


def cluster_of(given: Policies) -> Cluster:
    """A cluster of the policies given; the one given, if it is one.

    Raises:
        InvalidValueError: Two policies share a name.
    """
    if isinstance(given, Cluster):
        return given
    policies = (given,) if isinstance(given, AnyPolicy) else tuple(given)
    return Cluster(
        policies=tuple(each for each in policies if isinstance(each, NetworkPolicy)),
        cluster_policies=tuple(each for each in policies if isinstance(each, ClusterNetworkPolicy)),
    )
