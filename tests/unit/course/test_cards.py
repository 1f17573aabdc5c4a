"""Cards: how they are read, what is asked, and what the checker finds."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from netpol_sim.course import card_bank
from netpol_sim.course.card_check import faults, faults_between
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.cards import Card, parse
from netpol_sim.course.source_parts import SourceError

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: bank}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: <<friend>>}}
"""
PODS = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: api, namespace: bank, labels: {app: api}}}
- {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: bank, labels: {app: web}}}
- {apiVersion: v1, kind: Pod, metadata: {name: job, namespace: bank, labels: {app: job}}}
"""
HEAD = "concept: rule\nlevel: junior\nquestion: Which?\n"


def block(key: str, text: str) -> str:
    """A YAML field with a text of several lines."""
    return f"{key}: |\n{indent(text, '  ')}"


def written(friend: str) -> str:
    """The policy that lets one friend in."""
    return POLICY.replace("<<friend>>", friend)


def read(body: str) -> tuple[list[Card], list[str]]:
    """The cards of a file with one card, and the problems."""
    problems: list[str] = []
    text = "- id: one\n" + indent(HEAD + dedent(body), "  ")
    return list(parse(text, file="c.yaml", lesson=1, problems=problems)), problems


def card(body: str) -> Card:
    """A card that reads without problems, about a small bank."""
    (found,), problems = read(dedent(body) + block("cluster", PODS))
    assert problems == []
    return found


def asked(body: str, seed: int = 0) -> Question:
    """A card as it is put."""
    return pose(card(body), Path(), seed)


def faults_of(body: str) -> str:
    """What the checker says, as one text."""
    found = faults(card(body), Path(), concepts=frozenset({"rule"}), names=frozenset({"bank/api"}))
    return "\n".join(found)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("kind: recal\n", "c.yaml:1: `kind` is one of recall, predict"),
        ("kind: recall\nopinions: []\n", "c.yaml:1: a card has no `opinions`; `options`?"),
        ("kind: recall\n", "card `one` needs `options`"),
        ("kind: order\nlines: 5\n", "`lines` must be a list of texts"),
        ("kind: recall\noptions: [{txt: a}]\n", "an option is a mapping with some of because"),
        ("kind: order\nlines: [a]\nvary: 5\n", "`vary` must be a mapping"),
        ("kind: [", "these cards are not YAML"),
    ],
)
def test_problems_of_a_file_are_found(body: str, message: str) -> None:
    """Each fault is told with its line."""
    _, problems = read(body)
    assert message in "\n".join(problems)


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("kind: predict\nconnections: ['bank/job -> bank/api:80']\n", {"denied, by the ingress"}),
        ("kind: predict\nconnections: ['bank/web -> bank/api:80']\n", {"allowed"}),
        (
            "kind: predict\nconnections: ['bank/web -> bank/api:80', 'bank/job -> bank/api:80']\n",
            {"bank/web -> bank/api:80"},
        ),
        ("kind: count\nto: bank/api:80\noptions: [{text: '1'}, {text: '2'}]\n", {"1"}),
        ("kind: count\nfrom: bank/job:80\noptions: [{text: '1'}, {text: '2'}]\n", {"1"}),
        (
            "kind: recall\noptions: [{text: yes it is, right: true}, {text: no}]\n",
            {"yes it is"},
        ),
    ],
)
def test_what_is_right_is_computed(body: str, right: set[str]) -> None:
    """The simulator works out the key; only a recall card's is typed."""
    question = asked(body + block("policies", written("web")))
    found = {choice.text for choice in question.choices if choice.right}
    assert len(found) == len(right)
    assert all(any(text.startswith(start) for start in right) for text in found)


PREDICT = "kind: predict\nconnections: ['bank/web -> bank/job:1']\n"
CHOOSE = (
    "kind: choose\nmust_allow: ['bank/web -> bank/api:80']\n"
    "must_deny: ['bank/job -> bank/api:80']\nexplanation: A.\noptions:\n"
)


def option(friend: str, more: str = "") -> str:
    """An option of policies."""
    return f"- {more}policies: |\n{indent(written(friend), '    ')}"


def test_of_policies_the_one_that_meets_all_is_right() -> None:
    """Options are tried on the connections that must pass and must not."""
    wrong = option("job", "misconception: directions-swapped\n  ")
    question = asked(CHOOSE + option("web") + wrong)
    (right,) = (choice for choice in question.choices if choice.right)
    assert right.block
    assert "app: web" in right.text


