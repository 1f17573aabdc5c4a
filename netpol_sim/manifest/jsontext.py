"""Read JSON at the speed of Python's own reader, and its positions when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import NoReturn

from yaml import Mark
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netpol_sim.manifest.tree import Composer, Document, Extent, Notes, UnreadableError, Value

_SPACE = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_BETWEEN_DOCUMENTS = re.compile(r"(?:[ \t\r\n]|^---)*", re.MULTILINE)
_TOKEN = re.compile(r'[ \t\r\n:,]*(?:("(?:[^"\\]|\\.)*")|([{}\[\]])|([^ \t\r\n:,{}\[\]"]+))')

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
            raise UnreadableError(f"this is no JSON: {message}", mark(text, error.pos)) from None
        except RecursionError:
            raise UnreadableError("this is nested too deeply", mark(text, position)) from None
        except ValueError:
            message = "this is no JSON: it holds a number that JSON does not have"
            raise UnreadableError(message, mark(text, position)) from None
        yield document
        position = _end(_BETWEEN_DOCUMENTS, text, position)


def _document(text: str, start: int) -> tuple[Document, int]:
    try:
        root, end, items = _root(text, start)
    except _RepeatedKeyError:
        end = _DECODER_OF_ANYTHING.raw_decode(text, start)[1]
        return compose(text, start, end), end
    begin = mark(text, start)
    extents = {id(root): Extent(start, end, begin.line, begin.column)}
    line, line_start, counted = begin.line, start - begin.column, start
    for value, first, last in items:
        if breaks := text.count("\n", counted, first):
            line, line_start = line + breaks, text.rfind("\n", counted, first) + 1
        counted = first
        extents[id(value)] = Extent(first, last, line, first - line_start)
    return Document(value=root, start=begin, extents=extents, has_repeated_keys=False), end


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


def mark(text: str, index: int) -> Mark:
    """The place of a character in a text."""
    return _mark(index, text.count("\n", 0, index), index - text.rfind("\n", 0, index) - 1)


def _mark(index: int, line: int, column: int) -> Mark:
    return Mark("", index, line, column, None, 0)


def compose(text: str, start: int, end: int, notes: Notes | None = None) -> Document:
    """The valid JSON value between two places, read by its events."""
    composer = Composer(_events(text, start, end).__next__, notes, most_levels=end)
    document = composer.document()
    if document is None:
        raise AssertionError(start, end)
    return document


def _events(text: str, start: int, end: int) -> Iterator[Event]:
    """The events by which a YAML parser would tell of a valid JSON value."""
    line, counted = text.count("\n", 0, start), start
    here = mark(text, start)
    yield DocumentStartEvent(here, here)
    in_mappings: list[bool] = []
    for token in _TOKEN.finditer(text, start, end):
        string, bracket, word = token.groups()
        index = token.end() - len(string or bracket or word)
        line, counted = line + text.count("\n", counted, index), index
        here = _mark(index, line, index - text.rfind("\n", 0, index) - 1)
        if bracket in ("}", "]"):
            kind = MappingEndEvent if in_mappings.pop() else SequenceEndEvent
            yield kind(here, _mark(index + 1, line, here.column + 1))
        elif bracket:
            in_mappings.append(bracket == "{")
            yield _OPENINGS[bracket](None, None, implicit=True, start_mark=here, end_mark=here)
        else:
            value = _DECODER_OF_ANYTHING.decode(string) if string else word
            yield ScalarEvent(None, None, (not string, bool(string)), value, here, here)
    yield DocumentEndEvent(here, here)


_OPENINGS: dict[str, type[MappingStartEvent | SequenceStartEvent]] = {
    "{": MappingStartEvent,
    "[": SequenceStartEvent,
}
