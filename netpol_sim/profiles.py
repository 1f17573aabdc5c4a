"""What real network plugins do where the API leaves it open, each fact with its source.

A field of ``Profile`` that no fact speaks about is that of the documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netpol_sim.cluster_policy import ClusterPolicyKind
from netpol_sim.plugin import DOCUMENTATION, NOT_ENFORCED, BaselineSkipped, EgressJudged, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a plugin does, the field of ``Profile`` that says so, and where it is written.

    ``verified`` is False where the source makes a fact likely and does not settle it.
    """

    field: str
    says: str
    source: str
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin: how it differs from the documentation, and how that is known."""

    profile: Profile
    facts: tuple[Fact, ...] = ()


_KUBE_NETWORK_POLICIES = "https://github.com/kubernetes-sigs/kube-network-policies/blob/main"
_OLD_KINDS = (ClusterPolicyKind.ADMIN, ClusterPolicyKind.BASELINE)


def _kinds(says: str, source: str) -> Fact:
    return Fact(field="cluster_policy_kinds", says=says, source=source)


PLUGINS = (
    Plugin(profile=DOCUMENTATION),
    Plugin(
        profile=NOT_ENFORCED,
        facts=(
            Fact(
                field="enforces",
                says="policies have no effect",
                source="https://kubernetes.io/docs/concepts/services-networking/network-policies/"
                "#prerequisites",
            ),
        ),
    ),
    Plugin(
        profile=Profile(name="antrea", cluster_policy_kinds=_OLD_KINDS),
        facts=(
            _kinds(
                "it knows AdminNetworkPolicy and BaselineAdminNetworkPolicy; from 2.7 also "
                "ClusterNetworkPolicy, if its feature gate is on",
                "https://github.com/antrea-io/antrea/pull/8044",
            ),
        ),
    ),
    Plugin(
        profile=Profile(
            name="aws-vpc-cni",
            egress_judged=EgressJudged.BEFORE_TRANSLATION,
            cluster_policy_kinds=(),
        ),
        facts=(
            Fact(
                field="egress_judged",
                says="it judges egress before a Service address is translated",
                source="https://github.com/aws/aws-network-policy-agent/issues/166",
            ),
            _kinds(
                "it knows no cluster-scoped policies of the API; its own ClusterNetworkPolicy is "
                "of networking.k8s.aws/v1alpha1",
                "https://github.com/aws/amazon-network-policy-controller-k8s",
            ),
        ),
    ),
    Plugin(
        profile=Profile(name="calico", cluster_policy_kinds=(ClusterPolicyKind.CLUSTER,)),
        facts=(
            _kinds(
                "from 3.32 it knows ClusterNetworkPolicy, and no longer the kinds that it replaced",
                "https://github.com/tigera/docs/pull/2416",
            ),
        ),
    ),
    Plugin(
        profile=Profile(
            name="cilium",
            ip_block_matches_pods=False,
            ip_block_matches_nodes=False,
            cluster_policy_kinds=(),
        ),
        facts=(
            Fact(
                field="ip_block_matches_pods",
                says="an ipBlock does not match pods, unless policyCIDRMatchMode says so",
                source="https://github.com/cilium/cilium/issues/9209",
            ),
            Fact(
                field="ip_block_matches_nodes",
                says="an ipBlock does not match nodes, unless policyCIDRMatchMode says so",
                source="https://github.com/cilium/cilium/issues/20550",
            ),
            _kinds(
                "it knows no cluster-scoped policies of the API, unless "
                "enable-k8s-cluster-network-policy says so (from 1.20)",
                "https://github.com/cilium/cilium/issues/23380",
            ),
        ),
    ),
    Plugin(
        profile=Profile(
            name="kube-network-policies",
            cluster_policy_kinds=(ClusterPolicyKind.CLUSTER,),
            baseline_skipped=BaselineSkipped.PER_POD,
        ),
        facts=(
            Fact(
                field="baseline_skipped",
                says="a NetworkPolicy keeps the Baseline tier out of both directions",
                source=f"{_KUBE_NETWORK_POLICIES}/pkg/networkpolicy/iptracker_networkpolicy.go",
            ),
            _kinds(
                "it knows ClusterNetworkPolicy",
                f"{_KUBE_NETWORK_POLICIES}/pkg/networkpolicy/clusternetworkpolicy.go",
            ),
        ),
    ),
    Plugin(
        profile=Profile(name="ovn-kubernetes", cluster_policy_kinds=_OLD_KINDS),
        facts=(
            _kinds(
                "it knows AdminNetworkPolicy and BaselineAdminNetworkPolicy",
                "https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/"
                "network_security/admin-network-policy",
            ),
        ),
    ),
)
"""The documentation, no plugin at all, and the plugins that facts are known of, by name."""

PROFILES: Mapping[str, Profile] = {plugin.profile.name: plugin.profile for plugin in PLUGINS}
"""The profile of each of ``PLUGINS``, by its name."""
