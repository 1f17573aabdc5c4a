"""The words of a test: short ways to say pods, policies and clusters.

::

    cluster(
        pod("shop/web", app="web", ip="10.0.0.1"),
        pod("shop/db", app="db", ports=["pg:5432"]),
        policy("shop/db", select=labelled(app="db"), ingress=[rule(pods(app="web"), ports=[5432])]),
    )
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from netpol_sim.addresses import IPAddress, parse_address
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ALL_PODS, ClusterPeer, NamedPort, Networks
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.model import (
    Connection,
    ContainerPort,
    Entity,
    External,
    Namespace,
    Node,
    Phase,
    Pod,
    Service,
    ServicePort,
)
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.plugin import DOCUMENTATION, Profile
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
TCP, UDP, SCTP = Protocol.TCP, Protocol.UDP, Protocol.SCTP

PortWord = int | str | PolicyPort


def pod(  # noqa: PLR0913  every word of a pod, all but one optional
    key: str,
    *,
    labels: Mapping[str, str] | None = None,
    ip: str | Sequence[str] = (),
    ports: Iterable[int | str] = (),
    node: str | None = None,
    host_network: bool = False,
    phase: Phase = Phase.RUNNING,
    ready: bool = True,
    workload: str | None = None,
    **more_labels: str,
) -> Pod:
    """A pod ``namespace/name``; ports are ``8080``, ``http:8080`` or ``dns:53/UDP``."""
    namespace, _, name = key.partition("/")
    return Pod(
        namespace=namespace,
        name=name,
        labels={**(labels or {}), **more_labels},
        ips=_addresses(ip),
        ports=tuple(container_port(word) for word in ports),
        node=node,
        host_network=host_network,
        phase=phase,
        ready=ready,
        workload=workload,
    )


def container_port(word: int | str) -> ContainerPort:
    """``8080``, ``http:8080`` or ``dns:53/UDP``."""
    text, _, protocol = str(word).partition("/")
    name, _, number = text.rpartition(":")
    return ContainerPort(port=int(number), name=name or None, protocol=Protocol(protocol or "TCP"))


def namespace(name: str, **labels: str) -> Namespace:
    """A namespace with labels."""
    return Namespace(name=name, labels=labels)


def node(name: str, *ips: str) -> Node:
    """A node with its addresses."""
    return Node(name=name, ips=_addresses(ips))


def external(address: str) -> External:
    """An address outside the cluster."""
    return External.of(address)


def service(
    key: str,
    *,
    select: Mapping[str, str] | None = None,
    ports: Iterable[str] = (),
    ip: str | Sequence[str] = (),
    headless: bool = False,
    external_name: str | None = None,
) -> Service:
    """A Service ``namespace/name``; ports are ``80``, ``80>8080``, ``web:80>http``, ``53/UDP``."""
    space, _, name = key.partition("/")
    return Service(
        namespace=space,
        name=name,
        selector=select,
        ports=tuple(_service_port(word) for word in ports),
        cluster_ips=_addresses(ip),
        headless=headless,
        external_name=external_name,
    )


def _service_port(word: str) -> ServicePort:
    text, _, protocol = word.partition("/")
    left, _, target = text.partition(">")
    name, _, number = left.rpartition(":")
    target = target or number
    return ServicePort(
        port=int(number),
        target_port=int(target) if target.isdigit() else target,
        name=name or None,
        protocol=Protocol(protocol or "TCP"),
    )


def labelled(*requirements: Requirement, **labels: str) -> LabelSelector:
    """A selector; nothing in it selects everything."""
    return LabelSelector(match_labels=labels, match_expressions=requirements)


def requirement(key: str, operator: Operator | str, *values: str) -> Requirement:
    """One entry of ``matchExpressions``."""
    return Requirement(key=key, operator=Operator(operator), values=values)


def pods(*requirements: Requirement, **labels: str) -> PodPeer:
    """The peer ``podSelector``: pods of the policy's own namespace."""
    return PodPeer(pod_selector=labelled(*requirements, **labels))


def namespaces(*requirements: Requirement, **labels: str) -> PodPeer:
    """The peer ``namespaceSelector``: every pod of those namespaces."""
    return PodPeer(namespace_selector=labelled(*requirements, **labels))


def pods_in(namespaces: PodPeer, pods: PodPeer) -> PodPeer:
    """Both selectors in one peer."""
    return PodPeer(namespace_selector=namespaces.namespace_selector, pod_selector=pods.pod_selector)


