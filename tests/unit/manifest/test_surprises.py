"""What plain loading of YAML hides: words that are no text, keys that stand twice, odd names."""

from __future__ import annotations

import pytest

from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest import loads
from netpol_sim.manifest.kinds import habits_of
from tests.unit.manifest.reading import HEAD, place, places, policy, problems

LABEL = "  podSelector:\n    matchLabels:\n      app: »{}\n"


def only(marked: str) -> Problem:
    """The only problem of a text, which stands at its only mark."""
    text, marks = places(marked)
    (problem,) = problems(text)
    assert [place(problem)] == marks
    return problem


WORDS = {
    "80": "a number",
    "1.10": "a number, 1.1",
    "010": "a number, 8",
    "0x1f": "a number, 31",
    "12e3": "a number, 12000",
    "1_000": "a number, 1000",
    "true": "a truth value",
    "True": "a truth value, true",
    "on": "a truth value, true",
    "No": "a truth value, false",
    "y": "a truth value, true",
}


@pytest.mark.parametrize("word", WORDS)
def test_words_that_are_no_text(word: str) -> None:
    """The message says what YAML makes of the word, the help how to write it."""
    problem = only(HEAD + LABEL.format(word))
    assert problem.kind is ProblemKind.TYPE_INVALID
    assert problem.value == word
    assert problem.message == f"must be text; without quotes YAML reads it as {WORDS[word]}"
    assert problem.help == f'write `"{word}"`'
    quoted = HEAD + LABEL.format(f'"{word}"').replace("»", "")
    assert loads(quoted).policies[0].pod_selector.match_labels == {"app": word}


@pytest.mark.parametrize("word", ["", "~", "null"])
def test_a_label_without_a_value(word: str) -> None:
    """Nothing is not the empty text."""
    (problem,) = problems((HEAD + LABEL.format(word)).replace("»", ""))
    assert problem.kind is ProblemKind.TYPE_INVALID
    assert problem.message == "must be text, but nothing is written here"
    assert policy('  podSelector: {matchLabels: {app: ""}}\n').pod_selector.match_labels == {
        "app": ""
    }


@pytest.mark.parametrize("word", ["2024-01-01", "v1.10", "1.2.3", "5d41402a", "a-80", "None"])
def test_words_that_are_text(word: str) -> None:
    """What the Kubernetes tools read as text needs no quotes, a date neither."""
    found = policy(LABEL.format(word).replace("»", ""))
    assert found.pod_selector.match_labels == {"app": word}


def test_base_sixty() -> None:
    """`1:20` is text here (eighty elsewhere), and no label value."""
    assert only(HEAD + LABEL.format("1:20")).kind is ProblemKind.INVALID


def test_json_labels_are_not_blamed_on_yaml() -> None:
    """In JSON a number is a number without any surprise."""
    text = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"app": »80}}}'
    assert only(text).message == "must be text, not a number"


def test_odd_keys_become_text_as_for_the_server() -> None:
    """Keys are text in the end: a number or truth value turns into one."""
    found = policy("  podSelector: {matchLabels: {010: a, on: b, 1.5: c}}\n")
    assert found.pod_selector.match_labels == {"8": "a", "true": "b", "1.5": "c"}


def test_merges() -> None:
    """`<<` brings in what is not there: own entries win, then those of the first source."""
    found = policy(
        "  podSelector: {matchLabels: {a: own, <<: [{a: x, b: first}, {b: x, c: last}]}}\n"
    )
    assert found.pod_selector.match_labels == {"a": "own", "b": "first", "c": "last"}


REPEATED = {
    "a label": (
        "  podSelector:\n    matchLabels:\n      app: a\n      »app: b\n",
        "spec.podSelector.matchLabels.app",
        "on line 7",
        "matchExpressions",
    ),
    "rules": ("  ingress: []\n  »ingress: []\n", "spec.ingress", "on line 5", "delete"),
    "a selector of a rule": (
        "  ingress:\n  - from:\n    - podSelector: {}\n      »podSelector: {}\n",
        "spec.ingress[0].from[0].podSelector",
        "on line 7",
        "delete",
    ),
}