def test_why_an_option_fails_is_computed() -> None:
    """The first connection that a wrong option decides otherwise is told, with its verdict."""
    question = asked(CHOOSE + option("web") + option("job", "misconception: wrong-end\n  "))
    (wrong,) = (choice for choice in question.choices if not choice.right)
    assert wrong.because.startswith("bank/web -> bank/api:80/TCP is denied")


def test_what_the_api_server_accepts_is_computed() -> None:
    """A manifest is right when it is accepted; of one that is refused it is said why."""
    refused = option("web").replace("podSelector", "podSelectr", 1)
    question = asked("kind: accept\noptions:\n" + option("web") + refused)
    (right,) = (choice for choice in question.choices if choice.right)
    (wrong,) = (choice for choice in question.choices if not choice.right)
    assert "podSelectr" not in right.text
    assert "podSelectr" in wrong.because
    assert question.several


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (written("web"), "it means the same as before"),
        (written("web").replace("{app: web}", "{}"), "it allows more than before, and no less"),
        (
            written("web").replace("{app: web}", "{app: web, tier: top}"),
            "it allows less than before, and no more",
        ),
        (written("job"), "it allows something new, and something no longer"),
    ],
)
def test_what_a_change_does_is_computed(after: str, outcome: str) -> None:
    """Both versions are shown; one of four outcomes is right, with a connection that shows it."""
    body = "kind: compare\n" + block("policies", written("web")) + block("changed", after)
    question = asked(body)
    assert [choice.text for choice in question.choices if choice.right] == [outcome]
    assert question.manifests.count("# before") == question.manifests.count("# after") == 1
    assert "new version" in "".join(question.reasons)


def test_a_service_is_allowed_or_denied() -> None:
    """A connection to a Service has two outcomes: its pods may differ in their ends."""
    service = (
        "- apiVersion: v1\n  kind: Service\n  metadata: {name: api, namespace: bank}\n"
        "  spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80}]}\n"
    )
    body = "kind: predict\nconnections: ['bank/job -> svc:bank/api:80']\n"
    (found,), problems = read(
        body + block("policies", written("web")) + block("cluster", PODS + service)
    )
    assert problems == []
    question = pose(found, Path())
    assert [(each.text, each.right) for each in question.choices] == [
        ("allowed", False),
        ("denied", True),
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("kind: count\nto: bank/api:80\noptions: [{text: '1'}]\n", "These are bank/web."),
        (
            "kind: bug\noptions: [{text: a, finding: NP603}, {text: b, finding: NP201}]\n",
            "NP603 egress-not-isolated",
        ),
    ],
)
def test_what_the_simulator_says_is_shown(body: str, reason: str) -> None:
    """Counted pods are named; a finding is told with its rule and place."""
    assert reason in "".join(asked(body + block("policies", written("web"))).reasons)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (
            "kind: predict\nconnections: ['bank/web -> bank/api:80']\n",
            ("namespace bank: api (app=api); web (app=web)",),
        ),
        (
            "kind: count\nto: bank/api:80\noptions: [{text: '1'}]\n",
            ("namespace bank: api (app=api); web (app=web); job (app=job)",),
        ),
        ("kind: compare\n" + block("changed", written("job")), ()),
    ],
)
def test_the_labels_that_matter_are_shown(body: str, facts: tuple[str, ...]) -> None:
    """Ends of a prediction, all pods to count; nothing where the question is about any cluster."""
    assert asked(body + block("policies", written("web"))).facts == facts


def test_nodes_ports_and_namespaces_are_shown_where_they_matter() -> None:
    """A connection from a node tells nodes, a policy with a port name tells ports."""
    world = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: edge, labels: {team: web}}}
- {apiVersion: v1, kind: Node, metadata: {name: n1}}
- apiVersion: v1
  kind: Pod
  metadata: {name: proxy, namespace: edge}
  spec:
    nodeName: n1
    hostNetwork: true
    containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]
