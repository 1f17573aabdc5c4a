"""The text a policy was read from, and where its fields stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from itertools import accumulate

from netpol_sim.manifest.places import Places
from netpol_sim.origin import Origin
from netpol_sim.policy import NetworkPolicy

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*", re.ASCII)
_DASH = re.compile(r" *- +")
_SPECIAL = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}

Nested = Mapping[str, "Nested | str"]


class Page:
    """Offsets of fields in the text of a policy's file."""

    def __init__(self, origin: Origin, places: Places) -> None:
        self.text = origin.text
        self.places = places

    @staticmethod
    def of(policy: NetworkPolicy) -> Page | None:
        """The page a policy is written on; None when it was built in Python, or is JSON."""
        origin = policy.origin
        if origin is None or not isinstance(origin.positions, Places):
            return None
        if origin.text.lstrip()[:1] in ("", "{", "["):
            return None
        return Page(origin, origin.positions)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) for line in self.text.splitlines(keepends=True))]

    def _offset(self, place: tuple[int, int]) -> int:
        line, column = place
        return self._starts[line - 1] + column - 1

    def value(self, path: str) -> int | None:
        """Where a scalar or an entry of a list stands."""
        place = self.places.get(path)
        return None if place is None else self._offset(place)

    def name(self, path: str) -> int | None:
        """Where the name of a field stands."""
        place = self.places.name_of(path)
        return None if place is None else self._offset(place)

    def scalar(self, path: str) -> tuple[int, int] | None:
        """The extent of a scalar, its quotes included."""
        start, content = self.value(path), self.places.text_of(path)
        return None if start is None or content is None else self._token(start, content)

    def key(self, path: str, name: str) -> tuple[int, int] | None:
        """The extent of the name of a field, its quotes included."""
        start = self.name(path)
        return None if start is None else self._token(start, name)

    def _token(self, start: int, content: str) -> tuple[int, int] | None:
        quote = self.text[start : start + 1]
        if quote in ('"', "'"):
            end = start + len(content) + 2
            whole = self.text[start:end] == f"{quote}{content}{quote}"
        else:
            end = start + len(content)
            whole = self.text[start:end] == content
        return (start, end) if whole else None

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before the line break."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def column(self, offset: int) -> int:
        """How many characters stand before an offset on its line."""
        return offset - self.line_start(offset)

    def dash(self, offset: int) -> int | None:
        """The indentation of the dash before a list entry; None when none begins its line."""
        before = self.text[self.line_start(offset) : offset]
        return before.index("-") if _DASH.fullmatch(before) else None

    def is_flow(self, offset: int) -> bool:
        """Whether a value in braces begins here."""
        return self.text[offset : offset + 1] == "{"

    def in_flow(self, offset: int) -> bool:
        """Whether a field stands within braces: after one, or after a comma."""
        return self.text[:offset].rstrip()[-1:] in ("{", ",")

    def closing(self, offset: int) -> int | None:
        """Where the brace that opens here is closed; None when a quote makes that hard to say."""
        depth = 0
        for place in range(offset, len(self.text)):
            letter = self.text[place]
            if letter in "\"'#\n":
                return None
            depth += (letter in "{[") - (letter in "}]")
            if depth == 0:
                return place
        return None

    def entry_end(self, offset: int, dash: int) -> int:
        """Where the lines of a list entry end: before the next line no deeper than its dash."""
        next_line = re.compile(rf"^ {{0,{dash}}}\S", re.MULTILINE)
        found = next_line.search(self.text, self.line_end(offset))
        end = found.start() if found else len(self.text)
        while self.text[self.line_start(end - 1) : end].isspace():
            end = self.line_start(end - 1)
        return end


def written(value: str) -> str:
    """A scalar as YAML: plain where that is the same text, else in double quotes."""
    if _PLAIN.fullmatch(value) and value.lower() not in _SPECIAL:
        return value
    return json.dumps(value)


def inline(value: Nested | str) -> str:
    """A value in braces, on one line."""
    if isinstance(value, str):
        return value
    return "{" + ", ".join(f"{key}: {inline(inner)}" for key, inner in value.items()) + "}"


def indented(value: Nested, column: int) -> str:
    """A mapping as lines that begin at a column; the first line is not indented."""
    lines = []
    for key, inner in value.items():
        if isinstance(inner, str):
            lines.append(f"{key}: {inner}")
        else:
            deeper = column + 2
            lines.append(f"{key}:\n{' ' * deeper}{indented(inner, deeper)}")
    return f"\n{' ' * column}".join(lines)
