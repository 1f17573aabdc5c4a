"""Find the files to read, and turn their bytes into text."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from netpol_sim.errors import Problem, ProblemKind

MOST_BYTES = 64 * 2**20
"""Larger files are refused: a manifest of 64 MiB describes more than 100,000 pods."""

SUFFIXES = (".yaml", ".yml", ".json")
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text of one file."""

    file: str
    text: str = field(repr=False)


def sources(paths: Iterable[str | PathLike[str]], report: list[Problem]) -> Iterator[Source]:
    """The sources behind files, folders and ``-``, in the order given; folders are sorted."""
    for path in paths:
        for file in _files(path):
            data = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
            yield Source(file=file, text=data.decode("utf-8-sig"))


def _files(path: str | PathLike[str]) -> list[str]:
    folder = Path(path)
    if str(path) == STANDARD_INPUT or not folder.is_dir():
        return [str(path)]
    return [str(file) for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES]
