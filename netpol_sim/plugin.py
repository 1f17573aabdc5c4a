"""What the API leaves to the network plugin, and what a plugin makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.cluster_policy import ClusterPolicyKind


class HostNetwork(StrEnum):
    """How a plugin sees pods that use their node's network."""

    AS_NODE = "as-node"
    AS_POD = "as-pod"


class EgressJudged(StrEnum):
    """Whether a plugin judges egress before or after a Service address is translated."""

    AFTER_TRANSLATION = "after-translation"
    BEFORE_TRANSLATION = "before-translation"


class BaselineSkipped(StrEnum):
    """When a NetworkPolicy keeps the Baseline tier from being asked about a pod it selects."""

    PER_DIRECTION = "per-direction"
    """In the directions that it isolates the pod in."""
    PER_POD = "per-pod"
    """In both directions, as soon as it isolates the pod in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a network plugin does where the API leaves it open.

    The default is what the API documentation describes, or the commonest behaviour where it says
    nothing.  A verdict that depends on one of these carries a caveat.
    """

    name: str = "documentation"
    enforces: bool = True
    ip_block_matches_pods: bool = True
    ip_block_matches_nodes: bool = True
    own_node_egress_allowed: bool = True
    host_network: HostNetwork = HostNetwork.AS_NODE
    egress_judged: EgressJudged = EgressJudged.AFTER_TRANSLATION
    cluster_policy_kinds: tuple[ClusterPolicyKind, ...] = tuple(ClusterPolicyKind)
    baseline_skipped: BaselineSkipped = BaselineSkipped.PER_DIRECTION

    def __post_init__(self) -> None:
        object.__setattr__(self, "host_network", HostNetwork(self.host_network))
        object.__setattr__(self, "egress_judged", EgressJudged(self.egress_judged))
        kinds = tuple(map(ClusterPolicyKind, self.cluster_policy_kinds))
        object.__setattr__(self, "cluster_policy_kinds", kinds)
        object.__setattr__(self, "baseline_skipped", BaselineSkipped(self.baseline_skipped))


DOCUMENTATION = Profile()
NOT_ENFORCED = Profile(name="not-enforced", enforces=False)
