"""Cards that ask for an order: lines judged by what they mean, steps by what each one does."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from netpol_sim.course import deck, quiz_text
from netpol_sim.course.card_check import faults
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.cards import parse
from netpol_sim.course.deck import Confidence, Deck

MOVE = """\
- id: move
  concept: to stage
  level: staff
  kind: order
  question: Replace the old policy. In which order?
  explanation: The new one first.
  must_allow: ["bank/web -> bank/db:5432", "obs/scraper -> bank/db:9090"]
  must_deny: ["bank/job -> bank/db:5432"]
  lines:
  - label namespace/obs team=watch
  - apply bank/new
  - delete bank/old
  cluster: |
    apiVersion: v1
    kind: Pod
    metadata: {name: db, namespace: bank, labels: {app: db}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: bank, labels: {app: web}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: job, namespace: bank, labels: {app: job}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: scraper, namespace: obs, labels: {app: scraper}}
  policies: |
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: old, namespace: bank}
    spec:
      podSelector: {matchLabels: {app: db}}
      ingress:
      - from:
        - podSelector: {matchLabels: {app: web}}
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: obs}}
  changed: |
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: new, namespace: bank}
    spec:
      podSelector: {matchLabels: {app: db}}
      ingress:
      - from: [{podSelector: {matchLabels: {app: web}}}]
        ports: [{port: 5432}]
      - from: [{namespaceSelector: {matchLabels: {team: watch}}}]
        ports: [{port: 9090}]
"""
LABEL, APPLY, DELETE = "label namespace/obs team=watch", "apply bank/new", "delete bank/old"


def asked(text: str, seed: int = 0) -> Question:
    """The card of a text, as it is put."""
    problems: list[str] = []
    (card,) = parse(text, file="c.yaml", lesson=1, problems=problems)
    assert problems == []
    return pose(card, Path(), seed)


def faults_of(text: str) -> str:
    """What the checker says, as one text."""
    found = faults(
        asked(text).card, Path(), concepts=frozenset({"to stage"}), names=frozenset({"bank/db"})
    )
    return "\n".join(found)


def fault(*steps: str) -> str:
    """What is wrong with steps in this order."""
    question = asked(MOVE)
    return question.fault_of([question.lines.index(step) for step in steps])


def test_an_order_is_right_when_nothing_needed_is_cut_off() -> None:
    """Of the six orders those are safe in which the old policy goes last."""
    steps = (LABEL, APPLY, DELETE)
    safe = {order for order in permutations(steps) if not fault(*order)}
    assert safe == {(LABEL, APPLY, DELETE), (APPLY, LABEL, DELETE)}


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ((APPLY, DELETE, LABEL), "After `delete bank/old`: obs/scraper -> bank/db:9090/TCP is den"),
        (
            (DELETE, APPLY, LABEL),
            "After `delete bank/old`: bank/job -> bank/db:5432/TCP is allowed",
        ),
        ((LABEL, APPLY), "Every line is needed, once."),
        ((LABEL, APPLY, APPLY), "Every line is needed, once."),
    ],
)
def test_the_step_that_breaks_something_is_named(order: tuple[str, ...], says: str) -> None:
    """What is cut off, or opened that was shut, is told with the step and the verdict."""
    assert fault(*order).startswith(says)


def test_what_was_never_allowed_must_be_in_the_end() -> None:
    """A connection that no step allows makes every order wrong."""
    never = '  must_allow: ["bank/job -> bank/db:5432"]\n  lines:'
    question = asked(re.sub(r"  must_allow:.*\n  must_deny:.*\n  lines:", never, MOVE))
    assert question.fault_of((0, 1, 2)).startswith(
        "In the end: bank/job -> bank/db:5432/TCP is den"
    )


def test_the_question_shows_what_there_is_and_what_is_needed() -> None:
    """Policies that are there, those to apply, what must hold, and the labels; no step in order."""
    question = asked(MOVE)
    assert question.manifests.index("# there already") < question.manifests.index("# to apply")
    assert question.facts[:2] == (
        "needed: bank/web -> bank/db:5432; obs/scraper -> bank/db:9090",
        "to stay shut: bank/job -> bank/db:5432",
    )
    assert all(asked(MOVE, seed).fault_of(range(3)) for seed in range(8))


def test_a_wrong_order_is_answered_with_its_fault_and_a_safe_one() -> None:
    """First what goes wrong in the order that was given, then one in which nothing does."""
    question = asked(MOVE)
    wrong = tuple(question.lines.index(step) for step in (DELETE, LABEL, APPLY))
    (answered,) = deck.answer(Deck(questions=(question,)), wrong, Confidence.SURE).answered
    said = quiz_text.result_text(answered)
    assert said.startswith("✗ Not yet. After `delete bank/old`: bank/job")
    assert f"a safe order is:\n    {LABEL}\n    {APPLY}\n    {DELETE}\n" in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("apply bank/new", "apply bank/newer", "there is no `bank/newer` to apply among bank/new"),
        ("delete bank/old", "delete bank/odd", "no NetworkPolicy `bank/odd`"),
        ("delete bank/old", "remove bank/old", "`remove bank/old` is no step"),
        ("namespace/obs team=watch", "pod/obs team=watch", "`label pod/obs team=watch` is no step"),
    ],
)
def test_what_is_no_step_is_told(old: str, new: str, says: str) -> None:
    """Each fault of a step is found before anybody is asked."""
    problems: list[str] = []
    (card,) = parse(
        MOVE.replace(f"- {old}", f"- {new}").replace(f"label {old}", f"label {new}"),
        file="c",
        lesson=1,
        problems=problems,
    )
    found = faults(card, Path(), concepts=frozenset({"to stage"}), names=frozenset())
    assert says in "\n".join(found)


def test_the_checker_wants_an_order_that_is_right_and_not_by_chance() -> None:
    """The listed order must be safe, and most others must not be."""
    assert faults_of(MOVE) == ""
    swapped = MOVE.replace(f"  - {APPLY}\n  - {DELETE}\n", f"  - {DELETE}\n  - {APPLY}\n")
    assert "lists its lines in an order that is not right: After `delete bank/old`" in faults_of(
        swapped
    )
    easy = MOVE.replace("  - delete bank/old\n", "").replace(', "obs/scraper -> bank/db:9090"', "")
    assert "is right by chance: 2 of 2 orders are safe" in faults_of(easy)


def test_lines_that_mean_something_else_are_told_with_a_difference() -> None:
    """A refused manifest is told by its problem, one that means otherwise by a connection."""
    lines = [
        "apiVersion: networking.k8s.io/v1",
        "kind: NetworkPolicy",
        "metadata: {name: api, namespace: bank}",
        "spec:",
        "  podSelector: {}",
        "  ingress:",
        "  - from: [{podSelector: {}}]",
        "    ports: [{port: 80}]",
        "  - from: [{podSelector: {matchLabels: {a: b}}}]",
    ]
    head = "- {id: one, concept: to stage, level: mid, kind: order, question: So, explanation: So"
    question = asked(f"{head}, lines: {lines}}}")
    right = [question.lines.index(line) for line in lines]
    assert question.fault_of(right) == ""
    assert question.fault_of([*right[1::-1], *right[2:]]) == ""
    assert question.fault_of([right[-1], *right[:-1]]).startswith("This order is refused: ")
    moved = [*right[:-2], right[-1], right[-2]]
    assert question.fault_of(moved).startswith("This order is too open")
