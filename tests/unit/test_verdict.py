"""A verdict as data: its outcome, its trace, and where things were written."""

from __future__ import annotations

import pytest

import netpol_sim as netpol
from netpol_sim.evaluate import evaluate
from netpol_sim.policy import Direction
from netpol_sim.rule_steps import PeerOutcome, PortOutcome
from netpol_sim.verdict import Caveat, Reason, ServiceOutcome, ServiceVerdict, Verdict
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    cluster,
    connection,
    external,
    labelled,
    namespace,
    namespaces,
    node,
    pod,
    pods,
    pods_in,
    policy,
    rule,
    service,
)

WEB = pod("shop/web", app="web", ip="10.0.0.1", node="n1")
DB = pod("shop/db", app="db", ip="10.0.0.2", node="n2", ports=["pg:5432", "dns:53/UDP"])
ELSEWHERE = pod("bank/web", app="web", ip="10.0.9.1")


def test_reasons_allow_or_deny() -> None:
    """Four reasons deny; all others allow."""
    assert [reason for reason in Reason if not reason.allows] == [
        Reason.NO_RULE_WRITTEN,
        Reason.NO_RULE_MATCHED,
        Reason.NOT_RUNNING,
        Reason.TIER_DENIED,
    ]


@pytest.mark.parametrize(
    ("types", "text"),
    [
        ((), "shop/web -> shop/db:80/TCP: denied (ingress)"),
        ((EGRESS,), "shop/web -> shop/db:80/TCP: denied (egress)"),
        ((EGRESS, INGRESS), "shop/web -> shop/db:80/TCP: denied (egress and ingress)"),
        (None, "shop/web -> shop/db:80/TCP: allowed"),
    ],
)
def test_a_verdict_in_one_line(types: tuple[Direction, ...] | None, text: str) -> None:
    """A verdict shows its connection and the ends that refuse."""
    policies = () if types is None else (policy("shop/closed", types=types),)
    verdict = evaluate(cluster(WEB, DB, *policies), connection(WEB, DB))
    assert str(verdict) == text
    assert verdict.denied_by == tuple(end.direction for end in verdict.ends if not end.allowed)


PEERS = (
    (pods(app="web"), WEB, PeerOutcome.MATCHED),
    (pods(app="x"), WEB, PeerOutcome.POD_LABELS),
    (pods(app="web"), ELSEWHERE, PeerOutcome.OTHER_NAMESPACE),
    (pods(app="x"), ELSEWHERE, PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS),
    (namespaces(team="a"), ELSEWHERE, PeerOutcome.MATCHED),
    (namespaces(team="b"), ELSEWHERE, PeerOutcome.NAMESPACE_LABELS),
    (pods_in(namespaces(team="b"), pods(app="x")), ELSEWHERE, PeerOutcome.NAMESPACE_AND_POD_LABELS),
    (pods_in(namespaces(team="a"), pods(app="x")), ELSEWHERE, PeerOutcome.POD_LABELS),
    (pods_in(namespaces(team="b"), pods(app="web")), ELSEWHERE, PeerOutcome.NAMESPACE_LABELS),
    (namespaces(), node("n9", "192.168.0.9"), PeerOutcome.NOT_A_POD),
    (pods(), external("203.0.113.7"), PeerOutcome.NOT_A_POD),
    (namespaces(), pod("shop/agent", host_network=True, node="n1"), PeerOutcome.HOST_NETWORK),
    (block("10.0.0.0/8"), WEB, PeerOutcome.MATCHED),
    (block("11.0.0.0/8"), WEB, PeerOutcome.OUTSIDE_RANGE),
    (block("10.0.0.0/8", "10.0.0.0/9"), WEB, PeerOutcome.EXCEPTED),
    (block("::/0"), WEB, PeerOutcome.OTHER_FAMILY),
    (block("10.0.0.0/8"), pod("shop/new"), PeerOutcome.ADDRESS_UNKNOWN),
)


