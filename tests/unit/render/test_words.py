"""Every outcome a verdict can have has words, and the words are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest

from netpol_sim import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPeer, DomainNames, Nodes
from netpol_sim.labels import Operator
from netpol_sim.model import Phase, Pod
from netpol_sim.peers import Peer
from netpol_sim.plugin import NOT_ENFORCED, EgressJudged, Profile
from netpol_sim.policy import Direction, Rule
from netpol_sim.profiles import PROFILES
from netpol_sim.render import rule_words, words
from netpol_sim.render.text import explain
from netpol_sim.rule_steps import PeerOutcome, PortOutcome, RuleStep
from netpol_sim.services import Lack
from netpol_sim.verdict import Caveat, Reason, ServiceOutcome, ServiceVerdict, Verdict
from tests.builders import (
    EGRESS,
    INGRESS,
    PortWord,
    admin,
    baseline,
    block,
    cluster,
    decision,
    labelled,
    namespace,
    namespaces,
    networks,
    node,
    pod,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
    service,
)

TABLES: list[tuple[type[StrEnum], Mapping[Any, str]]] = [
    (Reason, words.REASONS),
    (Reason, words.SHORT_REASONS),
    (PeerOutcome, rule_words.PEERS),
    (PeerOutcome, rule_words.PEER_NEEDS),
    (PortOutcome, rule_words.PORTS),
    (Caveat, words.CAVEATS),
    (ServiceOutcome, words.SERVICE_OUTCOMES),
    (ServiceOutcome, words.SERVICE_REASONS),
    (Direction, words.OPEN),
    (Direction, words.CLOSED),
    (Direction, rule_words.ALLOWS),
    (Operator, rule_words.TERMS),
    (Operator, rule_words.CONTRASTS),
    (Operator, rule_words.NEEDS),
]


@pytest.mark.parametrize(("enum", "table"), TABLES)
def test_every_member_has_words(enum: type[StrEnum], table: Mapping[Any, str]) -> None:
    """A table of sentences has exactly the members of its enum, in the enum's order."""
    assert list(table) == list(enum)


NO_PODS = Profile(name="no-pods", ip_block_matches_pods=False)
NO_NODES = Profile(name="no-nodes", ip_block_matches_nodes=False)

WORLD = cluster(
    node("n1", "192.168.0.11"),
    namespace("shop", env="prod"),
    namespace("dev", env="dev"),
    pod("shop/web", app="web", ip="10.0.0.1", node="n2", ports=["http:8080", "dns:53/UDP"]),
    pod("shop/client", app="client", ip="10.0.0.2", tier="data"),
    pod("dev/client", app="client", ip="10.0.0.3"),
    pod("dev/probe", app="probe"),
    pod("dev/agent", app="client", host_network=True, node="n1"),
)

