"""The words in which the mistakes that learners make are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import GOLDEN
from tests.unit.manifest.reading import problems

MISTAKES = sorted(file.stem for file in (GOLDEN / "problems").glob("*.yaml"))


def test_there_are_mistakes() -> None:
    """The mistakes are where they are looked for."""
    assert len(MISTAKES) > 25


@pytest.mark.parametrize("name", MISTAKES)
def test_messages(name: str, golden: Callable[[str, str], None]) -> None:
    """Each mistake is told with its place, what is wrong, and what to write instead."""
    text = (GOLDEN / "problems" / f"{name}.yaml").read_text(encoding="utf-8")
    lines = []
    for problem in problems(text, file=f"{name}.yaml"):
        lines.append(str(problem))
        lines += [f"  help: {line}".rstrip() for line in problem.help.splitlines()]
    golden("\n".join([*lines, ""]), f"problems/{name}.txt")
