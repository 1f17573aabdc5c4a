"""What the ``spec`` and ``status`` of a pod say: network, ports, addresses, phase."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from netpol_sim import names
from netpol_sim.addresses import IPAddress, parse_address
from netpol_sim.errors import ProblemKind
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.model import ContainerPort, Phase
from netpol_sim.policy import Protocol

Fields = dict[str, Value]

_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}
_PHASES = {phase.value: phase for phase in Phase}


def from_spec(spec: Fields, path: str, report: Report) -> dict[str, Any]:
    """The arguments of ``Pod`` that a pod's ``spec`` holds."""
    node = spec.get("nodeName") or None
    for message in names.dns_subdomain(node) if node else ():
        report.refuse(ProblemKind.INVALID, f"{path}.nodeName", message, value=node)
    return {
        "node": node,
        "host_network": bool(spec.get("hostNetwork")),
        "ports": tuple(_container_ports(spec, path, report)),
    }


def from_status(status: Fields, *, host_network: bool, report: Report) -> dict[str, Any]:
    """The arguments of ``Pod`` that a pod's ``status`` holds.

    A pod without a status is taken to run; one without conditions is taken to be ready.
    """
    phase = status.get("phase") or "Running"
    if phase not in _PHASES:
        message = f"supported are {', '.join(Phase)}"
        report.refuse(ProblemKind.NOT_SUPPORTED, "status.phase", message, value=phase)
    conditions = status.get("conditions")
    return {
        "ips": tuple(_addresses(status, host_network=host_network, report=report)),
        "phase": _PHASES.get(phase) or Phase.RUNNING,
        "ready": not conditions or _is_ready(conditions),
    }


def _is_ready(conditions: list[Fields | None]) -> bool:
    return any(
        condition.get("type") == "Ready" and condition.get("status") == "True"
        for condition in conditions
        if condition is not None
    )


def _addresses(status: Fields, *, host_network: bool, report: Report) -> list[IPAddress]:
    """The pod's own addresses; those of its host when it uses its network."""
    for owner in ("pod", "host") if host_network else ("pod",):
        entries = enumerate(status.get(f"{owner}IPs") or ())
        texts = [
            (f"status.{owner}IPs[{index}].ip", entry.get("ip"))
            for index, entry in entries
            if entry is not None
        ]
        texts = texts or [(f"status.{owner}IP", status.get(f"{owner}IP"))]
        found = [address(text, path, report) for path, text in texts if text]
        if found:
            return [ip for ip in found if ip is not None]
    return []


def address(text: str, path: str, report: Report) -> IPAddress | None:
    """The address that a text stands for; None, and a problem, when it is none."""
    try:
        return parse_address(text)
    except ValueError:
        message = "must be an address such as `10.0.0.1` or `fd00::1`"
        report.refuse(ProblemKind.INVALID, path, message, value=text)
        return None


def protocol(text: str | None, path: str, report: Report) -> Protocol:
    """The protocol; TCP when it is left out, as the API server fills it in."""
    known = _PROTOCOLS.get(text or "TCP")
    if known is None:
        message = f"supported are {', '.join(Protocol)} (in exactly this case)"
        report.refuse(ProblemKind.NOT_SUPPORTED, path, message, value=text)
    return known or Protocol.TCP


def port_number(number: int | None, path: str, report: Report) -> int:
    """The port number, which must be there."""
    if number is None:
        report.refuse_missing(path, "a port number is required")
        return 1
    return number


def _container_ports(spec: Fields, path: str, report: Report) -> Iterator[ContainerPort]:
    """The ports of the containers, and of the init containers that keep running (sidecars)."""
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(kind) or ()):
            if container is None:
                continue
            if kind == "initContainers" and container.get("restartPolicy") != "Always":
                continue
            for number, entry in enumerate(container.get("ports") or ()):
                place = f"{path}.{kind}[{index}].ports[{number}]"
                if entry is not None and (port := _container_port(entry, place, report)):
                    yield port


def _container_port(entry: Fields, path: str, report: Report) -> ContainerPort | None:
    return report.attempt(
        _shared_port,
        path,
        port=port_number(entry.get("containerPort"), f"{path}.containerPort", report),
        name=entry.get("name") or None,
        protocol=protocol(entry.get("protocol"), f"{path}.protocol", report),
    )


@lru_cache(maxsize=4096)
def _shared_port(port: int, name: str | None, protocol: Protocol) -> ContainerPort:
    """The same ports are declared again and again, by the replicas of a workload at least."""
    return ContainerPort(port=port, name=name, protocol=protocol)