@pytest.mark.parametrize("name", REPEATED)
def test_keys_that_stand_twice(name: str) -> None:
    """The second is reported, with the line of the first."""
    marked, field, first, help_text = REPEATED[name]
    problem = only(HEAD + marked)
    assert (problem.kind, problem.field) == (ProblemKind.DUPLICATE, field)
    assert first in problem.message
    assert help_text in problem.help


def test_keys_that_stand_twice_in_json() -> None:
    """JSON hides them as well."""
    text = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", »"name": "b"}}'
    assert only(text).kind is ProblemKind.DUPLICATE
    top = '{"apiVersion": "v1", "kind": "Pod", »"kind": "Pod", "metadata": {"name": "a"}}'
    assert only(top).kind is ProblemKind.DUPLICATE
    several = (
        '{"apiVersion": "v1", "kind": "List", "items": [{}, {"metadata": {}, »"metadata": 1}]}'
    )
    text, marks = places(several)
    assert [place(item) for item in problems(text) if item.kind is ProblemKind.DUPLICATE] == marks


def test_a_name_that_is_taken() -> None:
    """Two objects of one kind and name are one too many; the first is named."""
    text, marks = places(HEAD + "  {}\n---\n" + HEAD.replace("db", "»db") + "  {}\n")
    (problem,) = problems(text)
    assert (problem.kind, problem.field) == (ProblemKind.DUPLICATE, "metadata.name")
    assert [place(problem)] == marks
    assert "db.yaml:1" in problem.message


def test_a_namespace_declared_twice() -> None:
    """A namespace may be declared again, but not with other labels."""
    one = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: one}}\n"
    assert len(loads(f"{one}---\n{one}").namespaces) == 1
    (problem,) = problems(f"{one}---\n{one.replace('x: one', 'x: two')}")
    assert problem.kind is ProblemKind.DUPLICATE


UNKNOWN = {
    # a slip of the pen
    "podSelctor: {}": "did you mean `podSelector`?",
    "PodSelector: {}": "did you mean `podSelector`?",
    "policyType: [Ingress]": "did you mean `policyTypes`?",
    "Ingress: []": "did you mean `ingress`?",
    "podSelector: {matchLabel: {a: b}}": "did you mean `matchLabels`?",
    "podSelector: {matchExpressions: [{key: a, operator: In, value: [b]}]}": "`values`",
    "ingress: [{ports: [{ports: 80}]}]": "did you mean `port`?",
    "ingress: [{ports: [{endport: 80}]}]": "did you mean `endPort`?",
    # out of place
    "from: []": "`from` belongs in an entry of `ingress`",
    "ports: []": "`ports` belongs in an entry of `ingress` or an entry of `egress`",
    "matchLabels: {}": "`matchLabels` belongs in `podSelector` or `namespaceSelector`",
    "name: a": "`name` belongs in `metadata`",
    "ingress: [{to: []}]": "`to` belongs in an entry of `egress`",
    "ingress: [{port: 80}]": "`port` belongs in an entry of `ports`",
    "ingress: [{from: [{ports: []}]}]": "`ports` belongs in an entry of `ingress`",
    "ingress: [{from: [{cidr: 10.0.0.0/8}]}]": "`cidr` belongs in `ipBlock`",
    "ingress: [{from: [{except: []}]}]": "`except` belongs in `ipBlock`",
    "podSelector: {ingress: []}": "`ingress` belongs in `spec`",
    # labels without matchLabels
    "podSelector: {app: web}": "write `matchLabels:` and inside it `app`",
    "ingress: [{from: [{app: web}]}]": "inside it `matchLabels:`, inside that `app`",
    # wishes that a NetworkPolicy cannot grant
    "egress: [{to: [{fqdn: a.example}]}]": "knows no host names",
    "egress: [{to: [{host: a.example}]}]": "knows no host names",
    "egress: [{toFQDNs: []}]": "knows no host names",
    "ingress: [{action: Deny}]": "there are no deny rules",
    "order: 1": "policies have no order",
    "ingress: [{from: [{namespace: a}]}]": "kubernetes.io/metadata.name",
    "ingress: [{from: [{serviceAccount: a}]}]": "knows no accounts",
    "egress: [{to: [{service: a}]}]": "never sees a Service",
    "egress: [{to: [{ip: 10.0.0.1}]}]": "cidr: 10.0.0.0/8",
    "ingress: [{http: {}}]": "not requests",
    # something else
    "zzz: 1": "the fields here are podSelector, policyTypes, ingress, egress",
}


