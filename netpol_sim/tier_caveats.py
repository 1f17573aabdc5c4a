"""What cluster-scoped policies leave open about an end: each point, settled the other way.

Two policies of a tier may share a priority, and then the plugin chooses; the API does not say
whether a NetworkPolicy that isolates a pod in one direction keeps the Baseline tier out of the
other; and which addresses a domain name stands for nobody can know from manifests.
A plugin that does not know a kind of policies ignores them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPeer, DomainNames, Networks
from netpol_sim.cluster_policy import ClusterNetworkPolicy, ClusterPolicyKind
from netpol_sim.model import Connection, External, Node, Pod
from netpol_sim.plugin import BaselineSkipped, EgressJudged
from netpol_sim.policy import Direction
from netpol_sim.rule_steps import ClusterRuleStep, PeerOutcome
from netpol_sim.verdict import Caveat, EndVerdict

Otherwise = tuple[Caveat, Cluster, Connection]
"""A caveat, and the question that settles it the other way."""


def settled_otherwise(
    cluster: Cluster, connection: Connection, end: EndVerdict
) -> Iterator[Otherwise]:
    """Every open point that could matter to an end; the caveat holds if the answer differs."""
    skips = cluster.profile.baseline_skipped
    other_way = next(way for way in BaselineSkipped if way is not skips)
    profile = replace(cluster.profile, baseline_skipped=other_way)
    yield Caveat.BASELINE_SKIPPED, cluster.with_profile(profile), connection
    if cluster.ignored_policies:
        every_kind = replace(cluster.profile, cluster_policy_kinds=tuple(ClusterPolicyKind))
        yield Caveat.POLICY_KIND_UNKNOWN, cluster.with_profile(every_kind), connection
    for step in (step for tier in end.tiers for step in tier.asked):
        for rival in _rivals(end, step):
            others = (each for each in cluster.cluster_policies if each is not rival)
            first = cluster.with_cluster_policies((rival, *others))
            yield Caveat.EQUAL_PRIORITIES, first, connection
        for peer, outcome in zip(step.rule.peers, step.peers, strict=True):
            yield from _unknown_peer(cluster, connection, end, step, (peer, outcome))


def _rivals(end: EndVerdict, decider: ClusterRuleStep) -> Iterator[ClusterNetworkPolicy]:
    """The policies of a decider's priority that would decide for its tier, were they first."""
    for tier in end.tiers:
        for other in tier.steps if tier.decided_by is decider else ():
            equal = other.policy.priority == decider.policy.priority
            if equal and other.matched and other.policy is not decider.policy:
                yield other.policy


def _unknown_peer(
    cluster: Cluster,
    connection: Connection,
    end: EndVerdict,
    step: ClusterRuleStep,
    judged: tuple[ClusterPeer, PeerOutcome],
) -> Iterator[Otherwise]:
    """A peer that could not be judged, judged both ways."""
    peer, outcome = judged
    far = connection.far(end.direction)
    if outcome is PeerOutcome.ADDRESS_UNKNOWN and isinstance(peer, Networks):
        for block in peer.blocks:
            known = _with_address(cluster, connection, end, block.network.network_address)
            if known is not None:
                yield Caveat.ADDRESS_UNKNOWN, cluster, known
    if isinstance(peer, DomainNames) and isinstance(far, External):
        for address in (str(far.address), "0.0.0.0"):  # noqa: S104  nobody has this address
            yield Caveat.DOMAIN_NAMES, _with_address_of(cluster, step, peer, address), connection


def _with_address(
    cluster: Cluster, connection: Connection, end: EndVerdict, address: IPAddress
) -> Connection | None:
    judged_before = cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    if end.direction is Direction.EGRESS and judged_before and connection.dialled is not None:
        return replace(connection, dialled=(address, connection.dialled[1]))
    far = connection.far(end.direction)
    if isinstance(far, External) or far.ips:
        return None
    known: Pod | Node = replace(far, ips=(address,))
    if end.direction is Direction.EGRESS:
        return replace(connection, destination=known)
    return replace(connection, source=known)


def _with_address_of(
    cluster: Cluster, step: ClusterRuleStep, names: DomainNames, address: str
) -> Cluster:
    """The cluster with an address in the place of domain names, which stand in egress only."""
    alone = Networks(cidrs=(f"{address}/{128 if ':' in address else 32}",))
    peers = tuple(alone if peer is names else peer for peer in step.rule.peers)
    rules = list(step.policy.egress)
    rules[step.index] = replace(step.rule, peers=peers)
    return cluster.with_policy(replace(step.policy, egress=tuple(rules)))
