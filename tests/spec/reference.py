"""Whether a connection passes, once more and differently: a check on ``netpol_sim.evaluate``.

Written from the facts of ``checklist.yaml`` alone, as plain as can be: booleans, no reasons, no
index, and nothing of the simulator but the data of its values (no method of theirs is called).
Numbers in brackets are those of the checklist.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from netpol_sim.cluster import Cluster
from netpol_sim.model import Connection, Entity, External, Node, Pod

Selector = Any  # a LabelSelector; only its two fields are read
NAME_LABEL = "kubernetes.io/metadata.name"


def allows(cluster: Cluster, connection: Connection) -> bool:
    """Whether both ends let a connection pass (1)."""
    return egress_allows(cluster, connection) and ingress_allows(cluster, connection)


def egress_allows(cluster: Cluster, connection: Connection) -> bool:
    """Whether the source may open the connection."""
    return _end_allows(cluster, connection, "Egress", connection.source, connection.destination)


def ingress_allows(cluster: Cluster, connection: Connection) -> bool:
    """Whether the destination takes the connection."""
    return _end_allows(cluster, connection, "Ingress", connection.destination, connection.source)


def _end_allows(
    cluster: Cluster, connection: Connection, direction: str, near: Entity, far: Entity
) -> bool:
    if not isinstance(near, Pod):
        return True  # (1) an address or a node has no policies
    if near.phase in ("Succeeded", "Failed"):
        return False  # (39)
    if near.phase == "Pending" and not near.ips and not near.host_network:
        return False  # (39)
    if not cluster.profile.enforces:
        return True  # (41)
    itself = isinstance(far, Pod) and (far.namespace, far.name) == (near.namespace, near.name)
    if itself and (connection.dialled is None or not cluster.cluster_policies):
        return True  # (35)
    if _is_node(cluster, near):
        return True  # (36)
    on_own_node = near.node is not None and near.node == _node_name(cluster, far)
    always = direction == "Ingress" or cluster.profile.own_node_egress_allowed
    if not itself and on_own_node and always:
        return True  # (37)
    return _tiers_allow(cluster, connection, direction, near, far)


def _tiers_allow(
    cluster: Cluster, connection: Connection, direction: str, near: Pod, far: Entity
) -> bool:
    """Admin, NetworkPolicies, Baseline: the first that decides (66)."""
    itself = isinstance(far, Pod) and (far.namespace, far.name) == (near.namespace, near.name)
    first = _opinion(cluster, connection, direction, "Admin")
    if first is not None:
        return first
    isolating = False
    if not itself:
        isolating, allowed = _network_policies(cluster, connection, direction, near, far)
        if isolating:
            return allowed
    selected = any(  # (78)
        policy.namespace == near.namespace and selects(policy.pod_selector, near.labels)
        for policy in cluster.policies
    )
    if selected and cluster.profile.baseline_skipped == "per-pod":
        return True
    last = _opinion(cluster, connection, direction, "Baseline")
    return True if last is None else last


def _network_policies(
    cluster: Cluster, connection: Connection, direction: str, near: Pod, far: Entity
) -> tuple[bool, bool]:
    """Whether any NetworkPolicy isolates a pod, and whether one then allows the connection."""
    in_force = [
        policy
        for policy in cluster.policies
        if policy.namespace == near.namespace
        and selects(policy.pod_selector, near.labels)
        and direction in policy.policy_types
    ]
    return bool(in_force), not in_force or any(  # (2) (3)
        _rule_allows(cluster, connection, policy.namespace, rule, far, direction)
        for policy in in_force
        for rule in (policy.ingress if direction == "Ingress" else policy.egress)
    )


def _opinion(cluster: Cluster, connection: Connection, direction: str, tier: str) -> bool | None:
    """What the rules of a tier make of a connection; None when they leave it to the next."""
    near, far = connection.source, connection.destination
    if direction == "Ingress":
        near, far = far, near
    assert isinstance(near, Pod)
    rules: list[Any] = []
    for policy in sorted(cluster.cluster_policies, key=lambda each: each.priority):  # (67)
        in_force = policy.tier == tier and policy.kind in cluster.profile.cluster_policy_kinds
        if in_force and _picks(cluster, policy.subject, near):  # (70)
            rules += policy.ingress if direction == "Ingress" else policy.egress
    for rule in rules:  # (68)
        unknown = any(hasattr(peer, "names") for peer in rule.peers)
        if unknown and rule.action != "Accept":
            return False  # (75)
        before = direction == "Egress" and cluster.profile.egress_judged == "before-translation"
        translated = connection.dialled is not None and before
        number = connection.dialled[1] if connection.dialled and translated else connection.port
        if not any(
            _peer_fits(cluster, peer, connection, far, translated=translated) for peer in rule.peers
        ):
            continue
        if rule.ports and not any(_entry_fits(entry, connection, number) for entry in rule.ports):
            continue
        return {"Accept": True, "Deny": False, "Pass": None}[rule.action]  # (66) (69)
    return None


def _picks(cluster: Cluster, picker: Any, pod: Entity) -> bool:  # noqa: ANN401  a PodPeer
    if not isinstance(pod, Pod) or pod.host_network:
        return False  # (70)
    declared = [space.labels for space in cluster.namespaces if space.name == pod.namespace]
    labels = {**(declared[0] if declared else {}), NAME_LABEL: pod.namespace}
    return selects(picker.namespace_selector, labels) and (
        picker.pod_selector is None or selects(picker.pod_selector, pod.labels)
    )


def _peer_fits(
    cluster: Cluster,
    peer: Any,  # noqa: ANN401  a ClusterPeer; only its fields are read
    connection: Connection,
    far: Entity,
    *,
    translated: bool,
) -> bool:
    if hasattr(peer, "names"):
        return False  # (75)
    if hasattr(peer, "cidrs"):
        address = address_of(cluster, connection, far)
        if translated and connection.dialled is not None:
            address = connection.dialled[0]
        return address is not None and any(within(address, cidr) for cidr in peer.cidrs)  # (71)
    if hasattr(peer, "selector"):
        name = far.name if isinstance(far, Node) else None
        if isinstance(far, Pod) and far.host_network:
            name = far.node
        return any(
            node.name == name and selects(peer.selector, node.labels) for node in cluster.nodes
        )  # (74)
    return _picks(cluster, peer, far)


def _entry_fits(entry: Any, connection: Connection, number: int) -> bool:  # noqa: ANN401
    if hasattr(entry, "protocol"):
        last = entry.port if entry.end_port is None else entry.end_port
        return bool(entry.protocol == connection.protocol and entry.port <= number <= last)
    pod = connection.destination
    return (  # (73)
        isinstance(pod, Pod)
        and not pod.host_network
        and any(
            (declared.name, declared.protocol, declared.port)
            == (entry.name, connection.protocol, number)
            for declared in pod.ports
        )
    )


def _rule_allows(
    cluster: Cluster,
    connection: Connection,
    home: str,
    rule: Any,  # noqa: ANN401  a Rule; only its fields are read
    far: Entity,
    direction: str,
) -> bool:
    before = direction == "Egress" and cluster.profile.egress_judged == "before-translation"
    translated = connection.dialled is not None and before  # (54)
    number = connection.dialled[1] if connection.dialled and translated else connection.port
    port_fits = not rule.ports or any(
        _port_fits(cluster, entry, connection, number) for entry in rule.ports
    )
    peer_fits = not rule.peers or any(
        _range_fits(cluster, peer, connection, far, translated=translated)
        if hasattr(peer, "cidr")
        else _pods_fit(cluster, peer, home, far)
        for peer in rule.peers
    )
    return port_fits and peer_fits  # (13) (14)


def _port_fits(cluster: Cluster, entry: Any, connection: Connection, number: int) -> bool:  # noqa: ANN401
    if entry.protocol != connection.protocol:
        return False  # (42) (49)
    if entry.port is None:
        return True
    if isinstance(entry.port, int):
        last = entry.port if entry.end_port is None else entry.end_port
        return entry.port <= number <= last  # (43)
    pod = connection.destination
    if not isinstance(pod, Pod) or _is_node(cluster, pod):
        return False  # (34)
    return any(  # (44) (45) (46)
        (declared.name, declared.protocol, declared.port) == (entry.port, entry.protocol, number)
        for declared in pod.ports
    )


def _pods_fit(cluster: Cluster, peer: Any, home: str, far: Entity) -> bool:  # noqa: ANN401
    if not isinstance(far, Pod) or _is_node(cluster, far):
        return False  # (22) (36)
    if peer.pod_selector is not None and not selects(peer.pod_selector, far.labels):
        return False  # (18)
    if peer.namespace_selector is None:
        return far.namespace == home  # (16)
    declared = [space.labels for space in cluster.namespaces if space.name == far.namespace]
    labels = {**(declared[0] if declared else {}), NAME_LABEL: far.namespace}  # (20)
    return selects(peer.namespace_selector, labels)  # (17)


def selects(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether a selector picks these labels."""
    plain = dict(labels)
    wanted = set(dict(selector.match_labels).items())
    if not wanted <= set(plain.items()):
        return False  # (24) (26)
    for expression in selector.match_expressions:  # (25) (27)
        value = plain.get(expression.key)
        if expression.operator == "In" and value not in expression.values:
            return False
        if expression.operator == "NotIn" and value is not None and value in expression.values:
            return False
        if expression.operator == "Exists" and value is None:
            return False
        if expression.operator == "DoesNotExist" and value is not None:
            return False
    return True


