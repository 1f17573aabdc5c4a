from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from netpol_sim.course.card_markdown import cards_of
from netpol_sim.course.source import parse, read
from netpol_sim.course.source_parts import Claim, Code, Expression, Prose, Source, SourceError
from netpol_sim.course.workspace import content_folder

FRONT = "---\ntitle: A\nminutes: 5\nobjectives: [see]\n---\n"  # five lines


def source(body: str, front: str = FRONT) -> Source:
    """The source with this body, which begins at line 6."""
    return parse(front + dedent(body), Path("01-a.md"))


def problems(body: str, front: str = FRONT) -> list[str]:
    """What is wrong with this body."""
    with pytest.raises(SourceError) as error:
        source(body, front)
    return list(error.value.problems)


def text(prose: Prose | Code) -> str:
    """Prose with its expressions in brackets, or code."""
    if isinstance(prose, Code):
        return prose.python
    return "".join(part if isinstance(part, str) else f"[{part.python}]" for part in prose.parts)


def test_the_front_matter_is_read() -> None:
    """Title, minutes and objectives come from the front matter."""
    read_source = source("")
    assert read_source == Source(
        path=Path("01-a.md"), title="A", minutes=5, objectives=("see",), cells=()
    )


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("", "a source begins with front matter between two lines of `---`"),
        ("---\ntitle: A\n", "a source begins with front matter between two lines of `---`"),
        ("\n" + FRONT, "a source begins with front matter between two lines of `---`"),
        (FRONT.replace("title: A", "titel: A"), "unknown front matter `titel`; did you mean"),
        (FRONT.replace("title: A", "title: 1"), "front matter needs `title`"),
        (FRONT.replace("5", "0"), "front matter needs `minutes`"),
        (FRONT.replace("5", "true"), "front matter needs `minutes`"),
        (FRONT.replace("5", "five"), "front matter needs `minutes`"),
        (FRONT.replace("[see]", "see"), "front matter needs `objectives`"),
        (FRONT.replace("[see]", "[1]"), "front matter needs `objectives`"),
        (FRONT.replace("[see]", "["), "the front matter is not YAML"),
    ],
)
def test_bad_front_matter_is_refused(front: str, expected: str) -> None:
    """Each fault of the front matter is named, with its line."""
    assert any(problem.startswith(f"01-a.md:1: {expected}") for problem in problems("", front))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n\n  \n", [], id="blank lines"),
        pytest.param("one\n\ntwo\n", ["one\n\ntwo"], id="prose is one cell"),
        pytest.param("a\n```python\nb\n```\nc\n", ["a", "b", "c"], id="code parts prose"),
        pytest.param("```python\nb\n```\n```python\nc\n```\n", ["b", "c"], id="code after code"),
        pytest.param("```python\na\n\n  b\n```", ["a\n\n  b"], id="code is kept as it is"),
        pytest.param("a\n```yaml\n{{ b }}\n```\nc", ["a\n```yaml\n{{ b }}\n```\nc"], id="verbatim"),
        pytest.param("~~~\n```python\n~~~\n", ["~~~\n```python\n~~~"], id="a fence in a fence"),
        pytest.param("````\n```\n````\n", ["````\n```\n````"], id="a longer fence"),
        pytest.param(
            "```text\n<!-- claim: b -->\n```", ["```text\n<!-- claim: b -->\n```"], id="c"
        ),
        pytest.param("a {{ b }}, {{c+1}}!", ["a [b], [c+1]!"], id="expressions"),
        pytest.param("`{{ b }}`", ["`[b]`"], id="an expression in a code span"),
        pytest.param("a\n<!-- claim: b -->\nc", ["a\nc"], id="a claim leaves no line"),
        pytest.param("a. <!-- claim: b -->", ["a."], id="a claim leaves no space"),
        pytest.param("a <!-- a note --> b", ["a <!-- a note --> b"], id="other comments stay"),
    ],
)
def test_cells(body: str, expected: list[str]) -> None:
    """Prose between code is one cell, and only fenced `python` is code."""
    assert [text(cell) for cell in source(body).cells] == expected


def test_tags_belong_to_the_code_below() -> None:
    """A `cell` comment tags the next code cell and no other."""
    body = "<!-- cell: hidden raises-exception -->\n\n```python\na\n```\n```python\nb\n```\n"
    assert source(body).cells == (
        Code(python="a", tags=("hidden", "raises-exception"), line=9),
        Code(python="b", tags=(), line=12),
    )


