"""Who answers name lookups in a cluster, and on which ports, as far as labels and Services tell."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim import services
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Pod
from netpol_sim.policy import Protocol

DNS_PORT = 53
PROTOCOLS = (Protocol.UDP, Protocol.TCP)

_NAMESPACES = ("kube-system", "openshift-dns")
_LABELS = ({"k8s-app": "kube-dns"}, {"k8s-app": "coredns"})
_SERVICES = ("kube-dns", "dns-default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """The DNS pods; ``ports`` are those on which each is asked, UDP first."""

    pods: tuple[Pod, ...]
    ports: dict[str, tuple[tuple[int, Protocol], ...]]


def lookups_of(survey: Survey) -> Lookups:
    """The DNS pods of a cluster; none when none were loaded."""
    found: dict[str, Pod] = {}
    for name in _NAMESPACES:
        for labels in _LABELS:
            picked = survey.picked(LabelSelector(match_labels=labels), (name,))
            found.update((pod.key, pod) for pod in picked)
        for service in survey.services_in(name):
            if service.name in _SERVICES:
                found.update((pod.key, pod) for pod in survey.backends(service))
    pods = tuple(pod for pod in found.values() if survey.is_subject(pod))
    return Lookups(pods=pods, ports={pod.key: _ports(survey, pod) for pod in pods})


def _ports(survey: Survey, server: Pod) -> tuple[tuple[int, Protocol], ...]:
    """What port 53 of the pod's Service stands for."""
    return tuple((_port(survey, server, protocol), protocol) for protocol in PROTOCOLS)


def _port(survey: Survey, server: Pod, protocol: Protocol) -> int:
    for service in survey.services_in(server.namespace):
        if any((port.port, port.protocol) == (DNS_PORT, protocol) for port in service.ports):
            for connection in services.connections(
                survey.cluster, server, service, DNS_PORT, protocol
            ):
                if connection.destination is server:
                    return connection.port
    return DNS_PORT
