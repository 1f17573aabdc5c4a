"""What a pod that does not exist yet could reach, and be reached by: it is added, and asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.model import NAMESPACE_NAME_LABEL, ContainerPort, Namespace, Pod
from netpol_sim.policy import Direction, NetworkPolicy

Exposed = tuple[tuple[PortSet, tuple[Place, ...]], ...]
"""Places by the exact ports that they share with the pod; most ports first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """Who could connect to a pod that does not exist yet, and what it could reach.

    ``cluster`` has the pod.  ``places`` is everyone else that was looked at.  ``isolated_by`` holds
    the policies that would isolate the pod, direction by direction.
    """

    cluster: Cluster
    pod: Pod
    reached_by: Exposed
    reaches: Exposed
    places: tuple[Place, ...]
    isolated_by: Mapping[Direction, tuple[NetworkPolicy, ...]]

    def __str__(self) -> str:
        counts = (
            sum(len(places) for _, places in found) for found in (self.reached_by, self.reaches)
        )
        into, out = (f"{count} of {len(self.places)}" for count in counts)
        return f"{self.pod}: reached by {into} others, reaches {out}"


def exposure(
    cluster: Cluster,
    namespace: str,
    labels: Mapping[str, str],
    *,
    namespace_labels: Mapping[str, str] | None = None,
    ports: Iterable[ContainerPort] = (),
) -> Exposure:
    """Say what a pod that does not exist yet could reach, and be reached by.

    The pod has no address, so that no ``ipBlock`` of a rule covers it, and no node.

    Args:
        cluster: Everyone else, and the policies.
        namespace: Where the pod would be; it need not exist.
        labels: Those of the pod.
        namespace_labels: Those that the namespace would have, beside its name; None for those that
            it has.
        ports: The ports that it would declare; a rule may use their names.

    Raises:
        InvalidValueError: A label or the name of the namespace is none.
    """
    pod = Pod(
        namespace=namespace,
        name=_free_name(cluster, namespace),
        labels=labels,
        ports=tuple(ports),
    )
    world = _with_namespace(cluster, namespace, namespace_labels).with_pod(pod)
    table = Table(world)
    own = table.population.positions[pod.key]
    others = tuple(each for number, each in enumerate(table.places) if number != own)
    found = {direction: _exposed(table, own, direction) for direction in Direction}
    return Exposure(
        cluster=world,
        pod=pod,
        reached_by=found[Direction.INGRESS],
        reaches=found[Direction.EGRESS],
        places=others,
        isolated_by={direction: world.isolating(pod, direction) for direction in Direction},
    )


def _exposed(table: Table, own: int, direction: Direction) -> Exposed:
    found = Reach(table, direction).of(own)
    ordered = sorted(found.items(), key=lambda each: (-len(each[0]), each[0].edges))
    return tuple(
        (ports, tuple(table.places[position] for position in members(far)))
        for ports, far in ordered
    )


def _free_name(cluster: Cluster, namespace: str) -> str:
    name, number = "new-pod", 2
    while cluster.find_pod(f"{namespace}/{name}"):
        name, number = f"new-pod-{number}", number + 1
    return name


def _with_namespace(cluster: Cluster, name: str, labels: Mapping[str, str] | None) -> Cluster:
    if labels is None:
        return cluster
    own = Namespace(name=name, labels={**labels, NAMESPACE_NAME_LABEL: name})
    found = {each.name: each for each in cluster.namespaces}
    return replace(cluster, namespaces=tuple({**found, name: own}.values()))
