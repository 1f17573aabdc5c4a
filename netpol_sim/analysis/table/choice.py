"""Which places of a table a question is about: filters, and what names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netpol_sim import ask
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.table import Place, Table
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError, UnknownNameError, nearest
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Entity, External, Node, Pod, Service
from netpol_sim.policy import Protocol

Name = str | Pod | Node | External | OutsideRange
"""What names a place: its key, a workload, an address, or the thing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows and columns to look at.

    A pod is chosen when it passes every filter that is given: it is in one of the ``namespaces``,
    it belongs to (or is) one of the ``workloads``, written ``namespace/name``, and ``labels`` picks
    it.  ``nodes`` and ``outside`` say whether nodes and ranges of outside addresses come too.
    """

    namespaces: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    labels: LabelSelector | None = None
    nodes: bool = False
    outside: bool = True

    def positions(self, table: Table) -> tuple[int, ...]:
        """The chosen positions: pods in cluster order, nodes, outside ranges.

        Raises:
            UnknownNameError: A namespace or workload that the cluster does not have.
        """
        cluster, known = table.cluster, table.population.positions
        for name in self.namespaces:
            cluster.namespace(name)
        for name in self.workloads:
            _check_workload(cluster, name)
        pods = [known[pod.key] for pod in cluster.pods if self._picks(pod)]
        entities = len(table.population.entities)
        nodes = range(len(cluster.pods), entities) if self.nodes else ()
        outside = range(entities, len(table.places)) if self.outside else ()
        return (*pods, *nodes, *outside)

    def _picks(self, pod: Pod) -> bool:
        return (
            (not self.namespaces or pod.namespace in self.namespaces)
            and (not self.workloads or not names_of(pod).isdisjoint(self.workloads))
            and (self.labels is None or self.labels.matches(pod.labels))
        )


def choice(
    *,
    namespaces: Iterable[str] = (),
    workloads: Iterable[str] = (),
    labels: Mapping[str, str] | LabelSelector | None = None,
    nodes: bool = False,
    outside: bool = True,
) -> Choice:
    """A choice; ``labels`` may be plain labels that a pod must have."""
    selector = labels
    if selector is not None and not isinstance(selector, LabelSelector):
        selector = LabelSelector(match_labels=selector)
    return Choice(
        namespaces=tuple(namespaces),
        workloads=tuple(workloads),
        labels=selector,
        nodes=nodes,
        outside=outside,
    )


def names_of(pod: Pod) -> set[str]:
    """What a pod is called: its key, and that of its workload with and without the kind."""
    names = {pod.key}
    if pod.workload:
        names |= {f"{pod.namespace}/{pod.workload}", workload_key(pod)}
    return names


def workload_key(pod: Pod) -> str:
    """The ``namespace/name`` of the workload that made a pod, or of the pod itself."""
    made_by = (pod.workload or "").rpartition("/")[2]
    return f"{pod.namespace}/{made_by or pod.name}"


def place(table: Table, name: Name) -> int:
    """The position that a name means; an outside address means the range it lies in.

    Raises:
        ConnectionTextError: The text is no name of a place; a Service is none either.
        UnknownNameError: The table has nothing of this name.
        AmbiguousNameError: The workload's pods differ.
    """
    if isinstance(name, OutsideRange):
        return _outside(table, name.sample)
    found: Entity | Service
    if isinstance(name, str):
        if name in table.population.positions:
            return table.population.positions[name]
        by_key = [i for i, each in enumerate(table.outside.ranges) if each.key == name]
        if by_key:
            return len(table.population.entities) + by_key[0]
        found = ask.entity(table.cluster, name)
    else:
        found = name
    if isinstance(found, Service):
        raise ConnectionTextError(
            f"`{name}` is a Service, which policies never see; name a pod behind it"
        )
    if isinstance(found, External):
        return _outside(table, found)
    if found.key not in table.population.positions:
        raise UnknownNameError(f"there is no `{found.key}` in this cluster")
    return table.population.positions[found.key]


def _outside(table: Table, external: External) -> int:
    for index, each in enumerate(table.outside.ranges):
        if any(external.address in network for network in each.networks):
            return len(table.population.entities) + index
    raise UnknownNameError(
        f"`{external}` lies in no range outside: the cluster has no address of its family, or all "
        "addresses of its range belong to pods and nodes"
    )


def entity_at(table: Table, position: int) -> Entity:
    """The pod or node at a position, or an address of the range there."""
    found: Place = table.places[position]
    return found.sample if isinstance(found, OutsideRange) else found


def example_port(ports: PortSet, destination: object) -> tuple[Protocol, int]:
    """One of the ports: one that the destination declares, or a well-known one, or the first."""
    declared = destination.ports if isinstance(destination, Pod) else ()
    friendly = [(each.protocol, each.port) for each in declared]
    friendly += [(Protocol.TCP, 80), (Protocol.TCP, 443)]
    first = ports.ranges[0]
    return next((each for each in friendly if each in ports), (first.protocol, first.first))


def _check_workload(cluster: Cluster, name: str) -> None:
    known = {each: None for pod in cluster.pods for each in names_of(pod)}
    if name not in known:
        meant = nearest(name, known)
        hint = f"; did you mean `{meant}`?" if meant else ""
        raise UnknownNameError(f"there is no workload or pod `{name}` in this cluster{hint}")