# outcome, peer, source, why it does not match, what it would have needed
PEERS: list[tuple[PeerOutcome, Peer, str, str, str, Profile]] = [
    (
        PeerOutcome.POD_LABELS,
        pods(app="frontend"),
        "shop/client",
        "shop/client has app=client, not app=frontend",
        "shop/client had app=frontend",
        Profile(),
    ),
    (
        PeerOutcome.OTHER_NAMESPACE,
        pods(app="client"),
        "dev/client",
        (
            "the labels of dev/client fit, but it is in namespace dev; a podSelector alone looks "
            "only in the policy's own namespace, shop"
        ),
        (
            "the same peer also had a namespaceSelector for namespace dev "
            "(kubernetes.io/metadata.name=dev)"
        ),
        Profile(),
    ),
    (
        PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS,
        pods(app="frontend"),
        "dev/client",
        (
            "dev/client has app=client, not app=frontend, and is in namespace dev; a podSelector "
            "alone looks only in the policy's own namespace, shop"
        ),
        (
            "the same peer also had a namespaceSelector for namespace dev "
            "(kubernetes.io/metadata.name=dev), and dev/client had app=frontend"
        ),
        Profile(),
    ),
    (
        PeerOutcome.NAMESPACE_LABELS,
        pods_in(namespaces(env="prod"), pods(app="client")),
        "dev/client",
        "the labels of dev/client fit, but namespace dev has env=dev, not env=prod",
        "namespace dev had env=prod",
        Profile(),
    ),
    (
        PeerOutcome.NAMESPACE_AND_POD_LABELS,
        pods_in(namespaces(env="prod"), pods(app="frontend")),
        "dev/client",
        "namespace dev has env=dev, not env=prod, and dev/client has app=client, not app=frontend",
        "namespace dev had env=prod, and dev/client had app=frontend",
        Profile(),
    ),
    (
        PeerOutcome.NOT_A_POD,
        namespaces(),
        "203.0.113.7",
        "203.0.113.7 is outside the cluster, and selectors pick pods only",
        "the rule listed an ipBlock with 203.0.113.7",
        Profile(),
    ),
    (
        PeerOutcome.HOST_NETWORK,
        namespaces(),
        "dev/agent",
        (
            "dev/agent uses the network of its node (hostNetwork: true), and selectors pick only "
            "pods on the pod network"
        ),
        "the rule listed an ipBlock with 192.168.0.11 (dev/agent)",
        Profile(),
    ),
    (
        PeerOutcome.OUTSIDE_RANGE,
        block("203.0.113.0/29"),
        "203.0.113.9",
        "203.0.113.9 is outside 203.0.113.0/29",
        "the rule listed an ipBlock with 203.0.113.9",
        Profile(),
    ),
    (
        PeerOutcome.EXCEPTED,
        block("203.0.113.0/24", "203.0.113.0/29", "203.0.113.64/26"),
        "203.0.113.7",
        "203.0.113.7 is in 203.0.113.0/24, but `except` cuts out 203.0.113.0/29",
        "`except` did not list 203.0.113.0/29, or the rule listed an ipBlock with 203.0.113.7",
        Profile(),
    ),
    (
        PeerOutcome.OTHER_FAMILY,
        block("0.0.0.0/0"),
        "2001:db8::1",
        "0.0.0.0/0 holds IPv4 addresses only, and 2001:db8::1 is not one of those",
        "the rule listed an ipBlock with 2001:db8::1",
        Profile(),
    ),
    (
        PeerOutcome.RANGE_SKIPS_PODS,
        block("10.0.0.0/8"),
        "dev/client",
        ("dev/client is a pod, and this network plugin's ipBlocks skip pods"),
        "the rule picked dev/client by its labels",
        NO_PODS,
    ),
    (
        PeerOutcome.RANGE_SKIPS_NODES,
        block("192.168.0.0/24"),
        "node/n1",
        ("node/n1 is on the network of a node, and this network plugin's ipBlocks skip nodes"),
        "this network plugin's ipBlocks matched nodes",
        NO_NODES,
    ),
    (
        PeerOutcome.ADDRESS_UNKNOWN,
        block("10.0.0.0/8"),
        "dev/probe",
        "the manifests do not say which address dev/probe has, so no ipBlock can match it",
        "the rule picked dev/probe by its labels",
        Profile(),
    ),
]


def guarded(*rules: Rule) -> Cluster:
    """The world with one ingress policy on shop/web."""
    return WORLD.with_policy(policy("shop/guard", select=labelled(app="web"), ingress=rules))


def judged(world: Cluster, question: str) -> Verdict:
    """The verdict on a connection that names no Service."""
    verdict = evaluate(world, question)
    assert isinstance(verdict, Verdict)
    return verdict


def only_step(verdict: Verdict) -> RuleStep:
    """The one rule that was looked at."""
    (step,) = (*verdict.egress.steps, *verdict.ingress.steps)
    return step


