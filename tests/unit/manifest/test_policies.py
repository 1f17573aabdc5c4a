"""What the fields of a NetworkPolicy become: null, missing, empty and `{}` are told apart."""

from __future__ import annotations

import pytest

from netpol_sim.labels import EVERYTHING
from netpol_sim.manifest import loads
from netpol_sim.peers import Peer
from netpol_sim.policy import Direction, Rule
from tests.builders import (
    EGRESS,
    INGRESS,
    SCTP,
    TCP,
    UDP,
    block,
    labelled,
    namespaces,
    pods,
    pods_in,
    port,
    requirement,
    rule,
)
from tests.unit.manifest.reading import HEAD, policy

WEB, ANY = labelled(app="web"), EVERYTHING


@pytest.mark.parametrize("spec", ["  {}\n", "  podSelector:\n", "  podSelector: {}\n"])
@pytest.mark.parametrize("inner", ["", "matchLabels: ", "matchLabels: {}", "matchExpressions: []"])
def test_a_selector_that_says_nothing_picks_every_pod(spec: str, inner: str) -> None:
    """A missing, null or empty podSelector picks every pod of the namespace."""
    if "{}" in spec and "podSelector" in spec:
        spec = spec.replace("{}", f"{{{inner}}}")
    assert policy(spec).pod_selector == ANY


@pytest.mark.parametrize("head", [HEAD.removesuffix("spec:\n"), HEAD])
def test_a_spec_that_is_not_there(head: str) -> None:
    """A missing or null spec is an empty one: it isolates every pod for ingress."""
    (found,) = loads(head).policies
    assert (found.pod_selector, found.policy_types, found.ingress) == (ANY, (INGRESS,), ())


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ("  {}\n", (INGRESS,)),
        ("  policyTypes:\n", (INGRESS,)),
        ("  policyTypes: []\n", (INGRESS,)),
        ("  egress: []\n", (INGRESS,)),
        ("  egress:\n", (INGRESS,)),
        ("  egress: [{}]\n", (INGRESS, EGRESS)),
        ("  egress: [null]\n", (INGRESS, EGRESS)),
        ("  policyTypes: [Egress]\n  ingress: [{}]\n", (EGRESS,)),
        ("  policyTypes: [Egress, Ingress]\n", (EGRESS, INGRESS)),
        ("  policyTypes: [Ingress, Ingress]\n", (INGRESS, INGRESS)),
    ],
)
def test_policy_types(spec: str, types: tuple[Direction, ...]) -> None:
    """Without types: Ingress, and Egress when there is an egress rule.  With types: just those."""
    assert policy(spec).policy_types == types


@pytest.mark.parametrize(
    ("spec", "rules"),
    [
        ("  ingress:\n", ()),
        ("  ingress: []\n", ()),
        ("  ingress: [{}]\n", (Rule(),)),
        ("  ingress: [null]\n", (Rule(),)),
        ("  ingress:\n  -\n", (Rule(),)),
        ("  ingress: [{from: , ports: }]\n", (Rule(),)),
        ("  ingress: [{from: [], ports: []}]\n", (Rule(),)),
        ("  ingress: [{ports: [{}]}]\n", (rule(ports=["/TCP"]),)),
        ("  ingress: [{ports: [null]}]\n", (rule(ports=["/TCP"]),)),
        ("  ingress: [{ports: [{port: , protocol: , endPort: }]}]\n", (rule(ports=["/TCP"]),)),
    ],
)
def test_rules_that_say_nothing(spec: str, rules: tuple[Rule, ...]) -> None:
    """No rules, rules for everybody, and `ports: [{}]` for every TCP port are three things."""
    assert policy(spec).ingress == rules


