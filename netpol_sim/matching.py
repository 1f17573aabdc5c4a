"""Whether one peer or one port of a rule matches a connection, and what became of it.

This is what rules of NetworkPolicies and of cluster-scoped policies have in common.  Which rules
are asked, and what follows from a match, is in ``evaluate``.  [concept] and [types] are as there;
[cluster] is ``apis/v1alpha2/clusternetworkpolicy_types.go`` of kubernetes-sigs/network-policy-api.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import (
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.model import Connection, ContainerPort, Entity, External, Node, Pod
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.plugin import EgressJudged, HostNetwork
from netpol_sim.policy import Direction, PolicyPort, Protocol
from netpol_sim.rule_steps import PeerOutcome, PortOutcome


class FarEnd(NamedTuple):
    """The far end of a connection, as the rules for one direction see it.

    Selectors see ``entity`` unless ``unseen`` says why not.  ``address`` (None: not known) is what
    ranges are held against, and each ``ipBlock`` covers it unless ``skipped`` says why not;
    ``port`` is what ports are held against.
    """

    entity: Entity
    namespace_labels: Mapping[str, str]
    unseen: PeerOutcome | None
    address: IPAddress | None
    port: int
    skipped: PeerOutcome | None


def far_end(cluster: Cluster, connection: Connection, direction: Direction) -> FarEnd:
    """What the rules for a direction see of the far end."""
    far = connection.far(direction)
    unseen = None if isinstance(far, Pod) else PeerOutcome.NOT_A_POD
    if unseen is None and counts_as_node(cluster, far):
        unseen = PeerOutcome.HOST_NETWORK
    judged_before = cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    if direction is Direction.EGRESS and judged_before and connection.dialled is not None:
        (address, port), skipped = connection.dialled, None
    else:
        address, port = far_address(cluster, connection, direction), connection.port
        skipped = _skipped_by_ranges(cluster, far)
    return FarEnd(
        entity=far,
        namespace_labels=cluster.namespace_labels(far.namespace) if isinstance(far, Pod) else {},
        unseen=unseen,
        address=address,
        port=port,
        skipped=skipped,
    )


def counts_as_node(cluster: Cluster, entity: Entity) -> bool:
    """Whether the network plugin sees an entity as a node: a node, or a pod on its network."""
    if isinstance(entity, Pod):
        return entity.host_network and cluster.profile.host_network is HostNetwork.AS_NODE
    return isinstance(entity, Node)


def node_of(cluster: Cluster, entity: Entity) -> str | None:
    """The node that an entity counts as; None for ordinary pods and outsiders."""
    if isinstance(entity, Node):
        return entity.name
    return entity.node if isinstance(entity, Pod) and counts_as_node(cluster, entity) else None


def far_address(cluster: Cluster, connection: Connection, direction: Direction) -> IPAddress | None:
    """The address that an ``ipBlock`` is held against; None when it is not known.

    Of a dual-stack pod it is the one in the connection's family.
    """
    far = connection.far(direction)
    addresses = _addresses(cluster, far)
    if connection.family is not None:
        return next((ip for ip in addresses if ip.version == connection.family), None)
    if len(addresses) < 2:
        return addresses[0] if addresses else None
    other = {ip.version for ip in _addresses(cluster, connection.near(direction))}
    preferred = (ip.version for ip in _addresses(cluster, connection.destination))
    family = next((version for version in preferred if version in other), addresses[0].version)
    return next((ip for ip in addresses if ip.version == family), addresses[0])


def _addresses(cluster: Cluster, entity: Entity) -> tuple[IPAddress, ...]:
    if isinstance(entity, External):
        return (entity.address,)
    if isinstance(entity, Pod) and entity.host_network and not entity.ips and entity.node:
        return cluster.node(entity.node).ips
    return entity.ips


def match_peer(namespace: str, peer: Peer, far: FarEnd) -> PeerOutcome:
    """Hold one peer of a NetworkPolicy of a namespace against the far end."""
    if isinstance(peer, IPBlock):
        outcome = _match_range(peer, far.address)
        return (far.skipped or outcome) if outcome is PeerOutcome.MATCHED else outcome
    pod = far.entity
    if far.unseen is not None or not isinstance(pod, Pod):
        return far.unseen or PeerOutcome.NOT_A_POD
    return _match_pod(namespace, peer, pod, far.namespace_labels)


def match_cluster_peer(cluster: Cluster, peer: ClusterPeer, far: FarEnd) -> PeerOutcome:
    """Hold one peer of a cluster-scoped policy against the far end."""
    match peer:
        case PodPeer():
            if not isinstance(far.entity, Pod):
                return PeerOutcome.NOT_A_POD
            # [cluster] Whatever the plugin does elsewhere, such a pod is in no peer and no subject.
            if far.entity.host_network:
                return PeerOutcome.HOST_NETWORK
            return _match_pod("", peer, far.entity, far.namespace_labels)
        case Networks():
            # [cluster] Pods and nodes are covered as well as the outside.
            outcomes = [_match_range(block, far.address) for block in peer.blocks]
            order = (PeerOutcome.MATCHED, PeerOutcome.OUTSIDE_RANGE)
            return next((each for each in order if each in outcomes), outcomes[0])
        case Nodes():
            return _match_node(cluster, peer, far.entity)
        case DomainNames():
            return PeerOutcome.DOMAIN_NAMES


def _match_pod(
    namespace: str, peer: PodPeer, far: Pod, namespace_labels: Mapping[str, str]
) -> PeerOutcome:
    # [types] Without a namespaceSelector a podSelector looks in the policy's own namespace only;
    # with one it looks in the namespaces that were picked, and both must match.
    pods_match = peer.pod_selector is None or peer.pod_selector.matches(far.labels)
    if peer.namespace_selector is None:
        if far.namespace == namespace:
            return PeerOutcome.MATCHED if pods_match else PeerOutcome.POD_LABELS
        if pods_match:
            return PeerOutcome.OTHER_NAMESPACE
        return PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS
    if peer.namespace_selector.matches(namespace_labels):
        return PeerOutcome.MATCHED if pods_match else PeerOutcome.POD_LABELS
    return PeerOutcome.NAMESPACE_LABELS if pods_match else PeerOutcome.NAMESPACE_AND_POD_LABELS


def _match_node(cluster: Cluster, peer: Nodes, far: Entity) -> PeerOutcome:
    """The nodes with some labels, by their addresses: pods on their network have the same."""
    if isinstance(far, Pod) and far.host_network and far.node is not None:
        far = cluster.node(far.node)
    if not isinstance(far, Node):
        return PeerOutcome.NOT_A_NODE
    return PeerOutcome.MATCHED if peer.selector.matches(far.labels) else PeerOutcome.NODE_LABELS


def _match_range(block: IPBlock, address: IPAddress | None) -> PeerOutcome:
    if address is None:
        return PeerOutcome.ADDRESS_UNKNOWN
    if address not in block.network:
        same_family = address.version == block.network.version
        return PeerOutcome.OUTSIDE_RANGE if same_family else PeerOutcome.OTHER_FAMILY
    # [types] An exception cuts this block and nothing else.
    excepted = block.excluded and not block.contains(address)
    return PeerOutcome.EXCEPTED if excepted else PeerOutcome.MATCHED


def _skipped_by_ranges(cluster: Cluster, far: Entity) -> PeerOutcome | None:
    """Why no range covers the far end, whatever its address; None when ranges may cover it.

    Whether ranges cover pods and nodes is left to the plugin.
    """
    if counts_as_node(cluster, far):
        return None if cluster.profile.ip_block_matches_nodes else PeerOutcome.RANGE_SKIPS_NODES
    if isinstance(far, Pod) and not cluster.profile.ip_block_matches_pods:
        return PeerOutcome.RANGE_SKIPS_PODS
    return None


def match_port(
    cluster: Cluster, entry: PolicyPort, connection: Connection, number: int
) -> PortOutcome:
    """Hold one ``ports`` entry against the destination's port ``number`` and its protocol."""
    if isinstance(entry.port, str):
        return _match_named_port(cluster, entry, connection, number)
    if entry.protocol is not connection.protocol:
        return PortOutcome.OTHER_PROTOCOL
    return PortOutcome.MATCHED if entry.covers(number) else PortOutcome.OTHER_NUMBER


