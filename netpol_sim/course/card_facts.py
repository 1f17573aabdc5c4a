"""What one must know about pods to answer a card: their labels, and where it matters more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netpol_sim.cluster import Cluster
from netpol_sim.course.cards import Card, CardKind
from netpol_sim.model import NAMESPACE_NAME_LABEL, Pod

_ABOUT_ALL = (CardKind.BUG, CardKind.COUNT)
_ABOUT_SOME = (CardKind.PREDICT, CardKind.CHOOSE, CardKind.ORDER)
_PORT_NAME = re.compile(r"\bport: [a-z]")
_PORT = re.compile(r":\d+(/[A-Z]+)?$")


def facts(card: Card, cluster: Cluster) -> tuple[str, ...]:
    """The pods that a card is about, a line for each namespace; nothing where no policy is read.

    Of connections that are named these are their ends; to count, or to find a mistake, all pods are
    needed.  Nodes are told where a connection begins at one, declared ports where a policy names
    one.
    """
    read = "".join((card.policies, card.changed, *(option.policies for option in card.options)))
    if not read or card.kind not in (*_ABOUT_ALL, *_ABOUT_SOME):
        return ()
    asked = (*card.connections, *card.must_allow, *card.must_deny)
    ends = {_PORT.sub("", end) for connection in asked for end in connection.split(" -> ")}
    pods = [pod for pod in cluster.pods if card.kind in _ABOUT_ALL or pod.key in ends]
    with_nodes = any(end.startswith("node/") for end in ends) or any(
        pod.host_network for pod in pods
    )
    said = _Lines(cluster, with_nodes=with_nodes, with_ports=bool(_PORT_NAME.search(read)))
    return (*(_wishes(card) if card.has_steps else ()), *said.lines(pods))


def _wishes(card: Card) -> Iterator[str]:
    """What must hold at each step of the way."""
    yield f"needed: {'; '.join(card.must_allow)}"
    if card.must_deny:
        yield f"to stay shut: {'; '.join(card.must_deny)}"


def pod_lines(cluster: Cluster) -> tuple[str, ...]:
    """All pods of a cluster with their labels, a line for each namespace."""
    return tuple(_Lines(cluster, with_nodes=False, with_ports=False).lines(cluster.pods))


class _Lines:
    """How pods are told."""

    def __init__(self, cluster: Cluster, *, with_nodes: bool, with_ports: bool) -> None:
        self.cluster, self.with_nodes, self.with_ports = cluster, with_nodes, with_ports

    def lines(self, pods: Sequence[Pod]) -> Iterator[str]:
        for namespace in dict.fromkeys(pod.namespace for pod in pods):
            own = [self.pod(pod) for pod in pods if pod.namespace == namespace]
            yield f"{self.namespace(namespace)}: {'; '.join(own)}"

    def namespace(self, name: str) -> str:
        labels = self.cluster.namespace_labels(name)
        shown = [f"{key}={value}" for key, value in labels.items() if key != NAMESPACE_NAME_LABEL]
        return f"namespace {name}" + (f" ({', '.join(shown)})" if shown else "")

    def pod(self, pod: Pod) -> str:
        parts = [f"{key}={value}" for key, value in pod.labels.items()] or ["no labels"]
        if self.with_ports:
            parts += [f"port {port.name} {port.port}" for port in pod.ports if port.name]
        if self.with_nodes and pod.node:
            parts.append(f"node {pod.node}")
        if pod.host_network:
            parts.append("host network")
        return f"{pod.name} ({', '.join(parts)})"
