"""Laws of the tiers of cluster-scoped policies, tried on random clusters that have some."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ALL_PODS
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.evaluate import evaluate, evaluate_end
from netpol_sim.manifest import dump, loads
from netpol_sim.model import Connection, Entity, External, Pod
from netpol_sim.policy import Direction, Protocol
from netpol_sim.verdict import Caveat, Reason
from tests.laws import strategies
from tests.spec import reference

Round = tuple[Cluster, tuple[Connection, ...]]


@st.composite
def rounds(draw: DrawFn) -> Round:
    """Random clusters with all their pairs of ends, some of them through a Service."""
    cluster = draw(strategies.tiered_clusters())
    outside = draw(st.sampled_from(strategies.OUTSIDE))
    ends: list[Entity] = [*cluster.pods, *cluster.nodes, External.of(outside)]
    port, protocol = draw(strategies.port_numbers()), draw(st.sampled_from(Protocol))
    dialled = draw(st.sampled_from((None, None, (ip_address("10.0.1.7"), 80))))
    family = draw(st.sampled_from((None, None, 4, 6)))
    connections = tuple(
        Connection(
            source=one,
            destination=two,
            port=port,
            protocol=protocol,
            family=family,
            dialled=dialled,
        )
        for one in ends
        for two in ends
        if isinstance(one, Pod) or isinstance(two, Pod)
    )
    return cluster, connections


@settings(max_examples=150)
@given(rounds())
def test_the_independent_evaluator_agrees(told: Round) -> None:
    """Both evaluators say the same at both ends."""
    cluster, connections = told
    for connection in connections:
        verdict = evaluate(cluster, connection)
        assert verdict.egress.allowed is reference.egress_allows(cluster, connection)
        assert verdict.ingress.allowed is reference.ingress_allows(cluster, connection)


@settings(max_examples=40)
@given(rounds())
def test_policies_that_only_pass_change_nothing(told: Round) -> None:
    """A tier that never accepts or denies leaves every answer to the NetworkPolicies."""
    cluster, connections = told
    passing = cluster.with_cluster_policies(map(_only_passing, cluster.cluster_policies))
    without = cluster.with_cluster_policies(())
    for connection in connections:
        assert evaluate(passing, connection).allowed is evaluate(without, connection).allowed


def _only_passing(policy: ClusterNetworkPolicy) -> ClusterNetworkPolicy:
    def passing(rules: tuple[ClusterRule, ...]) -> tuple[ClusterRule, ...]:
        known = (rule for rule in rules if not any(hasattr(peer, "names") for peer in rule.peers))
        return tuple(replace(rule, action=Action.PASS) for rule in known)

    return replace(policy, ingress=passing(policy.ingress), egress=passing(policy.egress))


@settings(max_examples=40)
@given(rounds())
def test_a_first_denial_of_everyone_wins(told: Round) -> None:
    """Nothing opens what the first policy of the Admin tier denies, and it denies no more."""
    cluster, connections = told
    everyone = ClusterRule(action=Action.DENY, peers=(ALL_PODS,))
    first = ClusterNetworkPolicy(
        name="first", tier=Tier.ADMIN, priority=0, subject=ALL_PODS, ingress=(everyone,)
    )
    denied = cluster.with_cluster_policies((first, *cluster.cluster_policies))
    for connection in connections:
        end = evaluate_end(denied, connection, Direction.INGRESS)
        if end.reason is Reason.TIER_DENIED and end.decided_by is not None:
            continue
        ends = (connection.source, connection.destination)
        ordinary = all(isinstance(each, Pod) and not each.host_network for each in ends)
        exempt = end.reason in (
            Reason.NOT_RUNNING,
            Reason.NOT_ENFORCED,
            Reason.SAME_POD,
            Reason.OWN_NODE,
        )
        assert not ordinary or exempt
        assert end == evaluate_end(cluster, connection, Direction.INGRESS) or end.tiers


@settings(max_examples=60)
@given(rounds())
def test_equal_priorities_are_said_when_they_matter(told: Round) -> None:
    """Without the caveat no order of policies with equal priority changes an answer."""
    cluster, connections = told
    orders = [
        cluster.with_cluster_policies(order) for order in permutations(cluster.cluster_policies)
    ]
    for connection in connections[:12]:
        verdict = evaluate(cluster, connection)
        answers = {
            tuple(end.allowed for end in evaluate(order, connection).ends) for order in orders
        }
        assert (len(answers) > 1) is (Caveat.EQUAL_PRIORITIES in verdict.caveats)


@settings(max_examples=60)
@given(rounds())
def test_a_trace_says_who_decided(told: Round) -> None:
    """The first rule that matches decides a tier; NetworkPolicies are silent once Admin spoke."""
    cluster, connections = told
    for connection in connections:
        for end in evaluate(cluster, connection).ends:
            for tier in end.tiers:
                matched = [step for step in tier.steps if step.matched]
                assert tier.decided_by is (matched[0] if matched else None)
                priorities = [step.policy.priority for step in tier.steps]
                assert priorities == sorted(priorities)
            if end.decided_by is not None:
                assert end.allowed is (end.decided_by.action is Action.ACCEPT)
                assert not end.isolated_by


@given(strategies.cluster_policy_sets())
def test_what_is_written_is_read_back(policies: tuple[ClusterNetworkPolicy, ...]) -> None:
    """``dump`` and ``loads`` are inverse for cluster-scoped policies."""
    assert loads(dump(policies)).cluster_policies == policies