"""
    policies = written("web").replace("  - from", "  - ports: [{port: http}]\n  - from")
    body = "kind: predict\nconnections: ['node/n1 -> edge/proxy:8080']\n"
    (found,), problems = read(body + block("cluster", world) + block("policies", policies))
    assert problems == []
    assert pose(found, Path()).facts == (
        "namespace edge (team=web): proxy (no labels, port http 8080, node n1, host network)",
    )


def test_a_seed_draws_values_and_order() -> None:
    """The same seed asks the same; some other seed asks for another friend."""
    body = "kind: predict\nvary: {friend: [web, job]}\n" + block("policies", POLICY)
    body += "connections: ['bank/<<friend>> -> bank/api:80', 'bank/api -> bank/web:80']\n"
    assert asked(body, 3) == asked(body, 3)
    drawn = {asked(body, seed).manifests for seed in range(8)}
    assert drawn == {written("web"), written("job")}


def test_lines_are_judged_by_what_they_mean() -> None:
    """The shuffled lines are never in order; put in order they are right, and else not."""
    lines = written("web").splitlines()
    question = asked(f"kind: order\nlines: {lines!r}\n")
    assert list(question.lines) != lines
    right = tuple(question.lines.index(line) for line in lines)
    assert question.fault_of(right) == ""
    assert question.fault_of((right[-1], *right[:-1]))
    assert question.fault_of(right[:-1]) == "Every line is needed, once."


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("kind: recall\nexplanation: A.\noptions: [{text: a}]\n", "has 0 right options"),
        (
            "kind: recall\nexplanation: A.\noptions: [{text: a, right: true}, {text: b}]\n",
            "does not say which belief leads to: b",
        ),
        (
            "kind: recall\noptions: [{text: a, right: true}, {text: a, believes: b}]\n",
            "has the same option twice",
        ),
        ("kind: recall\noptions: [{text: a, right: true}]\n", "does not explain its answer"),
        (
            "kind: recall\nexplanation: The pod `bank/api` is denied.\noptions: [{text: a}]\n",
            "without a claim: The pod `bank/api` is denied.",
        ),
        (
            "kind: predict\nconnections: ['bank/web -> bank/job:1', 'bank/job -> bank/web:1']\n",
            "all come out the same",
        ),
        ("kind: predict\nconnections: [nonsense]\n", "cannot be asked"),
        (
            "kind: predict\nconnections: ['bank/web -> bank/job:1']\noptions: [{text: maybe}]\n",
            "has no answer `maybe`",
        ),
        (
            f"{PREDICT}claims: ['bank/web -> bank/job:1: deny']\n",
            "claims `bank/web -> bank/job:1: deny`; it is allowed",
        ),
        ("kind: explain\nanswer: A.\nchecklist: [a]\n", "needs a checklist of at least 3"),
        (CHOOSE + option("web") + option("web"), "has two options that mean the same: 1 and 2"),
        (
            CHOOSE + option("web") + option("job", "misconception: wrong-id\n  "),
            "knows no misconception `wrong-id`",
        ),
        (
            CHOOSE.replace("job", "<<who>>") + "- policies: a\nvary: {who: [job, web]}\n",
            "cannot be asked",
        ),
        (
            "kind: compare\n"
            + block("policies", written("web"))
            + block("changed", written("job")),
            "does not say which belief leads to",
        ),
        (
            "kind: bug\noptions: [{text: a, finding: NP000}]\n" + block("policies", written("web")),
            "knows no lint rule `NP000`",
        ),
        (
            "kind: recall\nexplanation: Option b is right.\noptions: [{text: a}]\n",
            "calls an option by its place",
        ),
        (
            "kind: recall\nexplanation: <<name>>.\noptions: [{text: a}]\n",
            "a name in `<<>>` that `vary` does not list",
        ),
        (
            PREDICT + "explanation: So.\nclaims: ['bank/job -> bank/<<who>>:1: deny']\n"
            "vary: {who: [api, web]}\n",
            "it is allowed",
        ),
    ],
)
def test_the_checker_finds_faults(body: str, fault: str) -> None:
    """What the simulator does not agree with is told."""
    assert fault in faults_of(body)


def test_an_unknown_concept_is_a_fault() -> None:
    """A card is about a word of the glossary."""
    found = card("kind: predict\nconnections: ['bank/web -> bank/job:1']\n")
    assert "which the glossary does not explain" in str(
        faults(found, Path(), concepts=frozenset(), names=frozenset())
    )


def test_cards_are_compared_with_each_other() -> None:
    """An id or a question that is there twice is told."""
    one = card("kind: predict\nconnections: ['bank/web -> bank/job:1']\n")
    assert len(faults_between((one, one))) == 1


def test_the_index_and_the_folder_agree(tmp_path: Path) -> None:
    """A listed file that is missing, and a file that is not listed, are both told."""
    (tmp_path / "exercises/cards").mkdir(parents=True)
    (tmp_path / "exercises/course.yaml").write_text("cards: [{source: 01-a, lesson: 1}]\n")
    (tmp_path / "exercises/cards/02-b.yaml").write_text("[]\n")
    with pytest.raises(SourceError) as caught:
        card_bank.read_bank(tmp_path)
    assert "01-a.yaml cannot be read" in str(caught.value)
    assert "lists no cards `02-b`" in str(caught.value)
