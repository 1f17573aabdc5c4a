"""What the API server refuses in a NetworkPolicy: kind of error, field path, and place.

One row for each rule of ``pkg/apis/networking/validation/validation.go`` and of the label, name
and metadata validation it calls.
"""

from __future__ import annotations

import pytest

from netpol_sim.errors import ProblemKind
from netpol_sim.manifest import loads
from tests.unit.manifest.reading import HEAD, place, places, problems

REQUIRED = ProblemKind.REQUIRED
INVALID = ProblemKind.INVALID
NOT_SUPPORTED = ProblemKind.NOT_SUPPORTED
FORBIDDEN = ProblemKind.FORBIDDEN
DUPLICATE = ProblemKind.DUPLICATE
TYPE_INVALID = ProblemKind.TYPE_INVALID

Expected = tuple[ProblemKind, str]

ONE_OF_EACH = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"

METADATA: dict[str, tuple[str, list[Expected]]] = {
    "no metadata": (f"»{ONE_OF_EACH}", [(REQUIRED, "metadata.name")]),
    "no name": (
        f"{ONE_OF_EACH}»metadata: {{namespace: a}}\n",
        [(REQUIRED, "metadata.name")],
    ),
    "an empty name": (
        f'{ONE_OF_EACH}metadata: {{name: »""}}\n',
        [(REQUIRED, "metadata.name")],
    ),
    "a name with capitals": (
        f"{ONE_OF_EACH}metadata: {{name: »Db}}\n",
        [(INVALID, "metadata.name")],
    ),
    "a name over 253 characters": (
        f"{ONE_OF_EACH}metadata: {{name: »{'a' * 254}}}\n",
        [(INVALID, "metadata.name")],
    ),
    "a namespace with a dot": (
        f"{ONE_OF_EACH}metadata: {{name: a, namespace: »b.c}}\n",
        [(INVALID, "metadata.namespace")],
    ),
    "a label key that is none": (
        f"{ONE_OF_EACH}metadata: {{name: a, labels: {{»-b: c}}}}\n",
        [(INVALID, "metadata.labels")],
    ),
    "an annotation key that is none": (
        f"{ONE_OF_EACH}metadata: {{name: a, annotations: {{»a b: c}}}}\n",
        [(INVALID, "metadata.annotations")],
    ),
}

