"""Read the one text that an exercise set is made from.

A set is Markdown with front matter (``title``, ``minutes``, ``objectives``), like a lesson.  In it

- a fenced block ``yaml task`` states a task;
- each fenced block ``yaml answer``, ``yaml answer WHAT IS DIFFERENT`` or ``text answer`` behind it
  is a reference answer of that task, the first one being its solution.

Everything else is prose.  From the same text come the tasks that are graded, the notebook of the
learner and the solved notebook, so nothing is written twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import yaml

from netpol_sim.course import content_yaml
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.task import (
    Claim,
    GridValue,
    Limit,
    Option,
    Reference,
    Row,
    Task,
    TaskKind,
)
from netpol_sim.errors import nearest

_BLOCK = re.compile(
    r"^```(?:yaml|text) (?P<sort>task|answer)(?P<label>[^\n]*)\n(?P<body>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_ID = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEXTS = ("title", "story", "world", "starter", "given", "profile", "means", "concept")
_LISTS = ("must_allow", "must_deny", "may", "may_not", "checklist", "misconceptions")
_FLAGS = ("staged", "hidden")
_FIELDS = (*_TEXTS, *_LISTS, *_FLAGS, "id", "kind", "limit", "rows", "asks", "options", "minutes")
_SCOPES = ("", "any", "namespaces", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSet:
    """One set: its tasks in order, and its text cut at them.

    ``prose`` has one piece more than there are tasks: what stands before the first, between two,
    and behind the last.  The front matter is the beginning of the first piece.
    """

    name: str
    lesson: int
    tasks: tuple[Task, ...]
    prose: tuple[str, ...]


def parse(text: str, *, name: str, lesson: int) -> ExerciseSet:
    """Read an exercise set from its text.

    Args:
        text: The whole source.
        name: The file's name without its ending, such as ``04-the-banking-case``.
        lesson: The number of the lesson it belongs to.

    Raises:
        SourceError: With every problem, as ``file:line: what is wrong``.
    """
    problems: list[str] = []
    tasks: list[Task] = []
    prose = [""]
    position = 0
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        prose[-1] += text[position : block.start()]
        position = block.end()
        if block["sort"] == "task":
            reader = _TaskReader(f"{name}.md", line)
            tasks.append(reader.read(block["body"], lesson))
            problems += reader.problems
            prose.append("")
        elif not tasks:
            problems.append(f"{name}.md:{line}: this answer stands before any task")
        else:
            answer = Reference(label=block["label"].strip(), text=block["body"])
            tasks[-1] = replace(tasks[-1], references=(*tasks[-1].references, answer))
    prose[-1] += text[position:]
    if problems:
        raise SourceError(tuple(problems))
    return ExerciseSet(name=name, lesson=lesson, tasks=tuple(tasks), prose=tuple(prose))


class _TaskReader:
    """Reads one ``yaml task`` block, collecting its problems."""

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line
        self.problems: list[str] = []

    def problem(self, message: str) -> None:
        self.problems.append(f"{self.file}:{self.line}: {message}")

    def read(self, body: str, lesson: int) -> Task:
        found = self.mapping(body)
        for key in found:
            if key not in _FIELDS:
                meant = nearest(str(key), _FIELDS)
                self.problem(f"a task has no `{key}`" + (f"; `{meant}`?" if meant else ""))
        texts = {key: self.text(found, key) for key in _TEXTS}
        lists = {key: self.texts(found, key) for key in _LISTS}
        task_id = self.text(found, "id")
        minutes = found.get("minutes", 5)
        if not _ID.fullmatch(task_id):
            self.problem(f"a task needs an `id` like `bank-money-path`, not `{task_id}`")
        for key in ("title", "story", "world"):
            if not texts[key]:
                self.problem(f"task `{task_id}` needs a `{key}`")
        if texts["means"] not in _SCOPES:
            self.problem(f"`means` is one of {', '.join(filter(None, _SCOPES))}")
        return Task(
            id=task_id,
            title=texts["title"],
            story=texts["story"],
            world=texts["world"],
            starter=texts["starter"],
            given=texts["given"],
            profile=texts["profile"] or "documentation",
            means=texts["means"],
            concept=texts["concept"],
            must_allow=lists["must_allow"],
            must_deny=lists["must_deny"],
            may=lists["may"],
            may_not=lists["may_not"],
            checklist=lists["checklist"],
            misconceptions=lists["misconceptions"],
            lesson=lesson,
            kind=self.kind(found),
            source=self.file,
            line=self.line,
            limit=self.limit(found),
            staged=found.get("staged") is True,
            hidden=found.get("hidden") is True,
            rows=self.rows(found),
            asks=self.asks(found),
            options=self.options(found),
            minutes=minutes if isinstance(minutes, int) else 5,
        )

    def mapping(self, body: str) -> dict[object, object]:
        try:
            found = content_yaml.read(body)
        except yaml.YAMLError as error:
            self.problem(f"this task is not YAML: {error}")
            return {}
        if not isinstance(found, dict):
            self.problem("a task is a mapping of fields")
            return {}
        return found

    def text(self, found: dict[object, object], key: str) -> str:
        value = found.get(key, "")
        if not isinstance(value, str):
            self.problem(f"`{key}` must be a text")
        return str(value)

    def texts(self, found: dict[object, object], key: str) -> tuple[str, ...]:
        value = found.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(f"`{key}` must be a list of texts")
            return ()
        return tuple(value)

    def kind(self, found: dict[object, object]) -> TaskKind:
        value = found.get("kind")
        if value not in list(TaskKind):
            self.problem(f"`kind` is one of {', '.join(TaskKind)}, not `{value}`")
            return TaskKind.WRITE
        return TaskKind(str(value))

    def asks(self, found: dict[object, object]) -> GridValue:
        value = found.get("asks", GridValue.VERDICT)
        if value not in list(GridValue):
            self.problem(f"`asks` is one of {', '.join(GridValue)}, not `{value}`")
            return GridValue.VERDICT
        return GridValue(str(value))

    def limit(self, found: dict[object, object]) -> Limit | None:
        value = found.get("limit")
        if value is None:
            return None
        if not isinstance(value, dict) or not set(value) <= {"policies", "rules"}:
            self.problem("`limit` is a mapping with `policies`, `rules` or both")
            return None
        return Limit(**value)

    def rows(self, found: dict[object, object]) -> tuple[Row, ...]:
        """Rows: a connection text, or a mapping with ``label``, ``connection``, ``policies``."""
        rows = []
        for item in self.items(found, "rows"):
            if isinstance(item, str):
                rows.append(Row(label=item, connection=item))
            elif isinstance(item, dict) and set(item) <= {"label", "connection", "policies"}:
                fields = {key: str(value) for key, value in item.items()}
                rows.append(Row(**{"label": fields.get("connection", ""), **fields}))
            else:
                self.problem("a row is a connection, or has `label`, `connection`, `policies`")
        if len({row.label for row in rows}) < len(rows):
            self.problem("two rows have the same label")
        return tuple(rows)

    def options(self, found: dict[object, object]) -> tuple[Option, ...]:
        """Options: mappings with ``id``, ``text``, ``right``, ``because`` and maybe ``claims``."""
        options = []
        for item in self.items(found, "options"):
            if not isinstance(item, dict) or not {"id", "text", "right", "because"} <= set(item):
                self.problem("an option has `id`, `text`, `right`, `because` and maybe `claims`")
                continue
            claims = tuple(self.claim(str(claim)) for claim in item.get("claims", ()))
            option = Option(
                id=str(item["id"]),
                text=str(item["text"]),
                right=item["right"] is True,
                because=str(item["because"]),
                claims=claims,
            )
            options.append(option)
        return tuple(options)

    def claim(self, text: str) -> Claim:
        """A claim such as ``bank/rogue -> bank/api:8080: deny-ingress``."""
        connection, _, comes_to = text.rpartition(": ")
        if comes_to not in ("deny", *GridValue.END.words):
            self.problem(f"`{text}` must end in `: allow`, `: deny` or the ends that deny")
        return Claim(connection=connection, comes_to=comes_to)

    def items(self, found: dict[object, object], key: str) -> list[object]:
        value = found.get(key, [])
        if isinstance(value, list):
            return value
        self.problem(f"`{key}` must be a list")
        return []
