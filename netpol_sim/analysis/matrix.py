"""Who can reach whom: every pair of pods, nodes and ranges outside, on one port or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from netpol_sim import connection_text
from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.choice import Name, choice, entity_at, place
from netpol_sim.analysis.table.index import EVERYTHING, bitset
from netpol_sim.analysis.table.layer import Layer
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Connection, Pod
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Verdict


class Cell(StrEnum):
    """What becomes of one pair on one port: allowed, or refused by which end."""

    ALLOWED = "ALLOW"
    DENIED_BY_EGRESS = "DENY-E"
    DENIED_BY_INGRESS = "DENY-I"
    DENIED_BY_BOTH = "DENY-EI"
    NO_SUCH_PORT = "NO-PORT"
    """The port was asked for by name, and the destination declares no port of that name."""

    @property
    def allowed(self) -> bool:
        """Whether the connection passes."""
        return self is Cell.ALLOWED


_CELLS = {
    (True, True): Cell.ALLOWED,
    (False, True): Cell.DENIED_BY_EGRESS,
    (True, False): Cell.DENIED_BY_INGRESS,
    (False, False): Cell.DENIED_BY_BOTH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPort:
    """A port as it was asked for: a number, or a name that each destination resolves itself."""

    port: int | str
    protocol: Protocol

    def number(self, destination: Place) -> int | None:
        """The number on a destination; None where it declares no such name (the first counts)."""
        if isinstance(self.port, int):
            return self.port
        named = destination.ports_named(self.port) if isinstance(destination, Pod) else ()
        return next((each.port for each in named if each.protocol is self.protocol), None)

    def __str__(self) -> str:
        return f"{self.port}/{self.protocol}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """The answers for every pair of some places, on one port or several.

    Places are named by their keys (``bank/api``, ``node/n1``, ``203.0.113.0/24``), by a workload,
    by an outside address, or by the thing itself.  Where ``port`` may be left out, None means every
    port of the matrix.  A name that means nothing raises as ``netpol_sim.evaluate`` does.
    """

    table: Table
    ports: tuple[AskedPort, ...]
    positions: tuple[int, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The rows, which are also the columns: pods in cluster order, nodes, outside ranges."""
        return tuple(self.table.places[position] for position in self.positions)

    def allows(self, source: Name, destination: Name, port: int | str | None = None) -> bool:
        """Whether a connection passes; with several ports, whether it passes on all of them."""
        if port is None and self._only is not None:
            known = self.table.population.positions
            if isinstance(source, str) and isinstance(destination, str):
                start, end = known.get(source), known.get(destination)
                if start is not None and end is not None:
                    return self._only.allows(start, end)
        return all(cell.allowed for cell in self._cells(source, destination, port))

    def cell(self, source: Name, destination: Name, port: int | str | None = None) -> Cell:
        """What becomes of a connection; with several ports, the first that does not pass."""
        cells = self._cells(source, destination, port)
        return next((cell for cell in cells if not cell.allowed), Cell.ALLOWED)

    def verdict(self, source: Name, destination: Name, port: int | str | None = None) -> Verdict:
        """The whole verdict of a cell: of its first port, unless one is named.

        Raises:
            UnknownNameError: The destination declares no port of the name asked for.
        """
        start, end = place(self.table, source), place(self.table, destination)
        asked = self._asked(port)[0]
        number = asked.number(self.table.places[end])
        if number is None:
            raise UnknownNameError(f"{self.table.places[end]} declares no port `{asked}`")
        connection = Connection(
            source=entity_at(self.table, start),
            destination=entity_at(self.table, end),
            port=number,
            protocol=asked.protocol,
            family=self.table.population.family,
        )
        return evaluate(self.table.cluster, connection)

    def row(self, source: Name, port: int | str | None = None) -> tuple[Cell, ...]:
        """The cells of one source on one port (the first unless named), in the order of places."""
        asked = self._asked(port)[0]
        return self._row(place(self.table, source), asked)

    def __iter__(self) -> Iterator[tuple[Place, Place, tuple[Cell, ...]]]:
        """Each pair with one cell for each port, row by row.

        Left out are a place and itself, and pairs without a pod: no policy speaks about them.
        """
        for position in self.positions:
            rows = [self._row(position, asked) for asked in self.ports]
            columns = zip(self.positions, *rows, strict=True)
            for column, *cells in columns:
                if self._counts(position, column):
                    yield self.table.places[position], self.table.places[column], tuple(cells)

    def count(self, cell: Cell = Cell.ALLOWED, port: int | str | None = None) -> int:
        """How many pairs have this cell on one port (the first unless named)."""
        number = self.ports.index(self._asked(port)[0])
        return sum(cells[number] is cell for _, _, cells in self)

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        pods = sum(position < len(self.table.population.pods) for position in self.positions)
        others = len(self.positions) - pods
        return pods * (pods - 1) + 2 * pods * others

    def __str__(self) -> str:
        counts = (
            f"{asked}: {self.count(port=str(asked))} of {self.pairs} connections allowed"
            for asked in self.ports
        )
        return "; ".join(counts)

    # -- How it is read off the table ------------------------------------------------------------

    def _counts(self, row: int, column: int) -> bool:
        pods = len(self.table.population.pods)
        return row != column and (row < pods or column < pods)

    @cached_property
    def _only(self) -> Layer | None:
        """The layer of the only port, where that is a number."""
        numbers = [asked for asked in self.ports if isinstance(asked.port, int)]
        return self._layers[numbers[0]][0][0] if numbers and len(self.ports) == 1 else None

    @cached_property
    def _layers(self) -> dict[AskedPort, list[tuple[Layer, int]]]:
        """For each port its layers, each with the destinations on which the port is that number."""
        found = {}
        for asked in self.ports:
            numbers: dict[int, list[int]] = {}
            if isinstance(asked.port, str):
                for position, destination in enumerate(self.table.places):
                    number = asked.number(destination)
                    if number is not None:
                        numbers.setdefault(number, []).append(position)
                sets = {number: bitset(positions) for number, positions in numbers.items()}
            else:
                sets = {asked.port: EVERYTHING}
            found[asked] = [
                (Layer(self.table, asked.protocol, number), positions)
                for number, positions in sets.items()
            ]
        return found

    def _asked(self, port: int | str | None) -> tuple[AskedPort, ...]:
        if port is None:
            return self.ports
        wanted = [each for each in self.ports if str(port) in (str(each.port), str(each))]
        if not wanted:
            listed = ", ".join(map(str, self.ports))
            raise UnknownNameError(f"port `{port}` is not in this matrix; it has {listed}")
        return (wanted[0],)

    def _cells(self, source: Name, destination: Name, port: int | str | None) -> Iterator[Cell]:
        start, end = place(self.table, source), place(self.table, destination)
        for asked in self._asked(port):
            ends = (
                layer.ends(start, end)
                for layer, positions in self._layers[asked]
                if positions >> end & 1
            )
            yield next((_CELLS[end] for end in ends), Cell.NO_SUCH_PORT)

    def _row(self, source: int, asked: AskedPort) -> tuple[Cell, ...]:
        egress = ingress = declared = 0
        freed, admitted = self.table.exempt(source, Direction.EGRESS)
        for layer, positions in self._layers[asked]:
            declared |= positions
            egress |= positions & (layer.egress[source] | freed)
            ingress |= positions & (layer.admits[source] | admitted)
        return tuple(
            [
                _CELLS[bool(egress >> position & 1), bool(ingress >> position & 1)]
                if declared >> position & 1
                else Cell.NO_SUCH_PORT
                for position in self.positions
            ]
        )


