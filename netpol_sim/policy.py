"""What a NetworkPolicy says, in the API's words; each constructor enforces the API's rules.

A value that exists is valid: a constructor that is given what the API server would refuse raises
``InvalidValueError`` with every problem, in the server's order and with its field paths.  Sources:
``k8s.io/api/networking/v1/types.go`` and ``pkg/apis/networking/validation/validation.go``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from netpol_sim import names
from netpol_sim.errors import Problem, ProblemKind, invalid, raise_if_any, unsupported
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.origin import Origin
from netpol_sim.peers import Peer


class Direction(StrEnum):
    """The directions a policy can isolate a pod in: the values of ``policyTypes``."""

    INGRESS = "Ingress"
    EGRESS = "Egress"

    @property
    def rules_field(self) -> str:
        """The field of ``spec`` that holds the rules: ``ingress`` or ``egress``."""
        return self.value.lower()

    @property
    def peers_field(self) -> str:
        """The field of a rule that lists its peers: ``from`` or ``to``."""
        return "from" if self is Direction.INGRESS else "to"


class Protocol(StrEnum):
    """The protocols a policy speaks about; for all others the API defines nothing."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


_DIRECTIONS = tuple(Direction)
_PROTOCOLS = tuple(Protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPort:
    """One entry of a rule's ``ports``: a protocol, and a number, a range, a name or neither.

    ``port`` is a number (1-65535), the name of a port on the destination pod, or None for every
    port of the protocol.  ``end_port`` makes it the range ``port`` to ``end_port``, inclusive.

    Raises:
        InvalidValueError: Unknown protocol; number out of range; malformed name; ``end_port``
            below ``port``, or without a numeric ``port``.
    """

    protocol: Protocol = Protocol.TCP
    port: int | str | None = None
    end_port: int | None = None

    def __post_init__(self) -> None:
        raise_if_any(list(self._problems()))
        if self.protocol.__class__ is not Protocol:
            object.__setattr__(self, "protocol", Protocol(self.protocol))

    def _problems(self) -> Iterator[Problem]:
        if self.protocol not in _PROTOCOLS:
            yield unsupported("protocol", str(self.protocol), Protocol)
        if isinstance(self.port, int):
            for message in names.port_number(self.port):
                yield invalid("port", self.port, message)
            if self.end_port is not None:
                if self.end_port < self.port:
                    yield invalid("endPort", self.end_port, "must not be below `port`")
                for message in names.port_number(self.end_port):
                    yield invalid("endPort", self.end_port, message)
            return
        if self.end_port is not None:
            reason = "`port` is a name" if self.port is not None else "`port` is missing"
            yield invalid("endPort", self.end_port, f"may not be given when {reason}")
        if self.port is not None:
            for message in names.port_name(self.port):
                yield invalid("port", self.port, message, _help_for_port_text(self.port))

    @property
    def ports(self) -> range | None:
        """The numbers this entry covers; None when it names a port."""
        match self.port:
            case None:
                return range(1, 65536)
            case int(first):
                return range(first, (self.end_port or first) + 1)
            case _:
                return None

    def covers(self, number: int) -> bool:
        """Whether ``number`` is among ``ports``; never when the entry names a port."""
        if self.port is None:
            return True
        return not isinstance(self.port, str) and (
            self.port <= number <= (self.end_port or self.port)
        )

    def __str__(self) -> str:
        if self.port is None:
            return f"every {self.protocol} port"
        last = f"-{self.end_port}" if self.end_port is not None else ""
        return f"{self.port}{last}/{self.protocol}"


def _help_for_port_text(text: str) -> str:
    if text.isascii() and text.isdigit():
        return f"quotes make it a port name; for the number write `port: {text}`"
    first, dash, last = text.partition("-")
    if dash and first.strip().isdigit() and last.strip().isdigit():
        return f"for a range write `port: {first.strip()}` and `endPort: {last.strip()}`"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of ``ingress`` or ``egress``: any of the peers AND any of the ports.

    No peers means everybody (outside the cluster too), no ports means every port of every protocol.
    In the API a missing list, null and ``[]`` mean the same here, so they are one value.
    """

    peers: tuple[Peer, ...] = ()
    ports: tuple[PolicyPort, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "peers", tuple(self.peers))
        object.__setattr__(self, "ports", tuple(self.ports))


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPolicy:
    """Isolates the pods it selects, and says what may reach them or be reached by them.

    ``policy_types`` left out (None) or empty gets the API server's default: Ingress, and Egress
    when there is at least one egress rule.  ``origin`` says where the policy was written.

    Raises:
        InvalidValueError: A malformed name or namespace, more than two or unknown policy types.
    """

    namespace: str
    name: str
    pod_selector: LabelSelector = EVERYTHING
    policy_types: tuple[Direction, ...] = ()
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        raise_if_any(list(self._problems()))
        object.__setattr__(self, "ingress", tuple(self.ingress))
        object.__setattr__(self, "egress", tuple(self.egress))
        types = tuple(Direction(kind) for kind in self.policy_types)
        if not types:
            # Source: pkg/apis/networking/v1/defaults.go; the length of egress counts, not presence.
            types = (Direction.INGRESS, Direction.EGRESS) if self.egress else (Direction.INGRESS,)
        object.__setattr__(self, "policy_types", types)

    def _problems(self) -> Iterator[Problem]:
        if not self.name:
            message = "a name is required"
            yield Problem(kind=ProblemKind.REQUIRED, field="metadata.name", message=message)
        else:
            for message in names.dns_subdomain(self.name):
                yield invalid("metadata.name", self.name, message)
        if not self.namespace:
            message = "a namespace is required"
            yield Problem(kind=ProblemKind.REQUIRED, field="metadata.namespace", message=message)
        else:
            for message in names.dns_label(self.namespace):
                yield invalid("metadata.namespace", self.namespace, message)
        if len(self.policy_types) > 2:
            listed = ", ".join(self.policy_types)
            yield invalid("spec.policyTypes", listed, "may not list more than two types")
            return
        for index, kind in enumerate(self.policy_types):
            if kind not in _DIRECTIONS:
                yield unsupported(f"spec.policyTypes[{index}]", str(kind), Direction)

    @property
    def key(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"

    def isolates(self, direction: Direction) -> bool:
        """Whether the policy isolates the pods it selects in this direction."""
        return direction in self.policy_types

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """The rules in force for a direction: none when ``policyTypes`` does not list it."""
        if direction not in self.policy_types:
            return ()
        return self.ingress if direction is Direction.INGRESS else self.egress

    def __str__(self) -> str:
        return self.key
