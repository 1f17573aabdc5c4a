"""The nearest miss of an end that refuses: the rule that would have needed the least."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.peers import IPBlock, Peer
from netpol_sim.policy import PolicyPort
from netpol_sim.render import describe
from netpol_sim.rule_steps import PeerOutcome, PortOutcome, RuleStep
from netpol_sim.verdict import EndVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A rule that does not match, and the entries of it that came nearest.

    ``peer`` and ``port`` are indexes into the rule's lists; None for a half that matches.
    """

    step: RuleStep
    peer: int | None
    port: int | None


def nearest_miss(end: EndVerdict, connection: Connection) -> Miss | None:
    """The nearest miss of an end; None when a rule matches or there is none.

    Nearest is the rule with the most matching halves; among those, the one whose matching half
    names something, then the one whose failing entries miss the least, then the first.
    """
    if not end.steps or end.matched:
        return None
    far = connection.far(end.direction)
    measured = [_measure(step, connection, far) for step in end.steps]
    return min(measured, key=lambda pair: pair[0])[1]


def _measure(
    step: RuleStep, connection: Connection, far: Entity
) -> tuple[tuple[int, int, int], Miss]:
    """How far a rule is from matching, as (failing halves, -named halves, unmet), and its miss."""
    peers = [
        _peer_distance(peer, outcome, far)
        for peer, outcome in zip(step.rule.peers, step.peers, strict=True)
    ]
    ports = [
        _port_distance(entry, outcome, connection)
        for entry, outcome in zip(step.rule.ports, step.ports, strict=True)
    ]
    miss = Miss(
        step=step,
        peer=None if step.peer_matched else peers.index(min(peers)),
        port=None if step.port_matched else ports.index(min(ports)),
    )
    failing = (not step.peer_matched) + (not step.port_matched)
    named = bool(peers and step.peer_matched) + bool(ports and step.port_matched)
    return (failing, -named, min(peers, default=0) + min(ports, default=0)), miss


def _port_distance(entry: PolicyPort, outcome: PortOutcome, connection: Connection) -> int:
    other_number = entry.ports is not None and connection.port not in entry.ports
    both = outcome is PortOutcome.OTHER_PROTOCOL and other_number
    return _PORT_DISTANCE[outcome] + 2 * both


def _peer_distance(peer: Peer, outcome: PeerOutcome, far: Entity) -> int:
    if isinstance(peer, IPBlock) or peer.pod_selector is None or not isinstance(far, Pod):
        return _PEER_DISTANCE[outcome]
    return _PEER_DISTANCE[outcome] + len(describe.unmet(peer.pod_selector, far.labels))


_PEER_DISTANCE = {
    PeerOutcome.MATCHED: 0,
    PeerOutcome.POD_LABELS: 0,
    PeerOutcome.OTHER_NAMESPACE: 1,
    PeerOutcome.NAMESPACE_LABELS: 1,
    PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS: 1,
    PeerOutcome.NAMESPACE_AND_POD_LABELS: 1,
    PeerOutcome.EXCEPTED: 1,
    PeerOutcome.RANGE_SKIPS_PODS: 1,
    PeerOutcome.RANGE_SKIPS_NODES: 1,
    PeerOutcome.ADDRESS_UNKNOWN: 1,
    PeerOutcome.OUTSIDE_RANGE: 3,
    PeerOutcome.OTHER_FAMILY: 3,
    PeerOutcome.NOT_A_POD: 4,
    PeerOutcome.HOST_NETWORK: 4,
    PeerOutcome.NOT_A_NODE: 4,
    PeerOutcome.NODE_LABELS: 4,
    PeerOutcome.DOMAIN_NAMES: 4,
}
"""How far a peer is from matching; for selectors, the unmet requirements are added."""

_PORT_DISTANCE = {
    PortOutcome.MATCHED: 0,
    PortOutcome.OTHER_PROTOCOL: 1,
    PortOutcome.NAME_OTHER_PROTOCOL: 1,
    PortOutcome.NAME_UNKNOWN: 1,
    PortOutcome.NAME_OTHER_NUMBER: 2,
    PortOutcome.OTHER_NUMBER: 2,
    PortOutcome.NAME_NEEDS_POD: 2,
}
