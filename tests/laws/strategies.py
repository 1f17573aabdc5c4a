"""Random small clusters and connections that use every feature of a NetworkPolicy.

The alphabets are small on purpose: with few names, labels, addresses and ports, selectors and
ranges really meet the pods, and two policies really overlap.  ``clusters()`` is the whole; each
part can be drawn alone.  ``connections(cluster)`` asks about what is in a cluster and around it.

Small parts are sampled from lists of all their values (simplest first, so that examples shrink):
one draw instead of many keeps a cluster at a few milliseconds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from ipaddress import ip_address
from itertools import combinations, product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import (
    ALL_PODS,
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.labels import EVERYTHING, Labels, LabelSelector, Operator, Requirement
from netpol_sim.model import (
    NAMESPACE_NAME_LABEL,
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
from netpol_sim.plugin import BaselineSkipped, EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule

NAMESPACES = ("bank", "shop", "lab")
KEYS = ("app", "tier")
VALUES = ("api", "db", "")
PORT_NAMES = ("web", "dns")
PORTS = (80, 53, 81, 8080, 65535)
NODES = ("n1", "n2")
OUTSIDE = ("203.0.113.7", "203.0.113.130", "10.0.9.9", "2001:db8::7", "ffff::ffff", "1.0.0.0")
CIDRS = {
    "0.0.0.0/0": ("10.0.0.0/8", "203.0.113.0/25", "10.0.1.1/32"),
    "10.0.0.0/16": ("10.0.1.0/24", "10.0.0.1/32", "10.0.128.0/17"),
    "10.0.1.7/24": ("10.0.1.0/25",),
    "203.0.113.0/24": ("203.0.113.128/25", "203.0.113.7/32"),
    "192.0.2.1/32": (),
    "::/0": ("fd00::/8", "2001:db8::/32"),
    "fd00::/16": ("fd00::1:0/112", "fd00::1:1/128"),
}

LABELS = tuple(
    Labels({key: value for key, value in zip(KEYS, values, strict=True) if value is not None})
    for values in product((None, *VALUES), repeat=len(KEYS))
)
REQUIREMENTS = (
    *(
        Requirement(key=key, operator=operator)
        for key in KEYS
        for operator in (Operator.EXISTS, Operator.DOES_NOT_EXIST)
    ),
    *(
        Requirement(key=key, operator=operator, values=values)
        for key in KEYS
        for operator in (Operator.IN, Operator.NOT_IN)
        for count in (1, 2)
        for values in combinations(VALUES, count)
    ),
)
IP_BLOCKS = tuple(
    IPBlock(cidr=cidr, except_=holes)
    for cidr, inner in CIDRS.items()
    for count in range(len(inner) + 1)
    for holes in combinations(inner, count)
)
POLICY_PORTS = tuple(
    PolicyPort(protocol=protocol, port=port, end_port=end_port)
    for protocol in Protocol
    for port, end_port in (
        (None, None),
        *((port, None) for port in (*PORTS, *PORT_NAMES)),
        *((first, last) for first in PORTS for last in PORTS if first <= last),
    )
)
CONTAINER_PORTS = tuple(
    ContainerPort(port=port, name=name, protocol=protocol)
    for protocol in Protocol
    for name in (None, *PORT_NAMES)
    for port in PORTS
)


def labels() -> SearchStrategy[Labels]:
    """Label sets over the alphabet, the empty value included."""
    return st.sampled_from(LABELS)


@cache
def selectors() -> SearchStrategy[LabelSelector]:
    """Selectors: empty, by labels, by expressions with each of the four operators, by both."""
    return st.just(EVERYTHING) | st.builds(
        LabelSelector,
        match_labels=labels(),
        match_expressions=st.lists(st.sampled_from(REQUIREMENTS), max_size=2).map(tuple),
    )


@cache
def namespace_selectors() -> SearchStrategy[LabelSelector]:
    """Selectors of namespaces: as above, or by the label that holds the namespace's name."""
    by_name = [LabelSelector(match_labels={NAMESPACE_NAME_LABEL: name}) for name in NAMESPACES]
    return st.sampled_from(by_name) | selectors()


