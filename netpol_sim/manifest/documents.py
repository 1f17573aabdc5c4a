"""From the text of a file to the objects written in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import Event

from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest.places import Places
from netpol_sim.manifest.sources import Source
from netpol_sim.manifest.tree import Composer, Document, Notes, UnreadableError, Value
from netpol_sim.origin import Origin

Parser = type[yaml.CSafeLoader] | type[yaml.SafeLoader]
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml when PyYAML was built with it; the pure Python parser reads the same, slowly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One object as it was written: its fields, and where they stand."""

    value: dict[str, Value]
    origin: Origin
    places: Places
    has_repeated_keys: bool


def objects(source: Source, report: list[Problem]) -> Iterator[Written]:
    """The objects of a source, those in lists included, in order; what is none is reported."""
    try:
        parser = PARSER(source.text)
        composer = Composer(parser.get_event)
        while (document := composer.document()) is not None:
            if document.value is None:
                continue
            yield from _written(source, document, report)
    except (yaml.MarkedYAMLError, UnreadableError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else error.mark
        report.append(
            Problem(
                kind=ProblemKind.MALFORMED,
                field="",
                message=str(getattr(error, "problem", None) or error),
                file=source.file,
                line=mark.line + 1 if mark else None,
                column=mark.column + 1 if mark else None,
            )
        )


def _written(source: Source, document: Document, report: list[Problem]) -> Iterator[Written]:
    value = document.value
    if not isinstance(value, dict):
        report.append(
            Problem(
                kind=ProblemKind.MALFORMED,
                field="",
                message="a manifest must be a mapping (lines of `name: value`)",
                file=source.file,
                line=document.start.line + 1,
            )
        )
        return
    kind = value.get("kind")
    items = value.get("items")
    found = [value]
    if isinstance(kind, str) and kind.endswith("List") and "items" in value:
        found = [item for item in items or () if isinstance(item, dict)]
    for item in found:
        start, end = document.extents[id(item)]
        places = Places(_reader(source, start, end))
        origin = Origin(
            file=source.file, line=start.line + 1, text=source.text, positions=places
        )
        yield Written(
            value=item,
            origin=origin,
            places=places,
            has_repeated_keys=document.has_repeated_keys,
        )


def _reader(source: Source, start: yaml.Mark, end: yaml.Mark) -> Callable[[], tuple[Value, Notes]]:
    def read_again() -> tuple[Value, Notes]:
        padding = "\n" * start.line + " " * start.column
        text = padding + source.text[start.index : end.index]
        notes = Notes()
        document = Composer(PARSER(text).get_event, notes).document()
        assert document is not None
        return document.value, notes

    return read_again
