"""How values are written."""

from __future__ import annotations

import pytest

from netpol_sim.cluster import Cluster
from netpol_sim.labels import Labels
from netpol_sim.manifest import dump, loads
from netpol_sim.model import Phase
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    cluster,
    labelled,
    namespace,
    namespaces,
    node,
    pod,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
    service,
)

POLICY = policy(
    "bank/api",
    select=labelled(requirement("tier", "In", "web", "1"), app="api"),
    types=[INGRESS, EGRESS],
    ingress=[
        rule(
            pods_in(namespaces(env="prod"), pods()),
            pods(requirement("app", "Exists")),
            block("10.0.0.0/8", "10.1.0.0/16"),
            ports=[80, "53/UDP", "8000-8080", "http", "/SCTP", "/TCP"],
        ),
        rule(),
    ],
    egress=[rule(ports=[443])],
)
WRITTEN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: bank
spec:
  podSelector:
    matchLabels:
      app: api
    matchExpressions:
      - key: tier
        operator: In
        values:
          - web
          - "1"
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              env: prod
          podSelector: {}
        - podSelector:
            matchExpressions:
              - key: app
                operator: Exists
        - ipBlock:
            cidr: 10.0.0.0/8
            except:
              - 10.1.0.0/16
      ports:
        - port: 80
        - protocol: UDP
          port: 53
        - port: 8000
          endPort: 8080
        - port: http
        - protocol: SCTP
        - protocol: TCP
    - {}
  egress:
    - ports:
        - port: 443
"""


def test_a_policy() -> None:
    """Fields come in the API's order; of the defaults only policyTypes are written."""
    assert dump(POLICY) == WRITTEN
    assert loads(dump(POLICY)).policies == (POLICY,)


def test_a_policy_without_rules() -> None:
    """What says nothing is left out, but for the selector and the types."""
    assert dump(policy("bank/deny")).endswith("  podSelector: {}\n  policyTypes:\n    - Ingress\n")


def test_a_cluster() -> None:
    """A cluster is its namespaces, nodes, pods, Services and policies, in this order."""
    whole = cluster(
        policy("shop/deny"),
        service("shop/web", select={"app": "web"}, ports=["web:80>http"], ip="10.96.0.1"),
        pod("shop/web", app="web", ip=["10.0.0.1", "fd00::1"], ports=["http:80", "dns:53/UDP"],
            node="n1", ready=False, phase=Phase.PENDING, workload="Deployment/web"),
        node("n1", "192.0.2.1"),
        namespace("shop", env="prod"),
    )  # fmt: skip
    text = dump(whole)
    assert [line for line in text.splitlines() if line.startswith("kind:")] == [
        "kind: Namespace",
        "kind: Node",
        "kind: Pod",
        "kind: Service",
        "kind: NetworkPolicy",
    ]
    assert (
        text.split("---\n")[2]
        == """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
  ownerReferences:
    - apiVersion: apps/v1
      kind: Deployment
      name: web
      controller: true
spec:
  nodeName: n1
  containers:
    - name: main
      ports:
        - name: http
          containerPort: 80
        - name: dns
          containerPort: 53
          protocol: UDP
status:
  phase: Pending
  conditions:
    - type: Ready
      status: "False"
  podIP: 10.0.0.1
  podIPs:
    - ip: 10.0.0.1
    - ip: "fd00::1"
"""
    )
    assert loads(text) == whole


def test_nothing() -> None:
    """An empty cluster is an empty list."""
    assert loads(dump(Cluster())) == Cluster()
    assert dump([]) == dump(Cluster())


def test_several_things() -> None:
    """An iterable of things is written in its own order."""
    things = (policy("b/b"), policy("a/a"))
    assert loads(dump(iter(things))).policies == things


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("web", "web"),
        ("v1.2", "v1.2"),
        ("1.2.3", "1.2.3"),
        ("5d4140", "5d4140"),
        ("", '""'),
        ("80", '"80"'),
        ("1e3", '"1e3"'),
        ("010", '"010"'),
        ("y", '"y"'),
        ("on", '"on"'),
        ("null", '"null"'),
        ("2024-01-01", '"2024-01-01"'),
        ("0b1", '"0b1"'),
    ],
)
def test_text_is_quoted_where_a_reader_might_stumble(label: str, written: str) -> None:
    """Whatever some reader of YAML takes for something else is in quotes."""
    found = dump(policy("a/a", select=labelled(app=label)))
    assert f"      app: {written}\n" in found
    assert loads(found).policies[0].pod_selector.match_labels == Labels({"app": label})


def test_an_odd_external_name() -> None:
    """Any text survives."""
    name = 'a "b" \\ é 😀 \t#:'
    whole = cluster(service("a/b", external_name=name))
    assert loads(dump(whole)) == whole