# outcome, egress peer of a cluster-scoped policy, destination, why it does not match
CLUSTER_PEERS: list[tuple[PeerOutcome, ClusterPeer, str, str]] = [
    (
        PeerOutcome.HOST_NETWORK,
        namespaces(),
        "dev/agent",
        (
            "dev/agent uses the network of its node (hostNetwork: true), and cluster-scoped "
            "policies pick only pods on the pod network"
        ),
    ),
    (
        PeerOutcome.NAMESPACE_LABELS,
        namespaces(env="prod"),
        "dev/client",
        "namespace dev has env=dev, not env=prod",
    ),
    (
        PeerOutcome.OUTSIDE_RANGE,
        networks("10.9.0.0/16", "192.0.2.0/24"),
        "dev/client",
        "10.0.0.3 (dev/client) is outside 10.9.0.0/16 and 192.0.2.0/24",
    ),
    (
        PeerOutcome.OTHER_FAMILY,
        networks("fd00::/8"),
        "dev/client",
        "fd00::/8 holds IPv6 addresses only, and 10.0.0.3 (dev/client) is not one of those",
    ),
    (
        PeerOutcome.ADDRESS_UNKNOWN,
        networks("10.0.0.0/8"),
        "dev/probe",
        "the manifests do not say which address dev/probe has, so no range can match it",
    ),
    (
        PeerOutcome.NOT_A_NODE,
        Nodes(selector=labelled()),
        "dev/client",
        "dev/client is neither a node nor on the network of one",
    ),
    (
        PeerOutcome.NODE_LABELS,
        Nodes(selector=labelled(role="build")),
        "dev/agent",
        "node/n1 lacks the label role=build",
    ),
    (
        PeerOutcome.DOMAIN_NAMES,
        DomainNames(names=("example.com",)),
        "203.0.113.7",
        "the manifests do not say which addresses these names stand for",
    ),
]


def test_every_peer_outcome_is_shown() -> None:
    """The tables have a case for each way a peer can fail."""
    shown = {case[0] for case in PEERS} | {case[0] for case in CLUSTER_PEERS}
    assert {PeerOutcome.MATCHED, *shown} == set(PeerOutcome)


@pytest.mark.parametrize(("outcome", "peer", "destination", "why"), CLUSTER_PEERS)
def test_cluster_peers_in_words(
    outcome: PeerOutcome, peer: ClusterPeer, destination: str, why: str
) -> None:
    """A peer of a cluster-scoped policy that does not match says why."""
    world = WORLD.with_policy(admin("guard", egress=[decision("Accept", peer)]))
    verdict = judged(world, f"shop/web -> {destination}:8080")
    ((step,),) = (tier.steps for tier in verdict.egress.tiers)
    assert step.peers == (outcome,)
    assert f"No: {why}." in explain(verdict, "trace")


def test_a_named_port_of_another_protocol_in_words() -> None:
    """A name says which number and protocol it stands for on the destination."""
    deny = decision("Deny", ports=["dns"])
    world = WORLD.with_policy(admin("guard", ingress=[deny]))
    said = explain(judged(world, "shop/client -> shop/web:53"), "trace")
    assert "No: `dns` of shop/web is 53/UDP, and the connection uses TCP." in said


@pytest.mark.parametrize(("outcome", "peer", "source", "why", "needs", "profile"), PEERS)
def test_peers_in_words(
    outcome: PeerOutcome, peer: Peer, source: str, why: str, needs: str, profile: Profile
) -> None:
    """A peer that does not match says why, and what it would have needed."""
    world = guarded(rule(peer)).with_profile(profile)
    verdict = judged(world, f"{source} -> shop/web:8080")
    assert only_step(verdict).peers == (outcome,)
    said = explain(verdict).splitlines()
    assert f"spec.ingress[0].from[0] does not match: {why}." in said
    assert f"It would match if {needs}." in said


