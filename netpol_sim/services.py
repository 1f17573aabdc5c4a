"""A Service address, and the pod connections behind it.

Policies never see a Service: they are judged on the pod that was chosen and on the port that pod
listens on.  Source: kubernetes.io/docs/concepts/services-networking/service.
"""

from __future__ import annotations

from enum import StrEnum

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Connection, Entity, Pod, Service, ServicePort
from netpol_sim.policy import Protocol


def backends(cluster: Cluster, service: Service) -> tuple[Pod, ...]:
    """The pods that a Service sends connections to, in cluster order.

    They are the running, ready pods of its namespace with the labels of its selector; pods that
    are not ready count when the Service publishes them.  A Service without a selector has none
    that manifests could tell.
    """
    if service.selector is None or service.external_name is not None:
        return ()
    selector = LabelSelector(match_labels=service.selector)
    return tuple(
        pod
        for pod in cluster.pods_in(service.namespace)
        if pod.takes_part
        and (pod.ready or service.publish_not_ready_addresses)
        and selector.matches(pod.labels)
    )


class Lack(StrEnum):
    """Why nothing is behind a Service."""

    NO_POD = "no pod with these labels"
    NOT_RUNNING = "no such pod is running"
    NOT_READY = "no such pod is ready"
    NO_PORT_NAME = "no such pod declares the port name"


def lack(cluster: Cluster, service: Service) -> Lack:
    """Why a Service with a selector has no backend for one of its ports, however far it gets.

    The name of a container port is the last thing that can be missing.
    """
    selector = LabelSelector(match_labels=service.selector or {})
    picked = [pod for pod in cluster.pods_in(service.namespace) if selector.matches(pod.labels)]
    if not picked:
        return Lack.NO_POD
    if not any(pod.takes_part for pod in picked):
        return Lack.NOT_RUNNING
    return Lack.NO_PORT_NAME if backends(cluster, service) else Lack.NOT_READY


def service_port(service: Service, port: int | str, protocol: Protocol) -> ServicePort:
    """The Service port of this number or name, or ``UnknownNameError`` that lists what there is."""
    for known in service.ports:
        if port in (known.port, known.name) and known.protocol is protocol:
            return known
    listed = ", ".join(map(str, service.ports)) or "no ports"
    raise UnknownNameError(f"{service.key} has no port {port}/{protocol}; it has {listed}")


def connections(
    cluster: Cluster,
    source: Entity,
    service: Service,
    port: int | str,
    protocol: Protocol = Protocol.TCP,
    *,
    dialled: IPAddress | None = None,
) -> tuple[Connection, ...]:
    """The pod connections that a connection to a Service may become, one for each backend.

    The Service port is translated to the backend's target port: a number as it is, a name as the
    backend's own containers declare it (a backend that does not declare it gets no traffic).  A
    headless Service translates nothing: its name resolves to the pods themselves.

    Args:
        port: A port number or port name of the Service.
        dialled: Which of the Service's addresses was used; None takes the first.

    Raises:
        UnknownNameError: The Service has no such port.
    """
    if service.headless and isinstance(port, int):
        found = backends(cluster, service)
        return tuple(_direct(source, pod, port, protocol) for pod in found)
    known = service_port(service, port, protocol)
    address = dialled or next(iter(service.cluster_ips), None)
    translated = []
    for pod in backends(cluster, service):
        number = target(pod, known)
        if number is not None and service.headless:
            translated.append(_direct(source, pod, number, protocol))
        elif number is not None:
            translated.append(
                Connection(
                    source=source,
                    destination=pod,
                    port=number,
                    protocol=protocol,
                    family=_family(pod, address),
                    dialled=(address, known.port),
                )
            )
    return tuple(translated)


def _direct(source: Entity, pod: Pod, port: int, protocol: Protocol) -> Connection:
    return Connection(source=source, destination=pod, port=port, protocol=protocol)


def target(pod: Pod, port: ServicePort) -> int | None:
    """The port of a pod to which a Service port sends; None when the pod has none of the name."""
    if isinstance(port.target_port, int):
        return port.target_port
    named = pod.ports_named(port.target_port)
    return next((found.port for found in named if found.protocol is port.protocol), None)


def _family(pod: Pod, address: IPAddress | None) -> int | None:
    """A Service address is translated within its own family, where the pod's are known."""
    if address is None or address.version not in {ip.version for ip in pod.ips}:
        return None
    return address.version
