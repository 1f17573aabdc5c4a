"""A witness told with what people know: the pods and namespaces of their own cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netpol_sim.cluster import Cluster
from netpol_sim.model import Connection, Namespace, Pod
from netpol_sim.policy import Direction

Place = tuple[Cluster, Connection]
"""A connection, in a cluster without policies."""


def familiar(
    place: Place, known: Cluster, direction: Direction, differs: Callable[[Place], bool]
) -> Place:
    """The same difference with the labels of known namespaces and at known pods, where it remains.

    Each end is replaced for itself, first the one that judges in the direction.  An invented
    namespace may become any known one.
    """
    ends = (_with_known_source, _with_known_destination)
    near_first = ends if direction is Direction.EGRESS else reversed(ends)
    for candidates in (_with_known_labels, *near_first):
        place = next((each for each in candidates(place, known) if differs(each)), place)
    return place


def _with_known_labels(place: Place, known: Cluster) -> Iterator[Place]:
    cluster, connection = place
    namespaces = {each.name: each for each in known.namespaces}
    yield (
        replace(
            cluster,
            namespaces=tuple(namespaces.get(each.name, each) for each in cluster.namespaces),
        ),
        connection,
    )


def _with_known_source(place: Place, known: Cluster) -> Iterator[Place]:
    cluster, connection = place
    if isinstance(connection.source, Pod):
        for pod in _known_pods(connection.source, connection, known):
            yield _place(cluster, known, replace(connection, source=pod))


def _with_known_destination(place: Place, known: Cluster) -> Iterator[Place]:
    cluster, connection = place
    if isinstance(connection.destination, Pod):
        for pod in _known_pods(connection.destination, connection, known):
            yield _place(cluster, known, replace(connection, destination=pod))


def _known_pods(invented: Pod, connection: Connection, known: Cluster) -> Iterator[Pod]:
    """The known pods that could be in the place of an invented one."""
    namespaces = {each.name for each in known.namespaces}
    anywhere = invented.namespace not in namespaces
    for pod in known.pods:
        at_end = pod in (connection.source, connection.destination)
        if (anywhere or pod.namespace == invented.namespace) and not at_end:
            yield pod


def _place(cluster: Cluster, known: Cluster, connection: Connection) -> Place:
    """The connection in a cluster of its own pods and their namespaces."""
    pods = [each for each in (connection.source, connection.destination) if isinstance(each, Pod)]
    namespaces: dict[str, Namespace] = {each.name: each for each in known.namespaces}
    namespaces.update((each.name, each) for each in cluster.namespaces)
    used = {each.namespace: namespaces[each.namespace] for each in pods}
    return replace(cluster, namespaces=tuple(used.values()), pods=tuple(pods)), connection
