"""Sentences keep to what the plugin compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netpol_sim import evaluate, explain
from netpol_sim.cluster import Cluster
from netpol_sim.plugin import EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Rule
from tests.builders import (
    EGRESS,
    block,
    cluster,
    labelled,
    namespace,
    namespaces,
    node,
    pod,
    pods,
    policy,
    rule,
    service,
)

WORLD = cluster(
    node("n1", "192.168.0.11"),
    namespace("shop", env="prod"),
    namespace("dev", env="dev"),
    pod("shop/web", app="web", ip="10.0.0.1"),
    pod("dev/client", ip="10.0.0.3"),
    pod("dev/dual", ip=["10.0.0.8", "fd00::8"]),
    pod("dev/agent", host_network=True, node="n1"),
    service("shop/web", select={"app": "web"}, ports=["80>8080"], ip="10.96.0.1"),
)
BEFORE = Profile(name="before", egress_judged=EgressJudged.BEFORE_TRANSLATION)
NO_NODES = Profile(name="no-nodes", ip_block_matches_nodes=False)
NO_PODS = Profile(name="no-pods", ip_block_matches_pods=False)
AS_POD = Profile(name="as-pod", host_network=HostNetwork.AS_POD)
SERVICE = "dev/client -> svc:shop/web:80"
NAMED = replace(
    namespaces(env="prod"),
    namespace_selector=labelled(**{"kubernetes.io/metadata.name": "shop", "env": "prod"}),
)


def incoming(*rules: Rule) -> Cluster:
    """The world with these rules for what may reach shop/web."""
    return WORLD.with_policy(policy("shop/guard", ingress=rules))


def outgoing(*rules: Rule) -> Cluster:
    """The world with these rules for what the pods of dev may reach."""
    return WORLD.with_policy(policy("dev/guard", types=[EGRESS], egress=rules))


# claim, cluster, connection, what is said
CASES: list[tuple[str, Cluster, str, str]] = [
    (
        "egress before translation is held against the Service's port",
        outgoing(rule(ports=[8080])).with_profile(BEFORE),
        SERVICE,
        "It would match if the rule's `ports` listed port 80/TCP.",
    ),
    (
        "where egress is judged before translation, the explanation says so",
        outgoing(rule(ports=[80])).with_profile(BEFORE),
        SERVICE,
        "This network plugin judges egress before that, on the Service's own address and port;",
    ),
    (
        "elsewhere the Service is not judged",
        outgoing(rule(ports=[80])),
        SERVICE,
        "Policies are judged on the pod and its own port, never on the Service.",
    ),
    (
        "egress before translation is held against the Service's address",
        outgoing(rule(block("10.0.0.0/24"))).with_profile(BEFORE),
        SERVICE,
        "10.96.0.1 (shop/web) is outside 10.0.0.0/24.",
    ),
    (
        "a dual-stack pod has the address of the range's family",
        incoming(rule(block("fd00:1::/64"))),
        "fd00::8 -> shop/web:80",
        "fd00::8 (dev/dual) is outside fd00:1::/64.",
    ),
    (
        "a node is picked by a range only where ranges match nodes",
        incoming(rule(pods())).with_profile(NO_NODES),
        "node/n1 -> shop/web:80",
        (
            "It would match if this network plugin's ipBlocks matched nodes, and the rule listed "
            "an ipBlock with 192.168.0.11 (node/n1)."
        ),
    ),
    (
        "an exception is no hindrance where ranges skip pods anyway",
        incoming(rule(block("10.0.0.0/8", "10.0.0.0/24"))).with_profile(NO_PODS),
        "dev/client -> shop/web:80",
        "It would match if the rule picked dev/client by its labels.",
    ),
    (
        "a pod on its node's network has the node's address",
        incoming(rule(block("10.0.0.0/8"))),
        "dev/agent -> shop/web:80",
        "192.168.0.11 (dev/agent) is outside 10.0.0.0/8.",
    ),
    (
        "a pod with hostNetwork is picked by its labels where plugins do so",
        incoming(rule(block("10.0.0.0/8"))).with_profile(AS_POD),
        "dev/agent -> shop/web:80",
        "It would match if the rule picked dev/agent by its labels.",
    ),
    (
        "the name of a namespace cannot be changed to fit",
        incoming(rule(NAMED)),
        "dev/client -> shop/web:80",
        "It would match if the namespaceSelector also picked namespace dev.",
    ),
]


@pytest.mark.parametrize(
    ("_claim", "world", "question", "said"), CASES, ids=[case[0] for case in CASES]
)
def test_scenes(_claim: str, world: Cluster, question: str, said: str) -> None:
    """The sentence fits the plugin that the verdict was made for."""
    assert said in explain(evaluate(world, question))
