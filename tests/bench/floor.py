"""What nobody can do without who answers for all pairs, in Python.

Touch the labels of each pod once (one tuple, hashed), read every policy once into plain tuples, and
fill one bit for each pair.
"""

from __future__ import annotations

from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.peers import IPBlock, Peer
from netpol_sim.policy import NetworkPolicy, Rule


def floor(cluster: Cluster) -> int:
    """Do it, and count what was done."""
    touched = {hash(tuple(pod.labels.items())) for pod in cluster.pods}
    read = [_plain(policy) for policy in cluster.policies]
    pods = len(cluster.pods)
    # Row by row, into memory that is warm: how fast a system hands out new pages is not the point.
    filled = sum(len(b"\xff" * (pods // 8)) for _ in range(pods))
    return len(touched) + len(read) + filled


def _plain(policy: NetworkPolicy) -> tuple[object, ...]:
    return (
        policy.namespace,
        _terms(policy.pod_selector),
        policy.policy_types,
        tuple([_plain_rule(rule) for rule in policy.ingress]),
        tuple([_plain_rule(rule) for rule in policy.egress]),
    )


def _plain_rule(rule: Rule) -> tuple[object, ...]:
    ports = tuple([(port.protocol, port.port, port.end_port) for port in rule.ports])
    return tuple([_plain_peer(peer) for peer in rule.peers]), ports


def _plain_peer(peer: Peer) -> tuple[object, ...]:
    if isinstance(peer, IPBlock):
        return (peer.cidr, peer.except_)
    return _terms(peer.pod_selector), _terms(peer.namespace_selector)


def _terms(selector: LabelSelector | None) -> tuple[object, ...] | None:
    if selector is None:
        return None
    asked = [(each.key, each.operator, each.values) for each in selector.match_expressions]
    return (*selector.match_labels.items(), *asked)
