"""Pods, and the parts of them that a workload's template shares."""

from __future__ import annotations

from typing import Any

from netpol_sim.addresses import IPAddress, parse_address
from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest.shape import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.model import ContainerPort
from netpol_sim.policy import Protocol

Fields = dict[str, Value]


def spec_facts(spec: Fields, path: str, report: Report) -> dict[str, Any]:
    """What a pod's ``spec`` says: node, network, ports."""
    return {
        "node": spec.get("nodeName") or None,
        "host_network": bool(spec.get("hostNetwork")),
        "ports": tuple(_ports(spec, path, report)),
    }


def status_facts(status: Fields, *, host_network: bool, report: Report) -> dict[str, Any]:
    """What a pod's ``status`` says: addresses, phase, readiness."""
    conditions = status.get("conditions") or ()
    ready = [item.get("status") == "True" for item in conditions if item.get("type") == "Ready"]
    return {
        "ips": tuple(_ips(status, host_network=host_network, report=report)),
        "phase": status.get("phase") or "Running",
        "ready": any(ready) if conditions else True,
    }


def _ips(status: Fields, *, host_network: bool, report: Report) -> list[IPAddress]:
    for kind in ("pod", "host") if host_network else ("pod",):
        listed = [
            (f"status.{kind}IPs[{index}].ip", entry.get("ip"))
            for index, entry in enumerate(status.get(f"{kind}IPs") or ())
        ]
        texts = listed or [(f"status.{kind}IP", status.get(f"{kind}IP"))]
        found = [address(text, path, report) for path, text in texts if text]
        if found:
            return [ip for ip in found if ip is not None]
    return []


def address(text: str, path: str, report: Report) -> IPAddress | None:
    """The address a text stands for; None, and a problem, when it is none."""
    try:
        return parse_address(text)
    except ValueError:
        report.problems.append(
            Problem(
                kind=ProblemKind.INVALID,
                field=path,
                value=text,
                message="must be an address such as `10.0.0.1` or `fd00::1`",
            )
        )
        return None


def _ports(spec: Fields, path: str, report: Report) -> list[ContainerPort]:
    """The ports of all containers, and of init containers that keep running (sidecars)."""
    ports = []
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(kind) or ()):
            if kind == "initContainers" and container.get("restartPolicy") != "Always":
                continue
            for place, entry in enumerate(container.get("ports") or ()):
                ports.append(
                    ContainerPort(
                        port=entry["containerPort"],
                        name=entry.get("name") or None,
                        protocol=Protocol(entry.get("protocol") or "TCP"),
                    )
                )
    return ports
