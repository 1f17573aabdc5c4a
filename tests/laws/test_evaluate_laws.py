"""Laws that every verdict obeys, tried on every pair of ends of random clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from netpol_sim import services
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate, evaluate_end
from netpol_sim.labels import Labels, LabelSelector, Operator, Requirement
from netpol_sim.model import Connection, Entity, External, Pod
from netpol_sim.plugin import EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Direction, NetworkPolicy, Protocol, Rule
from netpol_sim.verdict import Caveat, Reason
from tests.laws import strategies
from tests.spec import reference

_T = TypeVar("_T")

Round = tuple[Cluster, tuple[Connection, ...]]
"""A cluster, and a connection from each end in and around it to each other, on one port."""


@st.composite
def rounds(draw: DrawFn) -> Round:
    """Random clusters with all their pairs of ends."""
    cluster = draw(strategies.clusters())
    outside = draw(st.sampled_from(strategies.OUTSIDE))
    ends: list[Entity] = [*cluster.pods, *cluster.nodes, External.of(outside)]
    port, protocol = draw(strategies.port_numbers()), draw(st.sampled_from(Protocol))
    family = draw(st.sampled_from((None, None, 4, 6)))
    connections = tuple(
        Connection(source=one, destination=two, port=port, protocol=protocol, family=family)
        for one in ends
        for two in ends
        if isinstance(one, Pod) or isinstance(two, Pod)
    )
    return cluster, connections


@st.composite
def service_rounds(draw: DrawFn) -> Round:
    """Random clusters with the connections that every end makes through a Service."""
    cluster = draw(strategies.clusters().filter(lambda found: bool(found.services)))
    sources: list[Entity] = [*cluster.pods, *cluster.nodes]
    translated = tuple(
        connection
        for source in sources
        for service in cluster.services
        for port in service.ports
        for connection in services.connections(cluster, source, service, port.port, port.protocol)
    )
    return cluster, translated


def ends(cluster: Cluster, connection: Connection) -> tuple[bool, bool]:
    """What each end says."""
    verdict = evaluate(cluster, connection)
    return verdict.egress.allowed, verdict.ingress.allowed


def expected_ends(cluster: Cluster, connection: Connection) -> tuple[bool, bool]:
    """What each end says by the independent evaluator."""
    return (
        reference.egress_allows(cluster, connection),
        reference.ingress_allows(cluster, connection),
    )


def rewritten(policy: NetworkPolicy, **rules: Any) -> NetworkPolicy:  # noqa: ANN401  rules
    """A policy with other rules that isolates in the same directions."""
    return replace(policy, **rules)


@settings(max_examples=500)
@given(rounds())
def test_an_independent_evaluator_agrees(asked: Round) -> None:
    """A second evaluator, written from the facts alone, says the same about both ends."""
    cluster, connections = asked
    for connection in connections:
        assert ends(cluster, connection) == expected_ends(cluster, connection)


@settings(max_examples=200)
@given(service_rounds())
def test_an_independent_evaluator_agrees_about_services(asked: Round) -> None:
    """Of connections through a Service, before or after translation, it says the same, too."""
    cluster, connections = asked
    for connection in connections:
        assert ends(cluster, connection) == expected_ends(cluster, connection)


@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_policies_rules_peers_and_ports_does_not_matter(
    asked: Round, random: Random
) -> None:
    """Any order of policies, of their rules and of what is in a rule decides the same."""
    cluster, connections = asked

    def shuffled(things: Sequence[_T]) -> tuple[_T, ...]:
        return tuple(random.sample(things, len(things)))

    def mixed(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(
            Rule(peers=shuffled(rule.peers), ports=shuffled(rule.ports)) for rule in shuffled(rules)
        )

    other = cluster.with_policies(
        rewritten(policy, ingress=mixed(policy.ingress), egress=mixed(policy.egress))
        for policy in shuffled(cluster.policies)
    )
    for connection in connections:
        before, after = evaluate(cluster, connection), evaluate(other, connection)
        assert ends(other, connection) == ends(cluster, connection)
        assert after.caveats == before.caveats


@given(rounds(), strategies.rules(), st.sampled_from(Direction))
def test_adding_a_rule_removes_no_connection(
    asked: Round, rule: Rule, direction: Direction
) -> None:
    """One more rule in any policy never takes a connection away."""
    cluster, connections = asked
    field = direction.rules_field
    for policy in cluster.policies[:2]:
        more = rewritten(policy, **{field: (*getattr(policy, field), rule)})
        other = cluster.with_policy(more)
        for connection in connections:
            old, new = ends(cluster, connection), ends(other, connection)
            assert all(b or not a for a, b in zip(old, new, strict=True))


@given(rounds(), strategies.policies("another"))
def test_a_policy_on_an_open_pod_adds_no_connection(asked: Round, policy: NetworkPolicy) -> None:
    """A new policy lets nothing new through at an end that no policy isolated before."""
    cluster, connections = asked
    other = cluster.with_policy(policy)
    for connection in connections:
        before, after = evaluate(cluster, connection), evaluate(other, connection)
        for old, new in zip(before.ends, after.ends, strict=True):
            if not old.isolated_by:
                assert old.allowed or not new.allowed
            else:
                assert new.allowed or not old.allowed


@given(rounds())
def test_a_policy_for_each_rule_decides_the_same(asked: Round) -> None:
    """A policy may be split into one without rules and one for each of its rules."""
    cluster, connections = asked
    split: list[NetworkPolicy] = []
    for policy in cluster.policies:
        split.append(rewritten(policy, ingress=(), egress=()))
        for direction in dict.fromkeys(policy.policy_types):
            for index, rule in enumerate(policy.rules(direction)):
                name = f"{policy.name}-{direction.rules_field}-{index}"
                one = replace(policy, name=name, policy_types=(direction,), ingress=(), egress=())
                split.append(rewritten(one, **{direction.rules_field: (rule,)}))
    other = cluster.with_policies(split)
    for connection in connections:
        assert ends(other, connection) == ends(cluster, connection)


@given(rounds())
def test_a_rule_for_each_peer_and_port_decides_the_same(asked: Round) -> None:
    """A rule may be split into one for each of its peers with each of its ports."""
    cluster, connections = asked

    def split(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(
            Rule(peers=rule.peers[i : i + 1], ports=rule.ports[j : j + 1])
            for rule in rules
            for i in range(max(1, len(rule.peers)))
            for j in range(max(1, len(rule.ports)))
        )

    other = cluster.with_policies(
        rewritten(policy, ingress=split(policy.ingress), egress=split(policy.egress))
        for policy in cluster.policies
    )
    for connection in connections:
        assert ends(other, connection) == ends(cluster, connection)


@given(strategies.selectors(), strategies.labels())
def test_in_with_one_value_is_a_label(selector: LabelSelector, labels: Labels) -> None:
    """Every entry of matchLabels may be written as In with one value."""
    expressions = [
        Requirement(key=key, operator=Operator.IN, values=(value,))
        for key, value in selector.match_labels.items()
    ]
    other = LabelSelector(match_expressions=(*expressions, *selector.match_expressions))
    assert other.matches(labels) is selector.matches(labels)


@given(strategies.labels(), st.sampled_from(strategies.REQUIREMENTS))
def test_operators_come_in_opposites(labels: Labels, requirement: Requirement) -> None:
    """NotIn is the opposite of In, and DoesNotExist of Exists."""
    opposite = {
        Operator.IN: Operator.NOT_IN,
        Operator.NOT_IN: Operator.IN,
        Operator.EXISTS: Operator.DOES_NOT_EXIST,
        Operator.DOES_NOT_EXIST: Operator.EXISTS,
    }
    other = replace(requirement, operator=opposite[requirement.operator])
    assert other.matches(labels) is not requirement.matches(labels)


@given(rounds())
def test_the_ends_are_independent(asked: Round) -> None:
    """Each end is decided by the policies that select its own pod; the verdict is both."""
    cluster, connections = asked
    for connection in connections:
        verdict = evaluate(cluster, connection)
        assert verdict.allowed is (verdict.egress.allowed and verdict.ingress.allowed)
    for connection in connections[:20]:
        for end in evaluate(cluster, connection).ends:
            pod = end.entity
            selecting = cluster.policies_selecting(pod) if isinstance(pod, Pod) else ()
            alone = cluster.with_policies(selecting)
            assert evaluate_end(alone, connection, end.direction) == end


@given(rounds())
def test_a_verdict_names_its_reasons(asked: Round) -> None:
    """A denied verdict has a denying end with a denying reason, and the trace agrees with it."""
    cluster, connections = asked
    for connection in connections:
        verdict = evaluate(cluster, connection)
        assert verdict.allowed is (not verdict.denied_by)
        for end in verdict.ends:
            assert (end.direction in verdict.denied_by) is not end.reason.allows
            assert (end.reason is Reason.RULE_MATCHED) is bool(end.matched)
            if end.reason in (Reason.NO_RULE_MATCHED, Reason.NO_RULE_WRITTEN):
                assert end.isolated_by
                assert bool(end.steps) is (end.reason is Reason.NO_RULE_MATCHED)
            rules = [rule for policy in end.isolated_by for rule in policy.rules(end.direction)]
            assert [step.rule for step in end.steps] == rules
        assert evaluate(cluster, connection) == verdict


@given(strategies.clusters())
def test_the_index_of_selections_agrees_with_a_scan(cluster: Cluster) -> None:
    """The policies that select a pod are those of its namespace whose selector picks its labels."""
    strangers = [replace(pod, labels=Labels({"app": "api"})) for pod in cluster.pods]
    for pod in (*cluster.pods, *strangers, *cluster.pods):
        scanned = tuple(
            policy
            for policy in cluster.policies
            if policy.namespace == pod.namespace and policy.pod_selector.matches(pod.labels)
        )
        assert cluster.policies_selecting(pod) == scanned
        for direction in Direction:
            isolating = tuple(one for one in scanned if direction in one.policy_types)
            assert cluster.isolating(pod, direction) == isolating


SWITCHES: dict[Caveat, tuple[dict[str, Any], dict[str, Any]]] = {
    Caveat.HOST_NETWORK: (
        {"host_network": HostNetwork.AS_NODE},
        {"host_network": HostNetwork.AS_POD},
    ),
    Caveat.IP_BLOCK_ON_POD: ({"ip_block_matches_pods": True}, {"ip_block_matches_pods": False}),
    Caveat.IP_BLOCK_ON_NODE: ({"ip_block_matches_nodes": True}, {"ip_block_matches_nodes": False}),
    Caveat.OWN_NODE_EGRESS: (
        {"own_node_egress_allowed": True},
        {"own_node_egress_allowed": False},
    ),
    Caveat.EGRESS_BEFORE_TRANSLATION: (
        {"egress_judged": EgressJudged.AFTER_TRANSLATION},
        {"egress_judged": EgressJudged.BEFORE_TRANSLATION},
    ),
}


def doubtful(cluster: Cluster, connection: Connection, caveat: Caveat) -> bool:
    """Whether an end answers otherwise on a plugin that differs in one point."""
    profiles: list[Profile] = [replace(cluster.profile, **one) for one in SWITCHES[caveat]]
    clusters = [cluster.with_profile(profile) for profile in profiles]
    return len({expected_ends(one, connection) for one in clusters}) > 1


@given(rounds() | service_rounds())
def test_a_caveat_is_named_exactly_when_plugins_differ(asked: Round) -> None:
    """A verdict carries the caveat of a switch of the profile exactly when that turns an end."""
    cluster, connections = asked
    for connection in connections:
        caveats = evaluate(cluster, connection).caveats
        for caveat in SWITCHES:
            expected = cluster.profile.enforces and doubtful(cluster, connection, caveat)
            assert (caveat in caveats) is expected


@given(rounds())
def test_the_other_family_is_named_exactly_when_it_differs(asked: Round) -> None:
    """A verdict without a chosen family says when the families get different answers."""
    cluster, connections = asked
    for connection in connections:
        left_open = replace(connection, family=None)
        shared = {ip.version for ip in reference.ips(cluster, connection.source)} & {
            ip.version for ip in reference.ips(cluster, connection.destination)
        }
        if len(shared) > 1:
            answers = {ends(cluster, replace(connection, family=family)) for family in shared}
            named = Caveat.OTHER_FAMILY_DIFFERS in evaluate(cluster, left_open).caveats
            assert named is (len(answers) > 1)
