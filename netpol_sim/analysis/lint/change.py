"""Policies with one part changed: what a fix would make of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Pod
from netpol_sim.peers import Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, Rule


def with_pod_selector(policy: NetworkPolicy, selector: LabelSelector) -> NetworkPolicy:
    """The policy for other pods."""
    return replace(policy, pod_selector=selector)


def with_types(policy: NetworkPolicy, types: Iterable[Direction]) -> NetworkPolicy:
    """The policy with other ``policyTypes``."""
    return replace(policy, policy_types=tuple(types))


def with_all_rules(
    policy: NetworkPolicy, direction: Direction, rules: tuple[Rule, ...]
) -> NetworkPolicy:
    """The policy with other rules for a direction."""
    if direction is Direction.INGRESS:
        return replace(policy, ingress=rules)
    return replace(policy, egress=rules)


def with_rules(written: WrittenRule, indexes: Iterable[int], rule: Rule) -> NetworkPolicy:
    """The policy with one rule in the place of two adjacent ones."""
    first, last = indexes
    old = written.policy.rules(written.direction)
    return with_all_rules(written.policy, written.direction, (*old[:first], rule, *old[last + 1 :]))


def with_peers(written: WrittenRule, indexes: Iterable[int], peer: Peer) -> NetworkPolicy:
    """The policy with one peer in the place of some adjacent ones."""
    first, *more = indexes
    old = written.rule.peers
    last = more[-1] if more else first
    peers = (*old[:first], peer, *old[last + 1 :])
    return written.replaced(replace(written.rule, peers=peers))


def with_peer_pods(written: WrittenRule, index: int, selector: LabelSelector) -> NetworkPolicy:
    """The policy with another podSelector in one of a rule's peers."""
    peer = written.rule.peers[index]
    if not isinstance(peer, PodPeer):
        return written.policy
    return written.with_peer(index, replace(peer, pod_selector=selector))


def with_peer_namespaces(
    written: WrittenRule, index: int, selector: LabelSelector
) -> NetworkPolicy:
    """The policy with another namespaceSelector in one of a rule's peers."""
    peer = written.rule.peers[index]
    if not isinstance(peer, PodPeer):
        return written.policy
    return written.with_peer(index, replace(peer, namespace_selector=selector))


def twin(pod: Pod) -> Pod:
    """Another replica of a pod: the same in all that policies look at, with no address yet."""
    return replace(pod, name=f"{pod.name}-1", ips=())