SPEC: dict[str, tuple[str, list[Expected]]] = {
    # labels and selectors
    "a label key with a space": (
        "  podSelector:\n    matchLabels:\n      ok: x\n      »a b: c\n",
        [(INVALID, "spec.podSelector.matchLabels")],
    ),
    "a label key with two slashes": (
        "  podSelector: {matchLabels: {»a/b/c: d}}\n",
        [(INVALID, "spec.podSelector.matchLabels")],
    ),
    "a label value over 63 characters": (
        f"  podSelector: {{matchLabels: {{ok: x, a: »{'b' * 64}}}}}\n",
        [(INVALID, "spec.podSelector.matchLabels")],
    ),
    "a label value with a space": (
        "  podSelector: {matchLabels: {a: »b c}}\n",
        [(INVALID, "spec.podSelector.matchLabels")],
    ),
    "an operator in lower case": (
        "  podSelector:\n    matchExpressions:\n    - {key: a, operator: »in, values: [b]}\n",
        [(INVALID, "spec.podSelector.matchExpressions[0].operator")],
    ),
    "no operator": (
        "  podSelector:\n    matchExpressions:\n    - »{key: a, values: [b]}\n",
        [(INVALID, "spec.podSelector.matchExpressions[0].operator")],
    ),
    "In without values": (
        "  podSelector:\n    matchExpressions:\n    - »{key: a, operator: In}\n",
        [(REQUIRED, "spec.podSelector.matchExpressions[0].values")],
    ),
    "NotIn with no values": (
        "  podSelector:\n    matchExpressions:\n    - {key: a, operator: NotIn, »values: []}\n",
        [(REQUIRED, "spec.podSelector.matchExpressions[0].values")],
    ),
    "Exists with values": (
        "  podSelector:\n    matchExpressions:\n    - {key: a, operator: Exists, »values: [b]}\n",
        [(FORBIDDEN, "spec.podSelector.matchExpressions[0].values")],
    ),
    "DoesNotExist with values": (
        (
            "  podSelector:\n    matchExpressions:\n"
            "    - key: a\n      operator: DoesNotExist\n      »values: [b]\n"
        ),
        [(FORBIDDEN, "spec.podSelector.matchExpressions[0].values")],
    ),
    "an empty key is wrong twice": (
        '  podSelector:\n    matchExpressions:\n    - {key: »»"", operator: Exists}\n',
        [(INVALID, "spec.podSelector.matchExpressions[0].key")] * 2,
    ),
    "a value of an expression": (
        "  podSelector:\n    matchExpressions:\n    - {key: a, operator: In, values: [b, »b c]}\n",
        [(INVALID, "spec.podSelector.matchExpressions[0].values[1]")],
    ),
    "a selector of a peer": (
        "  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {a: »b c}}\n",
        [(INVALID, "spec.ingress[0].from[0].namespaceSelector.matchLabels")],
    ),
    "a selector of an egress peer": (
        "  egress:\n  - to:\n    - podSelector: {matchLabels: {a: »b c}}\n",
        [(INVALID, "spec.egress[0].to[0].podSelector.matchLabels")],
    ),
    # ports
    "a protocol in lower case": (
        "  ingress:\n  - ports:\n    - protocol: »tcp\n",
        [(NOT_SUPPORTED, "spec.ingress[0].ports[0].protocol")],
    ),
    "an empty protocol": (
        '  egress:\n  - ports:\n    - protocol: »""\n',
        [(NOT_SUPPORTED, "spec.egress[0].ports[0].protocol")],
    ),
    "port 0": (
        "  ingress:\n  - ports:\n    - port: »0\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "port 65536": (
        "  ingress:\n  - ports:\n    - port: »65536\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "a port name over 15 characters": (
        "  ingress:\n  - ports:\n    - port: »abcdefghijklmnop\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "a port name with capitals": (
        "  ingress:\n  - ports:\n    - port: »Http\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "a port number in quotes is a name without a letter": (
        '  ingress:\n  - ports:\n    - port: »"80"\n',
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "a port name with two hyphens in a row": (
        "  ingress:\n  - ports:\n    - port: »a--b\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "a port name with a hyphen at its end": (
        "  ingress:\n  - ports:\n    - port: »ab-\n",
        [(INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "an endPort below the port": (
        "  ingress:\n  - ports:\n    - port: 80\n      endPort: »79\n",
        [(INVALID, "spec.ingress[0].ports[0].endPort")],
    ),
    "an endPort out of range": (
        "  ingress:\n  - ports:\n    - port: 80\n      endPort: »70000\n",
        [(INVALID, "spec.ingress[0].ports[0].endPort")],
    ),
    "an endPort with a port name": (
        "  ingress:\n  - ports:\n    - port: http\n      endPort: »90\n",
        [(INVALID, "spec.ingress[0].ports[0].endPort")],
    ),
    "an endPort without a port": (
        "  ingress:\n  - ports:\n    - endPort: »90\n",
        [(INVALID, "spec.ingress[0].ports[0].endPort")],
    ),
    # peers
    "an empty peer": (
        "  ingress:\n  - from:\n    - »{}\n",
        [(REQUIRED, "spec.ingress[0].from[0]")],
    ),
    "a null peer": (
        "  egress:\n  - to:\n    -»\n",
        [(REQUIRED, "spec.egress[0].to[0]")],
    ),
    "a peer with nothing but a null selector": (
        "  ingress:\n  - from:\n    - »podSelector:\n",
        [(REQUIRED, "spec.ingress[0].from[0]")],
    ),
    "an ipBlock beside a selector": (
        "  ingress:\n  - from:\n    - »podSelector: {}\n      ipBlock: {cidr: 10.0.0.0/8}\n",
        [(FORBIDDEN, "spec.ingress[0].from[0]")],
    ),
    "an ipBlock beside a namespaceSelector": (
        "  egress:\n  - to:\n    - »ipBlock: {cidr: 10.0.0.0/8}\n      namespaceSelector: {}\n",
        [(FORBIDDEN, "spec.egress[0].to[0]")],
    ),
    "an ipBlock without a cidr": (
        "  ingress:\n  - from:\n    - »ipBlock: {}\n",
        [(REQUIRED, "spec.ingress[0].from[0].ipBlock.cidr")],
    ),
    "an address where a range belongs": (
        "  egress:\n  - to:\n    - ipBlock:\n        cidr: »10.0.0.1\n",
        [(INVALID, "spec.egress[0].to[0].ipBlock.cidr")],
    ),
    "an exception that is no range": (
        "  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except: [»x]\n",
        [(INVALID, "spec.egress[0].to[0].ipBlock.except[0]")],
    ),
    "exceptions equal, wider, outside, of the other family": (
        (
            "  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n"
            "        - 10.1.0.0/16\n        - »10.0.0.0/8\n        - »0.0.0.0/0\n"
            "        - »11.0.0.0/8\n        - »fd00::/8\n"
        ),
        [(INVALID, f"spec.egress[0].to[0].ipBlock.except[{index}]") for index in (1, 2, 3, 4)],
    ),
    # policyTypes
    "three types, whatever they are": (
        "  »policyTypes: [Ingress, Egress, Sideways]\n",
        [(INVALID, "spec.policyTypes")],
    ),
    "types in other cases": (
        "  policyTypes: [»ingress, »EGRESS]\n",
        [(NOT_SUPPORTED, f"spec.policyTypes[{index}]") for index in (0, 1)],
    ),
    # before validation: decoding, strictly
    "an unknown field": ("  »podSelectr: {}\n", [(FORBIDDEN, "spec.podSelectr")]),
    "a field that stands twice": (
        "  podSelector: {}\n  »podSelector: {}\n",
        [(DUPLICATE, "spec.podSelector")],
    ),
    "a port with a fraction": (
        "  ingress:\n  - ports:\n    - port: »80.5\n",
        [(TYPE_INVALID, "spec.ingress[0].ports[0].port")],
    ),
    "ports that are no list": (
        "  ingress:\n  - ports: »80\n",
        [(TYPE_INVALID, "spec.ingress[0].ports")],
    ),
    "a rule that is no mapping": (
        "  ingress: [»x]\n",
        [(TYPE_INVALID, "spec.ingress[0]")],
    ),
    "a mapping where a list belongs": (
        "  »ingress:\n    from: []\n",
        [(TYPE_INVALID, "spec.ingress")],
    ),
    "a list where a mapping belongs": (
        "  »podSelector:\n  - matchLabels: {a: b}\n",
        [(TYPE_INVALID, "spec.podSelector")],
    ),
    "a quoted endPort": (
        '  ingress:\n  - ports: [{port: 80, endPort: »"90"}]\n',
        [(TYPE_INVALID, "spec.ingress[0].ports[0].endPort")],
    ),
    "a number for a label": (
        "  podSelector: {matchLabels: {a: »1}}\n",
        [(TYPE_INVALID, "spec.podSelector.matchLabels.a")],
    ),
}

WHOLE = {**METADATA, **{name: (HEAD + spec, found) for name, (spec, found) in SPEC.items()}}


@pytest.mark.parametrize("name", WHOLE)
def test_each_rule_is_enforced_where_it_is_broken(name: str) -> None:
    """The API server's kind of error and field path, at the line and column to look at."""
    marked, expected = WHOLE[name]
    text, marks = places(marked)
    found = problems(text)
    assert [(problem.kind, problem.field) for problem in found] == expected
    assert [place(problem) for problem in found] == marks
    assert {problem.file for problem in found} == {"db.yaml"}
    assert all(problem.object and problem.object.startswith("NetworkPolicy") for problem in found)


def test_problems_come_in_the_order_of_the_api_server() -> None:
    """Metadata, podSelector, rules with ports before peers, egress after ingress, policyTypes."""
    text = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec:
  policyTypes: [Outgress]
  egress:
  - to: [{}]
    ports: [{port: 0}]
  ingress:
  - from: [{}]
    ports: [{protocol: x}]
  - ports: [{port: 0}]
  podSelector: {matchLabels: {a: b c}}
metadata: {name: A, labels: {a: b c}}
"""
    assert [problem.field for problem in problems(text)] == [
        "metadata.name",
        "metadata.labels",
        "spec.podSelector.matchLabels",
        "spec.ingress[0].ports[0].protocol",
        "spec.ingress[0].from[0]",
        "spec.ingress[1].ports[0].port",
        "spec.egress[0].ports[0].port",
        "spec.egress[0].to[0]",
        "spec.policyTypes[0]",
    ]


def test_what_cannot_be_decoded_comes_first() -> None:
    """Types and names of fields are looked at before what the fields say."""
    found = problems(HEAD + "  podSelector: {matchLabels: {a: b c}}\n  egress: {}\n  x: 1\n")
    assert [(problem.kind, problem.field) for problem in found] == [
        (TYPE_INVALID, "spec.egress"),
        (FORBIDDEN, "spec.x"),
        (INVALID, "spec.podSelector.matchLabels"),
    ]


@pytest.mark.parametrize(
    "spec",
    [
        "  ingress: [{from: [{podSelectr: {}}]}]\n",
        "  ingress: [{from: [{ipBlock: 10.0.0.0/8}]}]\n",
        "  ingress: [{from: [{ipBlock: {cidr: 10}}]}]\n",
        "  ingress: [{ports: [{port: [80], endPort: 90}]}]\n",
        "  podSelector: {matchExpressions: [{key: a, operator: In, value: [b]}]}\n",
        "  podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}\n",
    ],
)
def test_what_was_dropped_is_not_missed(spec: str) -> None:
    """One mistake makes one problem, not a second one about the field that it hides."""
    assert len(problems(HEAD + spec)) == 1


LEGAL = {
    "an empty spec": "  {}\n",
    "a type twice": "  policyTypes: [Ingress, Ingress]\n",
    "rules of a direction that is not in force": "  policyTypes: [Egress]\n  ingress: [{}]\n",
    "exceptions that overlap": "  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: "
    "[10.0.0.0/9, 10.1.0.0/16]}}]}]\n",
    "a range with host bits": "  egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]\n",
    "an endPort equal to the port": "  egress: [{ports: [{port: 80, endPort: 80}]}]\n",
    "a port name that no pod has": "  egress: [{ports: [{port: no-such}]}]\n",
    "one key in two expressions": "  podSelector: {matchExpressions: ["
    "{key: a, operator: In, values: [b]}, {key: a, operator: Exists}]}\n",
    "a port as a number with an empty fraction": "  egress: [{ports: [{port: 80.0}]}]\n",
}


@pytest.mark.parametrize("name", LEGAL)
def test_odd_but_legal(name: str) -> None:
    """What the API server takes loads, however odd."""
    assert len(loads(HEAD + LEGAL[name]).policies) == 1
