"""Who stands in a picture of a cluster: pods that no policy can tell apart share one box."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from netpol_sim.analysis.table.outside import Outside, OutsideRange
from netpol_sim.analysis.table.population import Population
from netpol_sim.cluster import Cluster
from netpol_sim.model import Entity, Pod
from netpol_sim.peers import IPBlock
from netpol_sim.plugin import HostNetwork
from netpol_sim.policy import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Pods that are alike, or outside addresses that are.

    ``entity`` stands for all of them.  ``key`` is the name of the first; ``name`` is what the box
    is called; ``isolated`` are the directions in which the pods are isolated.
    """

    key: str
    name: str
    entity: Entity
    pods: tuple[Pod, ...] = ()
    isolated: tuple[Direction, ...] = ()


def pod_parties(cluster: Cluster, *others: Cluster) -> tuple[Party, ...]:
    """The pods of a cluster, those that are alike (in the other clusters too) as one.

    Alike are pods of one namespace and workload with the same labels, ports and isolation whose
    addresses lie in the same ranges.
    """
    clusters = (cluster, *others)
    blocks = blocks_of(*clusters)
    alike: dict[Hashable, list[Pod]] = {}
    for pod in cluster.pods:
        alike.setdefault(_likeness(clusters, blocks, pod), []).append(pod)
    return tuple(_party(cluster, pods) for pods in alike.values())


def _likeness(clusters: tuple[Cluster, ...], blocks: tuple[IPBlock, ...], pod: Pod) -> Hashable:
    own = [cluster.find_pod(pod.key) or pod for cluster in clusters]
    selecting = tuple(map(_selecting, clusters, own))
    labels = tuple(each.labels for each in own)
    # A pod without a workload is alone, and so is one whose node decides what it may do.
    alone = pod.key if pod.workload is None or pod.host_network else pod.workload
    inside = tuple(block.contains(ip) for block in blocks for ip in pod.ips)
    return pod.namespace, alone, labels, pod.ports, pod.takes_part, selecting, inside


def _selecting(cluster: Cluster, pod: Pod) -> Hashable:
    return cluster.policies_selecting(pod)


def _party(cluster: Cluster, pods: list[Pod]) -> Party:
    first = pods[0]
    workload = (first.workload or "").partition("/")[2]
    name = workload if len(pods) > 1 else first.name
    return Party(
        key=first.key,
        name=name or first.name,
        entity=first,
        pods=tuple(pods),
        isolated=isolation(cluster, first),
    )


def isolation(cluster: Cluster, pod: Pod) -> tuple[Direction, ...]:
    """The directions in which policies have a say about a pod, and it is not open."""
    profile = cluster.profile
    by_node = pod.host_network and profile.host_network is HostNetwork.AS_NODE
    if not profile.enforces or by_node or not pod.takes_part:
        return ()
    return tuple(direction for direction in Direction if cluster.isolating(pod, direction))


def blocks_of(*clusters: Cluster) -> tuple[IPBlock, ...]:
    """Every block of addresses that a rule speaks of."""
    found = (
        peer
        for cluster in clusters
        for policy in cluster.policies
        for direction in Direction
        for rule in policy.rules(direction)
        for peer in rule.peers
        if isinstance(peer, IPBlock)
    )
    return tuple(dict.fromkeys(found))


def outside_parties(cluster: Cluster, *others: Cluster) -> tuple[Party, ...]:
    """The ranges of outside addresses that rules of any of the clusters can tell apart."""
    taken = Population(cluster).addresses
    outside = Outside(blocks_of(cluster, *others), taken)
    return tuple(
        Party(key=_range_name(found), name=_range_name(found), entity=found.sample)
        for found in outside.ranges
    )


def _range_name(found: OutsideRange) -> str:
    whole = all(network.prefixlen == 0 for network in found.networks)
    if not whole:
        return f"outside: {found.key}"
    return "outside the cluster" + (" (IPv6)" if found.networks[0].version == 6 else "")
