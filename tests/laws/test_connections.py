"""Laws of exact connections: between two ends, and of a whole cluster."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim import ask
from netpol_sim.analysis.connections import connections
from netpol_sim.analysis.flows import connection_map
from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, Node, Pod, Service, ServicePort
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Verdict
from tests.laws.strategies import (
    NAMESPACES,
    clusters,
    entities,
    port_numbers,
    service_questions,
)


@given(clusters() | clusters(tiers=True), st.data(), st.sampled_from((None, 4, 6)))
def test_two_ends(cluster: Cluster, data: st.DataObject, family: int | None) -> None:
    """A port is allowed exactly when ``evaluate`` says so, and for the reasons of its group."""
    source, destination = data.draw(entities(cluster)), data.draw(entities(cluster))
    found = connections(cluster, source, destination, family=family)
    assert PortSet.union(group.ports for group in found.groups) == ALL_PORTS
    assert sum(len(group.ports) for group in found.groups) == len(ALL_PORTS)
    for _ in range(4):
        port = (data.draw(st.sampled_from(Protocol)), data.draw(port_numbers()))
        verdict = evaluate(
            cluster,
            Connection(
                source=source,
                destination=destination,
                port=port[1],
                protocol=port[0],
                family=family,
            ),
        )
        (group,) = [group for group in found.groups if port in group.ports]
        assert (port in found) is verdict.allowed is group.allowed
        assert isinstance(group.answer, Verdict)
        assert [end.reason for end in group.answer.ends] == [end.reason for end in verdict.ends]
        for shown, said in zip(group.answer.ends, verdict.ends, strict=True):
            assert [(s.policy, s.index) for s in shown.matched] == [
                (s.policy, s.index) for s in said.matched
            ]
            assert [tier.action for tier in shown.tiers] == [tier.action for tier in said.tiers]
    assert bool(found) is bool(found.ports)


@given(service_questions())
def test_services(question: tuple[Cluster, Entity, Service, ServicePort]) -> None:
    """A Service's port is allowed exactly when ``evaluate`` allows it for every backend."""
    cluster, source, service, port = question
    found = connections(cluster, source, service)
    answer = ask.ask_service(cluster, source, service, port.port, port.protocol)
    assert ((port.protocol, port.port) in found) is answer.allowed


def exact_pairs(table: Table) -> dict[tuple[Place, Place], PortSet]:
    """The ports of every pair of different places that has any."""
    reach = Reach(table, Direction.EGRESS)
    return {
        (source, table.places[end]): ports
        for position, source in enumerate(table.places)
        for ports, far in reach.of(position).items()
        for end in members(far)
    }


@given(
    clusters(), st.sets(st.sampled_from(NAMESPACES)), st.sets(st.sampled_from((Node, OutsideRange)))
)
def test_whole_cluster(cluster: Cluster, namespaces: set[str], others: set[type]) -> None:
    """Each pair with a chosen pod is in one flow, with its exact ports, or in none."""
    table = Table(cluster)
    chosen = {pod for pod in cluster.pods if not namespaces or pod.namespace in namespaces}
    expected = {
        (source, destination): ports
        for (source, destination), ports in exact_pairs(table).items()
        if (source in chosen or destination in chosen)
        and {type(source), type(destination)} <= {Pod, *others}
    }
    found = connection_map(
        cluster, namespaces=namespaces, nodes=Node in others, outside=OutsideRange in others
    )
    listed: dict[tuple[Place, Place], PortSet] = {}
    for flow in found:
        for source in flow.sources:
            for destination in flow.destinations:
                if source != destination:
                    assert (source, destination) not in listed
                    listed[source, destination] = flow.ports
    assert listed == expected
