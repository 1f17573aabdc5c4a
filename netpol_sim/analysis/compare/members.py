"""Who can be at an end in a given cluster: its pods, its nodes, and addresses outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netpol_sim.addresses import KNOWN_OUTSIDE, IPAddress
from netpol_sim.analysis.compare.atoms import AddressCases, cases
from netpol_sim.analysis.compare.universe import PlaceKind
from netpol_sim.cluster import Cluster
from netpol_sim.model import Entity, External, Node, Pod
from netpol_sim.peers import IPBlock
from netpol_sim.plugin import HostNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who can be at an end, and the address by which it is met, if it has one."""

    entity: Entity
    address: IPAddress | None = None
    dual_stack: bool = False


def members_inside(cluster: Cluster) -> dict[PlaceKind, list[Member]]:
    """The nodes and the running pods of a cluster."""
    as_node = cluster.profile.host_network is HostNetwork.AS_NODE
    found: dict[PlaceKind, list[Member]] = {
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


def _members(entity: Entity, addresses: Sequence[IPAddress]) -> list[Member]:
    """An entity once for each family of its addresses, met by the first of each."""
    families = {address.version: address for address in reversed(addresses)}
    if not families:
        return [Member(entity=entity)]
    first = sorted(families.values(), key=addresses.index)
    dual_stack = len(families) > 1
    return [Member(entity=entity, address=each, dual_stack=dual_stack) for each in first]


def members_outside(
    blocks: Iterable[IPBlock], inside: Mapping[PlaceKind, Sequence[Member]]
) -> list[Member]:
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
        Member(entity=External(address=address), address=address)
        for address in found
        if address not in taken
    ]


def counts_as(kind: PlaceKind, member: Member) -> str | None:
    """The node that a member counts as for its plugin, if its node is known."""
    as_node = kind in (PlaceKind.NODES, PlaceKind.HOST_PODS)
    return network_of(member) if as_node else None


def network_of(member: Member) -> str | None:
    """The node whose network a member uses, if its node is known."""
    match member.entity:
        case Node(name=name):
            return name
        case Pod(node=node, host_network=True):
            return node
        case _:
            return None


def same_family(near: Member, far: Member) -> bool:
    """Whether the addresses chosen of dual-stack ends go together."""
    if not (near.dual_stack or far.dual_stack) or near.address is None or far.address is None:
        return True
    return near.address.version == far.address.version