@pytest.mark.parametrize(
    ("body", "sentence", "line"),
    [
        ("It is so. <!-- claim: a == 1 -->", "It is so.", 6),
        ("First.\nIt is\nso.\n<!-- claim: a == 1 -->", "It is so.", 9),
        ("First.\n\n- It is `so`.\n  <!-- claim: a == 1 -->\n", "- It is `so`.", 9),
        ("Before.\n\n<!-- claim: a == 1 -->", "", 8),
        ("One. <!-- claim: a == 1 --> Two.", "One.", 6),
    ],
)
def test_a_claim_knows_its_sentence(body: str, sentence: str, line: int) -> None:
    """A claim vouches for the sentence before it, in its paragraph."""
    (prose,) = source(body).cells
    assert isinstance(prose, Prose)
    assert prose.claims == (Claim(python="a == 1", sentence=sentence, line=line),)


def test_expressions_know_their_line() -> None:
    """An expression keeps its line, for the message when it fails."""
    (prose,) = source("a\n{{ b }}").cells
    assert isinstance(prose, Prose)
    assert prose.parts == ("a\n", Expression(python="b", line=7))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("```python\na\n", "01-a.md:6: this block is never closed"),
        ("~~~\na\n```\n", "01-a.md:6: this block is never closed"),
        ("```python\n\n```\n", "01-a.md:6: this code cell is empty"),
        ("```python hidden\na\n```", "01-a.md:6: a code cell begins with `python` alone"),
        ("- a\n\n  ```python\n  a\n  ```", "01-a.md:8: a code cell begins with `python` alone"),
        ("```python\n" + "a\n" * 16 + "```", "01-a.md:6: this code cell has 16 lines, 15 at most"),
        ("a {{ b\n}}", "01-a.md:6: this `{{` has no `}}` on its line"),
        ("{{ a b }}", "01-a.md:6: `a b` is not a Python expression"),
        ("<!-- claim: a = 1 -->", "01-a.md:6: `a = 1` is not a Python expression"),
        ("<!-- claim:\na -->", "01-a.md:6: a comment like this ends on the line it begins on"),
        ("<!-- cell: hiden -->\n```python\na\n```", "01-a.md:6: unknown tag `hiden`; there are"),
        ("A.<!-- api: -->", "01-a.md:6: an `api` comment says what the sentence rests on"),
        (
            "<!-- clam: a -->",
            "01-a.md:6: unknown comment `clam:`; there are: `api:`, `cell:`",
        ),
        ("<!-- cell: hidden -->\nwords\n", "01-a.md:6: a `cell` comment stands right above"),
        ("<!-- cell: hidden -->\n~~~\n~~~\n", "01-a.md:6: a `cell` comment stands right above"),
        ("<!-- cell: hidden -->\n", "01-a.md:6: a `cell` comment stands right above"),
        ("# A second title\n", "01-a.md:6: the title is in the front matter"),
    ],
)
def test_bad_bodies_are_refused(body: str, expected: str) -> None:
    """Each fault is named, with file and line."""
    (problem,) = problems(body)
    assert problem.startswith(expected)


def test_all_problems_are_reported() -> None:
    """One reading reports every problem, in the order of the lines."""
    found = problems("{{ a b }}\n```python x\na\n```\n# c\n", FRONT.replace("5", "0"))
    assert [problem.split(":")[1] for problem in found] == ["1", "6", "7", "10"]


def test_fifteen_lines_are_allowed() -> None:
    """The longest allowed cell is allowed."""
    assert len(source("```python\n" + "a\n" * 15 + "```").cells) == 1


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a problem with its name, not a traceback."""
    (tmp_path / "01-a.md").write_bytes(b"\xff")
    with pytest.raises(SourceError, match=r"01-a\.md:1: this is not UTF-8 text"):
        read(tmp_path / "01-a.md")


def test_cards_are_shown_where_their_ids_stand() -> None:
    """A block of ids becomes what the cards look like; without cards it stays as it is."""
    text = "---\ntitle: A\nminutes: 5\nobjectives: []\n---\n```cards\none\ntwo\n```\n"
    (cell,) = parse(text, Path("01-a.md"), "+".join).cells
    assert isinstance(cell, Prose)
    assert cell.parts == ("one+two",)
    (cell,) = parse(text, Path("01-a.md")).cells
    assert isinstance(cell, Prose)
    assert "```cards" in str(cell.parts)


def test_a_card_that_is_none_is_told_with_its_line() -> None:
    """The line of the block, and the nearest id."""
    text = "---\ntitle: A\nminutes: 5\nobjectives: []\n---\n```cards\nrogue-to-leger\n```\n"
    with pytest.raises(SourceError) as caught:
        parse(text, Path("01-a.md"), cards_of(content_folder()))
    said = "01-a.md:6: there is no card `rogue-to-leger`; did you mean `rogue-to-ledger`?"
    assert caught.value.problems == (said,)
