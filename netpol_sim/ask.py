"""One question in words or values -> one answer: resolve names, translate Services, evaluate.

How a connection is written as text, ``connection_text`` says.
"""

from __future__ import annotations

from netpol_sim import services
from netpol_sim.addresses import IPAddress, parse_address
from netpol_sim.cluster import Cluster
from netpol_sim.connection_text import parse
from netpol_sim.errors import (
    AmbiguousNameError,
    ConnectionTextError,
    UnknownNameError,
    nearest,
)
from netpol_sim.evaluate import evaluate as evaluate_connection
from netpol_sim.evaluate import evaluate_end
from netpol_sim.model import Connection, Entity, External, Pod, Service
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Answer, ServiceOutcome, ServiceVerdict, Verdict


def evaluate(cluster: Cluster, connection: str | Connection) -> Answer:
    """Decide whether a cluster allows a connection, and say why.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        connection: A ``Connection``, or text such as ``bank/frontend -> bank/api:8080`` or
            ``bank/frontend -> svc:bank/api:80``.

    Returns:
        A ``Verdict``; for a Service (by name or cluster IP) a ``ServiceVerdict`` with one verdict
        for each backend.

    Raises:
        ConnectionTextError: The text cannot be read.
        UnknownNameError: The cluster has no such pod, node, Service, namespace or port.
        AmbiguousNameError: A workload's pods differ, so that its name alone is not enough.
    """
    if isinstance(connection, Connection):
        return evaluate_connection(cluster, connection)
    question = parse(connection)
    source = entity(cluster, question.source)
    if isinstance(source, Service):
        raise ConnectionTextError(
            f"`{question.source}` is a Service; connections come from pods, nodes or addresses"
        )
    destination = entity(cluster, question.destination)
    if isinstance(destination, Service):
        address = _address(question.destination)
        port, protocol = question.port, question.protocol
        return ask_service(cluster, source, destination, port, protocol, dialled=address)
    family = _family(question.source, source) or _family(question.destination, destination)
    return evaluate_connection(
        cluster,
        Connection(
            source=source,
            destination=destination,
            port=_number(destination, question.port, question.protocol),
            protocol=question.protocol,
            family=family,
        ),
    )


def ask_service(
    cluster: Cluster,
    source: Entity,
    service: Service,
    port: int | str,
    protocol: Protocol = Protocol.TCP,
    *,
    dialled: IPAddress | None = None,
) -> ServiceVerdict:
    """Decide what becomes of a connection to a Service: one verdict for each backend."""
    found = services.connections(cluster, source, service, port, protocol, dialled=dialled)
    verdicts = tuple(evaluate_connection(cluster, connection) for connection in found)
    number = port if isinstance(port, int) else services.service_port(service, port, protocol).port
    return ServiceVerdict(
        source=source,
        service=service,
        port=number,
        protocol=protocol,
        outcome=_outcome(cluster, source, service, verdicts),
        backends=verdicts,
        dialled=dialled,
        cluster=cluster,
    )


def _outcome(
    cluster: Cluster, source: Entity, service: Service, verdicts: tuple[Verdict, ...]
) -> ServiceOutcome:
    if service.external_name is not None and _sends_anywhere(cluster, source):
        return ServiceOutcome.ALLOWED
    if service.selector is None or service.external_name is not None:
        return ServiceOutcome.UNKNOWN
    passed = {verdict.allowed for verdict in verdicts}
    if not passed:
        return ServiceOutcome.NO_BACKEND
    if len(passed) == 2:
        return ServiceOutcome.DEPENDS
    return ServiceOutcome.ALLOWED if passed.pop() else ServiceOutcome.DENIED


def _sends_anywhere(cluster: Cluster, source: Entity) -> bool:
    """Whether no policy has a say about what a source sends, wherever it goes."""
    somewhere = Connection(source=source, destination=External.of("192.0.2.1"), port=1)
    end = evaluate_end(cluster, somewhere, Direction.EGRESS)
    return end.allowed and not end.isolated_by and not end.tiers


def entity(cluster: Cluster, text: str) -> Entity | Service:
    """The pod, node, Service or outside address that a text names.

    ``namespace/workload`` names a pod of that workload when its pods are alike.  An address that
    belongs to a running pod, a node or a Service names that pod, node or Service.

    Raises:
        ConnectionTextError: The text is neither a name nor an address.
        UnknownNameError: The cluster has nothing of this name.
        AmbiguousNameError: The workload's pods differ.
    """
    address = _address(text)
    if address is not None:
        found = cluster.service_at(address) or cluster.entity_at(address)
        return found or External(address=address)
    if text.startswith("svc:"):
        return cluster.service(text.removeprefix("svc:"))
    kind, slash, name = text.partition("/")
    if not slash or not name or "/" in name:
        raise ConnectionTextError(
            f"`{text}` is neither an IP address nor `namespace/pod`, `node/NAME` or "
            "`svc:namespace/name`"
        )
    return cluster.node(name) if kind == "node" else _pod(cluster, text)


def _pod(cluster: Cluster, key: str) -> Pod:
    if (pod := cluster.find_pod(key)) is not None:
        return pod
    namespace, _, name = key.partition("/")
    made = [
        pod for pod in cluster.pods_in(namespace) if (pod.workload or "").partition("/")[2] == name
    ]
    running = [pod for pod in made if pod.takes_part] or made
    if len({(pod.labels, pod.ports, pod.host_network) for pod in running}) > 1:
        listed = ", ".join(pod.name for pod in running)
        raise AmbiguousNameError(f"`{key}` has pods that differ: {listed}; name one of them")
    if running:
        return running[0]
    raise UnknownNameError(_unknown_pod(cluster, key))


def _unknown_pod(cluster: Cluster, key: str) -> str:
    message = f"there is no pod `{key}` in this cluster"
    if any(service.key == f"svc:{key}" for service in cluster.services):
        return f"{message}; for the Service write `svc:{key}`"
    workloads = (
        f"{pod.namespace}/{pod.workload.partition('/')[2]}" for pod in cluster.pods if pod.workload
    )
    meant = nearest(key, [*(pod.key for pod in cluster.pods), *workloads])
    return f"{message}; did you mean `{meant}`?" if meant else message


def _address(text: str) -> IPAddress | None:
    try:
        return parse_address(text)
    except ValueError:
        return None


def _family(text: str, found: Entity) -> int | None:
    """An address written out decides the family; a name does not."""
    address = _address(text)
    return address.version if address is not None and isinstance(found, Pod) else None


def _number(destination: Entity, port: int | str, protocol: Protocol) -> int:
    if isinstance(port, int):
        return port
    named = destination.ports_named(port) if isinstance(destination, Pod) else ()
    numbers = {found.port for found in named if found.protocol is protocol}
    if len(numbers) == 1:
        return numbers.pop()
    if numbers:
        listed = ", ".join(map(str, sorted(numbers)))
        raise AmbiguousNameError(f"`{port}` is several ports of {destination}: {listed}")
    raise undeclared_port(destination, port, protocol)


def undeclared_port(destination: object, port: str, protocol: Protocol) -> UnknownNameError:
    """The error about a port name that means nothing on a destination."""
    if not isinstance(destination, Pod):
        return UnknownNameError(f"{destination} declares no port names; write the port as a number")
    listed = ", ".join(map(str, destination.ports)) or "no ports"
    return UnknownNameError(
        f"{destination} declares no port `{port}`/{protocol}; it declares {listed}"
    )
