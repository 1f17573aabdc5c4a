"""What a cluster is made of, in the API's words: namespaces, pods, nodes, Services, connections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netpol_sim import names
from netpol_sim.addresses import IPAddress, parse_address
from netpol_sim.errors import Problem, ProblemKind, raise_if_any
from netpol_sim.labels import NO_LABELS, Labels
from netpol_sim.origin import Origin
from netpol_sim.policy import Direction, Protocol

NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"
"""Set by the control plane on every namespace; its value is the namespace's name."""


def _checked_name(name: str, messages: names.Messages, field_path: str = "metadata.name") -> None:
    if messages:
        raise_if_any(_invalid(field_path, name, messages))


def _invalid(path: str, value: int | str | None, messages: names.Messages) -> list[Problem]:
    return [
        Problem(kind=ProblemKind.INVALID, field=path, value=str(value), message=message)
        for message in messages
    ]


def _as_labels(labels: Mapping[str, str]) -> Labels:
    return labels if isinstance(labels, Labels) else Labels(labels)


def _as_protocol(protocol: Protocol | str) -> Protocol:
    return protocol if isinstance(protocol, Protocol) else Protocol(protocol)


def _as_phase(phase: Phase | str) -> Phase:
    return phase if isinstance(phase, Phase) else Phase(phase)


def _as_addresses(addresses: Iterable[IPAddress | str]) -> tuple[IPAddress, ...]:
    return tuple([parse_address(ip) if isinstance(ip, str) else ip for ip in addresses])


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A namespace; its labels always include ``kubernetes.io/metadata.name``."""

    name: str
    labels: Mapping[str, str] = NO_LABELS
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _checked_name(self.name, names.dns_label(self.name))
        own = Labels({**self.labels, NAMESPACE_NAME_LABEL: self.name})
        object.__setattr__(self, "labels", own)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerPort:
    """A port that a container declares.  Declaring one opens nothing; its name can be used.

    ``port`` is 1-65535.  Source: ``validateContainerPorts`` of the API server.
    """

    port: int
    name: str | None = None
    protocol: Protocol = Protocol.TCP

    def __post_init__(self) -> None:
        named = names.port_name(self.name) if self.name else ()
        numbered = names.port_number(self.port)
        if named or numbered:
            raise_if_any(
                _invalid("name", self.name, named) + _invalid("containerPort", self.port, numbered)
            )
        object.__setattr__(self, "protocol", _as_protocol(self.protocol))

    def __str__(self) -> str:
        return f"{self.name or ''}:{self.port}/{self.protocol}".lstrip(":")


class Phase(StrEnum):
    """Where a pod is in its life.  Source: ``PodStatus.phase``."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


