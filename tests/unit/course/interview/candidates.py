"""Candidates to interview: one who knows, and one who opens everything."""

from __future__ import annotations

from netpol_sim.cluster_policy import by_scope
from netpol_sim.course.card_keys import Question
from netpol_sim.course.deck import LETTERS
from netpol_sim.course.exercise_notebooks import solution
from netpol_sim.course.interview import session
from netpol_sim.course.interview.plan import Step
from netpol_sim.course.interview.session import Interview
from netpol_sim.course.task import TaskKind

SECONDS = 30
OPEN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: open, namespace: {namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
  ingress: [{{}}]
  egress: [{{}}]
"""


def right(step: Step) -> str:
    """The right answer, as it is typed."""
    if isinstance(step.asks, Question):
        if step.asks.checklist:
            return "I would say all of that."
        if step.asks.lines:
            order = [step.asks.lines.index(line) + 1 for line in step.asks.card.lines]
            return " ".join(map(str, order))
        return " ".join(LETTERS[at] for at in sorted(step.asks.key))
    return solution(step.asks.catalog, step.asks.task)


def wrong(step: Step) -> str:
    """An answer that makes sense and is wrong: the first choice that is, or all doors open."""
    if isinstance(step.asks, Question):
        if step.asks.checklist:
            return "It depends."
        choices = step.asks.choices
        return next((LETTERS[at] for at, each in enumerate(choices) if not each.right), LETTERS[0])
    task = step.asks.task
    if task.kind is TaskKind.GRID:
        return "".join(f"{row.label}: deny-both\n" for row in task.rows)
    (first, *_), _ = by_scope(step.asks.catalog.solutions(task)[0])
    namespace = first.namespace
    return OPEN.format(namespace=namespace)


def go_on(interview: Interview, *, knows: bool) -> Interview:
    """The interview after one more answer."""
    step = session.current(interview)
    assert step is not None
    said = session.say(session.spend(interview, SECONDS), (right if knows else wrong)(step))
    if said.draft is None:
        return said
    assert isinstance(step.asks, Question)
    points = range(len(step.asks.checklist)) if knows else ()
    return session.confirm(said, tuple(points))


def to_the_end(interview: Interview, *, knows: bool) -> Interview:
    """The whole interview."""
    while session.current(interview) is not None:
        interview = go_on(interview, knows=knows)
    return interview
