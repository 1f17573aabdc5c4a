"""The exact set of ports on which one entity may connect to another, for pictures."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.ports import ALL_PORTS, NO_PORTS, PortSet, numbered_ports
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate_end
from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.policy import Direction
from netpol_sim.verdict import EndVerdict


def allowed_ports(cluster: Cluster, source: Entity, destination: Entity) -> PortSet:
    """The ports on which both ends let a connection pass."""
    # Which peers match does not depend on the port, so one verdict tells for all ports.
    asked = Connection(source=source, destination=destination, port=1)
    ends = (evaluate_end(cluster, asked, direction) for direction in Direction)
    found = ALL_PORTS
    for end in ends:
        found &= _opened(end, destination)
    return found


def _opened(end: EndVerdict, destination: Entity) -> PortSet:
    if not end.steps:
        return ALL_PORTS if end.allowed else NO_PORTS
    return PortSet.union(_of_rules(end, destination))


def _of_rules(end: EndVerdict, destination: Entity) -> Iterator[PortSet]:
    yield NO_PORTS
    for step in end.steps:
        if not step.peer_matched:
            continue
        yield numbered_ports(step.rule.ports)
        for entry in step.rule.ports:
            if entry.ports is None and isinstance(destination, Pod):
                for port in destination.ports_named(str(entry.port)):
                    if port.protocol is entry.protocol:
                        yield PortSet.single(port.protocol, port.port)