PEERS: dict[str, Peer] = {
    "podSelector: {}": pods(),
    "podSelector: {matchLabels: {app: web}}": pods(app="web"),
    "namespaceSelector: {}": namespaces(),
    "namespaceSelector: {matchLabels: {env: prod}}": namespaces(env="prod"),
    "namespaceSelector: , podSelector: {}": pods(),
    "namespaceSelector: {}, podSelector: ": namespaces(),
    "namespaceSelector: {}, podSelector: {}": pods_in(namespaces(), pods()),
    "ipBlock: {cidr: 10.0.0.0/8}": block("10.0.0.0/8"),
    "ipBlock: {cidr: 10.0.0.0/8, except: }": block("10.0.0.0/8"),
    "ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}": block("10.0.0.0/8", "10.1.0.0/16"),
    "ipBlock: {cidr: fd00::/8}, podSelector: ": block("fd00::/8"),
    "podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [b, '']}]}": pods(
        requirement("a", "NotIn", "b", "")
    ),
    "podSelector: {matchExpressions: [{key: a, operator: Exists, values: }]}": pods(
        requirement("a", "Exists")
    ),
}


@pytest.mark.parametrize("written", PEERS)
def test_peers(written: str) -> None:
    """Null is absent, `{}` is there and picks all."""
    expected = (rule(PEERS[written]),)
    assert policy(f"  ingress: [{{from: [{{{written}}}]}}]\n").ingress == expected
    assert policy(f"  egress: [{{to: [{{{written}}}]}}]\n").egress == expected


PORTS = {
    "port: 80": port(80),
    "port: 80, protocol: UDP": port("80/UDP"),
    "port: http": port("http"),
    "port: 80, endPort: 90": port("80-90"),
    "protocol: SCTP": port("/SCTP"),
    "port: 0x50": port(80),
    "port: 80.0": port(80),
}


@pytest.mark.parametrize("written", PORTS)
def test_ports(written: str) -> None:
    """Numbers, names, ranges and protocols; the protocol is TCP unless it is written."""
    assert policy(f"  egress: [{{ports: [{{{written}}}]}}]\n").egress == (
        rule(ports=[PORTS[written]]),
    )


def test_one_dash_and_two() -> None:
    """Two selectors after one dash are one peer; after two dashes they are two."""
    both = "    - namespaceSelector: {}\n      podSelector: {}\n"
    either = "    - namespaceSelector: {}\n    - podSelector: {}\n"
    assert len(policy(f"  ingress:\n  - from:\n{both}").ingress[0].peers) == 1
    assert len(policy(f"  ingress:\n  - from:\n{either}").ingress[0].peers) == 2


def test_protocols_are_values_of_the_model() -> None:
    """What is loaded equals what Python builds."""
    found = policy("  egress: [{ports: [{protocol: UDP}, {protocol: SCTP}, {}]}]\n")
    assert [entry.protocol for entry in found.egress[0].ports] == [UDP, SCTP, TCP]


def test_a_policy_without_a_namespace_is_in_default_and_known_to_be() -> None:
    """The namespace is `default`, as kubectl has it; whether it was written can be asked."""
    (bare,) = loads(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}"
    ).policies
    assert bare.namespace == "default"
    assert bare.origin is not None
    assert not bare.origin.wrote("metadata.namespace")
    named = policy("  {}\n")
    assert named.origin is not None
    assert named.origin.wrote("metadata.namespace")


def test_fields_that_the_server_adds_are_fine() -> None:
    """Everything kubectl prints about a policy may be there."""
    text = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
  creationTimestamp: "2026-01-01T00:00:00Z"
  generation: 1
  labels: {team: a}
  managedFields: [{apiVersion: networking.k8s.io/v1, fieldsType: FieldsV1, fieldsV1: {f:spec: {}}}]
  name: db
  namespace: shop
  ownerReferences: [{apiVersion: v1, kind: Tenant, name: a, uid: b, blockOwnerDeletion: true}]
  resourceVersion: "1"
  uid: 5c1f
spec: {podSelector: {}}
status: {conditions: []}
"""
    assert [found.key for found in loads(text).policies] == ["shop/db"]
