"""One rule in words: what it allows, why each entry matches or not, what it would have needed."""

from __future__ import annotations

from netpol_sim.cluster_peers import ClusterPort, NamedPort, Networks, Nodes
from netpol_sim.labels import EVERYTHING
from netpol_sim.model import NAMESPACE_NAME_LABEL, Entity, Node, Pod
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, Protocol, Rule
from netpol_sim.render import describe, rule_words
from netpol_sim.render.nearest import Miss
from netpol_sim.render.scene import Scene
from netpol_sim.rule_steps import ClusterRuleStep, RuleStep

AnyStep = RuleStep | ClusterRuleStep


def where(step: AnyStep, field: str | None = None) -> str:
    """The field path of a rule or of one of its entries, with its place in a file if known."""
    return describe.where(field or step.field, step.locate(field))


def allows(rule: Rule, direction: Direction, own_namespace: str) -> str:
    """What a rule allows: ``allows connections from every pod in namespace shop, on ...``."""
    peers = [describe.peer(peer, own_namespace) for peer in rule.peers]
    ports = [describe.port(entry) for entry in rule.ports]
    return rule_words.ALLOWS[direction].format(
        peers=describe.listed(peers, rule_words.OR) if peers else rule_words.EVERYBODY,
        ports=describe.listed(ports, rule_words.OR) if ports else rule_words.EVERY_PORT,
    )


def peer(step: AnyStep, index: int) -> str:
    """One peer in words."""
    own = step.policy.namespace if isinstance(step, RuleStep) else ""
    return describe.peer(step.rule.peers[index], own)


def peer_sentence(scene: Scene, step: AnyStep, index: int) -> str:
    """Why one peer matches or does not."""
    said = rule_words.PEERS if isinstance(step, RuleStep) else rule_words.CLUSTER_PEERS
    return said[step.peers[index]].format_map(_peer_facts(scene, step, index))


def port_sentence(scene: Scene, step: AnyStep, index: int) -> str:
    """Why one port entry matches or does not."""
    said = rule_words.PORTS if isinstance(step, RuleStep) else rule_words.CLUSTER_PORTS
    return said[step.ports[index]].format_map(_port_facts(scene, step, index))


def would_match(scene: Scene, miss: Miss) -> str:
    """What a rule would have needed to match."""
    needs = []
    if miss.peer is not None:
        template = rule_words.PEER_NEEDS[miss.step.peers[miss.peer]]
        needs.append(template.format_map(_peer_facts(scene, miss.step, miss.peer)))
    if miss.port is not None:
        number, protocol = scene.port(miss.step.direction), scene.connection.protocol
        needs.append(rule_words.PORT_NEEDS.format(port=describe.numbered_port(number, protocol)))
    return rule_words.WOULD_MATCH.format(needs=f", {rule_words.AND} ".join(needs))


def _peer_facts(scene: Scene, step: AnyStep, index: int) -> dict[str, str]:
    peer, far = step.rule.peers[index], scene.connection.far(step.direction)
    facts = {"far": str(far), "what": describe.kind(far), "address": ""}
    if isinstance(peer, IPBlock):
        facts |= _range_facts(scene, step, peer)
    elif isinstance(peer, Networks):
        facts |= _range_facts(scene, step, peer.blocks[0])
        facts["cidr"] = describe.listed(peer.cidrs, rule_words.AND)
    elif isinstance(peer, Nodes):
        facts |= _node_facts(scene, peer, far)
    else:
        facts["address"] = _address_text(scene, step)
        if isinstance(far, Pod) and isinstance(peer, PodPeer):
            facts |= _selector_facts(scene, step, peer, far)
    other_peer = rule_words.LIST_NODE if scene.ranges_skip(far) else rule_words.LIST_ADDRESS
    if isinstance(far, Pod) and scene.selectors_see(far):
        other_peer = rule_words.PICK_BY_LABELS
    facts["other_peer"] = other_peer.format_map(facts)
    return facts


def _node_facts(scene: Scene, peer: Nodes, far: Entity) -> dict[str, str]:
    """The node that a far end is or is on, and how its labels miss the selector."""
    node: Entity = far
    if isinstance(far, Pod) and far.node is not None:
        node = scene.cluster.node(far.node)
    labels = node.labels if isinstance(node, Node) else {}
    return {"node": str(node), "contrast": describe.contrast(peer.selector, labels)}