@pytest.mark.parametrize("written", UNKNOWN)
def test_unknown_fields(written: str) -> None:
    """The help names the field that was meant, where the field belongs, or what there is."""
    (problem,) = problems(f"{HEAD}  {written}\n")
    assert problem.kind is ProblemKind.FORBIDDEN
    assert problem.message == "there is no such field here"
    assert UNKNOWN[written] in problem.help


def test_fields_beside_the_spec() -> None:
    """Unknown fields are refused at the top and in metadata too."""
    top = problems(f"{HEAD}  {{}}\npodSelector: {{}}\n")
    assert [(problem.field, problem.help) for problem in top] == [
        (
            "podSelector",
            (
                "`podSelector` belongs in `spec`, an entry of `from` or an entry of `to`: check "
                "the indentation"
            ),
        )
    ]
    inner = problems(HEAD.replace("name: db", "name: db, label: {}") + "  {}\n")
    assert [(problem.field, problem.help) for problem in inner] == [
        ("metadata.label", "did you mean `labels`?")
    ]


def test_every_field_of_a_policy_has_a_home() -> None:
    """Advice about misplaced fields comes from the schema itself."""
    homes = habits_of("NetworkPolicy").homes
    assert homes["endPort"] == ("an entry of `ports`",)
    assert homes["spec"] == ("the top of the manifest",)
    assert homes["key"] == ("an entry of `matchExpressions`",)


TYPES = {
    "podSelector: app=web": "write `matchLabels:` inside it, and inside that `app: web`",
    "podSelector: {matchLabels: app=web}": "write `app: web`, on a line of its own inside it",
    "podSelector: {matchLabels: app:web}": "write `app: web`, with a space after the `:`",
    "podSelector: [{matchLabels: {}}]": "leave out the `-`",
    "policyTypes: Ingress": "write `policyTypes: [Ingress]`",
    "policyTypes: Ingress, Egress": "write `policyTypes: [Ingress, Egress]`",
    "ingress: {from: []}": "put `- ` before its first field",
    "ingress: [{ports: 80}]": "write `ports:` and below it `- port: 80`",
    "ingress: [{ports: [80]}]": "write `- port: NUMBER`",
    "ingress: [{ports: [{port: [80, 443]}]}]": "write one entry of `ports` for each",
    "ingress: [{ports: [{port: 80, endPort: '90'}]}]": "write `endPort: 90`",
    "ingress: [{from: 10.0.0.0/8}]": "write `ipBlock:` and inside it `cidr: 10.0.0.0/8`",
    "ingress: [{from: [10.0.0.0/8]}]": "write `ipBlock:` and inside it `cidr: 10.0.0.0/8`",
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}]}]": (
        "write `except: [10.1.0.0/16]`"
    ),
    "ingress: allow": "write `ingress: [allow]`",
}


@pytest.mark.parametrize("written", TYPES)
def test_wrong_types(written: str) -> None:
    """The help says what to write instead."""
    (problem,) = problems(f"{HEAD}  {written}\n")
    assert problem.kind is ProblemKind.TYPE_INVALID
    assert TYPES[written] in problem.help


KINDS = {
    "kind: »NetworkPolicies": "NetworkPolicy",
    "kind: »networkpolicy": "NetworkPolicy",
    "kind: »Networkpolicy": "NetworkPolicy",
    "kind: »NetPolicy": "NetworkPolicy",
    "kind: »network-policy": "NetworkPolicy",
    "kind: »Pods": "Pod",
    "kind: »NameSpace": "Namespace",
    "kind: »deployment": "Deployment",
}


