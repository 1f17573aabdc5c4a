"""JSON as a YAML parser would tell of it: its values, with the place of each of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

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

from netpol_sim.manifest.composer import Composer
from netpol_sim.manifest.tree import Document, Notes, Position

_TOKEN = re.compile(r'[ \t\r\n:,]*(?:("(?:[^"\\]|\\.)*")|([{}\[\]])|([^ \t\r\n:,{}\[\]"]+))')


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
    here = _mark(Position.of(text, start))
    yield DocumentStartEvent(here, here)
    in_mappings: list[bool] = []
    for token in _TOKEN.finditer(text, start, end):
        string, bracket, word = token.groups()
        index = token.end() - len(string or bracket or word)
        line, counted = line + text.count("\n", counted, index), index
        here = _mark(Position(index, line, index - text.rfind("\n", 0, index) - 1))
        if bracket in ("}", "]"):
            kind = MappingEndEvent if in_mappings.pop() else SequenceEndEvent
            yield kind(here, _mark(Position(index + 1, line, here.column + 1)))
        elif bracket:
            in_mappings.append(bracket == "{")
            yield _OPENINGS[bracket](None, None, implicit=True, start_mark=here, end_mark=here)
        else:
            value = json.loads(string) if string else word
            yield ScalarEvent(None, None, (not string, bool(string)), value, here, here)
    yield DocumentEndEvent(here, here)


_OPENINGS: dict[str, type[MappingStartEvent | SequenceStartEvent]] = {
    "{": MappingStartEvent,
    "[": SequenceStartEvent,
}


def _mark(place: Position) -> Mark:
    return Mark("", place.index, place.line, place.column, None, 0)
