"""Find the files to read, and turn their bytes into text."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from netpol_sim.errors import Problem, ProblemKind

MOST_BYTES = 64 * 2**20
_LONGEST_VALUE = 80
SUFFIXES = (".yaml", ".yml", ".json")
STANDARD_INPUT = "-"

_READABLE = bytes({0x09, 0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTENT = re.compile(r"^(?!(?:---|\.\.\.)?\s*(?:#|$))", re.MULTILINE)
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF_CHARACTER = re.compile(f"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Source(NamedTuple):
    """The text of one file, and what messages call it."""

    file: str
    text: str

    @property
    def has_content(self) -> bool:
        """Whether there is more in it than comments and marks of documents."""
        return _CONTENT.search(self.text) is not None


def printable(text: str) -> str:
    """A text for a terminal: control characters and their like are written out."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def shown(value: str) -> str:
    """A value fit to be part of a line."""
    value = printable(value)
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}..."


def sources(paths: Iterable[str | PathLike[str]], report: list[Problem]) -> Iterator[Source]:
    """The sources behind files, folders and ``-`` (standard input), in the order given.

    A folder stands for the manifests in it and below it, sorted by path; what begins with a dot is
    left out.  A file that is named twice is read once.
    """
    read: set[str] = set()
    for path in paths:
        for file in _files(os.fspath(path), report):
            place = file if file == STANDARD_INPUT else os.path.realpath(file)
            if place not in read:
                read.add(place)
                yield from _source(file, report)


def from_text(text: str, file: str, report: list[Problem]) -> Iterator[Source]:
    """The source for a text that is already here."""
    try:
        yield from _decoded(text.encode(), file, report)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        _refuse(report, file, "this text holds half a character (a lone surrogate)", line=line)


def _files(path: str, report: list[Problem]) -> list[str]:
    if "\0" in path:
        _refuse(report, path.replace("\0", "\\0"), "this is no name of a file")
        return []
    if path == STANDARD_INPUT or not Path(path).is_dir():
        return [path]
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(folder, name)
            for name in files
            if name.endswith(SUFFIXES) and not name.startswith(".")
        ]
    if not found:
        message = f"this folder holds no manifests (files ending in {', '.join(SUFFIXES)})"
        _refuse(report, path, message)
    return [str(file) for file in sorted(found)]


def _source(file: str, report: list[Problem]) -> Iterator[Source]:
    try:
        if file == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        _refuse(report, file, _why_not_readable(error))
        return
    name = "<standard input>" if file == STANDARD_INPUT else file
    if len(data) > MOST_BYTES:
        _refuse(
            report,
            name,
            f"this is larger than {MOST_BYTES // 2**20} MiB, which no manifest should be",
            help_text="split it into several files",
        )
        return
    yield from _decoded(data, name, report)


def _why_not_readable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return f"this file cannot be read: {(error.strerror or str(error)).lower()}"


def _decoded(data: bytes, file: str, report: list[Problem]) -> Iterator[Source]:
    encoding, start = _encoding(data)
    try:
        text = data[start:].decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _refuse(
            report,
            file,
            f"this is no {encoding[:6].upper().rstrip('-')} text (at byte {start + error.start})",
            line=line,
            help_text="save the file as UTF-8",
        )
        return
    if data.translate(None, _READABLE) and (control := _CONTROL.search(text)):
        line = text.count("\n", 0, control.start()) + 1
        code = ord(control[0])
        _refuse(
            report,
            file,
            f"this holds a character that YAML does not allow (U+{code:04X})",
            line=line,
            column=control.start() - text.rfind("\n", 0, control.start()),
            help_text="this may be no text file at all" if code == 0 else "delete it",
        )
        return
    if "\\u" in text:
        text = _HALF_CHARACTER.sub(r"\\ufffd", text)
    yield Source(file=file, text=text)


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding and the length of its mark; without a mark, ASCII shows where its zeros are."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    zeros = [byte == 0 for byte in data[:2]]
    if zeros == [True, False]:
        return "utf-16-be", 0
    return ("utf-16-le" if zeros == [False, True] else "utf-8"), 0


def _refuse(
    report: list[Problem],
    file: str,
    message: str,
    *,
    line: int | None = None,
    column: int | None = None,
    help_text: str = "",
) -> None:
    report.append(
        Problem(
            kind=ProblemKind.MALFORMED,
            field="",
            message=message,
            help=help_text,
            file=file,
            line=line,
            column=column,
        )
    )
