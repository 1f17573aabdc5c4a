"""Who can reach a place, and what a place can reach."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim import ask, connection_text
from netpol_sim.analysis.matrix import AskedPort
from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.choice import Name, place
from netpol_sim.analysis.table.index import members, span
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.analysis.table.regions import ByPorts
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError, nearest
from netpol_sim.model import Pod
from netpol_sim.policy import Direction, NetworkPolicy, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A place at the other end of allowed connections, and the ports on which they pass."""

    place: Place
    ports: PortSet

    def __str__(self) -> str:
        return f"{self.place.key}: {self.ports}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accesses:
    """Who can reach a place (``Direction.INGRESS``), or what it can reach (``Direction.EGRESS``).

    ``found`` holds the others that share a connection with it: pods in the order of their
    namespaces, then nodes where they were asked about, then ranges outside.  A pair without a pod
    is not listed: no policy speaks about it.  ``others`` are all that were looked at, ``asked`` the
    port that was asked about, ``isolated_by`` the policies that isolate the place in this
    direction.
    """

    place: Place
    direction: Direction
    found: tuple[Access, ...]
    others: tuple[Place, ...]
    asked: AskedPort | None
    isolated_by: tuple[NetworkPolicy, ...]

    def __bool__(self) -> bool:
        return bool(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __str__(self) -> str:
        says = "can be reached from" if self.direction is Direction.INGRESS else "can reach"
        listed = "; ".join(map(str, self.found)) or "nothing"
        return f"{self.place.key} {says} {listed}"


def who_can_reach(
    cluster: Cluster,
    name: Name,
    port: int | str | None = None,
    protocol: Protocol | str = Protocol.TCP,
    *,
    nodes: bool = False,
) -> Accesses:
    """Find every source that can connect to a place.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        name: The destination: ``namespace/pod``, ``node/NAME``, an outside address, or itself.
        port: Only sources that can connect to this port of it (a number, or a name that it
            declares); None takes any port.
        protocol: The protocol of the port.
        nodes: Look at nodes as sources, too.

    Raises:
        ConnectionTextError: The name or port cannot be read.
        UnknownNameError: The cluster has nothing of this name, or the place no port of that name.
        AmbiguousNameError: A workload's pods differ.
    """
    return _accesses(cluster, name, Direction.INGRESS, _asked(port, protocol), nodes=nodes)


def what_can_be_reached(
    cluster: Cluster,
    name: Name,
    port: int | str | None = None,
    protocol: Protocol | str = Protocol.TCP,
    *,
    nodes: bool = False,
) -> Accesses:
    """Find every destination that a place can connect to; the arguments are as above.

    A name for the port may mean another number on each destination.

    Raises:
        ConnectionTextError: The name or port cannot be read.
        UnknownNameError: The cluster has nothing of this name, or no pod a port of that name.
        AmbiguousNameError: A workload's pods differ.
    """
    return _accesses(cluster, name, Direction.EGRESS, _asked(port, protocol), nodes=nodes)


def _asked(port: int | str | None, protocol: Protocol | str) -> AskedPort | None:
    if port is None:
        return None
    number, known = connection_text.parse_port(str(port), protocol)
    return AskedPort(port=number, protocol=known)


def _accesses(
    cluster: Cluster,
    name: Name,
    direction: Direction,
    asked: AskedPort | None,
    *,
    nodes: bool,
) -> Accesses:
    table = Table(cluster)
    near = place(table, name)
    found = Reach(table, direction).of(near)
    far = _shown(table, nodes=nodes)
    if not near < len(table.population.pods):
        far &= span(range(len(table.population.pods)))
    accesses = []
    for position, ports in sorted(_by_position(found, far).items()):
        end = near if direction is Direction.INGRESS else position
        if asked is None or ports & _numbers(table.places[end], asked):
            accesses.append(Access(place=table.places[position], ports=ports))
    if asked is not None and not accesses:
        _require_meaning(table, near, direction, asked)
    return Accesses(
        place=table.places[near],
        direction=direction,
        found=tuple(accesses),
        others=tuple(table.places[position] for position in members(far & ~(1 << near))),
        asked=asked,
        isolated_by=table.gate(near, direction).policies,
    )


def _numbers(destination: Place, asked: AskedPort) -> PortSet:
    """The ports that a number or a name means on a destination."""
    if isinstance(asked.port, int):
        return PortSet.single(asked.protocol, asked.port)
    named = destination.ports_named(asked.port) if isinstance(destination, Pod) else ()
    return PortSet.union(
        PortSet.single(each.protocol, each.port)
        for each in named
        if each.protocol is asked.protocol
    )


def _require_meaning(table: Table, near: int, direction: Direction, asked: AskedPort) -> None:
    """Refuse a port name that no destination in question declares: it is most likely misspelt."""
    ingress = direction is Direction.INGRESS
    destinations = [table.places[near]] if ingress else table.cluster.pods
    if isinstance(asked.port, int) or any(_numbers(each, asked) for each in destinations):
        return
    if ingress:
        raise ask.undeclared_port(table.places[near], asked.port, asked.protocol)
    ports = {port for pod in table.cluster.pods for port in pod.ports}
    declared = {port.name for port in ports if port.name and port.protocol is asked.protocol}
    meant = nearest(asked.port, sorted(declared))
    message = f"no pod declares a port `{asked.port}`/{asked.protocol}"
    raise UnknownNameError(f"{message}; did you mean `{meant}`?" if meant else message)


def _shown(table: Table, *, nodes: bool) -> int:
    everything = span(range(len(table.places)))
    left_out = range(len(table.population.pods), len(table.population.entities))
    return everything if nodes else everything & ~span(left_out)


def _by_position(found: ByPorts, wanted: int) -> dict[int, PortSet]:
    return {position: ports for ports, far in found.items() for position in members(far & wanted)}
