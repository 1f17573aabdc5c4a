"""Classic mistakes within one rule: in its peers, its shape, or its ports.

Each function takes a right peer, rule or port and gives what the mistake puts in its place;
``rewrites`` applies them to whole sets of policies.
"""

from __future__ import annotations

from dataclasses import replace

from netpol_sim.cluster import Cluster
from netpol_sim.labels import EVERYTHING, LabelSelector, Operator, Requirement
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import NetworkPolicy, PolicyPort, Protocol, Rule

ANY_ADDRESS = IPBlock(cidr="0.0.0.0/0")
DNS_PORT = 53


# --- peers


def split_and(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """Both selectors in one item become two items: AND becomes OR."""
    if not isinstance(peer, PodPeer) or None in (peer.pod_selector, peer.namespace_selector):
        return (peer,)
    return (
        PodPeer(namespace_selector=peer.namespace_selector),
        PodPeer(pod_selector=peer.pod_selector),
    )


def join_or(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """A namespace item followed by a pod item become one: OR becomes AND."""
    peers = list(rule.peers)
    for index in range(len(peers) - 1):
        first, second = peers[index], peers[index + 1]
        if not isinstance(first, PodPeer) or not isinstance(second, PodPeer):
            continue
        if first.pod_selector is None and second.namespace_selector is None:
            joined = replace(first, pod_selector=second.pod_selector)
            return (replace(rule, peers=(*peers[:index], joined, *peers[index + 2 :])),)
    return (rule,)


def forget_namespace_selector(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """A podSelector alone is thought to look in every namespace."""
    if isinstance(peer, PodPeer) and peer.namespace_selector is not None:
        return (PodPeer(pod_selector=peer.pod_selector or EVERYTHING),)
    return (peer,)


def forget_pod_selector(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """The whole namespace is let in where some of its pods were meant."""
    if isinstance(peer, PodPeer) and peer.namespace_selector is not None:
        return (PodPeer(namespace_selector=peer.namespace_selector),)
    return (peer,)


def invented_name_label(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """A namespace is called by a label ``name`` that nobody set."""
    if not isinstance(peer, PodPeer) or peer.namespace_selector is None:
        return (peer,)
    selector = peer.namespace_selector
    renamed = {
        ("name" if key == NAMESPACE_NAME_LABEL else key): value
        for key, value in selector.match_labels.items()
    }
    return (replace(peer, namespace_selector=replace(selector, match_labels=renamed)),)


def any_namespace(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """Every namespace is trusted where one was meant."""
    if isinstance(peer, PodPeer) and peer.namespace_selector is not None:
        return (replace(peer, namespace_selector=EVERYTHING),)
    return (peer,)


def same_label_everywhere(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """Own pods are written with ``namespaceSelector: {}``, which lets all namespaces in."""
    if isinstance(peer, PodPeer) and peer.namespace_selector is None:
        return (replace(peer, namespace_selector=EVERYTHING),)
    return (peer,)


def forget_exceptions(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """A range is written without what it must leave out."""
    return (replace(peer, except_=()),) if isinstance(peer, IPBlock) else (peer,)


def address_for_pods(peer: Peer, _: NetworkPolicy, __: Cluster) -> tuple[Peer, ...]:
    """Pods are written as ``0.0.0.0/0``."""
    return (ANY_ADDRESS,) if isinstance(peer, PodPeer) else (peer,)


def forget_own_pods(peer: Peer, policy: NetworkPolicy, _: Cluster) -> tuple[Peer, ...]:
    """Replicas that must talk to each other are forgotten."""
    own = PodPeer(pod_selector=policy.pod_selector)
    return () if peer == own else (peer,)


def everybody_but(peer: Peer, policy: NetworkPolicy, cluster: Cluster) -> tuple[Peer, ...]:
    """``app In [web]`` becomes ``app NotIn [all the others]``, which lets the unlabelled in."""
    if not isinstance(peer, PodPeer) or peer.pod_selector is None:
        return (peer,)
    pair = next(iter(peer.pod_selector.match_labels.items()), None)
    if pair is None or peer.namespace_selector is not None:
        return (peer,)
    key, value = pair
    pods = [pod for pod in cluster.pods if pod.namespace == policy.namespace]
    others = sorted({pod.labels[key] for pod in pods if key in pod.labels} - {value})
    if not others:
        return (peer,)
    rest = {name: text for name, text in peer.pod_selector.match_labels.items() if name != key}
    requirement = Requirement(key=key, operator=Operator.NOT_IN, values=tuple(others))
    selector = LabelSelector(
        match_labels=rest,
        match_expressions=(*peer.pod_selector.match_expressions, requirement),
    )
    return (PodPeer(pod_selector=selector),)


# --- rules


def split_ports_off(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """A dash before ``ports`` makes two rules of one."""
    if rule.peers and rule.ports:
        return (Rule(peers=rule.peers), Rule(ports=rule.ports))
    return (rule,)


def forget_ports(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """Every port is opened where one was meant."""
    return (replace(rule, ports=()),) if rule.peers else (rule,)


def forget_peers(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """An empty list of peers is thought to be nobody; it is everybody."""
    return (replace(rule, peers=()),)


def only_pods_of_namespace(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """``podSelector: {}`` is thought to be everybody; it is the own namespace."""
    return (rule,) if rule.peers else (replace(rule, peers=(PodPeer(pod_selector=EVERYTHING),)),)


def only_pods_of_cluster(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """``namespaceSelector: {}`` is thought to be everybody; it is the pods of the cluster."""
    peer = PodPeer(namespace_selector=EVERYTHING)
    return (rule,) if rule.peers else (replace(rule, peers=(peer,)),)


def forget_dns(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    """Name lookups are forgotten."""
    ports = tuple(port for port in rule.ports if port.port != DNS_PORT)
    return () if rule.ports and not ports else (replace(rule, ports=ports),)


# --- ports


def protocol_omitted(port: PolicyPort, _: Cluster) -> tuple[PolicyPort, ...]:
    """The protocol is left out, which means TCP."""
    return (replace(port, protocol=Protocol.TCP),)


def dns_over_udp_only(port: PolicyPort, _: Cluster) -> tuple[PolicyPort, ...]:
    """Name lookups are opened for UDP only."""
    return () if port.port == DNS_PORT and port.protocol is Protocol.TCP else (port,)


def service_port(port: PolicyPort, cluster: Cluster) -> tuple[PolicyPort, ...]:
    """The Service's port is written where the pod's is meant."""
    for service in cluster.services:
        for known in service.ports:
            if known.target_port == port.port and known.port != known.target_port:
                return (replace(port, port=known.port),)
    return (port,)
