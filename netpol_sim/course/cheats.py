"""Answers that look at the world instead of at the intent: they fit today's pods and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Pod
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import NetworkPolicy, Rule

Policies = tuple[NetworkPolicy, ...]
_Spell = Callable[[Pod], tuple[Peer, ...]]


def cheats(right: Policies, world: Cluster) -> Iterator[tuple[str, Policies]]:
    """What somebody may write who lists the pods of the world: by address, and by name."""
    yield "addresses of the pods", tuple(_rewritten(policy, world, _by_address) for policy in right)
    yield "names of the pods", tuple(_rewritten(policy, world, _by_name) for policy in right)


def _by_address(pod: Pod) -> tuple[Peer, ...]:
    return tuple(IPBlock(cidr=f"{ip}/{ip.max_prefixlen}") for ip in pod.ips)


def _by_name(pod: Pod) -> tuple[Peer, ...]:
    return (PodPeer(pod_selector=LabelSelector(match_labels={"name": pod.name})),)


def _rewritten(policy: NetworkPolicy, world: Cluster, spell: _Spell) -> NetworkPolicy:
    return replace(
        policy,
        ingress=tuple(_rule(policy, rule, world, spell) for rule in policy.ingress),
        egress=tuple(_rule(policy, rule, world, spell) for rule in policy.egress),
    )


def _rule(policy: NetworkPolicy, rule: Rule, world: Cluster, spell: _Spell) -> Rule:
    peers: list[Peer] = []
    for peer in rule.peers:
        if isinstance(peer, PodPeer):
            peers += [each for pod in _picked(policy, peer, world) for each in spell(pod)]
        else:
            peers.append(peer)
    return replace(rule, peers=tuple(dict.fromkeys(peers)) or rule.peers)


def _picked(policy: NetworkPolicy, peer: PodPeer, world: Cluster) -> Iterator[Pod]:
    for pod in world.pods:
        if peer.namespace_selector is None:
            there = pod.namespace == policy.namespace
        else:
            there = peer.namespace_selector.matches(world.namespace_labels(pod.namespace))
        if there and (peer.pod_selector is None or peer.pod_selector.matches(pod.labels)):
            yield pod
