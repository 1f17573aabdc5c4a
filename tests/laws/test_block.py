"""Laws of reading line by line: what it understands is what a parser of all of YAML reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from netpol_sim.errors import Problem
from netpol_sim.manifest import block, documents, dump
from netpol_sim.manifest.sources import Source
from tests.laws import strategies
from tests.laws.forms import as_it_is, as_list

ROOT = Path(__file__).parents[2]
FOLDERS = ("exercises", "solutions", "lessons", "netpol_sim", "tests/golden", "tests/spec")
FILES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.y*ml"))

KEYS = (
    *("a", "b", "c", "d", "items", "spec", '"q"', "app.kubernetes.io/name", "on", "0x1f", "1"),
    *("null", "~", "a b", "'s'", '"a b"', "k-", "-k", "<<", "a:b", ".x", "_", "é"),
)
VALUES = (
    *("", "", "", "x", "x y", "80", '"80"', "'80'", "{}", "[]", "[a, b]", "[a,b]", "[ a ]", "|"),
    *("|-", "|+", ">", "&a x", "*a", "!!str x", "a: b", "a:b", "a #c", "a#c", "10.0.0.0/8", "::/0"),
    *("-", "- x", "- - x", "null", "~", "010", "1e3", "yes", "2026-11-24", "1:20", "{a: b}", "a,b"),
    *(
        "'it''s'",
        '"a\\"b"',
        "%x",
        "@x",
        "`x",
        "x:",
        "?",
        "? a",
        ".",
        "...",
        "---",
        "a]",
        "é",
        '"é"',
    ),
)
SIGNS = ("", "  ", "# c", "  # é", "---", "--- ", "--- # c", "--- a", "...", "%YAML 1.1", "\t")
TAILS = ("", "", "", "", " ", " # c", "\t", "\r")


@st.composite
def texts(draw: DrawFn) -> str:
    """Lines that follow each other as in a manifest, more or less."""
    pick = draw(st.randoms(use_true_random=False))
    keys, values = (KEYS, VALUES) if draw(st.booleans()) else (KEYS[:8], VALUES[:11])
    lines, indent = ["a:"], 0
    for _ in range(draw(st.integers(0, 9))):
        indent = max(0, indent + pick.choice((0, 0, 0, 2, 2, 2, -2, -2, -4, 1)))
        dash = pick.choice(("", "", "- "))
        entry = f"{pick.choice(keys)}: {pick.choice(values)}".rstrip()
        tail = pick.choice(TAILS) if keys is KEYS else ""
        lines.append(" " * indent + dash + entry + tail)
        if pick.random() < 0.1:
            lines.append(pick.choice(SIGNS))
        if dash and pick.random() < 0.7:
            indent += 2
    return "\n".join(lines) + draw(st.sampled_from(("\n", "\n", "", "\n\n", "\n# c\n")))


def told(text: str) -> tuple[list[tuple[object, ...]], list[Problem]]:
    """The objects of a text with their places, and its problems in some order."""
    report: list[Problem] = []
    found: list[tuple[object, ...]] = [
        (repr(one.fields), one.passage.line, one.passage.start, one.passage.text)
        for one in documents.objects(Source(file="a.yaml", text=text), report)
    ]
    return found, sorted(report, key=str)


def assert_reads_the_same(text: str) -> None:
    """A text tells the same when all of it at once is left to a parser of all of YAML."""
    line_by_line = told(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block, "document", lambda _, __: None)
        patch.setattr(documents, "_stretches", lambda whole: [(0, len(whole))])
        assert told(text) == line_by_line


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_of_the_course(file: Path) -> None:
    """Every YAML file of the repository reads the same either way."""
    assert_reads_the_same(file.read_text(encoding="utf-8"))


@settings(max_examples=400)
@given(texts())
@example("items:\n- {}\n")
@example("a: 1\rb: 2\n---\nkind: Pod\n")
@example("items: []\n")
@example("items:\n- a: |\n    b\n\n    c: d\n  e: f\n\n- a:\n")
@example("a: b\n---\n  c: d\n e: f\n---\ng: h\n")
@example('a: "b\n---\nc: d"\n')
def test_any_lines(text: str) -> None:
    """So do lines of any kind in almost any order, well formed or not."""
    assert_reads_the_same(text)


@settings(max_examples=30)
@given(strategies.clusters().map(dump), st.sampled_from([as_it_is, as_list]))
def test_whole_clusters(text: str, form: Callable[[str], str]) -> None:
    """So do clusters, which are read line by line from beginning to end."""
    assert_reads_the_same(form(text))
