"""Questions that an interviewer makes from the candidate's own answer.

What is right is worked out from the policies as the candidate wrote them, right or wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from netpol_sim.analysis.access import what_can_be_reached
from netpol_sim.analysis.diff import diff
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import by_scope
from netpol_sim.course.card_facts import pod_lines
from netpol_sim.course.card_keys import ENDS, Choice, Question, comes_to
from netpol_sim.course.cards import Card, CardKind, Level
from netpol_sim.course.grade import Grade
from netpol_sim.course.interview.plan import FOLLOW_UP_MINUTES, Section, Skill, Step
from netpol_sim.course.practice import Practice
from netpol_sim.course.task import Task
from netpol_sim.manifest import dump
from netpol_sim.model import Connection, Pod
from netpol_sim.policy import Direction
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Verdict

_MOST_CHOICES = 6
_FILE = "the answer"
_INTRUDER = "Your policies let {pod} connect to {target}. Now an intruder owns {pod}. Which of \
these can the intruder connect to from there, on any port, as the cluster now stands?"
_STANDING = "An intruder owns {pod}. Which of these can the intruder connect to from there, on \
any port, as the cluster now stands?"
_AS_WRITTEN = "Look at your own policies again. What becomes of this connection?"
_CAVEATS = "What does your answer rest on, and what does it not do? Tell the team what they \
should know before they trust it."
_PROOF = "How do you prove on the cluster that your policies do this, and nothing else?"


def follow_ups(step: Step, grade: Grade, count: int, level: Level) -> tuple[Step, ...]:
    """What is asked next.

    Args:
        step: The task.
        grade: What the answer to it comes to.  Of an answer that does not load only the
            questions that need no policies are asked.
        count: How many at most.
        level: Whom one would hire.
    """
    made = _Made(step, grade, level)
    if step.section is Section.WRITE:
        asked = (made.intruder(), made.caveats(), made.proof(), made.as_written())
    else:
        asked = (made.as_written(), made.proof(), made.intruder(), made.caveats())
    return tuple(islice((each for each in asked if each is not None), count))


class _Made:
    """The questions about one answer."""

    def __init__(self, step: Step, grade: Grade, level: Level) -> None:
        self.step, self.grade, self.level = step, grade, level
        self.cluster = grade.cluster

    @property
    def task(self) -> Task:
        return self.grade.task

    def intruder(self) -> Step | None:
        """Somebody whom the policies let in is hacked: what do they reach now?"""
        if self.cluster is None:
            return None
        connection = self.by_mistake() or _inward(self.cluster, self.task)
        if connection is None:
            return None
        source, target = connection.source.key, connection.destination.key
        found = what_can_be_reached(self.cluster, source)
        reached = {access.place.key: str(access.ports) for access in found.found}
        others = [pod.key for pod in self.cluster.pods if pod.key not in (source, target)]
        choices = tuple(Choice(text=key, right=key in reached) for key in others[:_MOST_CHOICES])
        asks = _INTRUDER if evaluate(self.cluster, connection).allowed else _STANDING
        said = tuple(f"{source} reaches {key}: {ports}." for key, ports in reached.items())
        question = Question(
            card=self.card("intruder", CardKind.RECALL, lesson=4),
            text=asks.format(pod=source, target=target),
            manifests=dump(self.grade.policies),
            facts=pod_lines(self.cluster),
            choices=choices,
            several=True,
            reasons=said,
        )
        return self.asked("intruder", Skill.LEAST_PRIVILEGE, question)

    def by_mistake(self) -> Connection | None:
        """A connection between two pods that the answer allows and the solution does not."""
        asks = self.step.asks
        if self.cluster is None or not isinstance(asks, Practice):
            return None
        world, (solution, *_) = asks.catalog.world(asks.task), asks.catalog.solutions(asks.task)
        appeared = diff(world.with_policy(*solution), self.cluster).added
        examples = (change.example for change in appeared)
        return next(filter(_between_pods, examples), None)

    def as_written(self) -> Step | None:
        """The connection that tells the answer from what was asked for, or one that is refused."""
        if self.cluster is None:
            return None
        defined = (each for each in _telling(self.grade) if self.is_defined(each))
        text = next(defined, None)
        if text is None:
            return None
        truth = comes_to(self.cluster, text)
        answer = evaluate(self.cluster, text)
        question = Question(
            card=self.card("as-written", CardKind.PREDICT, lesson=3, connections=(text,)),
            text=_AS_WRITTEN,
            manifests=dump(self.grade.policies),
            choices=tuple(Choice(text=each, right=each == truth) for each in ENDS.values()),
            reasons=tuple(explain(answer, Length.PARAGRAPH).splitlines()),
        )
        return self.asked("as-written", Skill.REASON, question)

    def is_defined(self, text: str) -> bool:
        """Whether the API itself says what becomes of a connection."""
        return self.cluster is not None and not evaluate(self.cluster, text).caveats

    def caveats(self) -> Step | None:
        """What is left open."""
        points = (
            "The network plugin must enforce policies; the API server only stores them.",
            "Labels are trusted: who may create or label pods gets through.",
            "Policies judge who opens a connection. Replies need no rule.",
            *self.name_lookups(),
            "Traffic between a pod and its own node is not stopped.",
            "What becomes of connections that are open already is left to the plugin.",
        )
        return self.spoken("caveats", Skill.CAVEATS, _CAVEATS, points, lesson=12)

    def name_lookups(self) -> Iterator[str]:
        policies, _ = by_scope(self.grade.policies)
        if any(Direction.EGRESS in policy.policy_types for policy in policies):
            yield "Egress is isolated, so names are looked up only if port 53 is allowed."
        else:
            yield "Egress is not isolated: what the pod itself sends is not limited."

    def proof(self) -> Step | None:
        """How it would be checked."""
        needed, refused = self.task.must_allow[:1], self.task.must_deny[:1]
        points = (
            *(f"Try what must work, from a pod with the client's labels: {one}" for one in needed),
            *(f"Try what must not work, and expect a timeout: {one}" for one in refused),
            "Look at what the policy selects: kubectl describe, and get pods with its selector.",
            "Prove that the cluster enforces at all: a deny-all in an empty namespace.",
            "Compare before and after (a diff of connections), and know the way back.",
        )
        return self.spoken("proof", Skill.VERIFICATION, _PROOF, points, lesson=10)

    def spoken(
        self, name: str, skill: Skill, text: str, points: Sequence[str], *, lesson: int
    ) -> Step:
        """A question that is answered in words, against a list of points."""
        question = Question(
            card=self.card(name, CardKind.EXPLAIN, lesson=lesson),
            text=text,
            manifests="",
            checklist=tuple(points),
            answer="\n".join(points),
        )
        return self.asked(name, skill, question)

    def card(
        self, name: str, kind: CardKind, *, lesson: int, connections: tuple[str, ...] = ()
    ) -> Card:
        return Card(
            id=f"{self.step.id}-{name}",
            lesson=lesson,
            concept="follow-up",
            level=self.level,
            kind=kind,
            question=name,
            file=_FILE,
            line=1,
            connections=connections,
        )

    def asked(self, name: str, skill: Skill, question: Question) -> Step:
        return Step(
            id=f"{self.step.id}-{name}",
            section=self.step.section,
            skill=skill,
            minutes=FOLLOW_UP_MINUTES,
            asks=question,
            follows=self.step.id,
        )


def _inward(cluster: Cluster, task: Task) -> Connection | None:
    """A connection between two pods that the task speaks about, one that passes if there is any."""
    answers = [evaluate(cluster, text) for text, _ in task.listed]
    between = [
        each for each in answers if isinstance(each, Verdict) and _between_pods(each.connection)
    ]
    between.sort(key=lambda verdict: not verdict.allowed)
    return between[0].connection if between else None


def _between_pods(connection: Connection) -> bool:
    return isinstance(connection.source, Pod) and isinstance(connection.destination, Pod)


def _telling(grade: Grade) -> Iterator[str]:
    """Connections that say something about an answer: first those that come out wrong."""
    yield from (failure.connection for failure in grade.failures)
    yield from grade.task.must_deny
    yield from grade.task.must_allow