def ip_blocks() -> SearchStrategy[IPBlock]:
    """Ranges of both families, some with host bits, some with exceptions."""
    return st.sampled_from(IP_BLOCKS)


@cache
def pod_peers() -> SearchStrategy[PodPeer]:
    """Peers that pick pods: pods only, namespaces only, both."""
    return (
        st.builds(PodPeer, pod_selector=selectors())
        | st.builds(PodPeer, namespace_selector=namespace_selectors())
        | st.builds(PodPeer, pod_selector=selectors(), namespace_selector=namespace_selectors())
    )


@cache
def peers() -> SearchStrategy[Peer]:
    """Every kind of peer."""
    return pod_peers() | ip_blocks()


def policy_ports() -> SearchStrategy[PolicyPort]:
    """A ``ports`` entry of any protocol: a number, a range, a name, or the protocol alone."""
    return st.sampled_from(POLICY_PORTS)


@cache
def rules() -> SearchStrategy[Rule]:
    """Rules with none, one or more peers and ports."""
    return st.builds(
        Rule,
        peers=st.lists(peers(), max_size=2).map(tuple),
        ports=st.lists(policy_ports(), max_size=2).map(tuple),
    )


@cache
def policies(name: str, namespaces: tuple[str, ...] = NAMESPACES) -> SearchStrategy[NetworkPolicy]:
    """Policies of this name; ``policyTypes`` is left out, given, repeated or against the rules."""
    both = tuple(Direction)
    types = ((), both[:1], both[1:], both, both[:1] * 2)
    return st.builds(
        NetworkPolicy,
        namespace=st.sampled_from(namespaces),
        name=st.just(name),
        pod_selector=selectors(),
        policy_types=st.sampled_from(types),
        ingress=st.lists(rules(), max_size=2).map(tuple),
        egress=st.lists(rules(), max_size=2).map(tuple),
    )


@cache
def policy_sets(max_size: int = 5) -> SearchStrategy[tuple[NetworkPolicy, ...]]:
    """Some policies with different names."""
    counts = st.integers(min_value=0, max_value=max_size)
    return counts.flatmap(lambda count: st.tuples(*(policies(f"p{i}") for i in range(count))))


@cache
def addresses(index: int) -> SearchStrategy[tuple[IPAddress, ...]]:
    """No address, one, or one of each family in either order; nobody else's with this index."""
    choices = []
    for subnet in (0, 1, 128):
        v4, v6 = ip_address(f"10.0.{subnet}.{index}"), ip_address(f"fd00::{subnet}:{index}")
        choices += [(v4,), (v6,), (v4, v6), (v6, v4)]
    return st.sampled_from([(), *choices])


@cache
def pods(index: int) -> SearchStrategy[Pod]:
    """One pod, now and then finished, pending, unready, unscheduled or on its node's network."""
    return st.builds(
        Pod,
        namespace=st.sampled_from(NAMESPACES),
        name=st.just(f"pod-{index}"),
        labels=labels(),
        ips=addresses(index + 1),
        ports=st.lists(st.sampled_from(CONTAINER_PORTS), max_size=3).map(tuple),
        node=st.sampled_from((None, *NODES)),
        host_network=st.sampled_from((False, False, False, True)),
        phase=st.sampled_from((Phase.RUNNING, Phase.RUNNING, Phase.RUNNING, *Phase)),
        ready=st.sampled_from((True, True, False)),
        workload=st.sampled_from((None, "Deployment/api", "Job/batch")),
    )


@cache
def nodes(name: str, index: int) -> SearchStrategy[Node]:
    """One node, with the addresses that a host-network pod on it would use."""
    return st.builds(Node, name=st.just(name), ips=addresses(index), labels=labels())


