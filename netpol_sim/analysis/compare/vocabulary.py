"""The cases that some policies mention, and a variable for each of them at each end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netpol_sim import names
from netpol_sim.analysis.compare.atoms import (
    AddressCases,
    LabelCases,
    Mask,
    PortCases,
    requirements,
)
from netpol_sim.analysis.compare.universe import End, Variables
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, PodPeer, PolicyPort, Protocol

DECLARED: Mask = 2
"""Of a port name: the case in which the destination declares the port under it."""

_YES_OR_NO: Mask = 3

POD_LABEL, NAMESPACE_LABEL, OWN_NAMESPACE_LABEL = 1000, 1001, 1002
"""What a label costs: of equally many, those of pods are easier to follow than those of namespaces,
and those of a namespace with policies are the hardest.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What policies mention.

    ``namespaces`` are those that have policies, ``port_names`` the names of ports with their
    protocols.
    """

    namespaces: tuple[str, ...]
    ports: PortCases
    addresses: AddressCases
    pod_labels: Mapping[str, LabelCases]
    namespace_labels: Mapping[str, LabelCases]
    port_names: tuple[tuple[str, Protocol], ...]
    variables: Variables = field(default_factory=Variables)

    @classmethod
    def of(cls, policies: Sequence[NetworkPolicy]) -> Vocabulary:
        """Everything that policies mention."""
        rules = [rule for each in policies for rule in (*each.ingress, *each.egress)]
        peers = [peer for rule in rules for peer in rule.peers]
        picks = [peer for peer in peers if isinstance(peer, PodPeer)]
        entries = [entry for rule in rules for entry in rule.ports]
        subjects = [each.pod_selector for each in policies]
        return cls(
            namespaces=tuple(dict.fromkeys(each.namespace for each in policies)),
            ports=PortCases.cut(entries),
            addresses=AddressCases.cut(peer for peer in peers if isinstance(peer, IPBlock)),
            pod_labels=_label_cases([*subjects, *(peer.pod_selector for peer in picks)]),
            namespace_labels=_label_cases(peer.namespace_selector for peer in picks),
            port_names=tuple(dict.fromkeys(_port_names(entries))),
        )

    def port(self) -> int:
        """The variable of the port."""
        return self.variables.number("port", self.ports.full)

    def declares(self, name: str, protocol: Protocol) -> int:
        """The variable of a port name: whether the destination declares the port under it."""
        return self.variables.number(("declares", name, protocol), _YES_OR_NO)

    def address(self, end: End) -> int:
        """The variable of an end's address."""
        return self.variables.number(("address", end.near), self.addresses.full)

    def pod_label(self, key: str, end: End) -> int:
        """The variable of a label of the pod at an end."""
        full = self.pod_labels[key].full
        return self.variables.number(("label", end.near, key), full, POD_LABEL)

    def namespace_label(self, key: str, end: End) -> int:
        """The variable of a label of the namespace at an end."""
        # A namespace with a name is the same at both ends; two without are two.
        place = end.place.namespace or end.near
        full = self.namespace_labels[key].full
        own = end.place.namespace in self.namespaces
        cost = OWN_NAMESPACE_LABEL if own else NAMESPACE_LABEL
        return self.variables.number(("namespace", place, key), full, cost)

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


def _port_names(entries: Iterable[PolicyPort]) -> Iterator[tuple[str, Protocol]]:
    for entry in entries:
        if isinstance(entry.port, str):
            yield entry.port, entry.protocol


def mentioned_namespaces(direction: Direction, policies: Iterable[NetworkPolicy]) -> Iterator[str]:
    """The namespaces that the rules of a direction pick or leave out by name."""
    for policy in policies:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                if isinstance(peer, PodPeer) and peer.namespace_selector is not None:
                    for each in requirements(peer.namespace_selector):
                        if each.key == NAMESPACE_NAME_LABEL:
                            # A value that no namespace can be called is one that none has.
                            yield from (name for name in each.values if not names.dns_label(name))
