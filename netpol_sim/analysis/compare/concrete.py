"""An answer of the search made concrete: a small cluster with friendly names, and a connection.

Labels, addresses and port names are written only where the answer demands them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netpol_sim import names
from netpol_sim.addresses import KNOWN_OUTSIDE, IPAddress
from netpol_sim.analysis.compare.atoms import LabelCases, fresh
from netpol_sim.analysis.compare.search import Domains
from netpol_sim.analysis.compare.universe import End, Pair, PlaceKind
from netpol_sim.analysis.compare.vocabulary import DECLARED, ON_HOST, Vocabulary
from netpol_sim.cluster import Cluster
from netpol_sim.model import Connection, ContainerPort, Entity, External, Namespace, Node, Pod
from netpol_sim.plugin import Profile

_ADDRESSES = {
    PlaceKind.OUTSIDE: KNOWN_OUTSIDE,
    PlaceKind.PODS: ("10.244.0.10", "10.244.0.11", "fd00:10:244::10", "fd00:10:244::11"),
    PlaceKind.NODES: ("192.168.0.10", "fd00:192:168::10"),
}
_TELLING_LABELS = ("app.kubernetes.io/name", "app", "name", "role")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The friendliest choice from the domains of a pair.

    ``namespaces`` are the given ones with their labels, or None when there may be any.  Nothing
    that is invented gets the name of something ``known``.
    """

    vocabulary: Vocabulary
    profile: Profile
    namespaces: Mapping[str, Mapping[str, str]] | None
    known: Cluster
    pair: Pair
    domains: Domains

    def concrete(self) -> tuple[Cluster, Connection]:
        """The cluster, without policies, and the connection."""
        port = self.domains.get(self.vocabulary.port(), self.vocabulary.ports.full)
        number, protocol = self.vocabulary.ports.pick(port)
        source = self._entity(self.pair.source, "client")
        destination = self._entity(self.pair.destination, "server", source, number)
        ends = (source, destination)
        spaces = {
            each.name: each
            for end in (self.pair.source, self.pair.destination)
            if (each := self._namespace(end)) is not None
        }
        hosts = (self._host(end) for end in (self.pair.source, self.pair.destination))
        cluster = Cluster(
            namespaces=tuple(spaces.values()),
            pods=tuple(each for each in ends if isinstance(each, Pod)),
            nodes=tuple(each for each in (*ends, *hosts) if isinstance(each, Node)),
            profile=self.profile,
        )
        return cluster, Connection(
            source=source, destination=destination, port=number, protocol=protocol
        )

    def _entity(
        self, end: End, word: str, other: Entity | None = None, port: int | None = None
    ) -> Entity:
        """Who is at an end; ``port`` is given at the destination."""
        match end.place.kind:
            case PlaceKind.OUTSIDE:
                return External(address=self._address(end, other))
            case PlaceKind.NODES | PlaceKind.HOST_PODS:
                node = _node_name(end)
                ips = (self._address(end, other),)
                return Node(name=node, labels=self._node_labels(end), ips=ips)
            case PlaceKind.PODS:
                namespace = end.place.namespace or ""
        labels = self._labels(("label", end.near), self.vocabulary.pod_labels)
        address_matters = self.vocabulary.address(end) in self.domains
        host = self._host(end)
        return Pod(
            namespace=namespace,
            name=self._pod_name(labels, word, namespace, other),
            labels=labels,
            ips=(self._address(end, other),) if address_matters else (),
            ports=() if port is None else self._declared(port),
            node=host.name if host else None,
            host_network=host is not None,
        )

    def _host(self, end: End) -> Node | None:
        """The node whose network the pod at an end uses."""
        variable = self.vocabulary.variables.find(("host", end.near))
        if self.domains.get(variable) != ON_HOST:
            return None
        return Node(name=_node_name(end), labels=self._node_labels(end))

    def _node_labels(self, end: End) -> dict[str, str]:
        return self._labels(("node", end.near), self.vocabulary.node_labels or {})

    def _namespace(self, end: End) -> Namespace | None:
        if end.place.kind is not PlaceKind.PODS:
            return None
        name = end.place.namespace or ""
        if self.namespaces is not None:
            return Namespace(name=name, labels=self.namespaces[name])
        known = self.vocabulary.namespace_labels
        return Namespace(name=name, labels=self._labels(("namespace", name), known))

    def _labels(
        self, prefix: tuple[object, ...], known: Mapping[str, LabelCases]
    ) -> dict[str, str]:
        found = {}
        for key, cases in known.items():
            variable = self.vocabulary.variables.find((*prefix, key))
            value = cases.pick(self.domains.get(variable, 1))
            if value is not None:
                found[key] = value
        return found

    def _pod_name(
        self, labels: Mapping[str, str], word: str, namespace: str, other: Entity | None
    ) -> str:
        """A name that tells the pod from others: what its labels call it, if anything."""
        telling = [labels[key] for key in (*_TELLING_LABELS, *labels) if key in labels]
        name = next((value for value in telling if _may_be_name(value)), word)
        pods = (*self.known.pods, *((other,) if isinstance(other, Pod) else ()))
        return fresh(name, (pod.name for pod in pods if pod.namespace == namespace))

    def _declared(self, port: int) -> tuple[ContainerPort, ...]:
        return tuple(
            ContainerPort(port=port, name=name, protocol=protocol)
            for name, protocol in self.vocabulary.port_names
            if self.domains.get(self.vocabulary.declares(name, protocol)) == DECLARED
        )

    def _address(self, end: End, other: Entity | None) -> IPAddress:
        known = self.vocabulary.addresses
        mask = self.domains.get(self.vocabulary.address(end), known.full)
        taken = next(iter(_addresses(other)), None)
        return known.pick(mask, _ADDRESSES.get(end.place.kind, ()), taken)


def _node_name(end: End) -> str:
    return "node-2" if end.near else "node-1"


def _addresses(entity: Entity | None) -> Sequence[IPAddress]:
    match entity:
        case None:
            return ()
        case External(address=address):
            return (address,)
        case _:
            return entity.ips


def _may_be_name(text: str) -> bool:
    return bool(text) and not names.dns_label(text)
