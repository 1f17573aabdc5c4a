"""What a task of the course is.  Data only: ``catalog`` reads it, ``grade`` judges answers to it.

A task is *about* a cluster: a world, plus the policies that are given and stay in place.  An answer
is text.  For most kinds it is manifests, and the cluster that is judged is the world with the given
policies and those of the answer; a grid is answered with one value a row, a review with the
statements that hold, a talk with an explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TaskKind(StrEnum):
    """What the learner does."""

    WRITE = "write"
    FIX = "fix"
    MIN = "min"
    HUNT = "hunt"
    ORDER = "order"
    GRID = "grid"
    REVIEW = "review"
    ROLES = "roles"
    TALK = "talk"

    @property
    def answered_with_policies(self) -> bool:
        """Whether an answer is network policies."""
        return self not in (TaskKind.GRID, TaskKind.REVIEW, TaskKind.ROLES, TaskKind.TALK)


class GridValue(StrEnum):
    """What a grid asks for in each row."""

    VERDICT = "verdict"
    END = "end"
    VALIDITY = "validity"

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that make sense in a row."""
        match self:
            case GridValue.VERDICT:
                return ("allow", "deny")
            case GridValue.END:
                return ("allow", "deny-egress", "deny-ingress", "deny-both")
            case GridValue.VALIDITY:
                return ("valid", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a grid.

    ``label`` is what the learner sees and answers to.  ``connection`` is asked in the task's
    cluster, with ``policies`` (manifest text) in place of the given ones where there are any.  A
    validity row has policies and no connection.
    """

    label: str
    connection: str = ""
    policies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence the simulator can check: this connection comes to this (a GridValue.END word)."""

    connection: str
    comes_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A statement of a review.  It is right when it is marked so and every claim of it holds.

    ``because`` is shown afterwards.  The gate rejects a marked statement whose claims fail, and an
    unmarked one whose claims all hold.
    """

    id: str
    text: str
    right: bool
    because: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An answer that is right.  The first of a task is the one shown as its solution."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How small an answer must be: at most so many policies, rules."""

    policies: int | None = None
    rules: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task.

    ``must_allow`` and ``must_deny`` are connection texts; ``may`` and ``may_not`` are requests to
    the API server in words (see ``rbac.asking``), for tasks that are answered with roles and
    bindings.  ``means`` names a scope of ``compare`` (``any``, ``namespaces``, ``world``) within
    which the answer must mean exactly what the first reference means; empty when only the listed
    connections count.  ``concept`` is the second step of the hints; the others are computed from
    the learner's own answer.  ``misconceptions`` are ids of mistakes that this task can reveal.
    ``profile`` is the name of a plugin profile.  ``staged`` says that the policies are applied one
    by one, in the order written, and that what must be allowed may not be interrupted on the way.
    ``hidden`` says that the listed connections are not shown: the learner works them out from the
    story, and feedback tells how many come out right and one that does not.
    """

    id: str
    title: str
    lesson: int
    kind: TaskKind
    story: str
    world: str
    source: str
    line: int
    starter: str = ""
    given: str = ""
    profile: str = "documentation"
    must_allow: tuple[str, ...] = ()
    must_deny: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    means: str = ""
    limit: Limit | None = None
    staged: bool = False
    hidden: bool = False
    references: tuple[Reference, ...] = ()
    rows: tuple[Row, ...] = ()
    asks: GridValue = GridValue.VERDICT
    options: tuple[Option, ...] = ()
    checklist: tuple[str, ...] = ()
    concept: str = ""
    misconceptions: tuple[str, ...] = ()
    minutes: int = 5

    @property
    def listed(self) -> tuple[tuple[str, bool], ...]:
        """Every listed connection, and whether it must be allowed."""
        allow = tuple((connection, True) for connection in self.must_allow)
        return allow + tuple((connection, False) for connection in self.must_deny)


def lesson_name(lesson: int) -> str:
    """What tasks with the number of a lesson belong to; the exam drill has none."""
    return f"Lesson {lesson}" if lesson else "Exam drill"