# What the sentences of PEERS ask for, carried out.
REPAIRS: list[tuple[str, Cluster, str]] = [
    (
        "the pod gets the label",
        guarded(rule(pods(app="frontend"))).with_pod(pod("shop/client", app="frontend")),
        "shop/client",
    ),
    (
        "the peer gets a namespaceSelector",
        guarded(
            rule(
                pods_in(
                    namespaces(requirement("kubernetes.io/metadata.name", "In", "dev")),
                    pods(app="client"),
                )
            )
        ),
        "dev/client",
    ),
    (
        "the namespace gets the label",
        replace(
            guarded(rule(pods_in(namespaces(env="prod"), pods(app="client")))),
            namespaces=(namespace("shop"), namespace("dev", env="prod")),
        ),
        "dev/client",
    ),
    ("a range holds the outside address", guarded(rule(block("203.0.113.7/32"))), "203.0.113.7"),
    ("a range holds the node's address", guarded(rule(block("192.168.0.11/32"))), "dev/agent"),
    (
        "the exception goes",
        guarded(rule(block("203.0.113.0/24", "203.0.113.64/26"))),
        "203.0.113.7",
    ),
    ("a range of the family", guarded(rule(block("2001:db8::1/128"))), "2001:db8::1"),
    (
        "the pod is picked by its labels",
        guarded(rule(namespaces())).with_profile(NO_PODS),
        "dev/client",
    ),
    (
        "the pod without a known address is picked by its labels",
        guarded(rule(namespaces())),
        "dev/probe",
    ),
]


@pytest.mark.parametrize(("_what", "world", "source"), REPAIRS)
def test_what_a_peer_would_have_needed_is_enough(_what: str, world: Cluster, source: str) -> None:
    """Doing what the sentences ask for lets the connection pass."""
    assert judged(world, f"{source} -> shop/web:8080").allowed


PORTS: list[tuple[PortOutcome, PortWord, str, str, str]] = [
    (
        PortOutcome.OTHER_PROTOCOL,
        "53/TCP",
        "shop/web:53/UDP",
        "the connection uses UDP",
        "53/UDP",
    ),
    (
        PortOutcome.OTHER_NUMBER,
        "8000-8010",
        "shop/web:8080",
        "the connection goes to port 8080/TCP",
        "8080/TCP",
    ),
    (
        PortOutcome.NAME_UNKNOWN,
        "metrics",
        "shop/web:9090",
        "shop/web declares no port of that name; it declares http:8080/TCP and dns:53/UDP",
        "9090/TCP",
    ),
    (
        PortOutcome.NAME_OTHER_PROTOCOL,
        "dns",
        "shop/web:53",
        "`dns` of shop/web is 53/UDP, and the entry says TCP",
        "53/TCP",
    ),
    (
        PortOutcome.NAME_OTHER_NUMBER,
        "http",
        "shop/web:80",
        "`http` of shop/web is 8080/TCP, and the connection goes to port 80/TCP",
        "80/TCP",
    ),
]


@pytest.mark.parametrize(("outcome", "entry", "destination", "why", "needs"), PORTS)
def test_ports_in_words(
    outcome: PortOutcome, entry: PortWord, destination: str, why: str, needs: str
) -> None:
    """A port entry that does not match says why, and what it would have needed is enough."""
    verdict = judged(guarded(rule(ports=[entry])), f"shop/client -> {destination}")
    assert only_step(verdict).ports == (outcome,)
    said = explain(verdict).splitlines()
    assert f"spec.ingress[0].ports[0] does not match: {why}." in said
    assert f"It would match if the rule's `ports` listed port {needs}." in said
    assert judged(guarded(rule(ports=[entry, needs])), f"shop/client -> {destination}").allowed


def test_a_port_name_needs_a_pod() -> None:
    """A port name means nothing for a destination outside the cluster."""
    world = WORLD.with_policy(policy("shop/out", types=[EGRESS], egress=[rule(ports=["http"])]))
    verdict = judged(world, "shop/client -> 203.0.113.7:80")
    assert only_step(verdict).ports == (PortOutcome.NAME_NEEDS_POD,)
    assert (
        "spec.egress[0].ports[0] does not match: 203.0.113.7 is outside the cluster, and only "
        "pods on the pod network give names to ports."
    ) in explain(verdict).splitlines()
    assert {PortOutcome.MATCHED, PortOutcome.NAME_NEEDS_POD, *(case[0] for case in PORTS)} == set(
        PortOutcome
    )


ISOLATED = WORLD.with_policy(policy("shop/deny", types=[INGRESS, EGRESS]))

