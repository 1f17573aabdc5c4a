"""What a learner is told, word for word, about wrong answers to two tasks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netpol_sim.course import feedback
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome, grade

CATALOG = read_catalog()

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
    page = feedback.html(grade(CATALOG, task, "kind: <script>alert(1)</script>\n"))
    assert "<script>" not in page
