"""Write values as YAML: block style, fields in the API's order, no defaults but ``policyTypes``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import (
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.cluster_policy import ClusterNetworkPolicy, ClusterPolicyKind, ClusterRule
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.manifest.kinds import KINDS
from netpol_sim.manifest.scalars import resolve
from netpol_sim.manifest.tree import Value
from netpol_sim.model import (
    NAMESPACE_NAME_LABEL,
    ContainerPort,
    Namespace,
    Node,
    Phase,
    Pod,
    Service,
    ServicePort,
)
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule

Thing = Namespace | Node | Pod | Service | NetworkPolicy | ClusterNetworkPolicy
Fields = dict[str, Value]

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./-]*")
_LIKE_A_DATE = re.compile(r"\d{4}-\d")


def dump(things: Cluster | Thing | Iterable[Thing]) -> str:
    """The manifests of a cluster, of one thing, or of several, as YAML; ``loads`` reads them back.

    A cluster's profile is not in it: that belongs to the network plugin.  A pod's workload becomes
    its owner, without the ``uid`` that a real owner would have.
    """
    if isinstance(things, Cluster):
        things = (
            *things.namespaces,
            *things.nodes,
            *things.pods,
            *things.services,
            *things.policies,
            *things.cluster_policies,
        )
    elif isinstance(things, Thing):
        things = (things,)
    documents = ["".join(_block(_fields(thing), "")) for thing in things]
    return "---\n".join(documents) or "apiVersion: v1\nkind: List\nitems: []\n"


def _fields(thing: Thing) -> Fields:
    match thing:
        case Namespace(name=name, labels=labels):
            own = {key: labels[key] for key in labels if key != NAMESPACE_NAME_LABEL}
            body = {"metadata": _given(name=name, labels=own)}
        case Node(name=name, labels=labels):
            addresses = [{"type": "InternalIP", "address": str(ip)} for ip in thing.ips]
            body = {
                "metadata": _given(name=name, labels=labels),
                "status": _given(addresses=addresses),
            }
        case Pod():
            body = _pod(thing)
        case Service():
            body = _service(thing)
        case NetworkPolicy():
            body = _policy(thing)
        case ClusterNetworkPolicy():
            body = _cluster_policy(thing)
    named = thing.kind if isinstance(thing, ClusterNetworkPolicy) else type(thing).__name__
    kind = KINDS[named]
    return {"apiVersion": kind.api_version, "kind": kind.name} | _given(**body)


def _given(**fields: Value) -> Fields:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", (), [], {})}


def _pod(pod: Pod) -> Fields:
    kind, _, name = (pod.workload or "").partition("/")
    version = KINDS[kind].api_version if kind in KINDS else None
    owner = _given(apiVersion=version, kind=kind, name=name) | {"controller": True}
    ports = [_container_port(port) for port in pod.ports]
    addresses = [{"ip": str(ip)} for ip in pod.ips]
    return {
        "metadata": _given(
            name=pod.name,
            namespace=pod.namespace,
            labels=pod.labels,
            ownerReferences=[owner] if pod.workload else (),
        ),
        "spec": _given(
            nodeName=pod.node,
            hostNetwork=pod.host_network or None,
            containers=[{"name": "main", "ports": ports}] if ports else (),
        ),
        "status": _given(
            phase=None if pod.phase is Phase.RUNNING else pod.phase,
            conditions=() if pod.ready else [{"type": "Ready", "status": "False"}],
            podIP=addresses[0]["ip"] if addresses else None,
            podIPs=addresses,
        ),
    }


def _container_port(port: ContainerPort) -> Fields:
    return _given(name=port.name, containerPort=port.port, protocol=_protocol(port.protocol))


def _protocol(protocol: Protocol) -> Protocol | None:
    return None if protocol is Protocol.TCP else protocol


def _service(service: Service) -> Fields:
    addresses = ["None"] if service.headless else [str(ip) for ip in service.cluster_ips]
    policy = service.external_traffic_policy
    return {
        "metadata": {"name": service.name, "namespace": service.namespace},
        "spec": _given(
            type=None if service.type == "ClusterIP" else service.type,
            selector=service.selector,
            ports=[_service_port(port) for port in service.ports],
            clusterIP=addresses[0] if addresses else None,
            clusterIPs=addresses if len(addresses) > 1 else (),
            externalName=service.external_name,
            externalTrafficPolicy=None if policy == "Cluster" else policy,
            publishNotReadyAddresses=service.publish_not_ready_addresses or None,
        ),
    }


def _service_port(port: ServicePort) -> Fields:
    target = None if port.target_port == port.port else port.target_port
    return _given(
        name=port.name, port=port.port, protocol=_protocol(port.protocol), targetPort=target
    )


def _policy(policy: NetworkPolicy) -> Fields:
    return {
        "metadata": {"name": policy.name, "namespace": policy.namespace},
        "spec": {
            "podSelector": _selector(policy.pod_selector),
            "policyTypes": list(policy.policy_types),
            **_given(
                ingress=[_rule(rule, Direction.INGRESS) for rule in policy.ingress],
                egress=[_rule(rule, Direction.EGRESS) for rule in policy.egress],
            ),
        },
    }


def _rule(rule: Rule, direction: Direction) -> Fields:
    peers = [_peer(peer) for peer in rule.peers]
    return _given(**{direction.peers_field: peers}, ports=[_port(port) for port in rule.ports])


def _peer(peer: Peer) -> Fields:
    match peer:
        case IPBlock(cidr=cidr, except_=excepted):
            return {"ipBlock": _given(cidr=cidr, **{"except": list(excepted)})}
        case PodPeer(pod_selector=pods, namespace_selector=spaces):
            selectors = {"namespaceSelector": spaces, "podSelector": pods}
            return {
                name: _selector(selector)
                for name, selector in selectors.items()
                if selector is not None
            }


def _selector(selector: LabelSelector) -> Fields:
    expressions = [
        {"key": item.key, "operator": item.operator, **_given(values=list(item.values))}
        for item in selector.match_expressions
    ]
    return _given(matchLabels=selector.match_labels, matchExpressions=expressions)


def _port(port: PolicyPort) -> Fields:
    protocol = port.protocol if port.port is None else _protocol(port.protocol)
    return _given(protocol=protocol, port=port.port, endPort=port.end_port)


def _cluster_policy(policy: ClusterNetworkPolicy) -> Fields:
    of_cluster = policy.kind is ClusterPolicyKind.CLUSTER
    without = policy.kind is ClusterPolicyKind.BASELINE
    return {
        "metadata": {"name": policy.name},
        "spec": {
            **_given(tier=policy.tier if of_cluster else None),
            **({} if without else {"priority": policy.priority}),
            "subject": _cluster_peer(policy.subject),
            **_given(
                **{
                    direction.rules_field: [
                        _cluster_rule(policy, rule, direction) for rule in policy.rules(direction)
                    ]
                    for direction in Direction
                }
            ),
        },
    }


def _cluster_rule(policy: ClusterNetworkPolicy, rule: ClusterRule, direction: Direction) -> Fields:
    write = _protocol_entry if policy.kind is ClusterPolicyKind.CLUSTER else _admin_port
    return {
        **_given(name=rule.name),
        "action": policy.word(rule.action),
        direction.peers_field: [_cluster_peer(peer) for peer in rule.peers],
        **_given(**{policy.kind.ports_field: [write(port) for port in rule.ports]}),
    }


def _cluster_peer(peer: ClusterPeer) -> Fields:
    match peer:
        case Networks(cidrs=cidrs):
            return {"networks": list(cidrs)}
        case DomainNames(names=listed):
            return {"domainNames": list(listed)}
        case Nodes(selector=selector):
            return {"nodes": _selector(selector)}
        case PodPeer(pod_selector=None):
            return {"namespaces": _selector(peer.namespace_selector or EVERYTHING)}
        case PodPeer():
            return {"pods": _peer(peer)}


def _protocol_entry(port: ClusterPort) -> Fields:
    if isinstance(port, NamedPort):
        return {"destinationNamedPort": port.name}
    number: Fields = {"number": port.port}
    if port.end_port is not None:
        number = {"range": {"start": port.port, "end": port.end_port}}
    return {port.protocol.lower(): {"destinationPort": number}}


def _admin_port(port: ClusterPort) -> Fields:
    if isinstance(port, NamedPort):
        return {"namedPort": port.name}
    if port.end_port is None:
        return {"portNumber": {"protocol": port.protocol, "port": port.port}}
    span = {"start": port.port, "end": port.end_port}
    return {"portRange": {"protocol": port.protocol, **span}}


def _block(value: Value, indent: str) -> Iterator[str]:
    """The lines of a mapping or list that is not empty."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(item, Mapping | list) and item:
                yield f"{indent}{_scalar(name)}:\n"
                yield from _block(item, indent + "  ")
            else:
                yield f"{indent}{_scalar(name)}: {_scalar(item)}\n"
        return
    for item in value:
        if isinstance(item, Mapping) and item:
            first, *others = _block(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield f"{indent}- {_scalar(item)}\n"


def _scalar(value: Value) -> str:
    """A value on one line; text is quoted where some reader of YAML might take it otherwise."""
    if not isinstance(value, str):
        return json.dumps(dict(value) if isinstance(value, Mapping) else value)
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and resolve(text) == text and not _LIKE_A_DATE.match(text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)