REASONS: list[tuple[Reason, Cluster, str, str]] = [
    (
        Reason.NOT_A_POD,
        WORLD,
        "203.0.113.7 -> shop/web:80",
        (
            "Egress of 203.0.113.7: allowed. It is outside the cluster, and policies apply to pods "
            "only."
        ),
    ),
    (
        Reason.NOT_ENFORCED,
        ISOLATED.with_profile(NOT_ENFORCED),
        "shop/client -> shop/web:80",
        (
            "Ingress of shop/web: allowed. The network plugin does not enforce policies: the API "
            "server stores them, and nothing happens."
        ),
    ),
    (
        Reason.SAME_POD,
        ISOLATED,
        "shop/web -> shop/web:80",
        "Ingress of shop/web: allowed. A pod always reaches itself; no policy can prevent that.",
    ),
    (
        Reason.OWN_NODE,
        ISOLATED,
        "node/n2 -> shop/web:80",
        (
            "Ingress of shop/web: allowed. It runs on node/n2, and policies do not stop traffic "
            "between a pod and its own node."
        ),
    ),
    (
        Reason.HOST_NETWORK,
        WORLD.with_policy(policy("dev/deny")),
        "shop/web -> dev/agent:80",
        (
            "Ingress of dev/agent: allowed. It uses the network of its node (hostNetwork: true), "
            "and policies do not apply to it."
        ),
    ),
    (
        Reason.NOT_ISOLATED,
        WORLD,
        "shop/client -> shop/web:80",
        (
            "Egress of shop/client: allowed. No policy selects it for egress, so it may connect to "
            "everything (open by default)."
        ),
    ),
    (
        Reason.RULE_MATCHED,
        guarded(rule()),
        "shop/client -> shop/web:80",
        (
            "Ingress of shop/web: allowed. Policy shop/guard isolates it, and a rule allows this "
            "connection."
        ),
    ),
    (
        Reason.NO_RULE_WRITTEN,
        ISOLATED,
        "shop/client -> shop/web:80",
        (
            "Egress of shop/client: denied. Policy shop/deny isolates it and has no egress rules "
            "at all, so it may connect to nothing."
        ),
    ),
    (
        Reason.NO_RULE_MATCHED,
        guarded(rule(ports=[443])),
        "shop/client -> shop/web:80",
        (
            "Ingress of shop/web: denied. Policy shop/guard isolates it, and its only ingress rule "
            "does not match."
        ),
    ),
    (
        Reason.NOT_RUNNING,
        WORLD.with_pod(pod("shop/web", phase=Phase.SUCCEEDED)),
        "shop/client -> shop/web:80",
        "Ingress of shop/web: denied. It has finished (Succeeded) and takes part in no connection.",
    ),
    (
        Reason.TIER_ACCEPTED,
        ISOLATED.with_policy(admin("open", egress=[decision("Accept")])),
        "shop/client -> shop/web:80",
        (
            "Egress of shop/client: allowed. The Admin tier accepts this connection, and that is "
            "final at this end."
        ),
    ),
    (
        Reason.TIER_DENIED,
        WORLD.with_policy(baseline("closed", ingress=[decision("Deny")])),
        "shop/client -> shop/web:80",
        (
            "Ingress of shop/web: denied. The Baseline tier denies this connection, and that is "
            "final."
        ),
    ),
]


def test_every_reason_is_shown() -> None:
    """The table above has a case for each reason."""
    assert [case[0] for case in REASONS] == list(Reason)


@pytest.mark.parametrize(("reason", "world", "question", "sentence"), REASONS)
def test_reasons_in_words(reason: Reason, world: Cluster, question: str, sentence: str) -> None:
    """An end says why it allows or denies."""
    verdict = judged(world, question)
    assert reason in {end.reason for end in verdict.ends}
    assert sentence in explain(verdict).splitlines()


DUAL = [
    pod("dev/dual", ip=["10.0.0.8", "fd00::8"]),
    pod("shop/web", app="web", ip=["10.0.0.1", "fd00::1"]),
]
TWICE = pod("shop/web", app="web", ports=["http:80", "http:8080"])
RANGE = guarded(rule(block("10.0.0.0/8")))
API = service("shop/web", select={"app": "web"}, ports=["80>8080"], ip="10.96.0.1")
WITH_API = replace(ISOLATED, services=(API,))
BEFORE = Profile(name="before", egress_judged=EgressJudged.BEFORE_TRANSLATION)

