"""What the API leaves open about a verdict that was just reached.

Each caveat is named only when the verdict, or the trace of one of its ends, depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.cluster import Cluster
from netpol_sim.model import (
    Connection,
    EgressJudged,
    Entity,
    External,
    Node,
    Pod,
)
from netpol_sim.policy import Direction, IPBlock
from netpol_sim.verdict import Caveat, EndVerdict, PeerOutcome, Reason, RuleStep


def caveats_of(
    cluster: Cluster, connection: Connection, egress: EndVerdict, ingress: EndVerdict
) -> tuple[Caveat, ...]:
    """The caveats of a verdict, each once, in a fixed order."""
    if not cluster.profile.enforces:
        return ()
    found = {
        *_of_end(cluster, connection, egress),
        *_of_end(cluster, connection, ingress),
        *_of_service(cluster, connection, egress, ingress),
    }
    return tuple(caveat for caveat in Caveat if caveat in found) if found else ()


def _of_end(cluster: Cluster, connection: Connection, end: EndVerdict) -> Iterator[Caveat]:
    near, far = end.entity, connection.far(end.direction)
    if not isinstance(near, Pod) or not cluster.isolating(near, end.direction):
        return
    if end.reason is Reason.OWN_NODE and end.direction is Direction.EGRESS:
        yield Caveat.OWN_NODE_EGRESS
    if end.reason is not Reason.SAME_POD and _uses_host_network(near, far):
        yield Caveat.HOST_NETWORK
    if not end.isolated_by:
        return
    if isinstance(far, Node):
        if near.node is None:
            yield Caveat.NODE_UNKNOWN
        elif near.node == far.name and end.direction is Direction.EGRESS:
            yield Caveat.OWN_NODE_EGRESS
    yield from _of_ip_blocks(end, far)
    if _repeats_port_name(connection, end):
        yield Caveat.PORT_NAME_REPEATED
    if _other_family_may_differ(connection, end, far):
        yield Caveat.OTHER_FAMILY_DIFFERS


def _uses_host_network(near: Pod, far: Entity) -> bool:
    return near.host_network or (isinstance(far, Pod) and far.host_network)


def _of_ip_blocks(end: EndVerdict, far: Entity) -> Iterator[Caveat]:
    """Caveats of ranges that decided, or would have decided under another profile."""
    on_plugin = {
        PeerOutcome.MATCHED,
        PeerOutcome.RANGE_SKIPS_PODS,
        PeerOutcome.RANGE_SKIPS_NODES,
        PeerOutcome.ADDRESS_UNKNOWN,
    }
    if any(step.matched and _matched_without_range(step) for step in end.steps):
        return
    for step in end.steps:
        if not step.port_matched:
            continue
        for peer, outcome in zip(step.rule.peers, step.peers, strict=True):
            if not isinstance(peer, IPBlock):
                continue
            if outcome is PeerOutcome.ADDRESS_UNKNOWN:
                yield Caveat.ADDRESS_UNKNOWN
            elif outcome in on_plugin and not isinstance(far, External):
                on_node = isinstance(far, Node) or far.host_network
                yield Caveat.IP_BLOCK_ON_NODE if on_node else Caveat.IP_BLOCK_ON_POD
            elif isinstance(far, External) and end.direction is Direction.INGRESS:
                yield Caveat.SOURCE_ADDRESS_MAY_BE_REWRITTEN


def _matched_without_range(step: RuleStep) -> bool:
    pairs = zip(step.rule.peers, step.peers, strict=True)
    return not step.peers or any(
        outcome is PeerOutcome.MATCHED and not isinstance(peer, IPBlock) for peer, outcome in pairs
    )


def _repeats_port_name(connection: Connection, end: EndVerdict) -> bool:
    """Whether a rule uses a name that several ports of the destination share in one protocol."""
    destination = connection.destination
    if not isinstance(destination, Pod) or not destination.ports:
        return False
    for step in end.steps:
        for entry in step.rule.ports:
            if isinstance(entry.port, str) and entry.protocol is connection.protocol:
                named = destination.ports_named(entry.port)
                if len({port.port for port in named if port.protocol is entry.protocol}) > 1:
                    return True
    return False


def _other_family_may_differ(connection: Connection, end: EndVerdict, far: Entity) -> bool:
    """Whether a dual-stack far end has an address in the other family and a range looked at it."""
    if isinstance(far, External) or connection.family is not None:
        return False
    if len({address.version for address in far.ips}) < 2:
        return False
    if any(step.matched and _matched_without_range(step) for step in end.steps):
        return False
    return any(isinstance(peer, IPBlock) for step in end.steps for peer in step.rule.peers)


def _of_service(
    cluster: Cluster, connection: Connection, egress: EndVerdict, ingress: EndVerdict
) -> Iterator[Caveat]:
    """Caveats of a connection that was dialled through a Service address."""
    if connection.dialled is None:
        return
    for end in (egress, ingress):
        near = end.entity
        isolated = isinstance(near, Pod) and cluster.isolating(near, end.direction)
        if isolated and end.reason is Reason.SAME_POD:
            yield Caveat.SERVICE_HAIRPIN
    judged_before = cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    dialled, port = connection.dialled
    for step in egress.steps:
        ranges = (peer for peer in step.rule.peers if isinstance(peer, IPBlock))
        covered = dialled is not None and any(block.contains(dialled) for block in ranges)
        if covered or (judged_before and port != connection.port and step.rule.ports):
            yield Caveat.EGRESS_BEFORE_TRANSLATION
