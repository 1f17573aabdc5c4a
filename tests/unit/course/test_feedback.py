"""What a learner is told, word for word, about wrong answers to two tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import netpol_sim as netpol
from netpol_sim.course import exercise_notebooks, feedback, feedback_page, standing
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.hints import ladder
from netpol_sim.manifest import dump, loads
from netpol_sim.policy import Direction, NetworkPolicy, Rule

CATALOG = read_catalog()
GOLDEN = Path(__file__).resolve().parents[2] / "golden"

# task, name of the mistake, what is replaced in the first reference, by what, outcome
CASES: list[tuple[str, str, str, str]] = [
    ("shop-backend", "wrong-label", "app: frontend", "app: front-end"),
    ("shop-backend", "wrong-port", "port: 8080", "port: 80"),
    ("shop-backend", "other-protocol", "protocol: TCP", "protocol: UDP"),
    ("shop-backend", "other-namespace", "namespace: ecommerce", "namespace: shop"),
    ("shop-backend", "unknown-field", "podSelector:", "podSelectors:"),
    ("bank-money-path", "no-ingress-namespace", "metadata.name: ingress-nginx", "x: ingress-nginx"),
    ("bank-money-path", "port-22", "port: 5432", "port: 22"),
    ("bank-money-path", "all-ports", "    ports:\n    - {protocol: TCP, port: 5432}\n", ""),
    ("bank-money-path", "egress-only", "policyTypes: [Ingress, Egress]", "policyTypes: [Egress]"),
    ("bank-money-path", "given-name", "name: frontend", "name: lock-down"),
]


@pytest.mark.parametrize(("task_id", "name", "old", "new"), CASES, ids=[c[1] for c in CASES])
def test_wrong_answers(
    task_id: str, name: str, old: str, new: str, golden: Callable[[str, str], None]
) -> None:
    """A wrong answer is not yet, and the feedback is the golden text."""
    task = CATALOG.task(task_id)
    right = task.references[0].text
    assert old in right
    result = grade(CATALOG, task, right.replace(old, new))
    assert result.outcome is Outcome.NOT_YET
    golden(feedback.text(result) + "\n", f"feedback/{task_id}-{name}.txt")


TIERS = [
    ("tiers-guardrail", "wrong-tier", "tier: Admin", "tier: Baseline"),
    ("tiers-guardrail", "wrong-namespace", "env: dev", "env: prod"),
    ("tiers-no-internet", "accept-for-pass", "action: Pass", "action: Accept"),
]


@pytest.mark.parametrize(("task_id", "name", "old", "new"), TIERS, ids=[c[1] for c in TIERS])
def test_wrong_answers_with_tiers(
    task_id: str, name: str, old: str, new: str, golden: Callable[[str, str], None]
) -> None:
    """Tier, policy, rule and line are named, in the feedback and by the hints before the last."""
    task = CATALOG.task(task_id)
    answer = task.references[0].text.replace(old, new)
    result = grade(CATALOG, task, answer)
    assert result.outcome is Outcome.NOT_YET
    hints = "\n".join(str(each) for each in ladder(CATALOG, task, answer)[:-1])
    golden(f"{feedback.text(result)}\n\n{hints}\n", f"feedback/{task_id}-{name}.txt")


def test_done_with_tiers_speaks_of_every_pod() -> None:
    """The comparison is of every cluster, and so says the feedback."""
    task = CATALOG.task("tiers-baseline")
    said = feedback.text(grade(CATALOG, task, task.references[1].text))
    assert "for every other pod as well" in said


def test_cluster_scoped_policies_are_refused_where_others_are_asked_for() -> None:
    """With the line, and not as if they were not there."""
    answer = CATALOG.task("tiers-guardrail").references[0].text
    said = feedback.text(grade(CATALOG, CATALOG.task("bank-money-path"), answer))
    assert "bank-money-path.yaml:1: ClusterNetworkPolicy no-dev-in-bank: kind:" in said
    assert "answered with NetworkPolicies" in said


def test_hidden_connections(golden: Callable[[str, str], None]) -> None:
    """How many come out right is told, and one that does not; no matrix shows the others.

    A port that was mistyped at one end is no belief about ends.
    """
    task = CATALOG.task("capstone-secure")
    right = task.references[0].text
    result = grade(CATALOG, task, right.replace("port: 5432", "port: 5433", 1))
    assert result.misconception is None
    assert standing.matrix(result) is None
    golden(feedback.text(result) + "\n", "feedback/capstone-secure-hidden.txt")
    closed = feedback.text(grade(CATALOG, task, task.starter + "  ingress: []\n"))
    shown = [connection for connection, _ in task.listed if connection in closed]
    assert len(shown) == 1
    student = exercise_notebooks.markdown(CATALOG, CATALOG.sets[-2], solved=False)
    assert "40 connections are tried" in student
    assert "-> ecommerce/db:5432` |" not in student


@pytest.mark.parametrize("name", ["shop-backend", "finance-db"])
def test_what_opens_everything_is_no_belief_about_ends(name: str) -> None:
    """It means what no policy means, and yet nobody left one out."""
    task = CATALOG.task(name)
    (solution, *_) = CATALOG.solutions(task)
    opened = [
        replace(policy, policy_types=(Direction.INGRESS,), ingress=(Rule(),), egress=())
        for policy in solution
        if isinstance(policy, NetworkPolicy)
    ]
    result = grade(CATALOG, task, dump(opened))
    assert result.outcome is Outcome.NOT_YET
    assert result.misconception is None


def test_an_order_that_interrupts(golden: Callable[[str, str], None]) -> None:
    """Policies that are right together and stop something on the way are not yet, with the step."""
    task = CATALOG.task("rollout-in-order")
    first, *others = task.references[0].text.split("---\n")
    result = grade(CATALOG, task, "---\n".join([first, *reversed(others)]))
    assert result.outcome is Outcome.NOT_YET
    assert result.relation is not None
    assert result.relation.equal
    golden(f"{feedback.text(result)}\n", "feedback/rollout-in-order-interrupted.txt")


def test_hints_for_an_order_that_interrupts(golden: Callable[[str, str], None]) -> None:
    """The hints lead to the step, and say what it stops; the order is told at the end alone."""
    task = CATALOG.task("rollout-in-order")
    first, *others = task.references[0].text.split("---\n")
    hints = ladder(CATALOG, task, "---\n".join([first, *reversed(others)]))
    told = "\n".join(f"{each.step.value} {each.text}" for each in hints[:-1])
    assert task.references[0].text.strip() in hints[-1].text
    golden(f"{told}\n", "feedback/rollout-in-order-hints.txt")


BANKING = [
    "bank-lockdown.no-names",
    "bank-lockdown.two-dashes",
    "bank-lockdown.udp-only",
    "bank-money-path.ingress-only",
    "bank-money-path.name-label",
    "bank-money-path.dash-before-ports",
    "bank-metrics.no-namespace",
    "bank-metrics.whole-namespace",
    "bank-metrics.ports-under-peer",
    "bank-leak.wrong-one-removed",
    "bank-batch.no-egress",
    "bank-batch.any-namespace",
    "bank-four.five-policies",
]
"""Answers as people write them: the task, and what is wrong."""


@pytest.mark.parametrize("name", BANKING)
def test_the_banking_set_done_wrong(name: str, golden: Callable[[str, str], None]) -> None:
    """All that a learner is told about a wrong answer, up to the last hint."""
    task = CATALOG.task(name.partition(".")[0])
    answer = (GOLDEN / "feedback" / "banking" / f"{name}.yaml").read_text("utf-8")
    result = grade(CATALOG, task, answer)
    assert result.outcome is Outcome.NOT_YET
    told = [feedback.text(result), *map(str, ladder(CATALOG, task, answer))]
    golden("\n\n".join(told) + "\n", f"feedback/banking/{name}.txt")


@pytest.mark.parametrize("task_id", ["shop-backend", "bank-money-path"])
def test_right_answers(task_id: str) -> None:
    """Every reference is told that it means exactly what is asked."""
    task = CATALOG.task(task_id)
    for reference in task.references:
        text = feedback.text(grade(CATALOG, task, reference.text))
        assert text.startswith(f"✓ {task_id}: done")
        assert "mean exactly what is asked" in text


def test_the_page_escapes_what_was_written() -> None:
    """Markup in an answer is shown, not obeyed."""
    task = CATALOG.task("shop-backend")
    page = feedback_page.html(grade(CATALOG, task, "kind: <script>alert(1)</script>\n"))
    assert "<script>" not in page


def test_names_between_backticks_are_code_on_the_page() -> None:
    """In the feedback, and in the offer of a hint."""
    task = CATALOG.task("dash-grid")
    page = feedback_page.html(grade(CATALOG, task, None), offer="Run `%hint x`.")
    assert "<code>%hint x</code>" in page
    assert "<code>?</code>" in page
    assert "`" not in page


@pytest.mark.parametrize(
    ("task_id", "line", "belief"),
    [
        ("dash-grid", "one dash: prod/client: allow", "under one dash mean either"),
        ("dash-grid", "two dashes: prod/client: deny", "in a list mean both"),
        ("which-end", "bank/frontend -> bank/api:8080: allow", "one end opens the connection"),
        ("dash-grid", "one dash: finance/report: allow", ""),
        ("dash-grid", "one dash: dev/client: allow", ""),
    ],
)
def test_a_wrong_word_suggests_a_belief(task_id: str, line: str, belief: str) -> None:
    """A wrong cell names the belief under which it would be right, if there is one."""
    told = feedback.text(grade(CATALOG, CATALOG.task(task_id), f"{line}\n"))
    assert ("Perhaps you think that" in told) is bool(belief)
    assert belief in told


def test_a_wrong_prediction_suggests_a_belief() -> None:
    """The reveal of a prediction names the misconception that the guess fits."""
    row = CATALOG.task("dash-grid").rows[1]
    cluster = CATALOG.world(CATALOG.task("dash-grid")).with_policies(loads(row.policies).policies)
    widget = netpol.predict(cluster, [row.connection])
    widget._handle_custom_msg({"do": "guess", "row": 0, "column": 0, "allowed": True}, [])  # noqa: SLF001
    widget._handle_custom_msg({"do": "commit"}, [])  # noqa: SLF001  where messages arrive
    assert "under one dash mean either" in widget.view["explanation"]
