"""The universe of a given cluster (scope WORLD): its pods and nodes, any outside address, any port.

An end is one variable whose cases are the members of a place, so a selector or a range is the set
of members it matches.  A dual-stack pod or node is two members, one for each family; outside, each
interval of addresses that policies can tell apart is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from netpol_sim.analysis.compare.atoms import Mask, PortCases, cases
from netpol_sim.analysis.compare.members import (
    Member,
    counts_as,
    members_inside,
    members_outside,
    network_of,
    same_family,
)
from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.search import Conjunction, Domains
from netpol_sim.analysis.compare.universe import End, Pair, Place, PlaceKind, Variables
from netpol_sim.analysis.compare.vocabulary import blocks_of
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import (
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Connection, Pod
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol

_EVERY_POD: Mask = -1


class GivenPods:
    """The pods and nodes of a cluster."""

    def __init__(self, cluster: Cluster, given: PolicySet) -> None:
        self._cluster = PolicySet().put_into(cluster)
        self.profile = cluster.profile
        rules = list(given.rules())
        entries: list[ClusterPort] = [entry for rule in rules for entry in rule.ports]
        names = {each.name if isinstance(each, NamedPort) else each.port for each in entries}
        declared = {port.port for pod in cluster.pods for port in pod.ports if port.name in names}
        numbers = (entry for entry in entries if isinstance(entry, PolicyPort))
        self._port_cases = PortCases.cut(numbers, declared)
        blocks = list(blocks_of(peer for rule in rules for peer in rule.peers))
        inside = members_inside(cluster)
        self._members = {PlaceKind.OUTSIDE: members_outside(blocks, inside), **inside}
        self._pods: dict[LabelSelector, Mask] = {}
        self._namespaces: dict[str, Mask] = {}
        for case, member in enumerate(self._members[PlaceKind.PODS]):
            if isinstance(member.entity, Pod):
                name = member.entity.namespace
                self._namespaces[name] = self._namespaces.get(name, 0) | 1 << case
        self.variables = Variables()
        self.port = self.variables.number("port", self._port_cases.full)

    def pairs(self, direction: Direction, denying: PolicySet) -> Iterator[Pair]:
        """The near end where these policies may deny, the far end anywhere."""
        isolating = (each for each in denying.policies if each.isolates(direction))
        judged: Iterable[str | None] = dict.fromkeys(each.namespace for each in isolating)
        for namespace in [None] if denying.judges(direction) else judged:
            near = End(place=Place(kind=PlaceKind.PODS, namespace=namespace), near=True)
            for kind, members in self._members.items():
                if members:
                    far = End(place=Place(kind=kind), near=False)
                    yield Pair(direction=direction, near=near, far=far)

    def subject(self, policy: NetworkPolicy, end: End) -> Conjunction | None:
        """When a policy selects the pod at an end; None for never."""
        if end.place.namespace not in (None, policy.namespace):
            return None
        inside = self._namespaces.get(policy.namespace, 0)
        return self._is(end, self._matching(policy.pod_selector) & inside)

    def peer(self, policy: NetworkPolicy, peer: Peer, end: End) -> Conjunction | None:
        """When a peer of a NetworkPolicy matches the far end; None for never."""
        if isinstance(peer, IPBlock):
            return self._is(end, self._covered(peer, end.place.kind))
        if end.place.kind is not PlaceKind.PODS:
            return None
        own = self._namespaces.get(policy.namespace, 0)
        return self._is(end, self._picked(peer, own))

    def cluster_peer(self, peer: ClusterPeer, end: End) -> Conjunction | None:
        """When a peer, or the subject, of a cluster-scoped policy is at an end; None for never."""
        kind = end.place.kind
        match peer:
            case PodPeer():
                ordinary = self._ordinary if kind is PlaceKind.PODS else 0
                return self._is(end, self._picked(peer, 0) & ordinary if ordinary else 0)
            case Networks(blocks=blocks):
                # These cover pods and nodes, whatever the plugin makes of an `ipBlock`.
                return self._is(end, self._within(blocks, kind))
            case Nodes(selector=selector):
                return self._is(end, self._on_nodes(selector, kind))
            case DomainNames():
                return None

    def ports(self, entry: ClusterPort, destination: End) -> Iterator[Conjunction]:
        """When a port entry matches: in any of these cases."""
        if isinstance(entry, NamedPort):
            for protocol in Protocol:
                yield from self._named(entry.name, protocol, destination, self._ordinary)
        elif (numbers := entry.ports) is not None:
            within = self._port_cases.within(entry.protocol, numbers[0], numbers[-1])
            yield ((self.port, within),)
        else:
            yield from self._named(str(entry.port), entry.protocol, destination, _EVERY_POD)

    def _named(
        self, name: str, protocol: Protocol, destination: End, among: Mask
    ) -> Iterator[Conjunction]:
        """The numbers that a port name stands for at some of the pods."""
        declaring: dict[int, Mask] = {}
        if destination.place.kind is not PlaceKind.PODS:
            return
        for case, member in enumerate(self._members[destination.place.kind]):
            if isinstance(member.entity, Pod) and among >> case & 1:
                for found in member.entity.ports_named(name):
                    if found.protocol is protocol:
                        declaring[found.port] = declaring.get(found.port, 0) | 1 << case
        for number, mask in declaring.items():
            port = (self.port, self._port_cases.within(protocol, number, number))
            yield (port, *(self._is(destination, mask) or ()))

    def accepts(self, pair: Pair, domains: Domains) -> bool:
        """Whether some choice is a connection that policies have a say in."""
        return next(self._choices(pair, domains), None) is not None

    def concrete(self, pair: Pair, domains: Domains) -> tuple[Cluster, Connection]:
        """The given cluster without its policies, and the connection."""
        near, far = next(self._choices(pair, domains))
        source, destination = (far, near) if pair.direction is Direction.INGRESS else (near, far)
        number, protocol = self._port_cases.pick(domains.get(self.port, self._port_cases.full))
        chosen = [each.address for each in (near, far) if each.dual_stack]
        return self._cluster, Connection(
            source=source.entity,
            destination=destination.entity,
            port=number,
            protocol=protocol,
            family=next((address.version for address in chosen if address), None),
        )

    def _choices(self, pair: Pair, domains: Domains) -> Iterator[tuple[Member, Member]]:
        """The members from the domains that can be the ends of one connection."""
        for near in self._left(pair.near, domains):
            for far in self._left(pair.far, domains):
                if same_family(near, far) and not self._always_allowed(pair, near, far):
                    yield near, far

    def _left(self, end: End, domains: Domains) -> Iterator[Member]:
        members, variable = self._members[end.place.kind], self._variable(end)
        for case in cases(domains.get(variable, self.variables.full[variable])):
            yield members[case]

    def _always_allowed(self, pair: Pair, near: Member, far: Member) -> bool:
        """Whether no policy has a say: a pod with itself or with its own node."""
        if not isinstance(near.entity, Pod):
            return False
        if isinstance(far.entity, Pod) and far.entity.key == near.entity.key:
            return True
        host = counts_as(pair.far.place.kind, far)
        if host is None or near.entity.node != host:
            return False
        incoming = pair.direction is Direction.INGRESS
        return incoming or self.profile.own_node_egress_allowed

    def _variable(self, end: End) -> int:
        full = (1 << len(self._members[end.place.kind])) - 1
        return self.variables.number((end.place.kind, end.near), full)

    def _is(self, end: End, mask: Mask) -> Conjunction | None:
        """That the end is one of some members; None when there are none."""
        variable = self._variable(end)
        if mask == self.variables.full[variable]:
            return ()
        return ((variable, mask),) if mask else None

    def _matching(self, selector: LabelSelector) -> Mask:
        known = self._pods.get(selector)
        if known is None:
            known = self._pods[selector] = _mask(
                isinstance(member.entity, Pod) and selector.matches(member.entity.labels)
                for member in self._members[PlaceKind.PODS]
            )
        return known

    def _picked(self, peer: PodPeer, own_namespace: Mask) -> Mask:
        """The pods that a peer picks."""
        mask = own_namespace
        if peer.namespace_selector is not None:
            mask = 0
            for name, inside in self._namespaces.items():
                if peer.namespace_selector.matches(self._cluster.namespace_labels(name)):
                    mask |= inside
        return mask if peer.pod_selector is None else mask & self._matching(peer.pod_selector)

    @cached_property
    def _ordinary(self) -> Mask:
        """The pods that cluster-scoped policies see: those on a network of their own."""
        return _mask(
            isinstance(member.entity, Pod) and not member.entity.host_network
            for member in self._members[PlaceKind.PODS]
        )

    def _on_nodes(self, selector: LabelSelector, kind: PlaceKind) -> Mask:
        """The nodes with some labels, and the pods on their network."""
        names = {node.name for node in self._cluster.nodes if selector.matches(node.labels)}
        return _mask(network_of(member) in names for member in self._members[kind])

    def _covered(self, block: IPBlock, kind: PlaceKind) -> Mask:
        on_nodes = kind in (PlaceKind.NODES, PlaceKind.HOST_PODS)
        if kind is PlaceKind.PODS and not self.profile.ip_block_matches_pods:
            return 0
        if on_nodes and not self.profile.ip_block_matches_nodes:
            return 0
        return self._within([block], kind)

    def _within(self, blocks: Sequence[IPBlock], kind: PlaceKind) -> Mask:
        return _mask(
            member.address is not None and any(block.contains(member.address) for block in blocks)
            for member in self._members[kind]
        )


def _mask(holds: Iterable[bool]) -> Mask:
    return sum(1 << case for case, held in enumerate(holds) if held)
