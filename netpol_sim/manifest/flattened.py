"""Manifests that lost their indentation, as text copied from a web page does.

Such text is often still YAML, only a different one: ``podSelector`` stands beside ``spec`` instead
of inside it.  We do not guess: we say what happened, and offer what was probably meant.
"""

from __future__ import annotations

import re

from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest import schema
from netpol_sim.manifest.documents import Written
from netpol_sim.manifest.shape import ListOf, Scalar, Shape, Struct, TextMap
from netpol_sim.manifest.tree import Value

_ENTRY = re.compile(r"(?P<key>[A-Za-z][^\s:]*):(?:\s+(?P<value>[^\s#].*))?(?:\s+#.*)?")
_PARTS = {
    "metadata": schema.STRICT_METADATA.fields,
    "spec": schema.POLICY_SPEC.fields,
}
_NO_CONTENT = re.compile(r"\s*(#|---|\.\.\.|$)")


def problem(written: Written) -> Problem | None:
    """The problem of a manifest that lost its indentation; None for any other."""
    lost = _lost(written.fields)
    text = written.passage.text if lost else ""
    if lost is None or _column(text) is None:
        return None
    inside, beside = lost
    line, column = written.places.name_of(beside) or (written.origin.line, 1)
    lines = [number for number, row in enumerate(text.splitlines(), written.origin.line) if row]
    restored = unflatten(text)
    return Problem(
        kind=ProblemKind.MALFORMED,
        field="",
        message=f"the indentation is lost: lines {lines[0]} to {lines[-1]} all begin at the same "
        f"column, so `{beside}` stands beside `{inside}` instead of inside it",
        help=f"this was probably meant:\n{restored}"
        if restored
        else "indent by two spaces whatever belongs inside the line above it",
        file=written.origin.file,
        line=line,
        column=column,
    )


def _lost(fields: dict[str, Value]) -> tuple[str, str] | None:
    """A part of an object that is empty, and a field beside it that belongs inside."""
    for part, names in _PARTS.items():
        if fields.get(part, ...) is None:
            for name in fields:
                if name in names:
                    return part, name
    return None


def unflatten(text: str) -> str | None:
    """The text with the indentation that NetworkPolicies have; None when that cannot be told.

    Every line must begin at the same column, and have kept its ``-``.  Where a line could stand in
    several places, it goes into the innermost that has none like it.
    """
    if _column(text) is None:
        return None
    restored: list[str] = []
    stack: list[_Open] = []
    for line in (row.strip() for row in text.splitlines()):
        if _NO_CONTENT.match(line):
            restored.append(line)
            stack = [] if line.startswith("---") else stack
            continue
        if stack and line.startswith("apiVersion:"):
            restored.append("---")
            stack = []
        stack = stack or [_Open(shape=schema.NETWORK_POLICY, column=0)]
        placed = _placed(line, stack)
        if placed is None:
            return None
        restored.append(placed)
    return "\n".join(restored) + "\n"


def _column(text: str) -> int | None:
    """The column at which every line begins; None when they differ."""
    rows = [row for row in text.splitlines() if not _NO_CONTENT.match(row)]
    columns = {len(row) - len(row.lstrip()) for row in rows}
    return columns.pop() if len(columns) == 1 else None


class _Open:
    """A mapping or list that more may be put into; the entries of a mapping are remembered."""

    def __init__(self, *, shape: Shape, column: int) -> None:
        self.shape = shape
        self.column = column
        self.names: set[str] = set()

    def takes(self, name: str, value: str | None) -> bool:
        """Whether a field belongs into this struct."""
        if not isinstance(self.shape, Struct) or name in self.names:
            return False
        shape = self.shape.fields.get(name)
        is_single = value is not None and value[0] not in "{["
        return shape is not None and isinstance(shape, Scalar) == is_single

    def takes_item(self, text: str) -> bool:
        """Whether an entry belongs into this list."""
        if not isinstance(self.shape, ListOf):
            return False
        entry = _ENTRY.fullmatch(text)
        if isinstance(self.shape.item, Struct):
            return entry is not None and entry["key"] in self.shape.item.fields
        return entry is None


def _placed(line: str, stack: list[_Open]) -> str | None:
    """The line where it belongs; ``stack`` holds what is open, the innermost last."""
    if not line.startswith("- "):
        return _field(line, stack, prefix=None)
    text = line[2:].lstrip()
    while stack and not stack[-1].takes_item(text):
        stack.pop()
    if not stack or not isinstance(stack[-1].shape, ListOf):
        return None
    dash = " " * stack[-1].column + "- "
    if not isinstance(stack[-1].shape.item, Struct):
        return dash + text
    stack.append(_Open(shape=stack[-1].shape.item, column=len(dash)))
    return _field(text, stack, prefix=dash)


def _field(line: str, stack: list[_Open], prefix: str | None) -> str | None:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        return None
    name, value = entry["key"], entry["value"]
    if any(place.takes(name, value) for place in stack):
        while not stack[-1].takes(name, value):
            stack.pop()
    elif value is None or not isinstance(stack[-1].shape, TextMap) or name in stack[-1].names:
        return None
    place = stack[-1]
    place.names.add(name)
    if value is None and isinstance(place.shape, Struct):
        stack.append(_Open(shape=place.shape.fields[name], column=place.column + 2))
    return (" " * place.column if prefix is None else prefix) + line
