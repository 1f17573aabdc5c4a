"""Every point of the document that the course was made from is in the course, at a named place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.syllabus import LESSONS, read_syllabus
from netpol_sim.course.workspace import content_folder
from tests.flattened import FINANCE, SHOP

ROOT = content_folder()
CARDS = {card.id: card for card in read_bank()}
TASKS = {task.id for task in read_catalog().tasks}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the document: the lesson that teaches it, and what must stand there."""

    says: str
    lesson: str
    shows: tuple[str, ...]
    cards: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


POINTS = (
    Point(
        says="pods are open by default",
        lesson="01-open-by-default",
        shows=("every pod can connect to every pod",),
        cards=("default-without-policies",),
        tasks=("open-grid",),
    ),
    Point(
        says="what a NetworkPolicy is",
        lesson="01-open-by-default",
        shows=("## What a NetworkPolicy is", "by their labels", "Kubernetes object"),
    ),
    Point(
        says="key features",
        lesson="01-open-by-default",
        shows=("Pod isolation", "Ingress rules", "Egress rules", "Microservices security"),
    ),
    Point(
        says="zero trust",
        lesson="01-open-by-default",
        shows=("zero trust",),
        cards=("how-policies-secure-microservices",),
    ),
    Point(
        says="the basic YAML and its explanation",
        lesson="02-first-policy",
        shows=(
            "allow-frontend-to-backend.yaml",
            "allows only pods with the label `app=frontend`",
            "in the namespace `ecommerce`",
        ),
        tasks=("shop-backend",),
    ),
    Point(
        says="the workflow, as a flowchart",
        lesson="01-open-by-default",
        shows=("workflow_picture", "Default: open communication", "Unauthorized traffic blocked"),
    ),
    Point(
        says="the workflow, measured",
        lesson="02-first-policy",
        shows=("## The life of a pod, measured",),
    ),
    Point(
        says="the banking example: frontend, backend, database, and its outcome",
        lesson="04-the-banking-case",
        shows=("frontend", "ledger", "blast radius", "financial"),
        cards=("bank-outcome", "bank-three-policies"),
        tasks=("bank-money-path",),
    ),
    Point(
        says="mistake: no policies",
        lesson="01-open-by-default",
        shows=("No policy at all", "NP601"),
    ),
    Point(
        says="mistake: misconfigured selectors",
        lesson="05-selectors-and-namespaces",
        shows=("## What people get wrong",),
        cards=("one-dash-or-two",),
    ),
    Point(
        says="mistake: a selector that blocks what is needed",
        lesson="02-first-policy",
        shows=("A label that nobody wears", "NP202"),
    ),
    Point(
        says="mistake: assuming policies are cluster-wide",
        lesson="06-default-deny",
        shows=("cluster",),
        cards=("cluster-wide",),
    ),
    Point(
        says="mistake: ignoring egress",
        lesson="03-egress-and-both-ends",
        shows=("egress", "internet"),
        cards=("what-the-backend-opens",),
    ),
    Point(
        says="interview question 1: the default",
        lesson="01-open-by-default",
        shows=("default behaviour without network policies",),
        cards=("default-without-policies",),
        tasks=("open-talk",),
    ),
    Point(
        says="interview question 2: how policies enforce security",
        lesson="02-first-policy",
        shows=("How do network policies enforce microservices security",),
        cards=("how-policies-secure-microservices",),
    ),
    Point(
        says="interview question 3: external traffic",
        lesson="07-external-traffic",
        shows=("external traffic",),
        cards=("external-traffic-in-an-interview",),
    ),
    Point(
        says="interview question 4: db-policy",
        lesson="01-open-by-default",
        shows=("db-policy.yaml",),
    ),
    Point(
        says="default deny",
        lesson="06-default-deny",
        shows=("default deny",),
        cards=("four-empties",),
    ),
    Point(
        says="namespace isolation",
        lesson="05-selectors-and-namespaces",
        shows=("namespace",),
        cards=("same-label-other-namespace",),
    ),
    Point(
        says="integration with RBAC and Secrets",
        lesson="11-layered-security",
        shows=("RBAC", "Secret", "`edit`", "exec"),
    ),
    Point(
        says="best practice: least privilege, monitor, refine",
        lesson="10-zero-trust-rollout",
        shows=("replay", "record"),
        cards=("replay-before-enforcing",),
    ),
    Point(
        says="summary: lateral movement",
        lesson="04-the-banking-case",
        shows=("lateral movement",),
    ),
)


@pytest.mark.parametrize("point", POINTS, ids=[point.says for point in POINTS])
def test_a_point_is_taught(point: Point) -> None:
    """The lesson is in the course and shows the point; its cards and tasks are there."""
    assert point.lesson in {lesson.name for lesson in read_syllabus().lessons}
    text = " ".join((ROOT / LESSONS / f"{point.lesson}.md").read_text("utf-8").split()).lower()
    assert [shown for shown in point.shows if " ".join(shown.lower().split()) not in text] == []
    assert [card for card in point.cards if card not in CARDS] == []
    assert [task for task in point.tasks if task not in TASKS] == []


@pytest.mark.parametrize(
    ("file", "flattened"),
    [
        ("allow-frontend-to-backend.yaml", SHOP),
        ("db-policy.yaml", FINANCE),
    ],
)
def test_the_two_policies_are_there_word_for_word(file: str, flattened: str) -> None:
    """Only the indentation that was lost is restored."""
    lines = (ROOT / LESSONS / "policies" / file).read_text("utf-8").splitlines()
    assert [line.strip() for line in lines if line.strip()] == flattened.splitlines()


@pytest.mark.parametrize("lesson", [lesson.name for lesson in read_syllabus().lessons])
def test_a_lesson_has_all_its_parts(lesson: str) -> None:
    """Words, mistakes, cards, a real cluster, its exercises, a summary, and where to read more."""
    text = (ROOT / LESSONS / f"{lesson}.md").read_text("utf-8")
    sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
    needed = {"The words", "On a real cluster", "Summary"}
    assert needed <= set(sections)
    assert any(section.startswith("What people get wrong") for section in sections)
    assert "Read more" in text
    assert "https://kubernetes.io/docs/" in text
    if not lesson.startswith("annex"):
        assert "Check yourself" in sections
        assert "Exercises" in sections
        assert f"](../exercises/{lesson}.ipynb)" in text
        assert "In an interview" in text
        (cards,) = re.findall(r"^```cards\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert 3 <= len(cards.split()) <= 6


def test_every_notebook_of_a_lesson_is_there() -> None:
    """Each lesson of the plan has a notebook that was built."""
    names = [lesson.name for lesson in read_syllabus().lessons]
    assert [name for name in names if not Path(ROOT / LESSONS / f"{name}.ipynb").is_file()] == []