@pytest.mark.parametrize(("peer", "source", "outcome"), PEERS)
def test_what_became_of_a_peer(
    peer: netpol.PodPeer | netpol.IPBlock,
    source: netpol.Pod | netpol.Node | netpol.External,
    outcome: PeerOutcome,
) -> None:
    """Each peer of a rule says why it matched or did not."""
    made = cluster(
        namespace("bank", team="a"),
        WEB,
        DB,
        ELSEWHERE,
        policy("shop/db", select=labelled(app="db"), ingress=[rule(peer)]),
    )
    (step,) = evaluate(made, connection(source, DB)).ingress.steps
    assert step.peers == (outcome,)
    assert step.matched is step.peer_matched is (outcome is PeerOutcome.MATCHED)


@pytest.mark.parametrize(
    ("switch", "source", "outcome"),
    [
        ("ip_block_matches_pods", WEB, PeerOutcome.RANGE_SKIPS_PODS),
        ("ip_block_matches_nodes", node("n9", "10.0.0.9"), PeerOutcome.RANGE_SKIPS_NODES),
    ],
)
def test_ranges_that_skip(
    switch: str, source: netpol.Pod | netpol.Node, outcome: PeerOutcome
) -> None:
    """A range that would cover an end but for the plugin says so; another one does not."""
    profile = netpol.Profile(**{switch: False})  # type: ignore[arg-type]
    ranges = rule(block("10.0.0.0/8"), block("11.0.0.0/8"), block("10.0.0.0/8", "10.0.0.0/9"))
    made = cluster(
        WEB, DB, policy("shop/db", select=labelled(app="db"), ingress=[ranges]), profile=profile
    )
    (step,) = evaluate(made, connection(source, DB)).ingress.steps
    assert step.peers == (outcome, PeerOutcome.OUTSIDE_RANGE, PeerOutcome.EXCEPTED)


@pytest.mark.parametrize(
    ("entry", "number", "outcome"),
    [
        (80, 80, PortOutcome.MATCHED),
        (80, 81, PortOutcome.OTHER_NUMBER),
        ("80-90", 91, PortOutcome.OTHER_NUMBER),
        ("80/UDP", 80, PortOutcome.OTHER_PROTOCOL),
        ("/SCTP", 80, PortOutcome.OTHER_PROTOCOL),
        ("pg", 5432, PortOutcome.MATCHED),
        ("pg", 80, PortOutcome.NAME_OTHER_NUMBER),
        ("http", 80, PortOutcome.NAME_UNKNOWN),
        ("dns", 53, PortOutcome.NAME_OTHER_PROTOCOL),
        ("dns/UDP", 53, PortOutcome.OTHER_PROTOCOL),
    ],
)
def test_what_became_of_a_port(entry: int | str, number: int, outcome: PortOutcome) -> None:
    """Each port entry of a rule says why it matched or did not."""
    one = policy("shop/db", select=labelled(app="db"), ingress=[rule(ports=[entry])])
    (step,) = evaluate(cluster(WEB, DB, one), connection(WEB, DB, number)).ingress.steps
    assert step.ports == (outcome,)
    assert step.matched is step.port_matched is (outcome is PortOutcome.MATCHED)


def test_a_port_name_needs_a_pod() -> None:
    """At a node or an outside address a port name means nothing."""
    one = policy("shop/web", types=[EGRESS], egress=[rule(ports=["http"])])
    verdict = evaluate(cluster(WEB, one), connection(WEB, external("203.0.113.7")))
    assert verdict.egress.steps[0].ports == (PortOutcome.NAME_NEEDS_POD,)