CAVEATS: list[tuple[Caveat, Cluster, str]] = [
    (Caveat.HOST_NETWORK, guarded(rule(namespaces())), "dev/agent -> shop/web:80"),
    (Caveat.IP_BLOCK_ON_POD, RANGE, "dev/client -> shop/web:80"),
    (Caveat.IP_BLOCK_ON_NODE, guarded(rule(block("192.168.0.0/24"))), "node/n1 -> shop/web:80"),
    (Caveat.OWN_NODE_EGRESS, ISOLATED, "shop/web -> node/n2:80"),
    (
        Caveat.SOURCE_ADDRESS_MAY_BE_REWRITTEN,
        guarded(rule(block("203.0.113.0/24"))),
        "203.0.113.7 -> shop/web:80",
    ),
    (Caveat.SERVICE_HAIRPIN, WITH_API, "shop/web -> svc:shop/web:80"),
    (
        Caveat.EGRESS_BEFORE_TRANSLATION,
        WITH_API.with_policy(
            policy("shop/o", types=[EGRESS], egress=[rule(ports=[80])])
        ).with_profile(BEFORE),
        "shop/client -> svc:shop/web:80",
    ),
    (Caveat.ADDRESS_UNKNOWN, RANGE, "dev/probe -> shop/web:80"),
    (Caveat.NODE_UNKNOWN, ISOLATED, "node/n1 -> shop/client:80"),
    (Caveat.OTHER_FAMILY_DIFFERS, RANGE.with_pod(*DUAL), "dev/dual -> shop/web:80"),
    (
        Caveat.PORT_NAME_REPEATED,
        guarded(rule(ports=["http"])).with_pod(TWICE),
        "dev/client -> shop/web:8080",
    ),
    (
        Caveat.EQUAL_PRIORITIES,
        WORLD.with_policy(
            admin("one", ingress=[decision("Deny")]), admin("two", ingress=[decision("Accept")])
        ),
        "dev/client -> shop/web:8080",
    ),
    (
        Caveat.BASELINE_SKIPPED,
        guarded(rule()).with_policy(baseline("base", egress=[decision("Deny")])),
        "shop/web -> dev/client:80",
    ),
    (
        Caveat.DOMAIN_NAMES,
        WORLD.with_policy(
            admin("deny", egress=[decision("Deny", DomainNames(names=("example.com",)))])
        ),
        "shop/web -> 203.0.113.7:80",
    ),
    (
        Caveat.POLICY_KIND_UNKNOWN,
        WORLD.with_policy(admin("deny", ingress=[decision("Deny")])).with_profile(
            PROFILES["cilium"]
        ),
        "dev/client -> shop/web:8080",
    ),
]


def test_every_caveat_is_shown() -> None:
    """The table above has a case for each caveat."""
    assert [case[0] for case in CAVEATS] == list(Caveat)


@pytest.mark.parametrize(("caveat", "world", "question"), CAVEATS)
def test_caveats_in_words(caveat: Caveat, world: Cluster, question: str) -> None:
    """A verdict that depends on what the API leaves open says so, in its own note."""
    answer = evaluate(world, question)
    assert caveat in answer.caveats
    start = words.CAVEATS[caveat].partition("{")[0]
    notes = [line for line in explain(answer).splitlines() if line.startswith("Note: ")]
    assert any(note.startswith(f"Note: {start}") for note in notes)
    assert len(notes) == len(answer.caveats)


READY = pod("shop/web2", app="web", ports=["http:8080"])
NOT_READY = cluster(pod("shop/a"), pod("shop/web", app="web", ready=False), API)

