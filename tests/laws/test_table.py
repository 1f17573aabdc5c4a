"""Laws of the table: it says what ``evaluate`` says, and an edited table is a fresh one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import point
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, External, Pod
from netpol_sim.policy import Direction, NetworkPolicy, Protocol
from tests.builders import EGRESS, block, cluster, pod, policy, rule
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
        for near in cluster.pods:
            told = to_and_fro(cluster, near, homes[0].sample)
            assert to_and_fro(cluster, near, external) == told


def to_and_fro(cluster: Cluster, pod: Pod, external: External) -> list[bool]:
    """What a pod and an outside address may send each other."""
    return [
        evaluate(cluster, Connection(source=source, destination=destination, port=port)).allowed
        for source, destination in ((pod, external), (external, pod))
        for port in PORTS
    ]


def test_pods_that_share_a_port() -> None:
    """Ports of pods that were read together are one object; the name stands for it on each."""
    http = pod("bank/api", ports=["http:8080"]).ports
    agrees_with_evaluate(
        cluster(
            *(replace(pod(f"bank/{name}"), ports=http) for name in ("api", "web", "db")),
            policy("bank/in", ingress=[rule(ports=["http"])]),
        ),
        family=None,
        port=8080,
        protocol=Protocol.TCP,
    )


def test_range_seen_by_each_family() -> None:
    """One range covers a dual-stack pod for those that see its IPv4 address, and not for others."""
    agrees_with_evaluate(
        cluster(
            # In both orders, since a range is worked out for one of them first.
            pod("bank/four", ip="10.0.0.1"),
            pod("bank/both", ip=("10.0.0.2", "fd00::2")),
            pod("bank/six", ip="fd00::4"),
            pod("bank/two", ip=("10.0.0.5", "fd00::5")),
            pod("dev/far", ip=("10.0.0.3", "fd00::3")),
            policy("bank/out", types=[EGRESS], egress=[rule(block("10.0.0.0/8"))]),
        ),
        family=None,
        port=80,
        protocol=Protocol.TCP,
    )