def _match_named_port(
    cluster: Cluster, entry: PolicyPort, connection: Connection, number: int
) -> PortOutcome:
    # A name stands for a port of the destination pod, for egress too, and only in its protocol.
    destination = connection.destination
    if not isinstance(destination, Pod) or counts_as_node(cluster, destination):
        return PortOutcome.NAME_NEEDS_POD
    named = destination.ports_named(str(entry.port))
    if not named:
        return PortOutcome.NAME_UNKNOWN
    if entry.protocol is not connection.protocol:
        return PortOutcome.OTHER_PROTOCOL
    return _among(named, entry.protocol, number)


def match_cluster_port(
    cluster: Cluster, entry: ClusterPort, connection: Connection, number: int
) -> PortOutcome:
    """Hold one port of a cluster-scoped policy against the destination's, as ``match_port`` does.

    A name takes its protocol from the pod.
    """
    if not isinstance(entry, NamedPort):
        return match_port(cluster, entry, connection, number)
    pod = connection.destination
    if not isinstance(pod, Pod) or pod.host_network:
        return PortOutcome.NAME_NEEDS_POD
    named = pod.ports_named(entry.name)
    if not named:
        return PortOutcome.NAME_UNKNOWN
    return _among(named, connection.protocol, number)


def _among(named: tuple[ContainerPort, ...], protocol: Protocol, number: int) -> PortOutcome:
    numbers = [declared.port for declared in named if declared.protocol is protocol]
    if not numbers:
        return PortOutcome.NAME_OTHER_PROTOCOL
    return PortOutcome.MATCHED if number in numbers else PortOutcome.NAME_OTHER_NUMBER
