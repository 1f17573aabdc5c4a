"""What the API leaves open about a verdict that was just reached.

A caveat is named when an end of the verdict would answer otherwise if what is open were settled the
other way, and only then.  Where a cluster's profile or the connection itself can say "the other
way", the end is simply decided once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeGuard

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import NamedPort, Networks
from netpol_sim.model import Connection, Entity, External, Node, Pod
from netpol_sim.peers import IPBlock
from netpol_sim.plugin import EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Direction
from netpol_sim.rule_steps import PeerOutcome, RuleStep
from netpol_sim.tier_caveats import settled_otherwise
from netpol_sim.verdict import Caveat, EndVerdict, Reason

Decide = Callable[[Cluster, Connection, Direction], EndVerdict]
"""How an end is decided: ``evaluate_end``, handed in because it is above us."""

_NEVER_OPEN = (Reason.NOT_A_POD, Reason.NOT_RUNNING, Reason.NOT_ENFORCED, Reason.NOT_ISOLATED)


def caveats_of(
    cluster: Cluster, connection: Connection, ends: tuple[EndVerdict, EndVerdict], decide: Decide
) -> tuple[Caveat, ...]:
    """The caveats of a verdict, each once, in a fixed order."""
    found = {
        caveat
        for end in ends
        if end.reason not in _NEVER_OPEN or end.tiers or _may_skip_baseline(cluster, end)
        for caveat in _of_end(cluster, connection, end, decide)
    }
    return tuple(caveat for caveat in Caveat if caveat in found) if found else ()


def _of_end(
    cluster: Cluster, connection: Connection, end: EndVerdict, decide: Decide
) -> Iterator[Caveat]:
    for caveat, profile in _other_profiles(cluster.profile, connection, end):
        other = decide(cluster.with_profile(profile), connection, end.direction)
        if other.allowed is not end.allowed:
            yield caveat
    for caveat, asked in _other_connections(connection, end):
        if decide(cluster, asked, end.direction).allowed is not end.allowed:
            yield caveat
    yield from _of_ranges(cluster.profile, connection, end)
    if cluster.cluster_policies:
        for caveat, otherwise, asked in settled_otherwise(cluster, connection, end):
            if decide(otherwise, asked, end.direction).allowed is not end.allowed:
                yield caveat


def _may_skip_baseline(cluster: Cluster, end: EndVerdict) -> bool:
    """Whether nothing decided an end only because the Baseline tier was not asked."""
    return bool(cluster.cluster_policies) and end.reason is Reason.NOT_ISOLATED


def _other_profiles(
    profile: Profile, connection: Connection, end: EndVerdict
) -> Iterator[tuple[Caveat, Profile]]:
    """The profiles that settle one open point the other way, where that could matter."""
    far, egress = connection.far(end.direction), end.direction is Direction.EGRESS
    if _uses_host_network(end.entity) or _uses_host_network(far):
        as_node = profile.host_network is HostNetwork.AS_NODE
        other = HostNetwork.AS_POD if as_node else HostNetwork.AS_NODE
        yield Caveat.HOST_NETWORK, replace(profile, host_network=other)
    if egress and (isinstance(far, Node) or _uses_host_network(far)):
        allowed = not profile.own_node_egress_allowed
        yield Caveat.OWN_NODE_EGRESS, replace(profile, own_node_egress_allowed=allowed)
    if egress and connection.dialled is not None:
        after = profile.egress_judged is EgressJudged.AFTER_TRANSLATION
        judged = EgressJudged.BEFORE_TRANSLATION if after else EgressJudged.AFTER_TRANSLATION
        yield Caveat.EGRESS_BEFORE_TRANSLATION, replace(profile, egress_judged=judged)


def _other_connections(
    connection: Connection, end: EndVerdict
) -> Iterator[tuple[Caveat, Connection]]:
    """The connections that differ in what manifests leave open, where that could matter."""
    near, far = end.entity, connection.far(end.direction)
    node = far.name if isinstance(far, Node) else far.node if _uses_host_network(far) else None
    if node is not None and isinstance(near, Pod) and near.node is None:
        yield Caveat.NODE_UNKNOWN, _with_near(connection, end, replace(near, node=node))
    if end.reason is Reason.SAME_POD and connection.dialled is not None and isinstance(far, Pod):
        # Through a Service a pod may be treated as another pod that is just like it.
        name = "twin" if far.name != "twin" else "other-twin"
        yield Caveat.SERVICE_HAIRPIN, _with_far(connection, end, replace(far, name=name))
    if connection.family is None:
        shared = _families(near) & _families(far)
        for family in shared if len(shared) > 1 and _has_range(end) else ():
            yield Caveat.OTHER_FAMILY_DIFFERS, replace(connection, family=family)
    destination = connection.destination
    if isinstance(destination, Pod) and len(destination.ports) > 1:
        named = [port for port in destination.ports if port.name is not None]
        first = {(port.name, port.protocol): port for port in reversed(named)}
        if len(first) < len(named) and _names_a_port(end):
            pod = replace(destination, ports=tuple(first.values()))
            yield Caveat.PORT_NAME_REPEATED, replace(connection, destination=pod)


def _uses_host_network(entity: Entity) -> TypeGuard[Pod]:
    return isinstance(entity, Pod) and entity.host_network


def _families(entity: Entity) -> set[int]:
    ips = (entity.address,) if isinstance(entity, External) else entity.ips
    return {address.version for address in ips} or {4, 6}


def _with_near(connection: Connection, end: EndVerdict, near: Pod) -> Connection:
    if end.direction is Direction.EGRESS:
        return replace(connection, source=near)
    return replace(connection, destination=near)


def _with_far(connection: Connection, end: EndVerdict, far: Pod) -> Connection:
    if end.direction is Direction.EGRESS:
        return replace(connection, destination=far)
    return replace(connection, source=far)


def _has_range(end: EndVerdict) -> bool:
    of_tiers = (step for tier in end.tiers for step in tier.asked)
    return any(isinstance(peer, IPBlock) for step in end.steps for peer in step.rule.peers) or any(
        isinstance(peer, Networks) for step in of_tiers for peer in step.rule.peers
    )


def _names_a_port(end: EndVerdict) -> bool:
    of_tiers = (step for tier in end.tiers for step in tier.asked)
    return any(
        isinstance(entry.port, str) for step in end.steps for entry in step.rule.ports
    ) or any(isinstance(entry, NamedPort) for step in of_tiers for entry in step.rule.ports)


def _of_ranges(profile: Profile, connection: Connection, end: EndVerdict) -> Iterator[Caveat]:
    """Caveats of ranges that may not cover the far end, and of addresses that are in doubt."""
    outcomes = {
        outcome
        for step in end.steps
        if step.port_matched
        for peer, outcome in zip(step.rule.peers, step.peers, strict=True)
        if isinstance(peer, IPBlock)
    }
    if not outcomes or any(step.matched and not _needs_a_range(step) for step in end.steps):
        return
    far, egress = connection.far(end.direction), end.direction is Direction.EGRESS
    if isinstance(far, External):
        if not egress:
            yield Caveat.SOURCE_ADDRESS_MAY_BE_REWRITTEN
        return
    as_node = profile.host_network is HostNetwork.AS_NODE
    on_node = isinstance(far, Node) or (far.host_network and as_node)
    covered = profile.ip_block_matches_nodes if on_node else profile.ip_block_matches_pods
    judged_before = egress and profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    of_service = judged_before and connection.dialled is not None
    if PeerOutcome.ADDRESS_UNKNOWN in outcomes and (covered or of_service):
        yield Caveat.ADDRESS_UNKNOWN
    if outcomes & _LEFT_TO_THE_PLUGIN and not of_service:
        yield Caveat.IP_BLOCK_ON_NODE if on_node else Caveat.IP_BLOCK_ON_POD


_LEFT_TO_THE_PLUGIN = {
    PeerOutcome.MATCHED,
    PeerOutcome.RANGE_SKIPS_PODS,
    PeerOutcome.RANGE_SKIPS_NODES,
}


def _needs_a_range(step: RuleStep) -> bool:
    """Whether a rule that matched did so by a range only."""
    pairs = zip(step.rule.peers, step.peers, strict=True)
    matched = [peer for peer, outcome in pairs if outcome is PeerOutcome.MATCHED]
    return bool(matched) and all(isinstance(peer, IPBlock) for peer in matched)
