"""What the sentences about a verdict may speak of: its connection, and where it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import Tier
from netpol_sim.matching import far_address
from netpol_sim.model import Connection, Entity, External, Pod
from netpol_sim.plugin import BaselineSkipped, EgressJudged, HostNetwork
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.verdict import EndVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A connection, and the cluster it was judged in."""

    connection: Connection
    cluster: Cluster

    @classmethod
    def of(cls, verdict: Verdict) -> Scene:
        """What a verdict is about."""
        return cls(connection=verdict.connection, cluster=verdict.cluster)

    def namespace_labels(self, name: str) -> Mapping[str, str]:
        """The labels of a namespace."""
        return self.cluster.namespace_labels(name)

    def ignored(self, entity: Entity, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies that select a pod and have rules for a direction they are not about."""
        if not isinstance(entity, Pod):
            return ()
        return tuple(
            policy
            for policy in self.cluster.policies_selecting(entity)
            if not policy.isolates(direction)
            and (policy.ingress if direction is Direction.INGRESS else policy.egress)
        )

    def baseline_not_asked(self, end: EndVerdict) -> bool:
        """Whether an end that nobody decided was kept from the Baseline tier by the profile."""
        if not isinstance(end.entity, Pod):
            return False
        return (
            self.cluster.profile.baseline_skipped is BaselineSkipped.PER_POD
            and bool(self.cluster.policies_selecting(end.entity))
            and bool(self.cluster.in_tier(Tier.BASELINE, end.entity, end.direction))
        )

    def selectors_see(self, pod: Pod) -> bool:
        """Whether selectors pick a pod: most plugins see one with hostNetwork as its node."""
        as_node = self.cluster.profile.host_network is HostNetwork.AS_NODE
        return not (pod.host_network and as_node)

    def ranges_skip(self, entity: Entity) -> bool:
        """Whether the plugin is known to hold no ipBlock against a pod or a node."""
        if isinstance(entity, External):
            return False
        profile = self.cluster.profile
        if isinstance(entity, Pod) and self.selectors_see(entity):
            return not profile.ip_block_matches_pods
        return not profile.ip_block_matches_nodes

    def port(self, direction: Direction) -> int:
        """The port number that the rules of a direction were held against."""
        dialled = self._dialled(direction)
        return dialled[1] if dialled else self.connection.port

    def address(self, direction: Direction) -> IPAddress | None:
        """The far end's address that ranges were held against; None when it is not known."""
        dialled = self._dialled(direction)
        return dialled[0] if dialled else far_address(self.cluster, self.connection, direction)

    def _dialled(self, direction: Direction) -> tuple[IPAddress | None, int] | None:
        """The Service address and port, where the plugin judges egress by them."""
        if direction is Direction.INGRESS:
            return None
        before = self.cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
        return self.connection.dialled if before else None