@pytest.mark.parametrize("marked", KINDS)
def test_kinds_that_are_nearly_ours(marked: str) -> None:
    """A kind in one of our API groups that is nearly one of ours is a slip of the pen."""
    problem = only(f"apiVersion: networking.k8s.io/v1\n{marked}\nmetadata: {{name: a}}\n")
    assert (problem.kind, problem.field) == (ProblemKind.NOT_SUPPORTED, "kind")
    assert problem.help == f"did you mean `{KINDS[marked]}`?"


VERSIONS = {
    "networking.k8s.io/v1beta1": "supported for NetworkPolicy is networking.k8s.io/v1",
    "networking.k8s.io": "supported for NetworkPolicy is networking.k8s.io/v1",
    "networking.k8.io/v1": "supported for NetworkPolicy is networking.k8s.io/v1",
    "networking/v1": "supported for NetworkPolicy is networking.k8s.io/v1",
    "v1": "supported for NetworkPolicy is networking.k8s.io/v1",
    "apps/v1": "supported for NetworkPolicy is networking.k8s.io/v1",
    "extensions/v1beta1": "Kubernetes 1.16 removed this version",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_other_api_versions(version: str) -> None:
    """The right version is named, and the rest of the object is looked at all the same."""
    text = f"apiVersion: {version}\nkind: NetworkPolicy\nmetadata: {{name: A}}\n"
    of_version, of_name = problems(text)
    assert (of_version.kind, of_version.field) == (ProblemKind.NOT_SUPPORTED, "apiVersion")
    assert of_version.message == VERSIONS[version]
    assert of_version.help == "write `apiVersion: networking.k8s.io/v1`"
    assert of_name.field == "metadata.name"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("apiVersion: v1\nmetadata: {name: a}\n", "kind"),
        ("apiVersion: v1\nkind: ''\nmetadata: {name: a}\n", "kind"),
        ("kind: Pod\nmetadata: {name: a}\n", "apiVersion"),
        ("kind: Secret\n", "apiVersion"),
    ],
)
def test_what_every_manifest_says(text: str, field: str) -> None:
    """An object without a kind or an API version is none."""
    (problem,) = problems(text)
    assert (problem.kind, problem.field) == (ProblemKind.REQUIRED, field)
    (wrong,) = problems(
        text + f"\n---\n{{apiVersion: v1, kind: Pod, metadata: {{name: b}}, {field}: 1}}"
    )[1:2]
    assert wrong.kind in (ProblemKind.DUPLICATE, ProblemKind.TYPE_INVALID)


def test_all_problems_of_all_objects_are_there() -> None:
    """Nothing hides behind the first problem; problems come in the order of the objects."""
    good = HEAD.replace("db", "good") + "  {}\n"
    text = "---\n".join(
        [HEAD + "  x: 1\n", good, "a: b: c\n", HEAD.replace("db", "D") + "  z: 1\n"]
    )
    assert [(problem.line, problem.field) for problem in problems(text)] == [
        (5, "spec.x"),
        (13, ""),
        (19, "spec.z"),
        (17, "metadata.name"),
    ]


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ("{name: a, namespace: b}", "NetworkPolicy b/a"),
        ("{name: a}", "NetworkPolicy default/a"),
        ("{namespace: b}", "NetworkPolicy"),
        ("[]", "NetworkPolicy"),
        ("{name: [a]}", "NetworkPolicy"),
        ("{name: a, namespace: 1}", "NetworkPolicy default/a"),
    ],
)
def test_objects_are_called_by_kind_and_name(metadata: str, name: str) -> None:
    """A problem names its object, as far as that has a name."""
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\nx: 1\n"
    assert {problem.object for problem in problems(text)} == {name}


def test_values_are_shown_fit_for_a_line() -> None:
    """A long value is cut, and control characters are written out."""
    found = problems(
        HEAD + f'  podSelector: {{matchLabels: {{a: "{"x" * 200}", b: "\\e[31m\\n"}}}}\n'
    )
    assert [problem.value for problem in found] == ["x" * 77 + "...", "\\x1b[31m\\n"]
