"""From the text of a file to the objects that are written in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from netpol_sim.errors import Problem, ProblemKind
from netpol_sim.manifest import block, jsontext
from netpol_sim.manifest.places import Noted, Place, Places
from netpol_sim.manifest.sources import Source, printable
from netpol_sim.manifest.tree import Document, Extent, Notes, UnreadableError, Value
from netpol_sim.origin import Origin

_BEGINNING = re.compile(r"\n---(?=[ \t\r\n]|\Z)")
_OTHER_LINE_END = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


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
            from netpol_sim.manifest import jsonevents  # noqa: PLC0415  few ask, PyYAML is slow

            value = jsonevents.compose(self.source.text, self.start, self.end, notes).value
            return Noted(value=value, notes=notes, first_line=1)
        from netpol_sim.manifest import yamltext  # noqa: PLC0415  as above

        try:
            composed = yamltext.compose(self.text, notes)
        except UnreadableError:
            if self.document is None:
                # It needs a directive of the file to be read, as nothing in practice does.
                return Noted(value=None, notes=Notes(), first_line=self.line)
            # An alias may refer to something in another entry of the list.
            noted = self.document.read_again()
            value = noted.value and noted.value["items"][self.item]
            return noted._replace(value=value)
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


class _Found(NamedTuple):
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
            document = found.document
            place = found.first_line + document.line, document.column + 1
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
    """The documents of a YAML file, read line by line wherever that is sure to be right."""
    lines = block.Lines()
    first_line = 1
    for start, end in _stretches(source.text):
        stretch = source.text[start:end]
        document = block.document(stretch, lines)
        if document is not None:
            yield _Found(source=source, document=document, offset=start, first_line=first_line)
        else:
            found, problems = _any_yaml(source, start, end, first_line)
            if problems:
                # What is wrong may end further down, so the rest of the file is read as one.
                found, problems = _any_yaml(source, start, len(source.text), first_line)
                report += problems
                yield from found
                return
            yield from found
        first_line += stretch.count("\n")


def _stretches(text: str) -> list[tuple[int, int]]:
    """From where to where a text can be read without the rest: one document, as a rule."""
    is_plain = text.isascii() and "\r" not in text
    if not is_plain and _OTHER_LINE_END.search(text):
        return [(0, len(text))]
    starts = [found.start() + 1 for found in _BEGINNING.finditer(text)]
    return list(pairwise([0, *starts, len(text)]))


def _any_yaml(
    source: Source, start: int, end: int, first_line: int
) -> tuple[list[_Found], list[Problem]]:
    """The documents of a stretch, and why there are no more of them."""
    from netpol_sim.manifest import yamltext  # noqa: PLC0415  most files do not need it

    found: list[_Found] = []
    problems: list[Problem] = []
    for document, offset, line in yamltext.documents(source.text[start:end], first_line):
        if isinstance(document, UnreadableError):
            problems.append(_unreadable(source, document, line))
        else:
            at = start + offset
            found.append(_Found(source=source, document=document, offset=at, first_line=line))
    return found, problems


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