SERVICES: list[tuple[ServiceOutcome, Cluster, str]] = [
    (
        ServiceOutcome.ALLOWED,
        replace(WORLD, services=(API,)),
        "shop/client -> svc:shop/web:80/TCP is allowed: no policy isolates either end.",
    ),
    (
        ServiceOutcome.DENIED,
        WITH_API.with_pod(READY),
        (
            "shop/client -> svc:shop/web:80/TCP is denied: the Service picks one of 2 pods, and "
            "none may be reached."
        ),
    ),
    (
        ServiceOutcome.DEPENDS,
        replace(guarded(rule(pods(app="x"))), services=(API,))
        .with_pod(READY)
        .with_policies([policy("shop/p", select=labelled(requirement("own", "Exists")))])
        .with_pod(pod("shop/web", app="web", own="yes")),
        (
            "shop/client -> svc:shop/web:80/TCP is allowed to some pods and denied to others: the "
            "Service picks one of 2 pods for each connection, and only 1 may be reached."
        ),
    ),
    (
        ServiceOutcome.NO_BACKEND,
        NOT_READY.with_pod(pod("shop/client")),
        (
            "shop/client -> svc:shop/web:80/TCP reaches nothing: no pod with app=web in namespace "
            "shop is ready, so policies have nothing to judge."
        ),
    ),
    (
        ServiceOutcome.UNKNOWN,
        replace(WORLD, services=(service("shop/web", ports=["80"]),)),
        (
            "shop/client -> svc:shop/web:80/TCP is not decided by these manifests: the Service has "
            "no selector, so its manifest does not say what is behind it, and policies are judged "
            "on what is behind it."
        ),
    ),
]


@pytest.mark.parametrize(("outcome", "world", "line"), SERVICES)
def test_services_in_words(outcome: ServiceOutcome, world: Cluster, line: str) -> None:
    """A connection to a Service says what becomes of it."""
    answer = evaluate(world, "shop/client -> svc:shop/web:80")
    assert isinstance(answer, ServiceVerdict)
    assert answer.outcome is outcome
    assert explain(answer, "line") == line


LACKS: list[tuple[Lack, list[Pod], str]] = [
    (Lack.NO_POD, [], "the Service sends to pods with app=web, and namespace shop has none,"),
    (
        Lack.NOT_RUNNING,
        [pod("shop/web", app="web", phase=Phase.SUCCEEDED)],
        "no pod with app=web in namespace shop is running,",
    ),
    (
        Lack.NOT_READY,
        [pod("shop/web", app="web", ready=False)],
        "no pod with app=web in namespace shop is ready,",
    ),
    (
        Lack.NO_PORT_NAME,
        [pod("shop/web", app="web", ports=["http:53/UDP"])],
        (
            "the Service sends to the port that a pod calls `http`, and no pod with app=web in "
            "namespace shop declares a TCP port of this name,"
        ),
    ),
]


@pytest.mark.parametrize(("_lack", "behind", "reason"), LACKS)
@pytest.mark.parametrize("headless", [False, True])
def test_why_nothing_is_behind_a_service(
    _lack: Lack,
    behind: list[Pod],
    reason: str,
    headless: bool,  # noqa: FBT001
) -> None:
    """A Service that sends nowhere says what is missing, whatever port it is asked for."""
    web = service("shop/web", select={"app": "web"}, ports=["web:80>http"], headless=headless)
    world = cluster(pod("shop/client"), *behind, web)
    said = explain(evaluate(world, "shop/client -> svc:shop/web:web"))
    assert f"{reason} so policies have nothing to judge" in said.replace("The S", "the S").replace(
        "No pod", "no pod"
    )


def test_every_lack_is_shown() -> None:
    """The table above has a case for each reason why nothing is behind a Service."""
    assert [case[0] for case in LACKS] == list(Lack)


def test_a_headless_service_takes_any_port() -> None:
    """A headless Service without pods says so for a port that it does not list, too."""
    web = service("shop/web", select={"app": "web"}, headless=True)
    said = explain(evaluate(cluster(pod("shop/client"), web), "shop/client -> svc:shop/web:9999"))
    assert "pods with app=web, and namespace shop has none" in said


def test_every_service_outcome_is_shown() -> None:
    """The table above has a case for each outcome of a Service."""
    assert [case[0] for case in SERVICES] == list(ServiceOutcome)