def block(cidr: str, *excepted: str) -> IPBlock:
    """The peer ``ipBlock``."""
    return IPBlock(cidr=cidr, except_=excepted)


def port(word: PortWord) -> PolicyPort:
    """``80``, ``8000-8010`` or ``http``, with ``/UDP`` or without; ``/UDP`` is every UDP port."""
    if isinstance(word, PolicyPort):
        return word
    text, _, protocol = str(word).partition("/")
    first, dash, last = text.partition("-")
    if first.isdigit() and (not dash or last.isdigit()):
        return PolicyPort(
            port=int(first),
            end_port=int(last) if dash else None,
            protocol=Protocol(protocol or "TCP"),
        )
    return PolicyPort(port=text or None, protocol=Protocol(protocol or "TCP"))


def rule(*peers: Peer, ports: Iterable[PortWord] = ()) -> Rule:
    """A rule; no peers means everybody, no ports every port."""
    return Rule(peers=peers, ports=tuple(port(word) for word in ports))


def policy(
    key: str,
    *,
    select: LabelSelector | None = None,
    types: Iterable[Direction] = (),
    ingress: Iterable[Rule] = (),
    egress: Iterable[Rule] = (),
) -> NetworkPolicy:
    """A policy ``namespace/name``; no ``types`` gets the API server's default."""
    space, _, name = key.partition("/")
    return NetworkPolicy(
        namespace=space,
        name=name,
        pod_selector=select or LabelSelector(),
        policy_types=tuple(types),
        ingress=tuple(ingress),
        egress=tuple(egress),
    )


def decision(
    action: Action | str, *peers: ClusterPeer, ports: Iterable[PortWord] = (), name: str = ""
) -> ClusterRule:
    """A rule of a cluster-scoped policy; no peers means every pod, a word is a named port."""
    entries = [port(word) for word in ports]
    return ClusterRule(
        action=Action(action),
        peers=peers or (ALL_PODS,),
        ports=tuple(
            NamedPort(name=entry.port) if isinstance(entry.port, str) else entry
            for entry in entries
        ),
        name=name,
    )


def admin(
    name: str,
    *,
    ingress: Iterable[ClusterRule] = (),
    egress: Iterable[ClusterRule] = (),
    priority: int = 10,
    subject: PodPeer = ALL_PODS,
) -> ClusterNetworkPolicy:
    """A ClusterNetworkPolicy in the Admin tier."""
    return ClusterNetworkPolicy(
        name=name,
        tier=Tier.ADMIN,
        priority=priority,
        subject=subject,
        ingress=tuple(ingress),
        egress=tuple(egress),
    )


def baseline(
    name: str,
    *,
    ingress: Iterable[ClusterRule] = (),
    egress: Iterable[ClusterRule] = (),
    priority: int = 10,
    subject: PodPeer = ALL_PODS,
) -> ClusterNetworkPolicy:
    """A ClusterNetworkPolicy in the Baseline tier."""
    policy = admin(name, ingress=ingress, egress=egress, priority=priority, subject=subject)
    return replace(policy, tier=Tier.BASELINE)


def networks(*cidrs: str) -> Networks:
    """The peer ``networks``."""
    return Networks(cidrs=cidrs)


def cluster(
    *things: Namespace | Pod | Node | Service | NetworkPolicy | ClusterNetworkPolicy,
    profile: Profile = DOCUMENTATION,
) -> Cluster:
    """A cluster of these things, each kind in the order given."""
    return Cluster(
        namespaces=tuple(thing for thing in things if isinstance(thing, Namespace)),
        pods=tuple(thing for thing in things if isinstance(thing, Pod)),
        nodes=tuple(thing for thing in things if isinstance(thing, Node)),
        services=tuple(thing for thing in things if isinstance(thing, Service)),
        policies=tuple(thing for thing in things if isinstance(thing, NetworkPolicy)),
        cluster_policies=tuple(
            thing for thing in things if isinstance(thing, ClusterNetworkPolicy)
        ),
        profile=profile,
    )


def connection(
    source: Entity,
    destination: Entity,
    port: int = 80,
    protocol: Protocol = TCP,
    family: int | None = None,
) -> Connection:
    """A connection between two values, to port 80/TCP when not said otherwise."""
    return Connection(
        source=source, destination=destination, port=port, protocol=protocol, family=family
    )


def _addresses(words: str | Sequence[str]) -> tuple[IPAddress, ...]:
    return tuple(map(parse_address, (words,) if isinstance(words, str) else words))