def _range_facts(scene: Scene, step: AnyStep, block: IPBlock) -> dict[str, str]:
    family = block.network.version
    address = scene.address(step.direction)
    cuts = [
        text
        for text, cut in zip(block.except_, block.excluded, strict=True)
        if address is None or address in cut
    ]
    excepted = describe.listed(cuts, rule_words.OR)
    skipped = scene.ranges_skip(scene.connection.far(step.direction))
    return {
        "address": _address_text(scene, step),
        "cidr": block.cidr,
        "family": f"IPv{family}",
        "excepted": excepted,
        "no_exception": "" if skipped else rule_words.NO_EXCEPTION.format(excepted=excepted),
    }


def _selector_facts(scene: Scene, step: AnyStep, peer: PodPeer, far: Pod) -> dict[str, str]:
    labels = peer.pod_selector or EVERYTHING
    facts = {
        "far_namespace": far.namespace,
        "own_namespace": step.policy.namespace if isinstance(step, RuleStep) else "",
        "contrast": describe.contrast(labels, far.labels),
        "needs": describe.needs(labels, str(far), far.labels),
        "pod_fits": rule_words.POD_FITS.format(far=far) if peer.pod_selector is not None else "",
        "namespace_fits": rule_words.NAMESPACE_FITS if peer.namespace_selector is not None else "",
    }
    facts["add_namespace_selector"] = rule_words.ADD_NAMESPACE_SELECTOR.format_map(facts)
    return facts | _namespace_facts(scene, peer, far)


def _namespace_facts(scene: Scene, peer: PodPeer, far: Pod) -> dict[str, str]:
    """How the far namespace differs from what the peer asks for."""
    selector, facts = peer.namespace_selector or EVERYTHING, {"far_namespace": far.namespace}
    names = describe.namespace_names(selector)
    by_name = any(asked.key == NAMESPACE_NAME_LABEL for asked in describe.requirements(selector))
    labels, asked = scene.namespace_labels(far.namespace), describe.terms(selector)
    needed = rule_words.NAMESPACE_NEEDS.format(terms=asked, **facts)
    if names:
        contrast = rule_words.IN_OTHER_NAMESPACE.format(
            far=far, namespaces=describe.namespaces(selector), **facts
        )
    else:
        missed = describe.contrast(selector, labels)
        contrast = rule_words.NAMESPACE_CONTRAST.format(contrast=missed, **facts)
        needed = describe.needs(selector, rule_words.NAMESPACE_OF.format_map(facts), labels)
    if by_name:
        needed = rule_words.NAMED_NAMESPACE_NEEDS.format_map(facts)
    return {"namespace_contrast": contrast, "namespace_needs": needed}


def _address_text(scene: Scene, step: AnyStep) -> str:
    far = scene.connection.far(step.direction)
    address = scene.address(step.direction)
    if address is None:
        return rule_words.ADDRESS_OF.format(far=far)
    if str(address) == str(far):
        return str(far)
    return rule_words.ADDRESS_WITH_OWNER.format(address=address, far=far)


def _port_facts(scene: Scene, step: AnyStep, index: int) -> dict[str, str]:
    connection, entry = scene.connection, step.rule.ports[index]
    destination = connection.destination
    name = entry.name if isinstance(entry, NamedPort) else str(entry.port)
    declared = destination.ports if isinstance(destination, Pod) else ()
    named = [port for port in declared if port.name == name]
    return {
        "port": f"{scene.port(step.direction)}/{connection.protocol}",
        "protocol": connection.protocol,
        "protocol_left_out": _protocol_left_out(step, entry, index),
        "service_port": _service_port(scene, step, entry),
        "destination": str(destination),
        "what": describe.kind(destination),
        "name": name,
        "entry_protocol": "" if isinstance(entry, NamedPort) else entry.protocol,
        "declared": describe.listed(map(str, declared))
        if declared
        else rule_words.NO_DECLARED_PORTS,
        "named": describe.listed(f"{port.port}/{port.protocol}" for port in named),
    }


def _protocol_left_out(step: AnyStep, entry: ClusterPort, index: int) -> str:
    """A remark where the manifest names no protocol and the connection is not TCP."""
    origin = step.policy.origin
    if not isinstance(step, RuleStep) or isinstance(entry, NamedPort):
        return ""
    if origin is None or entry.protocol is not Protocol.TCP:
        return ""
    written = origin.wrote(f"{step.port_field(index)}.protocol")
    return "" if written else rule_words.PROTOCOL_LEFT_OUT


def _service_port(scene: Scene, step: AnyStep, entry: ClusterPort) -> str:
    """A remark where the entry names the Service's port instead of the pod's."""
    dialled = scene.connection.dialled
    if isinstance(entry, NamedPort) or dialled is None or dialled[1] == scene.port(step.direction):
        return ""
    named = entry.ports is not None and dialled[1] in entry.ports
    return rule_words.SERVICE_PORT.format(dialled=dialled[1]) if named else ""
