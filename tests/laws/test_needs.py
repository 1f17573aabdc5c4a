"""Laws of needs: what is allowed is needed, unused or unprotected; what is needed is met or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.flows import Flow, connection_map
from netpol_sim.analysis.needs import check_needs
from netpol_sim.analysis.table.ports import NO_PORTS, PortSet
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Namespace, Phase
from netpol_sim.policy import Direction, Protocol
from tests.builders import (
    EGRESS,
    block,
    cluster,
    labelled,
    pod,
    pods,
    policy,
    rule,
    service,
)
from tests.laws.strategies import PORTS, clusters

Pairs = dict[tuple[str, str], PortSet]


def pairs_of(flows: tuple[Flow, ...]) -> Pairs:
    """The pairs of some flows, by name; none may be in two of them."""
    found: Pairs = {}
    for flow in flows:
        for source in flow.sources:
            for destination in flow.destinations:
                if source.key != destination.key:
                    assert (source.key, destination.key) not in found
                    found[source.key, destination.key] = flow.ports
    return found


@st.composite
def needed(draw: st.DrawFn, world: Cluster) -> dict[str, tuple[str, str, int]]:
    """Some needs between pods, with what they mean."""
    names = st.sampled_from([each.key for each in world.pods])
    needs = draw(st.lists(st.tuples(names, names, st.sampled_from(PORTS)), max_size=5))
    return {f"{need[0]} -> {need[1]}:{need[2]}": need for need in needs}


@given(clusters(), st.data())
def test_report(world: Cluster, data: st.DataObject) -> None:
    """Every allowed port of every pair is in exactly one place, and every need is judged."""
    needs = data.draw(needed(world))
    report = check_needs(world, needs)
    refused = set()
    wanted: Pairs = {}
    for text, (source, destination, port) in needs.items():
        ends = world.pod(source), world.pod(destination)
        verdict = evaluate(world, Connection(source=ends[0], destination=ends[1], port=port))
        if source != destination and not verdict.allowed:
            refused.add(text)
        known = wanted.get((source, destination), NO_PORTS)
        wanted[source, destination] = known | PortSet.single(Protocol.TCP, port)
    assert {each.text for each in report.missing} == refused
    assert set(report.met) == set(needs) - refused
    assert all(not each.answer.allowed and each.pairs == 1 for each in report.missing)
    unused, unprotected = pairs_of(report.unused), pairs_of(report.unprotected)
    for pair, allowed in pairs_of(connection_map(world).flows).items():
        rest = allowed - wanted.get(pair, NO_PORTS)
        assert unused.pop(pair, NO_PORTS) | unprotected.pop(pair, NO_PORTS) == rest
    assert not unused
    assert not unprotected


@given(clusters())
def test_unprotected(world: Cluster) -> None:
    """Nothing is said to be unprotected, or unused, unless no policy decides, or a rule does."""
    report = check_needs(world, [])
    for flows, isolated in ((report.unused, True), (report.unprotected, False)):
        for source, destination in pairs_of(flows):
            ends = [world.find_pod(source), world.find_pod(destination)]
            if ends[0] is None or ends[1] is None:
                continue
            verdict = evaluate(world, Connection(source=ends[0], destination=ends[1], port=1))
            spoken = any(end.isolated_by or end.tiers for end in verdict.ends)
            assert spoken is isolated


WORLD = cluster(
    pod("bank/web", labels={"app": "web"}, ip="10.0.0.1"),
    pod("bank/api-1", labels={"app": "api"}, ports=["http:8080"], workload="Deployment/api"),
    pod("bank/api-2", labels={"app": "api"}, ports=["http:8080"], workload="Deployment/api"),
    pod("shop/web", labels={"app": "web"}),
    pod("jobs/load-1", phase=Phase.SUCCEEDED, workload="Job/load"),
    pod("jobs/load-2", workload="Job/load"),
    Namespace(name="idle"),
    service("bank/api", select={"app": "api"}, ports=["80>http"], ip="10.96.0.1"),
    service("bank/empty", select={"app": "none"}, ports=["80"]),
    policy(
        "bank/api",
        select=labelled(app="api"),
        ingress=[rule(pods(app="web"), block("203.0.113.0/24"), ports=[8080])],
    ),
    policy("bank/web", select=labelled(app="web"), types=[EGRESS]),
)


@pytest.mark.parametrize(
    ("need", "missing"),
    [
        ("203.0.113.7 -> bank/api:8080", ""),
        ("203.0.113.0/25 -> bank/api:http", ""),
        ("203.0.113.0/24 -> svc:bank/api:80", ""),
        ("203.0.112.0/23 -> bank/api:8080", "2 pairs: 203.0.112.1 -> bank/api-1:8080/TCP"),
        ("bank/* -> bank/api-1:8080", "2 pairs: bank/web -> bank/api-1:8080/TCP"),
        ("shop/* -> bank/web:80", ""),
        ("* -> shop/web:80", "1 pairs: bank/web -> shop/web:80/TCP"),
        ("shop/web -> 10.96.0.1:80", "2 pairs: shop/web -> bank/api-1:8080/TCP"),
        ("shop/web -> idle/*:80", ""),
        ("idle/* -> bank/web:80", ""),
        ("* -> idle/*:80", ""),
        ("idle/* -> svc:bank/empty:80", ""),
        ("shop/* -> svc:bank/empty:80", "0 pairs: shop/web -> svc:bank/empty:80/TCP"),
        ("jobs/* -> shop/web:80", ""),
        ("shop/web -> jobs/load:80", ""),
        ("jobs/load-1 -> shop/web:80", "1 pairs: jobs/load-1 -> shop/web:80/TCP"),
        ("shop/web -> svc:bank/empty:80", "0 pairs: shop/web -> svc:bank/empty:80/TCP"),
    ],
)
def test_ways_to_write_a_need(need: str, missing: str) -> None:
    """An end may be a workload, a whole namespace, every pod, an address, a range, a Service."""
    found = check_needs(WORLD, [need]).missing
    told = [f"{each.pairs} pairs: {str(each.answer).partition(': ')[0]}" for each in found]
    assert told == ([missing] if missing else [])


@pytest.mark.parametrize(
    ("need", "error", "words"),
    [
        ("bank/web > bank/api:80", ConnectionTextError, "has no `->`"),
        ("bnk/* -> bank/web:80", UnknownNameError, "did you mean `bank`"),
        ("bank/web -> bank/apo:80", UnknownNameError, "did you mean"),
        ("bank/web -> bank/api:metrics", UnknownNameError, "declares no port `metrics`/TCP"),
        ("bank/web -> svc:bank/apo:80", UnknownNameError, "did you mean"),
    ],
)
def test_wrong_needs(need: str, error: type[Exception], words: str) -> None:
    """A need that means nothing is refused, with what was probably meant."""
    with pytest.raises(error, match=words):
        check_needs(WORLD, [need])


def test_agreement() -> None:
    """A report is true exactly when what is allowed is what is needed."""
    closed = WORLD.with_policies(
        [
            policy("bank/none", types=[*Direction]),
            policy("shop/none", types=[*Direction]),
            policy("jobs/none", types=[*Direction]),
        ]
    )
    assert check_needs(closed, [])
    assert not check_needs(closed, ["bank/web -> bank/api:8080"])
    assert str(check_needs(closed, ["bank/web -> bank/api:8080"])) == (
        "0 needs met, 1 missing; allowed without need: 0 groups of connections that a rule opens, "
        "0 that no policy speaks about"
    )
