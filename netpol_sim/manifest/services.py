"""Services: from fields of the right shape to values, with the API server's defaults."""

from __future__ import annotations

from typing import Any

from netpol_sim.labels import Labels
from netpol_sim.manifest import pods
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.model import ServicePort

Fields = dict[str, Value]
_HEADLESS = "None"


def from_spec(spec: Fields, report: Report) -> dict[str, Any]:
    """The arguments of ``Service`` that its ``spec`` holds."""
    if spec.get("clusterIPs"):
        texts = [(f"spec.clusterIPs[{index}]", ip) for index, ip in enumerate(spec["clusterIPs"])]
    else:
        texts = [("spec.clusterIP", spec.get("clusterIP"))]
    found = [pods.address(text, path, report) for path, text in texts if text and text != _HEADLESS]
    selector = spec.get("selector")
    return {
        "selector": selector and report.attempt(Labels, "spec.selector", items=selector),
        "ports": tuple(
            port
            for index, entry in enumerate(spec.get("ports") or ())
            if entry is not None and (port := _port(entry, f"spec.ports[{index}]", report))
        ),
        "cluster_ips": tuple(ip for ip in found if ip is not None),
        "headless": any(text == _HEADLESS for _, text in texts),
        "external_name": spec.get("externalName") or None,
        "type": spec.get("type") or "ClusterIP",
        "external_traffic_policy": spec.get("externalTrafficPolicy") or "Cluster",
        "publish_not_ready_addresses": bool(spec.get("publishNotReadyAddresses")),
    }


def _port(entry: Fields, path: str, report: Report) -> ServicePort | None:
    """One port; a ``targetPort`` left out (or zero, or empty) is the port itself."""
    port = pods.port_number(entry.get("port"), f"{path}.port", report)
    return report.attempt(
        ServicePort,
        path,
        port=port,
        target_port=entry.get("targetPort") or port,
        name=entry.get("name") or None,
        protocol=pods.protocol(entry.get("protocol"), f"{path}.protocol", report),
    )