@cache
def services(index: int) -> SearchStrategy[Service]:
    """One Service: with and without selector, headless, with numbered and named target ports."""
    texts = (f"172.20.0.{index + 1}", f"fd20::{index + 1}")
    port = st.builds(
        ServicePort,
        port=st.just(8000),
        target_port=st.one_of(st.sampled_from(PORTS), st.sampled_from(PORT_NAMES)),
        name=st.just("main"),
        protocol=st.sampled_from(Protocol),
    )
    return st.builds(
        Service,
        namespace=st.sampled_from(NAMESPACES),
        name=st.just(f"service-{index}"),
        selector=st.none() | labels(),
        ports=st.tuples(port),
        cluster_ips=st.sampled_from([(ip_address(text),) for text in texts]),
        headless=st.booleans(),
        publish_not_ready_addresses=st.booleans(),
    ).map(lambda service: service if not service.headless else _without_address(service))


def _without_address(service: Service) -> Service:
    return Service(
        namespace=service.namespace,
        name=service.name,
        selector=service.selector,
        ports=service.ports,
        headless=True,
        publish_not_ready_addresses=service.publish_not_ready_addresses,
    )


@cache
def profiles() -> SearchStrategy[Profile]:
    """Every mixture of what a plugin may do; the default profile comes first."""
    return st.just(Profile()) | st.builds(
        Profile,
        name=st.just("drawn"),
        enforces=st.sampled_from((True, True, True, False)),
        ip_block_matches_pods=st.booleans(),
        ip_block_matches_nodes=st.booleans(),
        own_node_egress_allowed=st.booleans(),
        host_network=st.sampled_from(HostNetwork),
        egress_judged=st.sampled_from(EgressJudged),
    )


# --- cluster-scoped policies --------------------------------------------------------------------

NETWORKS = tuple(
    Networks(cidrs=cidrs)
    for count in (1, 2)
    for cidrs in combinations(
        ("0.0.0.0/0", "10.0.0.0/16", "10.0.1.7/24", "203.0.113.0/24", "::/0", "fd00::/16"), count
    )
)
CLUSTER_PORTS: tuple[ClusterPort, ...] = (
    *(NamedPort(name=name) for name in PORT_NAMES),
    *(PolicyPort(protocol=protocol, port=port) for protocol in Protocol for port in PORTS),
    *(
        PolicyPort(protocol=protocol, port=first, end_port=last)
        for protocol in Protocol
        for first, last in ((1, 65535), (53, 81), (80, 8080))
    ),
)


@cache
def namespaced_pods() -> SearchStrategy[PodPeer]:
    """What ``namespaces`` and ``pods`` of a cluster-scoped policy pick."""
    return (
        st.just(ALL_PODS)
        | st.builds(PodPeer, namespace_selector=namespace_selectors())
        | st.builds(PodPeer, pod_selector=selectors(), namespace_selector=namespace_selectors())
    )


@cache
def egress_peers() -> SearchStrategy[ClusterPeer]:
    """Peers of egress rules; domain names are rare, since they decide more than they should."""
    often = namespaced_pods() | st.sampled_from(NETWORKS) | st.builds(Nodes, selector=selectors())
    names = st.just(DomainNames(names=("example.com", "*.example.org")))
    return st.integers(0, 15).flatmap(lambda number: names if number == 15 else often)


@cache
def cluster_rules(direction: Direction) -> SearchStrategy[ClusterRule]:
    """Rules of every action; names of ports stand beside pods only, as the API demands."""
    peers = namespaced_pods() if direction is Direction.INGRESS else egress_peers()

    def rule(listed: list[ClusterPeer]) -> SearchStrategy[ClusterRule]:
        named = all(isinstance(peer, PodPeer) for peer in listed)
        numbers = tuple(port for port in CLUSTER_PORTS if not isinstance(port, NamedPort))
        return st.builds(
            ClusterRule,
            action=st.sampled_from(Action),
            peers=st.just(tuple(listed)),
            ports=st.lists(st.sampled_from(CLUSTER_PORTS if named else numbers), max_size=2),
        )

    return st.lists(peers, min_size=1, max_size=2).flatmap(rule)


@cache
def cluster_policies(name: str) -> SearchStrategy[ClusterNetworkPolicy]:
    """Policies of this name in either tier; few priorities, so that some are equal."""
    return st.builds(
        ClusterNetworkPolicy,
        name=st.just(name),
        tier=st.sampled_from(Tier),
        priority=st.sampled_from((0, 10, 1000)),
        subject=namespaced_pods(),
        ingress=st.lists(cluster_rules(Direction.INGRESS), max_size=2),
        egress=st.lists(cluster_rules(Direction.EGRESS), max_size=2),
    )


