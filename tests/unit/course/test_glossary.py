"""The glossary: the words of all lessons, each explained once."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_sim.course.glossary import markdown, read_glossary
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.syllabus import Lesson, Part, Syllabus

WORDS = "words\n\n## The words\n\n| word | meaning |\n|---|---|\n{}\n\n## Next\n| **no** | no |\n"


def glossary(folder: Path, *rows: str) -> str:
    """The glossary of lessons with one row each."""
    (folder / "lessons").mkdir()
    lessons = []
    for number, row in enumerate(rows, start=1):
        name = f"0{number}-a"
        (folder / "lessons" / f"{name}.md").write_text(WORDS.format(row))
        part = Part(name=name, title="A", minutes=1, objectives=())
        lessons.append(Lesson(part=part, after=(), exercises=None))
    return markdown(read_glossary(Syllabus(lessons=tuple(lessons), routes=()), folder))


def test_words_are_in_order_with_their_lesson(tmp_path: Path) -> None:
    """Entries are sorted by their first word; other tables do not count."""
    text = glossary(tmp_path, "| **pod** | runs |", "| **egress**, **ingress** | out, `in` |")
    assert text.splitlines()[-2:] == [
        "| **egress**, **ingress** | out, `in` | [2](02-a.ipynb) |",
        "| **pod** | runs | [1](01-a.ipynb) |",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["| pod | runs |"], "lessons/01-a.md: there is no table under `## The words`"),
        (["| **pod** | a |", "| **b**, **pod** | c |"], "02-a.md: `pod` is explained in 01-a"),
    ],
)
def test_problems_are_found(tmp_path: Path, rows: list[str], message: str) -> None:
    """A lesson explains its words, and no word is explained twice."""
    with pytest.raises(SourceError) as caught:
        glossary(tmp_path, *rows)
    assert message in str(caught.value)
