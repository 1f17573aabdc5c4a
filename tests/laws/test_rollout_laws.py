"""Laws of ``stage``: it agrees with trying every order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.rollout import RolloutOutcome, stage
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection
from netpol_sim.policy import NetworkPolicy
from tests.laws.strategies import clusters, connections, policy_sets

Policies = tuple[NetworkPolicy, ...]


def is_safe(cluster: Cluster, order: Iterable[NetworkPolicy], needs: list[Connection]) -> bool:
    """Whether no step of an order turns an allowed need into a denied one, and all end allowed."""
    allowed = [evaluate(cluster, need).allowed for need in needs]
    for policy in order:
        cluster = cluster.with_policy(policy)
        now = [evaluate(cluster, need).allowed for need in needs]
        if any(before and not after for before, after in zip(allowed, now, strict=True)):
            return False
        allowed = now
    return all(allowed)


@st.composite
def rollouts(draw: st.DrawFn) -> tuple[Cluster, Policies, list[Connection]]:
    """A cluster, some policies for it (now and then updates of its own), and what is needed."""
    cluster = draw(clusters(max_pods=4, max_policies=2))
    policies = draw(policy_sets(4))
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
    possible = any(is_safe(cluster, each, needs) for each in permutations(policies))
    assert rollout.safe == possible
    if rollout.safe:
        assert sorted(each.key for each in order) == sorted(each.key for each in policies)
        assert is_safe(cluster, order, needs)
    else:
        assert rollout.outcome is RolloutOutcome.NO_ORDER
        assert all(each.breaks for each in rollout.obstacles)


@given(clusters(max_pods=4), st.data())
def test_denied_in_the_end_is_never_allowed(cluster: Cluster, data: st.DataObject) -> None:
    """A need that all policies together deny is told as such, whatever the order."""
    need = data.draw(connections(cluster))
    rollout = stage(cluster.policies, [need], cluster.with_policies(()))
    denied = not evaluate(cluster, need).allowed
    assert (rollout.outcome is RolloutOutcome.NEVER_ALLOWED) == denied