def test_nothing_is_skipped_after_a_match() -> None:
    """The trace holds every rule of every isolating policy, in cluster order."""
    first = policy("shop/a", ingress=[rule(pods(app="web"), ports=[80, 81]), rule()])
    second = policy("shop/b", ingress=[rule(pods(app="x"), pods(app="web"), ports=[5])])
    end = evaluate(cluster(WEB, DB, first, second), connection(WEB, DB)).ingress
    assert end.isolated_by == (first, second)
    assert [(step.policy, step.index, step.matched) for step in end.steps] == [
        (first, 0, True),
        (first, 1, True),
        (second, 0, False),
    ]
    assert end.matched == end.steps[:2]
    assert end.steps[0].matched_peer == pods(app="web")
    assert end.steps[0].matched_port == first.ingress[0].ports[0]
    assert end.steps[1].matched_peer is None
    assert end.steps[1].matched_port is None
    assert end.steps[2].matched_peer == pods(app="web")
    assert (end.steps[2].peer_matched, end.steps[2].port_matched) == (True, False)


def test_fields_of_the_trace() -> None:
    """A step names the field paths of its rule, peers and ports."""
    one = policy("shop/web", types=[EGRESS], egress=[rule(), rule(pods(), ports=[80])])
    step = evaluate(cluster(WEB, DB, one), connection(WEB, DB)).egress.steps[1]
    assert step.field == "spec.egress[1]"
    assert step.peer_field(0) == "spec.egress[1].to[0]"
    assert step.port_field(2) == "spec.egress[1].ports[2]"
    assert step.locate() is None


def test_an_open_end_has_no_trace() -> None:
    """An end that policies have no say about names none, even when some select the pod."""
    closed = policy("shop/closed", types=[INGRESS, EGRESS])
    verdict = evaluate(cluster(WEB, closed), connection(WEB, WEB))
    assert [end.reason for end in verdict.ends] == [Reason.SAME_POD, Reason.SAME_POD]
    assert [(end.isolated_by, end.steps) for end in verdict.ends] == [((), ()), ((), ())]


def ask_service(*things: netpol.Pod | netpol.NetworkPolicy) -> ServiceVerdict:
    """What a Service of all pods comes to."""
    everybody = service("shop/all", select={"pool": "yes"}, ports=["80"])
    found = netpol.evaluate(cluster(WEB, *things, everybody), "shop/web -> svc:shop/all:80")
    assert isinstance(found, ServiceVerdict)
    return found


ONE, TWO = pod("shop/one", pool="yes", app="one"), pod("shop/two", pool="yes", app="two")


@pytest.mark.parametrize(
    ("things", "outcome"),
    [
        ((ONE, TWO), ServiceOutcome.ALLOWED),
        ((ONE, TWO, policy("shop/x", select=labelled(pool="yes"))), ServiceOutcome.DENIED),
        ((ONE, TWO, policy("shop/x", select=labelled(app="two"))), ServiceOutcome.DEPENDS),
        ((), ServiceOutcome.NO_BACKEND),
    ],
)
def test_what_a_service_comes_to(
    things: tuple[netpol.Pod | netpol.NetworkPolicy, ...], outcome: ServiceOutcome
) -> None:
    """All backends agree, or it depends on which is chosen, or there is none."""
    found = ask_service(*things)
    assert found.outcome is outcome
    assert found.allowed is (outcome is ServiceOutcome.ALLOWED)
    assert str(found) == f"shop/web -> svc:shop/all:80/TCP: {outcome.value}"


def test_the_caveats_of_a_service() -> None:
    """The caveats of all backends are told once each."""
    ranges = policy("shop/web", types=[EGRESS], egress=[rule(block("10.0.0.0/8"))])
    one, two = (
        pod("shop/one", pool="yes", ip="10.0.0.5"),
        pod("shop/two", pool="yes", ip="10.0.0.6"),
    )
    found = ask_service(one, two, ranges)
    assert len(found.backends) == 2
    assert found.caveats == (Caveat.IP_BLOCK_ON_POD, Caveat.EGRESS_BEFORE_TRANSLATION)


def test_a_verdict_is_a_value() -> None:
    """Equal questions get equal verdicts, which have a hash."""
    made = cluster(WEB, DB, policy("shop/closed"))
    one, two = (evaluate(made, connection(WEB, DB)) for _ in range(2))
    assert isinstance(one, Verdict)
    assert one == two
    assert hash(one) == hash(two)