def _range_fits(
    cluster: Cluster,
    block: Any,  # noqa: ANN401  an IPBlock; only the two texts are read
    connection: Connection,
    far: Entity,
    *,
    translated: bool,
) -> bool:
    if translated and connection.dialled is not None:
        address = connection.dialled[0]
    else:
        if _is_node(cluster, far) and not cluster.profile.ip_block_matches_nodes:
            return False  # (31)
        ordinary = isinstance(far, Pod) and not _is_node(cluster, far)
        if ordinary and not cluster.profile.ip_block_matches_pods:
            return False  # (31)
        address = address_of(cluster, connection, far)
    if address is None or not within(address, block.cidr):
        return False  # (29) (30)
    return not any(within(address, cut) for cut in block.except_)


def within(address: Any, cidr: str) -> bool:  # noqa: ANN401  an address of either family
    """Whether an address lies in a range."""
    network = ipaddress.ip_network(cidr, strict=False)  # (32)
    if address.version != network.version:
        return False
    low, high = int(network[0]), int(network[-1])
    return low <= int(address) <= high


def address_of(cluster: Cluster, connection: Connection, far: Entity) -> Any:  # noqa: ANN401
    """The address of the far end in the family of the connection (30)."""
    mine = ips(cluster, far)
    if connection.family is not None:
        return next((ip for ip in mine if ip.version == connection.family), None)
    source, destination = (ips(cluster, end) for end in (connection.source, connection.destination))
    for wanted in destination:
        if any(ip.version == wanted.version for ip in source):
            return next(ip for ip in mine if ip.version == wanted.version)
    return mine[0] if mine else None


def ips(cluster: Cluster, entity: Entity) -> tuple[Any, ...]:
    """The addresses of an end; a pod on its node's network that shows none has the node's."""
    if isinstance(entity, External):
        return (entity.address,)
    if isinstance(entity, Pod) and entity.host_network and not entity.ips:
        return next((node.ips for node in cluster.nodes if node.name == entity.node), ())
    return entity.ips


def _is_node(cluster: Cluster, entity: Entity) -> bool:
    if isinstance(entity, Pod):
        return entity.host_network and cluster.profile.host_network == "as-node"  # (36)
    return isinstance(entity, Node)


def _node_name(cluster: Cluster, entity: Entity) -> str | None:
    if isinstance(entity, Node):
        return entity.name
    return entity.node if isinstance(entity, Pod) and _is_node(cluster, entity) else None
