"""Laws of the table: it says what ``evaluate`` says, and an edited table is a fresh one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import point
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, External, Pod
from netpol_sim.policy import Direction, NetworkPolicy, Protocol
from tests.laws.strategies import (
    OUTSIDE,
    PORTS,
    clusters,
    policy_sets,
    port_numbers,
    tiered_clusters,
)

Ends = tuple[bool, bool]


def entity(place: Place) -> Entity:
    """The place itself, or an address of the range."""
    return place.sample if isinstance(place, OutsideRange) else place


def ends(table: Table, source: int, destination: int, protocol: Protocol, port: int) -> Ends:
    """What the table says about the egress end and the ingress end."""
    at = point(protocol, port)
    egress = table.row(table.gate(source, Direction.EGRESS), at)
    ingress = table.row(table.gate(destination, Direction.INGRESS), at)
    freed, admitted = table.exempt(source, Direction.EGRESS)
    return (
        bool((egress | freed) >> destination & 1),
        bool(ingress >> source & 1) or bool(admitted >> destination & 1),
    )


@given(clusters(), st.sampled_from((None, None, 4, 6)), port_numbers(), st.sampled_from(Protocol))
def test_table_is_evaluate(
    cluster: Cluster, family: int | None, port: int, protocol: Protocol
) -> None:
    """For every two places the table and ``evaluate`` agree about each end."""
    agrees_with_evaluate(cluster, family, port, protocol)


def agrees_with_evaluate(
    cluster: Cluster, family: int | None, port: int, protocol: Protocol
) -> None:
    """Fail where the table and ``evaluate`` differ."""
    table = Table(cluster, family)
    for i, source in enumerate(table.places):
        for j, destination in enumerate(table.places):
            connection = Connection(
                source=entity(source),
                destination=entity(destination),
                port=port,
                protocol=protocol,
                family=family,
            )
            verdict = evaluate(cluster, connection)
            said = (verdict.egress.allowed, verdict.ingress.allowed)
            assert ends(table, i, j, protocol, port) == said, verdict


@given(
    tiered_clusters(),
    st.sampled_from((None, None, 4, 6)),
    port_numbers(),
    st.sampled_from(Protocol),
)
def test_table_is_evaluate_with_tiers(
    cluster: Cluster, family: int | None, port: int, protocol: Protocol
) -> None:
    """The same for clusters with cluster-scoped policies."""
    agrees_with_evaluate(cluster, family, port, protocol)


@given(st.lists(policy_sets(4), min_size=1, max_size=4), clusters())
def test_edited_table_is_a_fresh_one(
    edits: list[tuple[NetworkPolicy, ...]], cluster: Cluster
) -> None:
    """After any edits of policies the table is the one that a rebuild gives."""
    table = Table(cluster)
    for policies in edits:
        cluster = cluster.with_policies(policies)
        table = table.edited(cluster)
        fresh = Table(cluster)
        assert table.places == fresh.places
        for direction in Direction:
            for position in range(len(fresh.places)):
                old, new = table.gate(position, direction), fresh.gate(position, direction)
                assert old.policies == new.policies
                for protocol in Protocol:
                    for port in PORTS:
                        at = point(protocol, port)
                        assert table.row(old, at) == fresh.row(new, at)


@given(clusters())
def test_outside_ranges_are_a_partition(cluster: Cluster) -> None:
    """An address of a family lies in exactly one range, and its range stands for it."""
    table = Table(cluster)
    ranges = table.outside.ranges
    cut = {each.sample.address.version for each in ranges}
    for one in ranges:
        assert any(one.sample.address in network for network in one.networks)
        assert cluster.entity_at(one.sample.address) is None
    for external in (External.of(text) for text in OUTSIDE):
        if external.address.version not in cut:
            continue
        homes = [each for each in ranges if any(external.address in n for n in each.networks)]
        assert len(homes) == 1
        for pod in cluster.pods:
            assert to_and_fro(cluster, pod, external) == to_and_fro(cluster, pod, homes[0].sample)


def to_and_fro(cluster: Cluster, pod: Pod, external: External) -> list[bool]:
    """What a pod and an outside address may send each other."""
    return [
        evaluate(cluster, Connection(source=source, destination=destination, port=port)).allowed
        for source, destination in ((pod, external), (external, pod))
        for port in PORTS
    ]
