"""Laws of ``stage``: it agrees with trying every order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.rollout import RolloutOutcome, stage
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection
from netpol_sim.policy import NetworkPolicy
from tests.laws.strategies import PORTS, cluster_policy_sets, clusters, connections, policy_sets

Policies = tuple[AnyPolicy, ...]


def is_safe(cluster: Cluster, order: Iterable[Policies], needs: list[Connection]) -> bool:
    """Whether no step of an order turns an allowed need into a denied one, and all end allowed."""
    allowed = [evaluate(cluster, need).allowed for need in needs]
    for batch in order:
        cluster = cluster.with_policy(*batch)
        now = [evaluate(cluster, need).allowed for need in needs]
        if any(before and not after for before, after in zip(allowed, now, strict=True)):
            return False
        allowed = now
    return all(allowed)


def one_by_one(most: int) -> st.SearchStrategy[tuple[ClusterNetworkPolicy, ...]]:
    """Cluster-scoped policies of different priorities, so that no order is left to a plugin."""
    return cluster_policy_sets(most).map(
        lambda drawn: tuple(replace(each, priority=20 + at) for at, each in enumerate(drawn))
    )


@st.composite
def rollouts(draw: st.DrawFn) -> tuple[Cluster, Policies, list[Connection]]:
    """A cluster, some policies for it (now and then updates of its own), and what is needed."""
    cluster = draw(clusters(max_pods=4, max_policies=2))
    policies: Policies = draw(policy_sets(4))
    if draw(st.booleans()):
        policies = (*policies[:2], *draw(one_by_one(2)))
    every = st.lists(connections(cluster), max_size=6)
    end = cluster.with_policy(*policies)
    needs = [need for need in draw(every) if evaluate(end, need).allowed]
    return cluster, policies, needs


@settings(max_examples=60)
@given(rollouts())
def test_stage_agrees_with_trying_every_order(
    case: tuple[Cluster, Policies, list[Connection]],
) -> None:
    """A safe order is found exactly when there is one, and it holds each policy once."""
    cluster, policies, needs = case
    rollout = stage(policies, needs, cluster)
    order = [step.policy for step in rollout.steps]
    possible = any(
        is_safe(cluster, [(policy,) for policy in each], needs) for each in permutations(policies)
    )
    assert rollout.safe == possible
    if rollout.safe:
        assert sorted(each.key for each in order) == sorted(each.key for each in policies)
        assert is_safe(cluster, [(policy,) for policy in order], needs)
    else:
        assert rollout.outcome is RolloutOutcome.NO_ORDER
        assert all(each.breaks for each in rollout.obstacles)


def partitions(policies: Policies) -> Iterator[list[Policies]]:
    """All ways to apply policies in batches."""
    if not policies:
        yield []
    for size in range(1, len(policies) + 1):
        for first in combinations(policies, size):
            rest = tuple(policy for policy in policies if policy not in first)
            yield from ([first, *others] for others in partitions(rest))


@settings(max_examples=60)
@given(rollouts())
def test_batches_are_safe_and_small(case: tuple[Cluster, Policies, list[Connection]]) -> None:
    """Each batch is safe; for new policies and needs that are met, no way has smaller batches."""
    cluster, policies, needs = case
    rollout = stage(policies, needs, cluster)
    if rollout.safe:
        return
    found = [each.policies for each in rollout.batches]
    assert is_safe(cluster, found, needs)
    assert sorted(each.key for batch in found for each in batch) == sorted(
        each.key for each in policies
    )
    add_up = all(isinstance(each, NetworkPolicy) for each in policies)
    if (
        add_up
        and all(evaluate(cluster, need).allowed for need in needs)
        and not ({each.key for each in policies} & {each.key for each in cluster.policies})
    ):
        ways = (each for each in partitions(policies) if is_safe(cluster, each, needs))
        assert max(map(len, found)) == min(max(map(len, way)) for way in ways)


@settings(max_examples=60)
@given(clusters(max_pods=5, max_policies=2), policy_sets(3), st.data())
def test_a_pattern_is_all_its_connections(
    cluster: Cluster, policies: Policies, data: st.DataObject
) -> None:
    """A need with patterns is met, breaks and waits exactly as its connections one by one."""
    spaces = sorted({pod.namespace for pod in cluster.pods})
    end = st.sampled_from(["*", *(f"{name}/*" for name in spaces)])
    source, destination = data.draw(end), data.draw(end)
    port = data.draw(st.sampled_from(PORTS))
    listed = [
        Connection(source=one, destination=other, port=port)
        for one in cluster.pods
        for other in cluster.pods
        if one is not other and one.takes_part and other.takes_part
        if source in ("*", f"{one.namespace}/*") and destination in ("*", f"{other.namespace}/*")
    ]
    pattern = stage(policies, [f"{source} -> {destination}:{port}"], cluster)
    each = stage(policies, listed, cluster)
    assert (pattern.outcome, str(pattern)) == (each.outcome, str(each))
    assert sum(need.pairs for need in pattern.denied) == len(each.denied)
    assert [sum(need.pairs for need in o.breaks) for o in pattern.obstacles] == [
        len(o.breaks) for o in each.obstacles
    ]
    assert [b.policies for b in pattern.batches] == [b.policies for b in each.batches]


@given(clusters(max_pods=4), st.data())
def test_denied_in_the_end_is_never_allowed(cluster: Cluster, data: st.DataObject) -> None:
    """A need that all policies together deny is told as such, whatever the order."""
    need = data.draw(connections(cluster))
    rollout = stage(cluster.policies, [need], cluster.with_policies(()))
    denied = not evaluate(cluster, need).allowed
    assert (rollout.outcome is RolloutOutcome.NEVER_ALLOWED) == denied
