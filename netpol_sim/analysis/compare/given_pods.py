"""The universe of a given cluster (scope WORLD): its pods and nodes, any outside address, any port.

An end is one variable whose cases are the members of a place, so a selector or a range is the set
of members it matches.  A dual-stack pod or node is two members, one for each family; outside, each
interval of addresses that policies can tell apart is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from netpol_sim.addresses import KNOWN_OUTSIDE, IPAddress
from netpol_sim.analysis.compare.atoms import AddressCases, Mask, PortCases, cases
from netpol_sim.analysis.compare.search import Conjunction, Domains
from netpol_sim.analysis.compare.universe import End, Pair, Place, PlaceKind, Variables
from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Connection, Entity, External, HostNetwork, Node, Pod
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, Peer, PolicyPort


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """Who can be at an end, and the address by which it is met, if it has one."""

    entity: Entity
    address: IPAddress | None = None
    dual_stack: bool = False


class GivenPods:
    """The pods and nodes of a cluster."""

    def __init__(self, cluster: Cluster, policies: Sequence[NetworkPolicy]) -> None:
        self._cluster = cluster.with_policies(())
        rules = [rule for each in policies for rule in (*each.ingress, *each.egress)]
        entries = [entry for rule in rules for entry in rule.ports]
        names = {entry.port for entry in entries}
        declared = {port.port for pod in cluster.pods for port in pod.ports if port.name in names}
        self._port_cases = PortCases.cut(entries, declared)
        blocks = [peer for rule in rules for peer in rule.peers if isinstance(peer, IPBlock)]
        inside = _inside(cluster)
        self._members = {PlaceKind.OUTSIDE: _outside(blocks, inside), **inside}
        self._pods: dict[LabelSelector, Mask] = {}
        self._namespaces: dict[str, Mask] = {}
        for case, member in enumerate(self._members[PlaceKind.PODS]):
            if isinstance(member.entity, Pod):
                name = member.entity.namespace
                self._namespaces[name] = self._namespaces.get(name, 0) | 1 << case
        self.variables = Variables()
        self.port = self.variables.number("port", self._port_cases.full)

    def pairs(self, direction: Direction, namespace: str) -> Iterator[Pair]:
        """The near end in a namespace, the far end anywhere in the cluster or outside."""
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
        """When a peer matches the far end; None for never."""
        if isinstance(peer, IPBlock):
            return self._is(end, self._covered(peer, end.place.kind))
        if end.place.kind is not PlaceKind.PODS:
            return None
        if peer.namespace_selector is None:
            mask = self._namespaces.get(policy.namespace, 0)
        else:
            mask = 0
            for name, inside in self._namespaces.items():
                if peer.namespace_selector.matches(self._cluster.namespace_labels(name)):
                    mask |= inside
        if peer.pod_selector is not None:
            mask &= self._matching(peer.pod_selector)
        return self._is(end, mask)

    def ports(self, entry: PolicyPort, destination: End) -> Iterator[Conjunction]:
        """When a port entry matches: in any of these cases."""
        numbers, known = entry.ports, self._port_cases
        if numbers is not None:
            yield ((self.port, known.within(entry.protocol, numbers[0], numbers[-1])),)
            return
        declaring: dict[int, Mask] = {}
        if destination.place.kind is not PlaceKind.PODS:
            return
        for case, member in enumerate(self._members[destination.place.kind]):
            if isinstance(member.entity, Pod):
                for found in member.entity.ports_named(str(entry.port)):
                    if found.protocol is entry.protocol:
                        declaring[found.port] = declaring.get(found.port, 0) | 1 << case
        for number, mask in declaring.items():
            port = (self.port, known.within(entry.protocol, number, number))
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

    def _choices(self, pair: Pair, domains: Domains) -> Iterator[tuple[_Member, _Member]]:
        """The members from the domains that can be the ends of one connection."""
        for near in self._left(pair.near, domains):
            for far in self._left(pair.far, domains):
                if _same_family(near, far) and not self._always_allowed(pair, near, far):
                    yield near, far

    def _left(self, end: End, domains: Domains) -> Iterator[_Member]:
        members, variable = self._members[end.place.kind], self._variable(end)
        for case in cases(domains.get(variable, self.variables.full[variable])):
            yield members[case]

    def _always_allowed(self, pair: Pair, near: _Member, far: _Member) -> bool:
        """Whether no policy has a say: a pod with itself or with its own node."""
        if not isinstance(near.entity, Pod):
            return False
        if isinstance(far.entity, Pod) and far.entity.key == near.entity.key:
            return True
        host = _host(pair.far.place.kind, far)
        if host is None or near.entity.node != host:
            return False
        incoming = pair.direction is Direction.INGRESS
        return incoming or self._cluster.profile.own_node_egress_allowed

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

    def _covered(self, block: IPBlock, kind: PlaceKind) -> Mask:
        profile = self._cluster.profile
        on_nodes = kind in (PlaceKind.NODES, PlaceKind.HOST_PODS)
        if kind is PlaceKind.PODS and not profile.ip_block_matches_pods:
            return 0
        if on_nodes and not profile.ip_block_matches_nodes:
            return 0
        return _mask(
            member.address is not None and block.contains(member.address)
            for member in self._members[kind]
        )


def _inside(cluster: Cluster) -> dict[PlaceKind, list[_Member]]:
    """The nodes and the running pods of a cluster."""
    as_node = cluster.profile.host_network is HostNetwork.AS_NODE
    found: dict[PlaceKind, list[_Member]] = {
        PlaceKind.NODES: [],
        PlaceKind.HOST_PODS: [],
        PlaceKind.PODS: [],
    }
    for node in cluster.nodes:
        found[PlaceKind.NODES] += _members(node, node.ips)
    for pod in cluster.pods:
        if pod.takes_part:
            on_host = pod.host_network and as_node
            borrows = pod.host_network and not pod.ips and pod.node is not None
            addresses = cluster.node(pod.node).ips if borrows and pod.node else pod.ips
            place = PlaceKind.HOST_PODS if on_host else PlaceKind.PODS
            found[place] += _members(pod, addresses)
    return found


def _members(entity: Entity, addresses: Sequence[IPAddress]) -> list[_Member]:
    """An entity once for each family of its addresses, met by the first of each."""
    families = {address.version: address for address in reversed(addresses)}
    if not families:
        return [_Member(entity=entity)]
    first = sorted(families.values(), key=addresses.index)
    dual_stack = len(families) > 1
    return [_Member(entity=entity, address=each, dual_stack=dual_stack) for each in first]


def _outside(
    blocks: Iterable[IPBlock], inside: Mapping[PlaceKind, Sequence[_Member]]
) -> list[_Member]:
    """One address for each interval outside the cluster that the blocks can tell apart.

    Those that people know come first, because the first that shows a difference is the one shown.
    """
    taken = {each.address for found in inside.values() for each in found if each.address}
    known = AddressCases.cut(blocks, taken)
    picked = (known.pick(1 << case, KNOWN_OUTSIDE, None) for case in cases(known.full))
    rank = {text: number for number, text in enumerate(KNOWN_OUTSIDE)}
    # Nobody connects from 0.0.0.10 or from a multicast address, though policies speak of them.
    found = sorted(picked, key=lambda ip: (rank.get(str(ip), len(rank)), not ip.is_global))
    return [
        _Member(entity=External(address=address), address=address)
        for address in found
        if address not in taken
    ]


def _mask(holds: Iterable[bool]) -> Mask:
    return sum(1 << case for case, held in enumerate(holds) if held)


def _host(kind: PlaceKind, member: _Member) -> str | None:
    """The node whose network a member uses as its own, if its node is known."""
    match member.entity:
        case Node(name=name):
            return name
        case Pod(node=node) if kind is PlaceKind.HOST_PODS:
            return node
        case _:
            return None


def _same_family(near: _Member, far: _Member) -> bool:
    """Whether the addresses chosen of dual-stack ends go together."""
    if not (near.dual_stack or far.dual_stack) or near.address is None or far.address is None:
        return True
    return near.address.version == far.address.version
