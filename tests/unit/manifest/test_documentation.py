"""The examples of the Kubernetes documentation, in their own words, mean what it says they do."""

from __future__ import annotations

import pytest

from netpol_sim.manifest import loads
from netpol_sim.policy import NetworkPolicy
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    labelled,
    namespaces,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
)

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: example\nspec:\n"

EXAMPLES: dict[str, tuple[str, NetworkPolicy]] = {
    "a database that a project and some ranges may use": (
        """\
  podSelector:
    matchLabels:
      role: db
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock:
        cidr: 172.17.0.0/16
        except: [172.17.1.0/24]
    - namespaceSelector:
        matchLabels:
          project: myproject
    - podSelector:
        matchLabels:
          role: frontend
    ports:
    - {protocol: TCP, port: 6379}
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/24
    ports:
    - {protocol: TCP, port: 5978}
""",
        policy(
            "default/example",
            select=labelled(role="db"),
            types=[INGRESS, EGRESS],
            ingress=[
                rule(
                    block("172.17.0.0/16", "172.17.1.0/24"),
                    namespaces(project="myproject"),
                    pods(role="frontend"),
                    ports=[6379],
                )
            ],
            egress=[rule(block("10.0.0.0/24"), ports=[5978])],
        ),
    ),
    "clients of a user's namespaces": (
        """\
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {user: alice}}
      podSelector: {matchLabels: {role: client}}
""",
        policy(
            "default/example",
            types=[INGRESS],
            ingress=[rule(pods_in(namespaces(user="alice"), pods(role="client")))],
        ),
    ),
    "a user's namespaces, or clients next door": (
        """\
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {user: alice}}
    - podSelector: {matchLabels: {role: client}}
""",
        policy(
            "default/example",
            types=[INGRESS],
            ingress=[rule(namespaces(user="alice"), pods(role="client"))],
        ),
    ),
    "deny all ingress": (
        "  podSelector: {}\n  policyTypes:\n  - Ingress\n",
        policy("default/example", types=[INGRESS]),
    ),
    "allow all ingress": (
        "  podSelector: {}\n  ingress:\n  - {}\n  policyTypes:\n  - Ingress\n",
        policy("default/example", types=[INGRESS], ingress=[rule()]),
    ),
    "deny all egress": (
        "  podSelector: {}\n  policyTypes:\n  - Egress\n",
        policy("default/example", types=[EGRESS]),
    ),
    "allow all egress": (
        "  podSelector: {}\n  egress:\n  - {}\n  policyTypes:\n  - Egress\n",
        policy("default/example", types=[EGRESS], egress=[rule()]),
    ),
    "deny everything": (
        "  podSelector: {}\n  policyTypes:\n  - Ingress\n  - Egress\n",
        policy("default/example", types=[INGRESS, EGRESS]),
    ),
    "a range of ports": (
        """\
  podSelector:
    matchLabels:
      role: db
  policyTypes:
  - Egress
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/24
    ports:
    - protocol: TCP
      port: 32000
      endPort: 32768
""",
        policy(
            "default/example",
            select=labelled(role="db"),
            types=[EGRESS],
            egress=[rule(block("10.0.0.0/24"), ports=["32000-32768"])],
        ),
    ),
    "several namespaces by their labels": (
        """\
  podSelector:
    matchLabels:
      app: myapp
  policyTypes:
  - Egress
  egress:
  - to:
    - namespaceSelector:
        matchExpressions:
        - key: namespace
          operator: In
          values: ["frontend", "backend"]
""",
        policy(
            "default/example",
            select=labelled(app="myapp"),
            types=[EGRESS],
            egress=[rule(namespaces(requirement("namespace", "In", "frontend", "backend")))],
        ),
    ),
    "one namespace by its name": (
        """\
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: monitoring
""",
        policy(
            "default/example",
            types=[INGRESS],
            ingress=[rule(namespaces(**{"kubernetes.io/metadata.name": "monitoring"}))],
        ),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    """Each example loads as what its description says."""
    spec, expected = EXAMPLES[name]
    assert loads(HEAD + spec).policies == (expected,)
