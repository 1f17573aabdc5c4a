"""What the tiers of cluster-scoped policies do with a pod that no rule picks by its labels."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPeer, Networks
from netpol_sim.cluster_policy import Action, ClusterRule, Tier
from netpol_sim.model import Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction


def denies_by_default(cluster: Cluster, pod: Pod, direction: Direction) -> bool:
    """Whether the tiers deny to a pod what no narrower rule lets pass.

    That is so where the first rule of a tier for every other pod and every port denies; an
    ``Accept`` before it opens the pod, a ``Pass`` leaves the tier.
    """
    if not cluster.profile.enforces:
        return False
    for tier in Tier:
        action = next(_wide_actions(cluster, tier, pod, direction), Action.PASS)
        if action is not Action.PASS:
            return action is Action.DENY
    return False


def _wide_actions(cluster: Cluster, tier: Tier, pod: Pod, direction: Direction) -> Iterator[Action]:
    for policy in cluster.in_tier(tier, pod, direction):
        for rule in policy.rules(direction):
            if _is_wide(rule):
                yield rule.action


def _is_wide(rule: ClusterRule) -> bool:
    return not rule.ports and any(_is_everybody(peer) for peer in rule.peers)


def _is_everybody(peer: ClusterPeer) -> bool:
    """Whether a peer is every pod of the cluster; all addresses of a family hold them, too."""
    if isinstance(peer, Networks):
        return any(block.network.prefixlen == 0 for block in peer.blocks)
    if not isinstance(peer, PodPeer):
        return False
    selectors = (peer.namespace_selector, peer.pod_selector)
    return all(each is None or each.matches_everything for each in selectors)
