"""From the text of a file to the objects that are written in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import yaml

from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest import jsontext
from netpol_sim.manifest.places import Noted, Place, Places
from netpol_sim.manifest.sources import Source, printable
from netpol_sim.manifest.syntax import explained
from netpol_sim.manifest.tree import (
    Composer,
    Document,
    Extent,
    Notes,
    UnreadableError,
    Value,
)
from netpol_sim.origin import Origin

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML has it; the parser in Python reads the same, slowly."""

_NEXT_DOCUMENT = re.compile("^---", re.MULTILINE)
_NO_YAML = (yaml.YAMLError, UnreadableError, ValueError, OverflowError)


class Passage(NamedTuple):
    """The stretch of a file that holds one value; a tuple, since there is one for each object.

    ``extent`` is where it stands after ``offset`` characters of the file, and ``line`` (from 1)
    where it begins.  ``document`` and ``item`` are given for an entry of a list: the passage of the
    whole list, and which entry it is.
    """

    source: Source
    is_json: bool
    extent: Extent
    offset: int
    line: int
    document: Passage | None = None
    item: int = 0

    @property
    def start(self) -> int:
        """The first character."""
        return self.extent.start + self.offset

    @property
    def end(self) -> int:
        """The first character after it."""
        return self.extent.end + self.offset

    @property
    def text(self) -> str:
        """The passage itself, indented as in the file."""
        return " " * self.extent.column + self.source.text[self.start : self.end]

    def read_again(self) -> Noted:
        """The value once more, this time with the place of everything in it."""
        notes = Notes()
        if self.is_json:
            value = jsontext.compose(self.source.text, self.start, self.end, notes).value
            return Noted(value=value, notes=notes, first_line=1)
        try:
            composed = Composer(PARSER(self.text).get_event, notes).document()
        except _NO_YAML:
            if self.document is None:
                # It needs a directive of the file to be read, as nothing in practice does.
                return Noted(value=None, notes=Notes(), first_line=self.line)
            # An alias may refer to something in another entry of the list.
            noted = self.document.read_again()
            return replace(noted, value=noted.value and noted.value["items"][self.item])
        value = composed.value if composed else None
        return Noted(value=value, notes=notes, first_line=self.line)


class Written(NamedTuple):
    """One object as it was written.

    ``kind`` and ``api_version`` are None when missing; an entry of a ``PodList`` and its like has
    those that its list implies.
    """

    kind: Value
    api_version: Value
    fields: dict[str, Value]
    passage: Passage
    places: Places
    origin: Origin
    has_repeated_keys: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A document, and the place in the file that its marks count from.

    ``first_line`` is the line of the file, from 1, of that place.
    """

    source: Source
    document: Document
    is_json: bool = False
    offset: int = 0
    first_line: int = 1

    def passage(
        self, mapping: dict[str, Value], document: Passage | None = None, item: int = 0
    ) -> Passage:
        extent = self.document.extents[id(mapping)]
        line = self.first_line + extent.line
        return Passage(self.source, self.is_json, extent, self.offset, line, document, item)


def objects(source: Source, report: list[Problem]) -> Iterator[Written]:
    """The objects of a file in order, those in lists included; what is none is reported."""
    for found in _documents(source, report):
        value = found.document.value
        if isinstance(value, dict):
            yield from _objects(found, value, report)
        elif value is not None:
            start = found.document.start
            place = found.first_line + start.line, start.column + 1
            message = "a manifest must be a mapping (lines such as `kind: Pod`)"
            report.append(_malformed(source, message, place))


def _objects(found: _Found, value: dict[str, Value], report: list[Problem]) -> Iterator[Written]:
    kind, version = value.get("kind"), value.get("apiVersion")
    passage = found.passage(value)
    if not (isinstance(kind, str) and kind.endswith("List") and "items" in value):
        yield _written(found, value, passage, (kind, version))
        return
    items = value["items"] or []
    if not isinstance(items, list):
        place = Places(passage.read_again)["items"]
        report.append(_malformed(found.source, "`items` must be a list", place))
        return
    of_items = (None, None) if kind == "List" else (kind.removesuffix("List"), version)
    for index, item in enumerate(items):
        if isinstance(item, dict):
            own = item.get("kind", of_items[0]), item.get("apiVersion", of_items[1])
            entry = found.passage(item, passage, index)
            yield _written(found, item, entry, own)
        else:
            place = Places(passage.read_again)[f"items[{index}]"]
            report.append(_malformed(found.source, "an entry of `items` must be a mapping", place))


def _written(
    found: _Found, fields: dict[str, Value], passage: Passage, kind: tuple[Value, Value]
) -> Written:
    places = Places(passage.read_again)
    origin = Origin(
        file=found.source.file, line=passage.line, text=found.source.text, positions=places
    )
    return Written(
        kind=kind[0],
        api_version=kind[1],
        fields=fields,
        passage=passage,
        places=places,
        origin=origin,
        has_repeated_keys=found.document.has_repeated_keys,
    )


def _documents(source: Source, report: list[Problem]) -> Iterator[_Found]:
    """The documents of a file: JSON when it is JSON, or else YAML."""
    start = source.text.lstrip()[:20]
    if not start.startswith("{"):
        yield from _yaml_documents(source, report)
        return
    try:
        documents = list(jsontext.documents(source.text))
    except UnreadableError as error:
        problems: list[Problem] = []
        yield from _yaml_documents(source, problems)
        if problems and start[1:].lstrip().startswith('"'):
            problems = [_unreadable(source, error, 1)]
        report += problems
    else:
        for document in documents:
            yield _Found(source=source, document=document, is_json=True)


def _yaml_documents(source: Source, report: list[Problem]) -> Iterator[_Found]:
    """The documents of a YAML file; after one that cannot be read comes the next."""
    offset = 0
    while True:
        text, line = source.text[offset:], source.text.count("\n", 0, offset) + 1
        try:
            composer = Composer(PARSER(text).get_event)
            while (document := composer.document()) is not None:
                yield _Found(source=source, document=document, offset=offset, first_line=line)
        except _NO_YAML as error:
            plain = explained(error, text)
            report.append(_unreadable(source, plain, line))
            stopped = getattr(error, "problem_mark", None) or plain.mark
            following = _NEXT_DOCUMENT.search(text, max(stopped.index, 1)) if stopped else None
            if following is None:
                return
            offset += following.start()
        else:
            return


def _unreadable(source: Source, error: UnreadableError, first_line: int) -> Problem:
    place = (error.mark.line + first_line, error.mark.column + 1) if error.mark else (None, None)
    return replace(_malformed(source, error.message, place), help=error.help)


def _malformed(source: Source, message: str, place: Place | tuple[None, None]) -> Problem:
    return Problem(
        kind=ProblemKind.MALFORMED,
        field="",
        message=printable(message),
        file=source.file,
        line=place[0],
        column=place[1],
    )
