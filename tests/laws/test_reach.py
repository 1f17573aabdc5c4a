"""Laws of exact reach: for every pair, the ports on which ``evaluate`` allows a connection."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.choice import entity_at
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.ports import NO_PORTS
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.analysis.table.regions import ByPorts
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection
from netpol_sim.policy import Direction, Protocol
from tests.laws.strategies import clusters, port_numbers


def flat(found: ByPorts) -> dict[int, str]:
    """Position by position; nobody may be in two groups."""
    pairs = [(position, str(ports)) for ports, far in found.items() for position in members(far)]
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


@given(clusters(), st.sampled_from((None, 4, 6)), port_numbers(), st.sampled_from(Protocol))
def test_reach(cluster: Cluster, family: int | None, port: int, protocol: Protocol) -> None:
    """A port is in the set of a pair exactly when ``evaluate`` allows it."""
    table = Table(cluster, family)
    reach = Reach(table, Direction.EGRESS)
    for source in range(len(table.places)):
        found = reach.of(source)
        for destination in range(len(table.places)):
            if source == destination:
                continue
            ports = [ports for ports, far in found.items() if far >> destination & 1]
            assert len(ports) <= 1
            connection = Connection(
                source=entity_at(table, source),
                destination=entity_at(table, destination),
                port=port,
                protocol=protocol,
                family=family,
            )
            allowed = (protocol, port) in next(iter(ports), NO_PORTS)
            assert allowed is evaluate(cluster, connection).allowed


@given(clusters())
def test_both_ways(cluster: Cluster) -> None:
    """Seen from sources and from destinations, the same pairs have the same ports."""
    table = Table(cluster)
    places = range(len(table.places))
    out = {near: flat(Reach(table, Direction.EGRESS).of(near)) for near in places}
    back = {near: flat(Reach(table, Direction.INGRESS).of(near)) for near in places}
    assert {(a, b): ports for a, far in out.items() for b, ports in far.items()} == {
        (a, b): ports for b, far in back.items() for a, ports in far.items()
    }


@given(clusters(), st.data())
def test_alike(cluster: Cluster, data: st.DataObject) -> None:
    """Whoever is grouped together reaches the same; everyone asked about is in one group."""
    table = Table(cluster)
    chosen = data.draw(st.integers(0, (1 << len(table.places)) - 1))
    reach = Reach(table, Direction.EGRESS)
    together = 0
    for near, found in reach.alike(chosen):
        assert not together & near
        together |= near
        for position in members(near):
            own = flat(found)
            own.pop(position, None)
            assert own == flat(reach.of(position))
    assert together == chosen
