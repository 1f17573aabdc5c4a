"""Answers that are no manifests: a grid of verdicts, a review of statements, a talk.

All three are plain lines, ``WHAT: ANSWER``, so that they can be written in any editor and read
without surprises.  Lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course import beliefs
from netpol_sim.course.catalog import Catalog
from netpol_sim.course.task import GridValue, Row, Task, TaskKind
from netpol_sim.errors import ManifestError, Problem, ProblemKind, nearest
from netpol_sim.manifest import loads
from netpol_sim.policy import Direction
from netpol_sim.verdict import Answer, ServiceVerdict

OPEN = "?"
LEAST_WORDS = 25
_TICKED = ("[x]", "[X]")
_BOX = "[ ]"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """One row as answered: ``given`` is empty when it was left open.

    ``belief`` is the id of a misconception that a wrong word suggests.
    """

    label: str
    given: str
    expected: str
    answer: Answer | None = None
    because: str = ""
    belief: str = ""

    @property
    def right(self) -> bool:
        """Whether the row was answered as it comes out."""
        return self.given == self.expected


Result = tuple[tuple[RowResult, ...], tuple[Problem, ...]]


def starter(task: Task) -> str:
    """What the answer of a task begins as."""
    match task.kind:
        case TaskKind.GRID:
            return "".join(f"{row.label}: {OPEN}\n" for row in task.rows)
        case TaskKind.REVIEW:
            return "".join(f"{option.id}: {OPEN}\n" for option in task.options)
        case TaskKind.TALK:
            return "\n" + "".join(f"{_BOX} {point}\n" for point in task.checklist)
        case _:
            return task.starter


def untouched(task: Task, text: str) -> bool:
    """Whether an answer is still what it began as, up to blanks and remarks, or empty."""
    return _bare(text) in ("", _bare(starter(task)))


def _bare(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def words(task: Task) -> tuple[str, ...]:
    """The answers that make sense behind a row."""
    return task.asks.words if task.kind is TaskKind.GRID else ("yes", "no")


def grid(catalog: Catalog, task: Task, text: str) -> Result:
    """Judge a grid: each row against what the simulator says."""
    given, problems = _lines(task, text, [row.label for row in task.rows])
    world = catalog.world(task)
    rows = []
    for row in task.rows:
        expected, answer = truth(world, task.asks, row)
        word = given.get(row.label, "")
        belief = _belief(world, task, row, word) if word not in ("", expected) else ""
        result = RowResult(
            label=row.label, given=word, expected=expected, answer=answer, belief=belief
        )
        rows.append(result)
    return tuple(rows), problems


def _belief(world: Cluster, task: Task, row: Row, word: str) -> str:
    """The id of a misconception with which a wrong word would be right; empty when none fits."""
    if task.asks is GridValue.VALIDITY:
        return ""
    say = end_word if task.asks is GridValue.END else verdict_word
    cluster = _cluster_of(world, row)
    found = beliefs.one_end(evaluate(cluster, row.connection)) if word == "allow" else None
    found = found or beliefs.suggested(cluster, row.connection, lambda each: say(each) == word)
    return found.id if found else ""


def _cluster_of(world: Cluster, row: Row) -> Cluster:
    """What a row is asked about."""
    if not row.policies:
        return world
    return world.with_policies(loads(row.policies, file=row.label).policies)


def truth(world: Cluster, asks: GridValue, row: Row) -> tuple[str, Answer | None]:
    """What a row comes to, and the verdict behind it."""
    try:
        cluster = _cluster_of(world, row)
    except ManifestError:
        return "rejected", None
    if asks is GridValue.VALIDITY:
        return "valid", None
    answer = evaluate(cluster, row.connection)
    return (end_word(answer) if asks is GridValue.END else verdict_word(answer)), answer


def verdict_word(answer: Answer) -> str:
    """``allow`` or ``deny``."""
    return "allow" if answer.allowed else "deny"


def end_word(answer: Answer) -> str:
    """``allow``, or which end denies: ``deny-egress``, ``deny-ingress``, ``deny-both``."""
    if answer.allowed:
        return "allow"
    verdicts = answer.backends if isinstance(answer, ServiceVerdict) else (answer,)
    ends = {direction for verdict in verdicts for direction in verdict.denied_by}
    if len(ends) == 1:
        return "deny-egress" if Direction.EGRESS in ends else "deny-ingress"
    return "deny-both"


def comes_to(cluster: Cluster, connection: str, word: str) -> bool:
    """Whether a connection comes to ``allow``, ``deny``, or to the ends that deny it."""
    answer = evaluate(cluster, connection)
    return word in (verdict_word(answer), end_word(answer))


def review(task: Task, text: str) -> Result:
    """Judge a review: each statement against whether it is right."""
    given, problems = _lines(task, text, [option.id for option in task.options])
    rows = tuple(
        RowResult(
            label=option.id,
            given=given.get(option.id, ""),
            expected="yes" if option.right else "no",
            because=option.because,
        )
        for option in task.options
    )
    return rows, problems


def talk(task: Task, text: str) -> Result:
    """Judge a talk by the learner's own ticks: honest, and therefore called self-assessed."""
    lines = [line.strip() for line in text.splitlines()]
    ticked = {line[len(_BOX) :].strip() for line in lines if line.startswith(_TICKED)}
    said = [line for line in lines if not line.startswith((_BOX, *_TICKED, "#"))]
    rows = tuple(
        RowResult(label=point, given="yes" if point in ticked else "", expected="yes")
        for point in task.checklist
    )
    count = len(" ".join(said).split())
    if count >= LEAST_WORDS:
        return rows, ()
    message = f"write at least {LEAST_WORDS} words before you tick the list; there are {count}"
    return rows, (Problem(kind=ProblemKind.REQUIRED, field="", message=message),)


def _lines(task: Task, text: str, labels: list[str]) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The answered lines of a form, and what is wrong with others."""
    given: dict[str, str] = {}
    problems = []
    allowed = words(task)
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        label, _, value = line.rpartition(":")
        label, value = label.strip(), value.strip().lower()
        if label not in labels:
            meant = nearest(label, labels)
            problems.append(_fault(task, number, label or line, "no row of this task", meant))
        elif value in allowed:
            given[label] = value
        elif value not in ("", OPEN):
            message = f"answer {', '.join(allowed)}"
            problems.append(_fault(task, number, value, message, nearest(value, allowed)))
    return given, tuple(problems)


def _fault(task: Task, line: int, value: str, message: str, meant: str | None) -> Problem:
    return Problem(
        kind=ProblemKind.INVALID,
        field="",
        value=value,
        message=message,
        help=f"did you mean `{meant}`?" if meant else "",
        file=f"{task.id}.yaml",
        line=line,
    )
