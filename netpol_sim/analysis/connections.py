"""The exact ports on which one end may connect to another, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from netpol_sim import ask
from netpol_sim.addresses import parse_address
from netpol_sim.analysis.table.choice import example_port
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet, numbered_ports
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPort, NamedPort
from netpol_sim.cluster_policy import Tier
from netpol_sim.errors import ConnectionTextError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, Pod, Service
from netpol_sim.policy import Direction, PolicyPort, Protocol
from netpol_sim.services import backends
from netpol_sim.verdict import Answer, ServiceVerdict, TierVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PortGroup:
    """Ports that are decided alike, with the answer for one of them."""

    ports: PortSet
    answer: Answer

    @property
    def allowed(self) -> bool:
        """Whether connections to these ports pass."""
        return self.answer.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """What is allowed between two ends.

    Each port is in one of the ``groups``: ports of a group are allowed by the same rules, or denied
    at the same ends.  Of a Service only the ports that it has are in a group.
    """

    source: Entity
    destination: Entity | Service
    groups: tuple[PortGroup, ...]

    @property
    def ports(self) -> PortSet:
        """The ports on which connections pass."""
        return PortSet.union(group.ports for group in self.groups if group.allowed)

    def __bool__(self) -> bool:
        return any(group.allowed for group in self.groups)

    def __contains__(self, port: tuple[Protocol, int]) -> bool:
        return port in self.ports

    def __str__(self) -> str:
        return f"{self.source.key} -> {self.destination.key}: {self.ports}"


def connections(
    cluster: Cluster,
    source: str | Entity,
    destination: str | Entity | Service,
    *,
    family: int | None = None,
) -> Connections:
    """Find the exact set of ports on which one end may connect to another, and why.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        source: ``namespace/pod``, an address, ``node/NAME``, or the thing itself.
        destination: The same, or a Service.
        family: 4 or 6 to choose between the addresses of dual-stack pods, as in ``Connection``.

    Returns:
        Every port of TCP, UDP and SCTP in groups that are decided alike, in order.

    Raises:
        ConnectionTextError: A text that names nothing, or a Service as source.
        UnknownNameError: The cluster has nothing of this name.
        AmbiguousNameError: A workload's pods differ.
    """
    start, end = _end(cluster, source), _end(cluster, destination)
    if isinstance(start, Service):
        raise ConnectionTextError(
            f"`{source}` is a Service; connections come from pods, nodes or addresses"
        )
    wanted = family or _family(source, start) or _family(destination, end)
    alike: defaultdict[object, list[PortSet]] = defaultdict(list)
    for ports in _told_apart(cluster, start, end):
        alike[_grounds(_ask(cluster, start, end, ports, wanted))].append(ports)
    groups = map(PortSet.union, alike.values())
    return Connections(
        source=start,
        destination=end,
        groups=tuple(
            PortGroup(ports=ports, answer=_ask(cluster, start, end, ports, wanted))
            for ports in groups
        ),
    )


def _end(cluster: Cluster, name: str | Entity | Service) -> Entity | Service:
    return ask.entity(cluster, name) if isinstance(name, str) else name


def _family(name: str | Entity | Service, found: Entity | Service) -> int | None:
    """An address of a pod, written out, decides the family."""
    if not isinstance(name, str) or not isinstance(found, Pod):
        return None
    try:
        return parse_address(name).version
    except ValueError:
        return None


def _told_apart(
    cluster: Cluster, source: Entity, destination: Entity | Service
) -> Iterator[PortSet]:
    """The line of ports, cut wherever a rule at either end may change its mind."""
    if isinstance(destination, Service) and not destination.headless:
        for port in destination.ports:
            yield PortSet.single(port.protocol, port.port)
        return
    behind = backends(cluster, destination) if isinstance(destination, Service) else [destination]
    edges = set(ALL_PORTS.edges)
    for end in behind:
        for direction, near in ((Direction.EGRESS, source), (Direction.INGRESS, end)):
            edges.update(*(ports.edges for ports in _mentioned(cluster, near, direction, end)))
    for stretch in map(PortSet, pairwise(sorted(edges))):
        if stretch <= ALL_PORTS:
            yield stretch


def _mentioned(
    cluster: Cluster, near: Entity, direction: Direction, destination: Entity
) -> Iterator[PortSet]:
    """The ports that the rules of one end speak about, names resolved on the destination."""
    if not isinstance(near, Pod):
        return
    entries: list[ClusterPort] = []
    for policy in cluster.isolating(near, direction):
        entries += (entry for rule in policy.rules(direction) for entry in rule.ports)
    for tier in Tier if cluster.cluster_policies else ():
        for decider in cluster.in_tier(tier, near, direction):
            entries += (entry for rule in decider.rules(direction) for entry in rule.ports)
    for entry in entries:
        name = entry.name if isinstance(entry, NamedPort) else entry.port
        if isinstance(entry, PolicyPort):
            yield numbered_ports((entry,))
        if isinstance(name, str) and isinstance(destination, Pod):
            for port in destination.ports_named(name):
                yield PortSet.single(port.protocol, port.port)


def _ask(
    cluster: Cluster,
    source: Entity,
    destination: Entity | Service,
    ports: PortSet,
    family: int | None,
) -> Answer:
    protocol, port = example_port(ports, destination)
    if isinstance(destination, Service):
        return ask.ask_service(cluster, source, destination, port, protocol)
    return evaluate(
        cluster,
        Connection(
            source=source,
            destination=destination,
            port=port,
            protocol=protocol,
            family=family,
        ),
    )


def _decider(tier: TierVerdict) -> tuple[str, int] | None:
    step = tier.decided_by
    return (step.policy.key, step.index) if step else None


def _grounds(answer: Answer) -> object:
    """What an answer rests on: ports with equal grounds belong together."""
    match answer:
        case Verdict():
            return tuple(
                (
                    end.reason,
                    tuple((step.policy.key, step.index) for step in end.matched),
                    tuple(_decider(tier) for tier in end.tiers),
                )
                for end in answer.ends
            )
        case ServiceVerdict():
            backends = tuple((each.connection.port, _grounds(each)) for each in answer.backends)
            return answer.outcome, backends
