"""Laws of a difference: exactly the connections that ``evaluate`` answers otherwise."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.diff import Change, Diff, diff
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, Node, Pod
from netpol_sim.policy import Protocol
from tests.builders import INGRESS, cluster, node, pod, policy
from tests.laws.strategies import PORTS, cluster_policy_sets, clusters, policy_sets

EDGES = sorted({number + step for number in (*PORTS, 1, 65535) for step in (-1, 0, 1)} - {0, 65536})


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[Cluster, Cluster]:
    """Two clusters that differ in policies alone, in some pods as well, or in everything."""
    before = draw(clusters(max_pods=4, max_policies=3))
    how = draw(st.sampled_from(("policies", "policies", "pods", "everything")))
    if how == "everything":
        return before, draw(clusters(max_pods=4, max_policies=3))
    after = before.with_policies(draw(policy_sets(3)))
    if draw(st.booleans()):
        after = after.with_cluster_policies(draw(cluster_policy_sets()))
    if how == "pods":
        kept = draw(st.lists(st.sampled_from(before.pods), unique_by=lambda pod: pod.key))
        after = replace(after, pods=tuple(kept))
    return before, after


def allows(cluster: Cluster, ends: tuple[Place, Place], port: int, protocol: Protocol) -> bool:
    """Whether a cluster has both ends and ``evaluate`` allows them to connect."""
    found: list[Entity] = []
    for end in ends:
        match end:
            case OutsideRange():
                found.append(end.sample)
            case Pod():
                pod = cluster.find_pod(end.key)
                found += [pod] if pod else []
            case Node():
                found += [node for node in cluster.nodes if node.key == end.key]
    if len(found) < 2:
        return False
    question = Connection(source=found[0], destination=found[1], port=port, protocol=protocol)
    return evaluate(cluster, question).allowed


def pairs_with(changes: tuple[Change, ...], protocol: Protocol, port: int) -> list[tuple[str, str]]:
    """The pairs that change on one port."""
    found = [
        (source.key, destination.key)
        for change in changes
        if (protocol, port) in change.ports
        for source, destination in change.pairs
    ]
    assert len(found) == len(set(found))
    return found


def expected(change: Diff, protocol: Protocol, port: int) -> tuple[set[object], set[object]]:
    """What appears and disappears on one port, pair by pair."""
    added: set[object] = set()
    removed: set[object] = set()
    for source in change.places:
        for destination in change.places:
            ends = (source, destination)
            if source.key == destination.key or not any(isinstance(end, Pod) for end in ends):
                continue
            was = allows(change.before, ends, port, protocol)
            now = allows(change.after, ends, port, protocol)
            if was is not now:
                (added if now else removed).add((source.key, destination.key))
    return added, removed


@given(two_sides(), st.sampled_from(EDGES), st.sampled_from(Protocol))
def test_exact(sides: tuple[Cluster, Cluster], port: int, protocol: Protocol) -> None:
    """On every port, the pairs that change are those that ``evaluate`` answers otherwise."""
    change = diff(*sides)
    added, removed = expected(change, protocol, port)
    assert set(pairs_with(change.added, protocol, port)) == added
    assert set(pairs_with(change.removed, protocol, port)) == removed
    assert change or not (added or removed)


@given(two_sides())
def test_examples(sides: tuple[Cluster, Cluster]) -> None:
    """The example of each change is one of its connections; its verdicts are those of the sides."""
    change = diff(*sides)
    for now, changes in ((True, change.added), (False, change.removed)):
        for each in changes:
            example = each.example
            assert (example.protocol, example.port) in each.ports
            assert each.count == len(list(each.pairs)) > 0
            assert bool(each.after and each.after.allowed) is now
            assert bool(each.before and each.before.allowed) is not now


@given(two_sides())
def test_swapped(sides: tuple[Cluster, Cluster]) -> None:
    """The other way round, what appeared disappears, on the same exact ports."""
    there, back = diff(*sides), diff(*reversed(sides))
    assert flat(there.added) == flat(back.removed)
    assert flat(there.removed) == flat(back.added)
    assert there.only_before == back.only_after


def flat(changes: tuple[Change, ...]) -> dict[tuple[str, str], list[str]]:
    """The exact ports of each pair."""
    found: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        for source, destination in change.pairs:
            found.setdefault((source.key, destination.key), []).append(str(change.ports))
    assert all(len(ports) == 1 for ports in found.values())
    return found


@given(clusters())
def test_nothing_changed(cluster: Cluster) -> None:
    """A cluster does not differ from itself, nor from a copy with its policies in another order."""
    assert not diff(cluster, cluster)
    assert not diff(cluster, cluster.with_policies(reversed(cluster.policies)))


def test_new_node() -> None:
    """Nobody is listed as an end who has no pair there: two nodes are none."""
    deny = policy("bank/deny", types=[INGRESS])
    before = cluster(pod("bank/api"), pod("dev/web"), node("old"), deny)
    after = cluster(pod("bank/api"), pod("dev/web"), node("old"), node("new"), deny)
    there, back = diff(before, after), diff(after, before)
    for changes in (there.added, back.removed):
        ends = [(keys(each.sources), keys(each.destinations)) for each in changes]
        assert ends == [
            (["bank/api", "dev/web"], ["node/new"]),
            (["node/new"], ["dev/web"]),
        ]


def keys(places: tuple[Place, ...]) -> list[str]:
    """What places are called."""
    return [place.key for place in places]
