"""The NetworkPolicy algorithm, in the order of the specification.  Read this first.

A connection passes when the egress end of its source AND the ingress end of its destination both
let it.  At each end:

1. An end that is no pod has no policies; a pod that no policy selects for the direction is not
   isolated in it.  Both let everything pass.
2. An isolated pod lets pass what at least one rule of at least one isolating policy matches:
   there is no order, no priority and no deny.
3. A rule matches when one of its peers AND one of its ports match; an empty half matches all.

Nothing is skipped once a match is found: the verdict keeps every rule that was looked at, because
a learner may ask about any of them.  Sources: [concept] is kubernetes.io/docs/concepts/services-
networking/network-policies, [types] is ``k8s.io/api/networking/v1/types.go``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netpol_sim.addresses import IPAddress
from netpol_sim.caveats import caveats_of
from netpol_sim.cluster import Cluster
from netpol_sim.model import Connection, EgressJudged, Entity, External, HostNetwork, Node, Pod
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, Peer, PolicyPort
from netpol_sim.verdict import EndVerdict, PeerOutcome, PortOutcome, Reason, RuleStep, Verdict


def evaluate(cluster: Cluster, connection: Connection) -> Verdict:
    """Decide whether a cluster allows a connection, and say why.

    Both ends must allow it.  Replies to an allowed connection are not asked about: they always
    pass.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        connection: Who connects to whom, on which port of the destination itself (a Service has
            been translated before).

    Returns:
        The verdict.  Policies and rules are traced in cluster order, so equal inputs give equal
        verdicts.

    >>> from netpol_sim.model import Connection, Pod
    >>> from netpol_sim.policy import NetworkPolicy
    >>> web, db = Pod(namespace="shop", name="web"), Pod(namespace="shop", name="db")
    >>> deny_all = NetworkPolicy(namespace="shop", name="deny-all")
    >>> cluster = Cluster(pods=(web, db), policies=(deny_all,))
    >>> print(evaluate(cluster, Connection(source=web, destination=db, port=5432)))
    shop/web -> shop/db:5432/TCP: denied (ingress)
    """
    egress = evaluate_end(cluster, connection, Direction.EGRESS)
    ingress = evaluate_end(cluster, connection, Direction.INGRESS)
    return Verdict(
        connection=connection,
        egress=egress,
        ingress=ingress,
        caveats=caveats_of(cluster, connection, (egress, ingress), evaluate_end),
    )


def evaluate_end(cluster: Cluster, connection: Connection, direction: Direction) -> EndVerdict:
    """Decide what one end says: egress at the source, or ingress at the destination."""
    near, far = connection.near(direction), connection.far(direction)
    if not isinstance(near, Pod):
        return EndVerdict(direction=direction, entity=near, reason=Reason.NOT_A_POD)
    exempt = _exemption(cluster, near, far, direction)
    if exempt is not None:
        return EndVerdict(direction=direction, entity=near, reason=exempt)

    # [concept] A pod is open in each direction until a policy isolates it in that direction.
    isolated_by = cluster.isolating(near, direction)
    if not isolated_by:
        return EndVerdict(direction=direction, entity=near, reason=Reason.NOT_ISOLATED)

    # [concept] What all applicable policies allow adds up; their order does not matter.
    steps = _steps(cluster, isolated_by, connection, direction)
    if any(step.matched for step in steps):
        reason = Reason.RULE_MATCHED
    else:
        reason = Reason.NO_RULE_MATCHED if steps else Reason.NO_RULE_WRITTEN
    return EndVerdict(
        direction=direction,
        entity=near,
        reason=reason,
        isolated_by=isolated_by,
        steps=steps,
    )


def _exemption(cluster: Cluster, near: Pod, far: Entity, direction: Direction) -> Reason | None:
    """Why policies have no say at this end; None when they do."""
    profile = cluster.profile
    if not near.takes_part:
        return Reason.NOT_RUNNING
    if not profile.enforces:
        return Reason.NOT_ENFORCED
    # [concept] No policy can come between a pod and itself.
    if isinstance(far, Pod) and far.key == near.key:
        return Reason.SAME_POD
    if _counts_as_node(cluster, near):
        return Reason.HOST_NETWORK
    # [concept] A pod and its own node always reach each other; [types] promises inbound only.
    on_own_node = near.node is not None and near.node == _node_of(cluster, far)
    if on_own_node and (direction is Direction.INGRESS or profile.own_node_egress_allowed):
        return Reason.OWN_NODE
    return None


def _counts_as_node(cluster: Cluster, entity: Entity) -> bool:
    """Whether the network plugin sees an entity as a node: a node, or a pod on its network."""
    if isinstance(entity, Pod):
        return entity.host_network and cluster.profile.host_network is HostNetwork.AS_NODE
    return isinstance(entity, Node)


def _node_of(cluster: Cluster, entity: Entity) -> str | None:
    """The node that an entity counts as; None for ordinary pods and outsiders."""
    match entity:
        case Node(name=name):
            return name
        case Pod(node=node) if _counts_as_node(cluster, entity):
            return node
        case _:
            return None


def _steps(
    cluster: Cluster,
    policies: tuple[NetworkPolicy, ...],
    connection: Connection,
    direction: Direction,
) -> tuple[RuleStep, ...]:
    """Every rule of the policies, with what became of each of its peers and ports."""
    far, port = _far_end(cluster, connection, direction), connection.port
    judged_before = cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    if direction is Direction.EGRESS and judged_before and connection.dialled is not None:
        address, port = connection.dialled
        far = replace(far, address=address, skipped=None)
    return tuple(
        [
            RuleStep(
                policy=policy,
                direction=direction,
                index=index,
                rule=rule,
                peers=tuple([_match_peer(policy, peer, far) for peer in rule.peers]),
                ports=tuple(
                    [_match_port(cluster, entry, connection, port) for entry in rule.ports]
                ),
            )
            for policy in policies
            for index, rule in enumerate(policy.rules(direction))
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _FarEnd:
    """What rules look at in the far end.

    ``entity`` is seen by selectors unless ``unseen`` says why not; ``address`` is covered by ranges
    unless ``skipped`` says why not.
    """

    entity: Entity
    namespace_labels: Mapping[str, str]
    unseen: PeerOutcome | None
    address: IPAddress | None
    skipped: PeerOutcome | None


def _far_end(cluster: Cluster, connection: Connection, direction: Direction) -> _FarEnd:
    far = connection.far(direction)
    unseen = None if isinstance(far, Pod) else PeerOutcome.NOT_A_POD
    if unseen is None and _counts_as_node(cluster, far):
        unseen = PeerOutcome.HOST_NETWORK
    return _FarEnd(
        entity=far,
        namespace_labels=cluster.namespace_labels(far.namespace) if isinstance(far, Pod) else {},
        unseen=unseen,
        address=far_address(cluster, connection, direction),
        skipped=_skipped_by_ranges(cluster, far),
    )


def far_address(cluster: Cluster, connection: Connection, direction: Direction) -> IPAddress | None:
    """The address that an ``ipBlock`` is held against; None when it is not known.

    Of a dual-stack pod it is the one in the connection's family.
    """
    far = connection.far(direction)
    addresses = _addresses(cluster, far)
    if connection.family is not None:
        return next((ip for ip in addresses if ip.version == connection.family), None)
    if len(addresses) < 2:
        return next(iter(addresses), None)
    other = {ip.version for ip in _addresses(cluster, connection.near(direction))}
    preferred = (ip.version for ip in _addresses(cluster, connection.destination))
    family = next((version for version in preferred if version in other), addresses[0].version)
    return next((ip for ip in addresses if ip.version == family), addresses[0])


def _addresses(cluster: Cluster, entity: Entity) -> tuple[IPAddress, ...]:
    match entity:
        case External(address=address):
            return (address,)
        case Pod(ips=(), host_network=True, node=str(node)):
            return cluster.node(node).ips
        case Pod(ips=ips) | Node(ips=ips):
            return ips


def _match_peer(policy: NetworkPolicy, peer: Peer, far: _FarEnd) -> PeerOutcome:
    if isinstance(peer, IPBlock):
        return _match_ip_block(peer, far)
    pod = far.entity
    if far.unseen is not None or not isinstance(pod, Pod):
        return far.unseen or PeerOutcome.NOT_A_POD
    # [types] Without a namespaceSelector a podSelector looks in the policy's own namespace only;
    # with one it looks in the namespaces that were picked, and both must match.
    pods_match = peer.pod_selector is None or peer.pod_selector.matches(pod.labels)
    if peer.namespace_selector is None:
        if pod.namespace == policy.namespace:
            return PeerOutcome.MATCHED if pods_match else PeerOutcome.POD_LABELS
        if pods_match:
            return PeerOutcome.OTHER_NAMESPACE
        return PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS
    if peer.namespace_selector.matches(far.namespace_labels):
        return PeerOutcome.MATCHED if pods_match else PeerOutcome.POD_LABELS
    return PeerOutcome.NAMESPACE_LABELS if pods_match else PeerOutcome.NAMESPACE_AND_POD_LABELS


def _match_ip_block(block: IPBlock, far: _FarEnd) -> PeerOutcome:
    address = far.address
    if address is None:
        return PeerOutcome.ADDRESS_UNKNOWN
    if address.version != block.network.version:
        return PeerOutcome.OTHER_FAMILY
    if address not in block.network:
        return PeerOutcome.OUTSIDE_RANGE
    # [types] An exception cuts this block and nothing else.
    if not block.contains(address):
        return PeerOutcome.EXCEPTED
    return far.skipped or PeerOutcome.MATCHED


def _skipped_by_ranges(cluster: Cluster, far: Entity) -> PeerOutcome | None:
    """Why no range covers the far end, whatever its address; None when ranges may cover it.

    Whether ranges cover pods and nodes is left to the plugin.
    """
    if _counts_as_node(cluster, far):
        return None if cluster.profile.ip_block_matches_nodes else PeerOutcome.RANGE_SKIPS_NODES
    if isinstance(far, Pod) and not cluster.profile.ip_block_matches_pods:
        return PeerOutcome.RANGE_SKIPS_PODS
    return None


def _match_port(
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
    if not isinstance(destination, Pod) or _counts_as_node(cluster, destination):
        return PortOutcome.NAME_NEEDS_POD
    named = destination.ports_named(str(entry.port))
    if not named:
        return PortOutcome.NAME_UNKNOWN
    if entry.protocol is not connection.protocol:
        return PortOutcome.OTHER_PROTOCOL
    numbers = [declared.port for declared in named if declared.protocol is entry.protocol]
    if not numbers:
        return PortOutcome.NAME_OTHER_PROTOCOL
    return PortOutcome.MATCHED if number in numbers else PortOutcome.NAME_OTHER_NUMBER