def matrix(  # noqa: PLR0913  one question with its filters, all but the port optional
    cluster: Cluster,
    port: int | str | None = None,
    protocol: Protocol | str = Protocol.TCP,
    *,
    ports: Sequence[int | str] = (),
    namespaces: Iterable[str] = (),
    workloads: Iterable[str] = (),
    labels: Mapping[str, str] | LabelSelector | None = None,
    nodes: bool = False,
    outside: bool = True,
    family: int | None = None,
) -> Matrix:
    """Decide every pair at once.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        port: A number, or a name that each destination resolves (``8080``, ``"http"``).
        protocol: The protocol of every port that does not name its own.
        ports: Several ports at once instead, such as ``(8080, "53/UDP", "http")``.
        namespaces: Only pods of these namespaces.
        workloads: Only pods of these workloads, as ``namespace/name``.
        labels: Only pods with these labels, or that this selector picks.
        nodes: Nodes get a row and a column, too.
        outside: The ranges of outside addresses that policies can tell apart get one, too.
        family: The address family of all connections, as in ``Connection``.

    Raises:
        ConnectionTextError: A port or protocol that cannot be read, or none at all.
        UnknownNameError: A namespace or workload that the cluster does not have.
    """
    wanted = ports or (() if port is None else (port,))
    if not wanted:
        raise ConnectionTextError("no port is given; say which, such as `port=8080`")
    asked = (connection_text.parse_port(str(each), protocol) for each in wanted)
    table = Table(cluster, family)
    chosen = choice(
        namespaces=namespaces, workloads=workloads, labels=labels, nodes=nodes, outside=outside
    )
    return Matrix(
        table=table,
        ports=tuple(AskedPort(port=each, protocol=own) for each, own in dict.fromkeys(asked)),
        positions=chosen.positions(table),
    )
