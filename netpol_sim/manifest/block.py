"""YAML in block style, as ``kubectl`` prints it and people write it, read line by line.

Manifests repeat their lines a great deal, so what a line says is worked out once.  Only what has
one plain meaning is read here; at the first doubt (an anchor, a tab, a text of several lines, a
key given twice, anything that may be an error) the document is left to a parser of all of YAML.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from itertools import accumulate, chain, islice, repeat, takewhile
from operator import length_hint

from netpol_sim.manifest.scalars import as_key, resolve
from netpol_sim.manifest.tree import Document, Extent, Value

_MOST_LEVELS = 60
_OF_ROOT = 1
_ENTRY = re.compile(r"\w[\w./-]*", re.ASCII)
_LINE = re.compile(
    rf"""(?P<indent>\ *)
    (?: (?P<dash>-\ +)?
        (?: (?P<key> \w[\w./-]{{0,200}} | "[\w./-]{{1,200}}") : (?=\ |\Z) \ * )?
        (?: (?P<word> (?:[\w./$(+;<=^~] | -(?![\ :\#]|\Z)) [^\ :\#]* (?:(?:\ +|:)[^\ :\#]+)*)
          | "(?P<double> (?:[^"\\] | \\["\\nt])* )"
          | '(?P<single> (?:[^'] | '')* )'
          | (?P<own> \{{\}} | \[\] | \[{_ENTRY.pattern}(?:,\ *{_ENTRY.pattern})*\])
          | (?P<text> \|-?)
        )?
    )?
    \ * (?: (?<![^\ ]) \#.* )?
    """,
    re.ASCII | re.VERBOSE,
)
_BEGIN = re.compile("---(?: +(?:#.*)?)?")


class _More(Enum):
    """What a line gives to its key or to its list, when it is no scalar."""

    OWN = "a list or an empty mapping, a new one every time"
    NESTED = "what the lines below hold, if they are indented"
    TEXT = "the lines below, as they are"


_Line = tuple[int, int, str, Value, _More | None]
"""What a line says: its depth, the column of its key, the key (or nothing), and what it gives.

Lines of one depth belong to one mapping or list.  The depth is twice the column, and one more for
an entry of a list, which may stand in the same column as the mapping that holds the list.
"""

_END: _Line = -1, 0, "", None, None


class _DoubtError(Exception):
    """The document needs a parser of all of YAML."""


class Lines(dict[str, "_Line | None"]):
    """What each line says, worked out when it is first met; None for nothing."""

    def __missing__(self, line: str) -> _Line | None:
        said = self[line] = _said(line)
        return said


def _said(line: str) -> _Line | None:
    if line.startswith("---") and _BEGIN.fullmatch(line):
        return None
    found = _LINE.fullmatch(line)
    if found is None or not line.isprintable():
        raise _DoubtError
    last = found.lastgroup or ""
    if last == "indent":
        return None
    indent, dash, word = found.group("indent", "dash", "key")
    key = ""
    if word is not None:
        key = word[1:-1] if word[0] == '"' else as_key(word) or ""
    if not key and (word or not dash):
        raise _DoubtError
    value, more = _given(last, found[last])
    return 2 * len(indent) + (dash is not None), found.start("key"), key, value, more


def _given(kind: str, text: str) -> tuple[Value, _More | None]:
    match kind:
        case "word":
            return resolve(text), None
        case "key":
            return None, _More.NESTED
        case "double":
            return json.loads(f'"{text}"'), None
        case "single":
            return text.replace("''", "'"), None
        case "own" if text == "{}":
            return {}, _More.OWN
        case "own":
            return [resolve(entry) for entry in _ENTRY.findall(text)], _More.OWN
        case "text":
            return text, _More.TEXT
        case _:
            raise _DoubtError


def document(text: str, lines: Lines) -> Document | None:
    """The one document of a text; None when only a parser of all of YAML can tell.

    Its extents are those of the root, and of the mappings in the lists of the root.
    """
    try:
        return _Reading(text, lines).document()
    except _DoubtError:
        return None


class _Reading:
    """A document that is read from above; each method begins at a line, and gives the next.

    A line that nothing above it has room for is given up to the root, which refuses it.
    """

    def __init__(self, text: str, said: Lines) -> None:
        self._length = len(text)
        self._lines = text.split("\n")
        self._below = iter(self._lines)
        self._rest = chain(filter(None, map(said.__getitem__, self._below)), repeat(_END))
        self._entries: list[tuple[dict[str, Value], int, int, int | None]] = []

    def document(self) -> Document:
        line = next(self._rest)
        if line is _END:
            return Document(None, 0, 0, {}, has_repeated_keys=False)
        depth, column, *_ = line
        if depth & 1:
            raise _DoubtError
        number = self._number()
        start = sum(map(len, self._lines[:number])) + number + column
        root, line = self._mapping(line, depth, 0)
        if line is not _END:
            raise _DoubtError
        extents = self._extents() if self._entries else {}
        extents[id(root)] = Extent(start, self._length, number, column)
        return Document(root, number, column, extents, has_repeated_keys=False)

    def _mapping(self, line: _Line, depth: int, level: int) -> tuple[dict[str, Value], _Line]:
        if level > _MOST_LEVELS:
            raise _DoubtError
        rest = self._rest
        mapping: dict[str, Value] = {}
        while True:
            _, column, key, value, more = line
            if key in mapping:
                raise _DoubtError
            if more is None:
                mapping[key] = value
                line = next(rest)
            elif more is _More.NESTED:
                line = next(rest)
                if line[0] > depth:
                    inner = self._list if line[0] & 1 else self._mapping
                    value, line = inner(line, line[0], level + 1)
                mapping[key] = value
            elif more is _More.OWN:
                mapping[key] = value.copy()
                line = next(rest)
            else:
                mapping[key] = self._text(column, value)
                line = next(rest)
            if line[0] != depth:
                return mapping, line

    def _list(self, line: _Line, depth: int, level: int) -> tuple[list[Value], _Line]:
        found: list[Value] = []
        while line[0] == depth:
            _, column, key, value, more = line
            if not key:
                if more is _More.TEXT:
                    value = self._text(depth >> 1, value)
                elif more is _More.OWN:
                    if level == _OF_ROOT:
                        raise _DoubtError
                    value = value.copy()
                found.append(value)
                line = next(self._rest)
            else:
                number = self._number() if level == _OF_ROOT else 0
                value, line = self._mapping(line, 2 * column, level + 1)
                found.append(value)
                if level == _OF_ROOT:
                    after = None if line is _END else self._number()
                    self._entries.append((value, number, column, after))
        return found, line

    def _text(self, column: int, sign: str) -> str:
        """The lines below that are indented deeper than a column, without their indentation."""
        number = self._number() + 1
        first = "".join(self._lines[number : number + 1])
        margin = " " * (len(first) - len(first.lstrip(" ")))
        found = list(
            takewhile(
                lambda line: not line.strip() or line.startswith(margin),
                islice(self._lines, number, None),
            )
        )
        if len(margin) <= column or number + len(found) == len(self._lines):
            raise _DoubtError
        if any(line.isspace() or not line.isprintable() for line in found):
            raise _DoubtError
        next(islice(self._below, len(found) - 1, None))
        text = "\n".join(line.removeprefix(margin) for line in found).rstrip("\n")
        return text if sign == "|-" else f"{text}\n"

    def _number(self) -> int:
        """Which line was read last."""
        return len(self._lines) - length_hint(self._below) - 1

    def _extents(self) -> dict[int, Extent]:
        """Where each entry stands: up to the next line that says something, or the end."""
        starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        extents = {}
        for mapping, line, column, after in self._entries:
            end = self._length
            if after is not None:
                text = self._lines[after]
                end = starts[after] + len(text) - len(text.lstrip(" "))
            extents[id(mapping)] = Extent(starts[line] + column, end, line, column)
        return extents
