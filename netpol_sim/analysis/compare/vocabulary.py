"""The cases that some policies mention, and a variable for each of them at each end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netpol_sim import names
from netpol_sim.analysis.compare.atoms import (
    AddressCases,
    LabelCases,
    Mask,
    PortCases,
    requirements,
)
from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.universe import End, Variables
from netpol_sim.cluster_peers import ClusterPeer, ClusterPort, NamedPort, Networks, Nodes
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol

DECLARED: Mask = 2
"""Of a port name: the case in which the destination declares the port under it."""

ON_HOST: Mask = 2
"""Of a pod: the case in which it uses the network of its node."""

_YES_OR_NO: Mask = 3

POD_LABEL, NAMESPACE_LABEL, OWN_NAMESPACE_LABEL = 1000, 1001, 1002
"""What a label costs: of equally many, those of pods are easier to follow than those of namespaces,
and those of a namespace with policies are the hardest.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What policies mention.

    ``namespaces`` are those that have policies, ``named_namespaces`` also those that a selector
    picks or leaves out by name.  ``port_names`` are the names of ports with their protocols.
    ``node_labels`` is None where no peer picks nodes.
    """

    namespaces: tuple[str, ...]
    ports: PortCases
    addresses: AddressCases
    pod_labels: Mapping[str, LabelCases]
    namespace_labels: Mapping[str, LabelCases]
    namespace_selectors: tuple[LabelSelector, ...]
    node_labels: Mapping[str, LabelCases] | None
    port_names: tuple[tuple[str, Protocol], ...]
    variables: Variables = field(default_factory=Variables)

    @classmethod
    def of(cls, given: PolicySet) -> Vocabulary:
        """Everything that policies mention."""
        rules = list(given.rules())
        peers: list[Peer | ClusterPeer] = [peer for rule in rules for peer in rule.peers]
        subjects = [each.subject for each in given.cluster_policies]
        picks = [peer for peer in (*subjects, *peers) if isinstance(peer, PodPeer)]
        entries = [entry for rule in rules for entry in rule.ports]
        pods = [each.pod_selector for each in given.policies]
        spaces = [each.namespace_selector for each in picks]
        nodes = [peer.selector for peer in peers if isinstance(peer, Nodes)]
        return cls(
            namespaces=tuple(dict.fromkeys(each.namespace for each in given.policies)),
            ports=PortCases.cut(entry for entry in entries if isinstance(entry, PolicyPort)),
            addresses=AddressCases.cut(blocks_of(peers)),
            pod_labels=_label_cases([*pods, *(each.pod_selector for each in picks)]),
            namespace_labels=_label_cases(spaces),
            namespace_selectors=tuple(dict.fromkeys(each for each in spaces if each is not None)),
            node_labels=_label_cases(nodes) if nodes else None,
            port_names=tuple(dict.fromkeys(_port_names(entries))),
        )

    @property
    def named_namespaces(self) -> tuple[str, ...]:
        """The namespaces that have policies or are mentioned by name."""
        by_name = self.namespace_labels.get(NAMESPACE_NAME_LABEL)
        mentioned = _possible_names(by_name.values if by_name else ())
        return tuple(dict.fromkeys((*self.namespaces, *mentioned)))

    def port(self) -> int:
        """The variable of the port."""
        return self.variables.number("port", self.ports.full)

    def declares(self, name: str, protocol: Protocol) -> int:
        """The variable of a port name: whether the destination declares the port under it."""
        return self.variables.number(("declares", name, protocol), _YES_OR_NO)

    def host(self, end: End) -> int:
        """The variable of the network of the pod at an end: its own, or that of its node."""
        return self.variables.number(("host", end.near), _YES_OR_NO, POD_LABEL)

    def address(self, end: End) -> int:
        """The variable of an end's address."""
        return self.variables.number(("address", end.near), self.addresses.full)

    def pod_label(self, key: str, end: End) -> int:
        """The variable of a label of the pod at an end."""
        full = self.pod_labels[key].full
        return self.variables.number(("label", end.near, key), full, POD_LABEL)

    def namespace_label(self, key: str, end: End) -> int:
        """The variable of a label of the namespace at an end."""
        full = self.namespace_labels[key].full
        own = end.place.namespace in self.namespaces
        cost = OWN_NAMESPACE_LABEL if own else NAMESPACE_LABEL
        return self.variables.number(("namespace", end.place.namespace, key), full, cost)

    def node_label(self, key: str, end: End) -> int:
        """The variable of a label of the node at an end, or of the node of the pod there."""
        full = (self.node_labels or {})[key].full
        return self.variables.number(("node", end.near, key), full, POD_LABEL)

    def case_of_name(self, name: str | None) -> Mask:
        """The case of ``kubernetes.io/metadata.name`` in the namespace of a name."""
        known = self.namespace_labels[NAMESPACE_NAME_LABEL].values
        return 1 << (known.index(name) if name in known else len(known)) + 1


def _label_cases(selectors: Iterable[LabelSelector | None]) -> dict[str, LabelCases]:
    values: dict[str, dict[str, None]] = {}
    for selector in selectors:
        if selector is not None:
            for each in requirements(selector):
                values.setdefault(each.key, {}).update(dict.fromkeys(each.values))
    return {key: LabelCases(values=tuple(found)) for key, found in values.items()}


def _port_names(
    entries: Iterable[PolicyPort | ClusterPort],
) -> Iterator[tuple[str, Protocol]]:
    for entry in entries:
        if isinstance(entry, NamedPort):
            yield from ((entry.name, protocol) for protocol in Protocol)
        elif isinstance(entry.port, str):
            yield entry.port, entry.protocol


def blocks_of(peers: Iterable[Peer | ClusterPeer]) -> Iterator[IPBlock]:
    """The ranges that peers speak of."""
    for peer in peers:
        if isinstance(peer, IPBlock):
            yield peer
        elif isinstance(peer, Networks):
            yield from peer.blocks


def mentioned_namespaces(direction: Direction, policies: Iterable[NetworkPolicy]) -> Iterator[str]:
    """The namespaces that the rules of a direction pick or leave out by name."""
    for policy in policies:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                if isinstance(peer, PodPeer) and peer.namespace_selector is not None:
                    for each in requirements(peer.namespace_selector):
                        if each.key == NAMESPACE_NAME_LABEL:
                            yield from _possible_names(each.values)


def _possible_names(values: Iterable[str]) -> Iterator[str]:
    """Without those that no namespace can have."""
    return (name for name in values if not names.dns_label(name))