@cache
def cluster_policy_sets(
    max_size: int = 3, min_size: int = 0
) -> SearchStrategy[tuple[ClusterNetworkPolicy, ...]]:
    """Some cluster-scoped policies with different names."""
    counts = st.integers(min_value=min_size, max_value=max_size)
    return counts.flatmap(
        lambda count: st.tuples(*(cluster_policies(f"c{i}") for i in range(count)))
    )


@st.composite
def clusters(
    draw: DrawFn, max_pods: int = 6, max_policies: int = 5, *, tiers: bool | None = None
) -> Cluster:
    """Whole clusters, with every feature above.

    ``tiers`` says whether there are cluster-scoped policies; None means now and then.
    """
    cluster = Cluster(
        namespaces=tuple(Namespace(name=name, labels=draw(labels())) for name in NAMESPACES),
        pods=tuple(draw(pods(i)) for i in range(draw(st.integers(2, max_pods)))),
        nodes=tuple(draw(nodes(name, 200 + i)) for i, name in enumerate(NODES)),
        services=tuple(draw(services(i)) for i in range(draw(st.integers(0, 2)))),
        policies=draw(policy_sets(max_policies)),
        profile=draw(profiles()),
    )
    if not (draw(st.integers(0, 2)) == 2 if tiers is None else tiers):
        return cluster
    profile = replace(cluster.profile, baseline_skipped=draw(st.sampled_from(BaselineSkipped)))
    policies = draw(cluster_policy_sets(min_size=1))
    return cluster.with_cluster_policies(policies).with_profile(profile)


def tiered_clusters(max_pods: int = 5, max_policies: int = 3) -> SearchStrategy[Cluster]:
    """Whole clusters that have cluster-scoped policies, too."""
    return clusters(max_pods, max_policies, tiers=True)


def entities(cluster: Cluster) -> SearchStrategy[Entity]:
    """A pod or node of the cluster, or an address outside it."""
    outside = [External.of(text) for text in OUTSIDE]
    mostly_pods: list[Entity] = [*cluster.pods * 3, *cluster.nodes, *outside]
    return st.sampled_from(mostly_pods)


def port_numbers() -> SearchStrategy[int]:
    """Numbers on, beside and far from those that policies speak of."""
    beside = {number + step for number in PORTS for step in (-1, 1)} & set(range(1, 65536))
    return st.sampled_from([*PORTS, *sorted(beside - set(PORTS)), 1, 9999])


def connections(cluster: Cluster) -> SearchStrategy[Connection]:
    """A direct connection between any two entities, of a chosen address family or of none."""
    return st.builds(
        Connection,
        source=entities(cluster),
        destination=entities(cluster),
        port=port_numbers(),
        protocol=st.sampled_from(Protocol),
        family=st.sampled_from((None, None, 4, 6)),
    )


@st.composite
def questions(draw: DrawFn) -> tuple[Cluster, Connection]:
    """A cluster and a connection in it."""
    cluster = draw(clusters())
    return cluster, draw(connections(cluster))


@st.composite
def tiered_questions(draw: DrawFn) -> tuple[Cluster, Connection]:
    """A cluster with cluster-scoped policies and a connection in it, now and then a hairpin."""
    cluster = draw(tiered_clusters())
    connection = draw(connections(cluster))
    if draw(st.integers(0, 5)) == 5:
        dialled = (ip_address("172.20.0.9"), 8000)
        near = connection.source
        connection = replace(connection, destination=near, dialled=dialled)
    return cluster, connection


@st.composite
def service_questions(draw: DrawFn) -> tuple[Cluster, Entity, Service, ServicePort]:
    """A cluster, a source, and a port of one of its Services."""
    cluster = draw(clusters().filter(lambda found: bool(found.services)))
    service = draw(st.sampled_from(cluster.services))
    return cluster, draw(entities(cluster)), service, draw(st.sampled_from(service.ports))
