"""The glossary: every word that a lesson explains in its table of words, and where.

A lesson has a section ``The words`` with a table of two columns; each word in the first is bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from netpol_sim.course.course_map import short
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.syllabus import LESSONS, Syllabus

NAME = "glossary"
"""The notebook's name without its ending."""

_SECTION = re.compile(r"^## The words\n(?P<body>.*?)(?=^## )", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (?P<words>\*\*.*?) \| (?P<meaning>.*) \|$", re.MULTILINE)
_WORD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of a table of words: what is explained, how, and in which lesson (by its name)."""

    words: tuple[str, ...]
    meaning: str
    lesson: str


def read_glossary(syllabus: Syllabus, folder: Path) -> tuple[Entry, ...]:
    """All entries, by their first word.

    Raises:
        SourceError: A lesson has no table of words, or a word is explained twice.
    """
    found: list[Entry] = []
    problems = []
    for lesson in syllabus.lessons:
        text = (folder / LESSONS / f"{lesson.name}.md").read_text("utf-8")
        entries = tuple(_entries(text, lesson.name))
        if not entries:
            problems.append(f"{LESSONS}/{lesson.name}.md: there is no table under `## The words`")
        found += entries
    problems += _explained_twice(found)
    if problems:
        raise SourceError(tuple(problems))
    return tuple(sorted(found, key=lambda entry: entry.words[0].lower()))


def markdown(entries: Iterable[Entry]) -> str:
    """The text of the glossary's notebook, as ``source`` reads it."""
    rows = (
        f"| **{'**, **'.join(entry.words)}** | {entry.meaning} | "
        f"[{short(entry.lesson)}]({entry.lesson}.ipynb) |"
        for entry in entries
    )
    return "\n".join(
        (
            "---",
            "title: The words of the course",
            "minutes: 5",
            "objectives:",
            "  - Look up a word, and find the lesson that explains it.",
            "---",
            "",
            "| word | what it means | lesson |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def _entries(text: str, lesson: str) -> Iterator[Entry]:
    section = _SECTION.search(text)
    for row in _ROW.finditer(section["body"] if section else ""):
        words = tuple(_WORD.findall(row["words"]))
        yield Entry(words=words, meaning=row["meaning"], lesson=lesson)


def _explained_twice(entries: Iterable[Entry]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for entry in entries:
        for word in entry.words:
            if word in seen:
                yield f"{LESSONS}/{entry.lesson}.md: `{word}` is explained in {seen[word]} already"
            seen.setdefault(word, entry.lesson)