_FINISHED = (Phase.SUCCEEDED, Phase.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A pod: what selectors see (namespace, labels) and what the network sees (addresses, ports).

    ``ips`` is empty when not known (a manifest that never ran).  ``ports`` are those of all
    containers and sidecars.  ``node`` is None before scheduling.  ``workload`` is the kind and name
    of what made the pod, such as ``Deployment/api``.
    """

    namespace: str
    name: str
    labels: Mapping[str, str] = NO_LABELS
    ips: tuple[IPAddress, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    node: str | None = None
    host_network: bool = False
    phase: Phase = Phase.RUNNING
    ready: bool = True
    workload: str | None = None
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _checked_name(self.name, names.dns_subdomain(self.name))
        _checked_name(self.namespace, names.dns_label(self.namespace), "metadata.namespace")
        object.__setattr__(self, "labels", _as_labels(self.labels))
        object.__setattr__(self, "ips", _as_addresses(self.ips))
        object.__setattr__(self, "ports", tuple(self.ports))
        object.__setattr__(self, "phase", _as_phase(self.phase))

    @property
    def key(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"

    @property
    def takes_part(self) -> bool:
        """Whether the pod has a network.

        Not once it has finished (its address may be reused), and not while it is pending without
        an address.
        """
        if self.phase is Phase.PENDING:
            return bool(self.ips) or self.host_network
        return self.phase not in _FINISHED

    def ports_named(self, name: str) -> tuple[ContainerPort, ...]:
        """The declared ports of this name, in every protocol and container."""
        return tuple(port for port in self.ports if port.name == name)

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A machine of the cluster.  Selectors never match it; addresses do."""

    name: str
    ips: tuple[IPAddress, ...] = ()
    labels: Mapping[str, str] = NO_LABELS
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _checked_name(self.name, names.dns_subdomain(self.name))
        object.__setattr__(self, "labels", _as_labels(self.labels))
        object.__setattr__(self, "ips", _as_addresses(self.ips))

    @property
    def key(self) -> str:
        """``node/name``."""
        return f"node/{self.name}"

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """An address outside the cluster."""

    address: IPAddress

    @classmethod
    def of(cls, text: str) -> External:
        """The outside address that a text such as ``203.0.113.7`` stands for."""
        return cls(address=parse_address(text))

    @property
    def key(self) -> str:
        """The address as text."""
        return str(self.address)

    def __str__(self) -> str:
        return self.key


Entity = Pod | Node | External
"""What can be at an end of a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePort:
    """One port of a Service, and the pod port it stands for (a number or a container port name).

    Numbers are 1-65535.  Source: ``validateServicePort`` of the API server.
    """

    port: int
    target_port: int | str
    name: str | None = None
    protocol: Protocol = Protocol.TCP

    def __post_init__(self) -> None:
        target = self.target_port
        checked = names.port_number(target) if isinstance(target, int) else names.port_name(target)
        # One that was left out is the port itself, and is told of once.
        targeted = checked if target != self.port else ()
        numbered = names.port_number(self.port)
        if numbered or targeted:
            raise_if_any(
                _invalid("port", self.port, numbered) + _invalid("targetPort", target, targeted)
            )
        object.__setattr__(self, "protocol", _as_protocol(self.protocol))

    def __str__(self) -> str:
        return f"{self.port}/{self.protocol} -> {self.target_port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A stable address in front of pods.  Policies never see a Service, only the pods behind it.

    ``selector`` is None when the Service has none (somebody else manages its endpoints); to the
    API server an empty one is none, too.
    ``cluster_ips`` is empty when not known; ``headless`` Services have none on purpose.
    """

    namespace: str
    name: str
    selector: Mapping[str, str] | None = None
    ports: tuple[ServicePort, ...] = ()
    cluster_ips: tuple[IPAddress, ...] = ()
    headless: bool = False
    external_name: str | None = None
    type: str = "ClusterIP"
    external_traffic_policy: str = "Cluster"
    publish_not_ready_addresses: bool = False
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _checked_name(self.name, names.dns_1035_label(self.name))
        _checked_name(self.namespace, names.dns_label(self.namespace), "metadata.namespace")
        selector = _as_labels(self.selector) if self.selector else None
        object.__setattr__(self, "selector", selector)
        object.__setattr__(self, "cluster_ips", _as_addresses(self.cluster_ips))
        object.__setattr__(self, "ports", tuple(self.ports))

    @property
    def key(self) -> str:
        """``svc:namespace/name``."""
        return f"svc:{self.namespace}/{self.name}"

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A source that opens a connection to a port of a destination; replies are implied.

    ``port`` (1-65535) is the one the destination itself listens on, after any Service has
    translated it.  ``family`` is 4 or 6 to choose between the addresses of dual-stack pods; None
    takes the destination's first that the source has too.  ``dialled`` is the Service address
    (None: not known) and port that the client used, if it used a Service.
    """

    source: Entity
    destination: Entity
    port: int
    protocol: Protocol = Protocol.TCP
    family: int | None = None
    dialled: tuple[IPAddress | None, int] | None = None

    def __post_init__(self) -> None:
        if messages := names.port_number(self.port):
            raise_if_any(_invalid("port", self.port, messages))
        object.__setattr__(self, "protocol", _as_protocol(self.protocol))

    def near(self, direction: Direction) -> Entity:
        """The end that the direction's policies belong to."""
        return self.source if direction is Direction.EGRESS else self.destination

    def far(self, direction: Direction) -> Entity:
        """The end that the direction's rules speak about."""
        return self.destination if direction is Direction.EGRESS else self.source

    def __str__(self) -> str:
        host = self.destination.key
        host = f"[{host}]" if ":" in host else host
        return f"{self.source.key} -> {host}:{self.port}/{self.protocol}"
