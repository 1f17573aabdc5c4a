"""Read JSON at the speed of Python's own reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import NoReturn

from netpol_sim.manifest.tree import Document, Extent, Position, UnreadableError, Value

_SPACE = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_BETWEEN_DOCUMENTS = re.compile(r"(?:[ \t\r\n]|^---)*", re.MULTILINE)

_PLAIN_WORDS = {
    "Expecting value": "a value is missing here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing here",
    "Expecting ':' delimiter": "`:` is missing here",
    "Expecting ',' delimiter": "`,` or a closing bracket is missing here",
    "Illegal trailing comma before end of object": "`,` has nothing after it",
    "Illegal trailing comma before end of array": "`,` has nothing after it",
    "Unterminated string starting at": "the text that begins here has no closing quote",
}


class _RepeatedKeyError(Exception):
    """A mapping has a key twice; the slow way finds out where."""


def _mapping(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _RepeatedKeyError
    return mapping


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


_DECODER = JSONDecoder(object_pairs_hook=_mapping, parse_constant=_no_number)


def documents(text: str) -> Iterator[Document]:
    """The documents of a JSON text, one after the other.

    Raises:
        UnreadableError: The text is no JSON.
    """
    position = _end(_BETWEEN_DOCUMENTS, text, 0)
    while position < len(text):
        try:
            document, position = _document(text, position)
        except JSONDecodeError as error:
            message = _PLAIN_WORDS.get(error.msg, error.msg.lower())
            place = Position.of(text, error.pos)
            raise UnreadableError(f"this is no JSON: {message}", place) from None
        except RecursionError:
            place = Position.of(text, position)
            raise UnreadableError("this is nested too deeply", place) from None
        except ValueError:
            message = "this is no JSON: it holds a number that JSON does not have"
            raise UnreadableError(message, Position.of(text, position)) from None
        yield document
        position = _end(_BETWEEN_DOCUMENTS, text, position)


def _document(text: str, start: int) -> tuple[Document, int]:
    try:
        root, end, items = _root(text, start)
    except _RepeatedKeyError:
        from netpol_sim.manifest import jsonevents  # noqa: PLC0415  it takes PyYAML

        end = _DECODER_OF_ANYTHING.raw_decode(text, start)[1]
        return jsonevents.compose(text, start, end), end
    begin = Position.of(text, start)
    extents = {id(root): Extent(start, end, begin.line, begin.column)}
    line, line_start, counted = begin.line, start - begin.column, start
    for value, first, last in items:
        if breaks := text.count("\n", counted, first):
            line, line_start = line + breaks, text.rfind("\n", counted, first) + 1
        counted = first
        extents[id(value)] = Extent(first, last, line, first - line_start)
    return Document(root, begin.line, begin.column, extents, has_repeated_keys=False), end


_DECODER_OF_ANYTHING = JSONDecoder()


def _root(text: str, start: int) -> tuple[Value, int, list[tuple[Value, int, int]]]:
    """A value, where it ends, and the values in its ``items`` with where they begin and end."""
    if text[start] != "{":
        value, end = _DECODER.raw_decode(text, start)
        return value, end, []
    root: dict[str, Value] = {}
    items: list[tuple[Value, int, int]] = []
    position = _end(_SPACE, text, start + 1)
    while text[position : position + 1] != "}":
        if root:
            position = _expect(text, position, ",", "Expecting ',' delimiter")
        if text[position : position + 1] != '"':
            message = "Expecting property name enclosed in double quotes"
            raise JSONDecodeError(message, text, position)
        key, position = _DECODER.raw_decode(text, position)
        position = _expect(text, _end(_SPACE, text, position), ":", "Expecting ':' delimiter")
        if key in root:
            raise _RepeatedKeyError
        if key == "items" and text[position : position + 1] == "[":
            items, position = _items(text, position)
            root[key] = [value for value, _, _ in items]
        else:
            root[key], position = _DECODER.raw_decode(text, position)
        position = _end(_SPACE, text, position)
    return root, position + 1, items


def _items(text: str, start: int) -> tuple[list[tuple[Value, int, int]], int]:
    found: list[tuple[Value, int, int]] = []
    position = _end(_SPACE, text, start + 1)
    if text[position : position + 1] == "]":
        return found, position + 1
    while True:
        value, end = _DECODER.raw_decode(text, position)
        found.append((value, position, end))
        comma = _COMMA.match(text, end)
        if comma is None:
            break
        position = comma.end()
    position = _end(_SPACE, text, end)
    if text[position : position + 1] != "]":
        raise JSONDecodeError("Expecting ',' delimiter", text, position)
    return found, position + 1


def _expect(text: str, position: int, sign: str, message: str) -> int:
    if text[position : position + 1] != sign:
        raise JSONDecodeError(message, text, position)
    return _end(_SPACE, text, position + 1)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
