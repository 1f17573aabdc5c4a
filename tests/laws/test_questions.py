"""Laws of reachability questions: each is what ``evaluate`` says, put together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.access import Accesses, what_can_be_reached, who_can_reach
from netpol_sim.analysis.blast_radius import blast_radius
from netpol_sim.analysis.isolation import isolation
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Reason
from tests.builders import INGRESS, block, cluster, labelled, pod, pods, policy, rule
from tests.laws.strategies import PORTS, clusters, port_numbers


def entity(place: Place) -> Entity:
    """The place itself, or an address of the range."""
    return place.sample if isinstance(place, OutsideRange) else place


def allowed(world: Cluster, source: Place, destination: Place, port: int) -> bool:
    """What ``evaluate`` says, for TCP."""
    ends = {"source": entity(source), "destination": entity(destination)}
    return evaluate(world, Connection(**ends, port=port)).allowed  # type: ignore[arg-type]


@given(clusters(), port_numbers(), st.data())
def test_who_and_what(world: Cluster, port: int, data: st.DataObject) -> None:
    """Those and only those are named that ``evaluate`` lets connect to the port."""
    chosen = data.draw(st.sampled_from(world.pods))
    sources = who_can_reach(world, chosen, port, nodes=True)
    destinations = what_can_be_reached(world, chosen, port, nodes=True)
    assert (sources.direction, destinations.direction) == (Direction.INGRESS, Direction.EGRESS)
    named = {access.place for access in sources.found}
    reached = {access.place for access in destinations.found}
    others: list[Place] = [*(one for one in world.pods if one is not chosen), *world.nodes]
    for other in others:
        assert (other in named) is allowed(world, other, chosen, port)
        assert (other in reached) is allowed(world, chosen, other, port)
    for access in (*sources.found, *destinations.found):
        assert (Protocol.TCP, port) in access.ports


@given(clusters(), st.data())
def test_blast_radius(world: Cluster, data: st.DataObject) -> None:
    """Step by step it is the closure of single connections, each hop as early as possible."""
    start = data.draw(st.sampled_from(world.pods))
    found = blast_radius(world, start)
    hops: dict[Place, int] = {start: 0}
    frontier: list[Pod] = [start]
    while frontier:
        new = [
            other
            for other in world.pods
            if other not in hops
            and any(
                access.place == other
                for near in frontier
                for access in what_can_be_reached(world, near).found
            )
        ]
        hop = 1 + max(hops.values())
        hops.update(dict.fromkeys(new, hop))
        frontier = new
    taken = {step.place: step.hop for step in found.steps if isinstance(step.place, Pod)}
    assert {start: 0, **taken} == hops
    assert set(found.safe) == set(world.pods) - set(hops)
    for step in found.steps:
        steps = found.path(step.place.key)
        assert [each.hop for each in steps] == list(range(1, step.hop + 1))
        assert (steps[0].via, steps[-1].place) == (start, step.place)
        port = step.ports.ranges[0]
        ends = {"source": step.via, "destination": entity(step.place)}
        verdict = evaluate(
            world,
            Connection(**ends, port=port.first, protocol=port.protocol),  # type: ignore[arg-type]
        )
        assert verdict.allowed
    nearer = blast_radius(world, start, hops=1)
    assert nearer.steps == found.at_hop(1)
    assert blast_radius(world, start, hops=0).steps == ()


@given(clusters())
def test_isolation(world: Cluster) -> None:
    """A pod is isolated exactly when ``evaluate`` consults policies about an outsider."""
    outsider = pod("elsewhere/outsider")
    for found in isolation(world):
        for direction in Direction:
            ends = (found.pod, outsider) if direction is Direction.EGRESS else (outsider, found.pod)
            verdict = evaluate(
                world.with_pod(outsider), Connection(source=ends[0], destination=ends[1], port=80)
            )
            (end,) = [end for end in verdict.ends if end.direction is direction]
            assert found.by(direction) == end.isolated_by
            assert (direction in found.directions) is bool(end.isolated_by)
            assert bool(end.isolated_by) is (
                end.reason in (Reason.RULE_MATCHED, Reason.NO_RULE_MATCHED, Reason.NO_RULE_WRITTEN)
            )


WORLD = cluster(
    pod("bank/web", labels={"app": "web"}, ip="10.0.0.1"),
    pod("bank/api", labels={"app": "api"}, ports=["http:8080"]),
    pod("bank/db", labels={"app": "db"}),
    policy("bank/api", select=labelled(app="api"), ingress=[rule(pods(app="web"), ports=["http"])]),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"), ports=[5432])]),
    policy(
        "bank/web",
        select=labelled(app="web"),
        types=[INGRESS],
        ingress=[rule(block("203.0.113.0/24"), ports=[PORTS[0]])],
    ),
)


@pytest.mark.parametrize(
    ("question", "place", "port", "message"),
    [
        (
            who_can_reach,
            "bank/api",
            "htp",
            "bank/api declares no port `htp`/TCP; it declares http:8080/TCP",
        ),
        (
            who_can_reach,
            "bank/db",
            "http",
            "bank/db declares no port `http`/TCP; it declares no ports",
        ),
        (
            who_can_reach,
            "203.0.113.9",
            "http",
            "203.0.113.0/24 declares no port names; write the port as a number",
        ),
        (
            what_can_be_reached,
            "bank/web",
            "htp",
            "no pod declares a port `htp`/TCP; did you mean `http`?",
        ),
        (what_can_be_reached, "bank/web", "zzz", "no pod declares a port `zzz`/TCP"),
        (what_can_be_reached, "bank/web", "http/UDP", "no pod declares a port `http`/UDP"),
    ],
)
def test_port_names_that_mean_nothing(
    question: Callable[..., Accesses], place: str, port: str, message: str
) -> None:
    """A name that nobody in question declares is refused, not answered with "nothing"."""
    with pytest.raises(UnknownNameError) as refused:
        question(WORLD, place, port)
    assert str(refused.value) == message


def test_port_name_of_others() -> None:
    """A name that some pod declares is answered, although nothing is reached on it."""
    assert not what_can_be_reached(WORLD, "bank/db", "http").found


def test_sentences() -> None:
    """The answers read as sentences."""
    assert str(who_can_reach(WORLD, "bank/api")) == (
        "bank/api can be reached from bank/web: TCP 8080"
    )
    assert str(who_can_reach(WORLD, "bank/db", 80)) == "bank/db can be reached from nothing"
    assert str(what_can_be_reached(WORLD, "bank/web", "http")) == (
        "bank/web can reach bank/api: TCP 8080"
    )
    radius = blast_radius(WORLD, "203.0.113.9")
    assert str(radius) == "from 203.0.113.0/24 3 pods can be taken over, 0 cannot"
    assert [str(step) for step in radius.path("bank/db")] == [
        "1: 203.0.113.0/24 -> bank/web: TCP 80",
        "2: bank/web -> bank/api: TCP 8080",
        "3: bank/api -> bank/db: TCP 5432",
    ]
    only_web = blast_radius(WORLD, "203.0.113.9", ports=PortSet.single(Protocol.TCP, 80))
    assert [str(step) for step in only_web.steps] == [
        "1: 203.0.113.0/24 -> bank/web: TCP 80",
        "2: bank/web -> 0.0.0.0/0 except 203.0.113.0/24: TCP 80",
    ]
    assert [str(found) for found in isolation(WORLD)] == [
        "bank/web is isolated for ingress",
        "bank/api is isolated for ingress",
        "bank/db is isolated for ingress",
    ]
