"""Laws of the matrix: every cell is what ``evaluate`` says, however it is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.matrix import Cell, Matrix, matrix
from netpol_sim.analysis.table.choice import entity_at, names_of
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Node, Pod
from netpol_sim.policy import Protocol
from tests.builders import INGRESS, cluster, labelled, pod, pods, policy, rule
from tests.laws.strategies import (
    LABELS,
    NAMESPACES,
    PORT_NAMES,
    PORTS,
    clusters,
    port_numbers,
)

WORDS = {
    (True, True): Cell.ALLOWED,
    (False, True): Cell.DENIED_BY_EGRESS,
    (True, False): Cell.DENIED_BY_INGRESS,
    (False, False): Cell.DENIED_BY_BOTH,
}


def expected(cells: Matrix, source: int, destination: int, number: int, protocol: Protocol) -> Cell:
    """The cell that ``evaluate`` gives, between two places of the matrix's table."""
    verdict = evaluate(
        cells.table.cluster,
        Connection(
            source=entity_at(cells.table, source),
            destination=entity_at(cells.table, destination),
            port=number,
            protocol=protocol,
            family=cells.table.population.family,
        ),
    )
    return WORDS[verdict.egress.allowed, verdict.ingress.allowed]


@given(clusters(), port_numbers(), st.sampled_from(Protocol), st.sampled_from((None, 4, 6)))
def test_cells(world: Cluster, port: int, protocol: Protocol, family: int | None) -> None:
    """Cell by cell, row by row and pair by pair, the matrix is ``evaluate``."""
    cells = matrix(world, port, protocol, nodes=True, family=family)
    where = {place: position for position, place in enumerate(cells.table.places)}
    for source in cells.places:
        row = dict(zip(cells.places, cells.row(source), strict=True))
        for destination in cells.places:
            start, end = where[source], where[destination]
            cell = expected(cells, start, end, port, protocol)
            assert row[destination] is cell
            assert cells.cell(source, destination) is cell
            assert cells.allows(source.key, destination.key) is cell.allowed
            verdict = cells.verdict(source, destination)
            assert WORDS[verdict.egress.allowed, verdict.ingress.allowed] is cell
    pairs = {(source.key, destination.key): found for source, destination, found in cells}
    assert all(found == (cells.cell(*names),) for names, found in pairs.items())
    assert len(pairs) == cells.pairs
    assert cells.count() == sum(found == (Cell.ALLOWED,) for found in pairs.values())


@given(clusters(), st.sampled_from(PORT_NAMES), st.sampled_from(Protocol))
def test_named_ports(world: Cluster, name: str, protocol: Protocol) -> None:
    """A port name is resolved on each destination, and says so where it means nothing."""
    cells = matrix(world, name, protocol)
    for source in range(len(cells.table.places)):
        for destination, place in enumerate(cells.table.places):
            if isinstance(place, Node):
                continue
            declared = place.ports_named(name) if isinstance(place, Pod) else ()
            numbers = [port.port for port in declared if port.protocol is protocol]
            found = cells.cell(cells.table.places[source], place)
            if numbers:
                assert found is expected(cells, source, destination, numbers[0], protocol)
            else:
                assert found is Cell.NO_SUCH_PORT


@given(clusters(), st.lists(st.sampled_from(PORTS), min_size=1, unique=True))
def test_several_ports(world: Cluster, numbers: list[int]) -> None:
    """A matrix of several ports holds the cells of the matrices of each."""
    asked = [f"{number}/{protocol}" for number in numbers for protocol in ("TCP", "UDP")]
    cells = matrix(world, ports=asked)
    alone = [matrix(world, port) for port in asked]
    for together, *apart in zip(cells, *alone, strict=True):
        assert together[2] == tuple(each[2][0] for each in apart)
    for source in cells.places:
        for destination in cells.places:
            each = [one.allows(source, destination) for one in alone]
            assert cells.allows(source, destination) is all(each)
            assert [cells.allows(source, destination, port) for port in asked] == each


@given(clusters(), st.sets(st.sampled_from(NAMESPACES)), st.sampled_from(LABELS), st.data())
def test_filters(
    world: Cluster, namespaces: set[str], labels: dict[str, str], data: st.DataObject
) -> None:
    """Filters choose rows and columns, in cluster order, and change no cell."""
    names = sorted({name for one in world.pods for name in names_of(one)})
    workloads = data.draw(st.lists(st.sampled_from(names), max_size=2))
    whole = matrix(world, 80)
    part = matrix(world, 80, namespaces=namespaces, labels=labels, workloads=workloads)
    wanted = [
        one
        for one in world.pods
        if (not namespaces or one.namespace in namespaces)
        and (not workloads or names_of(one) & set(workloads))
        and labels.items() <= one.labels.items()
    ]
    assert [one for one in part.places if not isinstance(one, OutsideRange)] == wanted
    assert matrix(world, 80, outside=False).places == world.pods
    for source in part.places:
        for destination in part.places:
            assert part.cell(source, destination) is whole.cell(source, destination)


WORLD = cluster(
    pod("bank/web", labels={"app": "web"}, ip="10.0.0.1"),
    pod("bank/api-1", labels={"app": "api"}, ports=["http:8080"], workload="Deployment/api"),
    policy(
        "bank/api",
        select=labelled(app="api"),
        types=[INGRESS],
        ingress=[rule(pods(app="web"), ports=[8080])],
    ),
)


@pytest.mark.parametrize(
    ("source", "destination", "cell"),
    [
        ("bank/web", "bank/api", Cell.ALLOWED),
        ("bank/web", "bank/api-1", Cell.ALLOWED),
        ("10.0.0.1", "bank/api", Cell.ALLOWED),
        ("8.8.8.8", "bank/api", Cell.DENIED_BY_INGRESS),
        ("0.0.0.0/0", "bank/api", Cell.DENIED_BY_INGRESS),
        ("bank/api", "8.8.8.8", Cell.ALLOWED),
    ],
)
def test_names(source: str, destination: str, cell: Cell) -> None:
    """A place may be named by key, by workload, by address, or by the range of an address."""
    assert matrix(WORLD, 8080).cell(source, destination) is cell


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ConnectionTextError, "no port is given"),
        ({"port": 0}, ConnectionTextError, "must be between 1 and 65535"),
        ({"port": "80/ICMP"}, ConnectionTextError, "not one that policies speak about"),
        ({"port": "80/"}, ConnectionTextError, "`80/` is no port"),
        ({"port": 80, "namespaces": ["bnk"]}, UnknownNameError, "did you mean `bank`"),
        ({"port": 80, "workloads": ["bank/apo"]}, UnknownNameError, "did you mean `bank/api`"),
    ],
)
def test_wrong_questions(arguments: dict[str, object], error: type[Exception], words: str) -> None:
    """What makes no sense is refused, with what was probably meant."""
    with pytest.raises(error, match=words):
        matrix(WORLD, **arguments)  # type: ignore[arg-type]


def test_unknown_port_of_a_matrix() -> None:
    """A matrix knows its own ports only."""
    with pytest.raises(UnknownNameError, match="it has 8080/TCP"):
        matrix(WORLD, 8080).allows("bank/web", "bank/api", 9090)


def test_text() -> None:
    """In one line a matrix says how much is allowed; a place and itself is no pair."""
    assert str(matrix(WORLD, 8080, outside=False)) == "8080/TCP: 2 of 2 connections allowed"
    assert str(matrix(WORLD, 9090, outside=False)) == "9090/TCP: 1 of 2 connections allowed"
