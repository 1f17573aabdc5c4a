"""Laws of ``replay``: it says of each recorded connection what ``evaluate`` says of it alone."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.flows import connection_map
from netpol_sim.analysis.replay import Recorded, replay
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Verdict
from tests.laws.strategies import PORTS, clusters


@st.composite
def recordings(draw: st.DrawFn, world: Cluster) -> tuple[Recorded, ...]:
    """Nearly all connections between pods of a cluster, each once."""
    names = [each.key for each in world.pods]
    left_out = draw(st.sets(st.sampled_from(names), max_size=1))
    return tuple(
        Recorded(connection=f"{source} -> {end}:{port}", count=draw(st.integers(1, 9)))
        for source in names
        for end in names
        for port in PORTS
        if end not in left_out
    )


@settings(max_examples=40)
@given(clusters(max_pods=3), st.data())
def test_agrees_with_evaluate(world: Cluster, data: st.DataObject) -> None:
    """Each connection has its own verdict and stands where that puts it; rules count by them."""
    recorded = data.draw(recordings(world))
    found = replay(world, recorded)
    counts: Counter[tuple[str, Direction, int]] = Counter()
    passed: list[tuple[Recorded, Verdict]] = []
    denied: list[tuple[Recorded, Verdict]] = []
    for each in recorded:
        verdict = evaluate(world, each.connection)
        assert isinstance(verdict, Verdict)
        (passed if verdict.allowed else denied).append((each, verdict))
        used = {
            (step.policy.key, step.direction, step.index)
            for end in verdict.ends
            for step in end.matched
        }
        counts.update(dict.fromkeys(used if verdict.allowed else (), each.count))
    assert [(each.recorded, each.answer) for each in found.passed] == passed
    assert [(each.recorded, each.answer) for each in found.denied] == denied
    assert not found.unjudged
    uses = {(use.policy.key, use.direction, use.index): use.count for use in found.rules}
    assert {key: count for key, count in uses.items() if count} == counts
    assert len(uses) == sum(
        len(policy.rules(direction)) for policy in world.policies for direction in Direction
    )


@settings(max_examples=40)
@given(clusters(max_pods=3), st.data())
def test_never_used_is_allowed_and_not_recorded(world: Cluster, data: st.DataObject) -> None:
    """What was never used is allowed through some policy, and no recorded connection is in it."""
    recorded = data.draw(recordings(world))
    everything = connection_map(world)
    for flow in replay(world, recorded).never_used:
        for source in flow.sources:
            for end in flow.destinations:
                if source.key == end.key:
                    continue
                assert any(
                    source in each.sources and end in each.destinations and flow.ports <= each.ports
                    for each in everything
                )
                for port in PORTS:
                    if flow.ports & PortSet.single(Protocol.TCP, port):
                        text = f"{source.key} -> {end.key}:{port}"
                        assert text not in {each.connection for each in recorded}
