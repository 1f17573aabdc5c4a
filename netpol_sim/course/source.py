"""Read the text that a notebook is built from.

The text is Markdown with YAML front matter: ``title``, ``minutes`` and ``objectives``.  In it

- a fenced block of ``python`` is a code cell; one of ``cards`` holds ids of quiz cards, one a
  line, that are shown there; any other fenced block is prose, word for word;
- ``<!-- cell: hidden -->`` above a code cell gives it tags: ``hidden`` folds its source,
  ``raises-exception`` says that it must raise;
- ``{{ expression }}`` in prose is replaced by the expression's value, computed in the notebook's
  kernel after the code above it ran (the expression itself cannot hold two closing braces);
- ``<!-- claim: expression -->`` behind a sentence says that the expression is True at that point;
  a notebook with a claim that is not is never built;
- ``<!-- api: what it rests on -->`` behind a sentence says that it is about the API, on every
  cluster, and not about what happens in this one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from netpol_sim.course import content_yaml
from netpol_sim.course.source_parts import (
    ApiFact,
    Claim,
    Code,
    Expression,
    Prose,
    Source,
    SourceError,
)
from netpol_sim.errors import UnknownNameError, nearest

MOST_LINES = 15
WHOLE_ANSWER = "%%answer"
"""A cell that begins so holds a learner's text, as long as it needs to be."""
TAGS = ("hidden", "raises-exception")

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_DIRECTIVE = re.compile(r"<!--\s*(?P<word>[a-z-]+):(?P<text>.*?)-->")
_UNCLOSED = re.compile(r"<!--\s*(?:api|cell|claim)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")
_EXPRESSION = re.compile(r"\{\{(.+?)\}\}")
_FRONT_MATTER = ("title", "minutes", "objectives")


Cards = Callable[[Sequence[str]], str]
"""Turns ids of cards into Markdown; ``UnknownNameError`` for an id that is none."""


def read(path: Path, cards: Cards | None = None) -> Source:
    """Read a source file.

    Args:
        cards: Shows quiz cards; None leaves their ids as they are.

    Raises:
        SourceError: With every problem of the file.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError((f"{path}:1: this is not UTF-8 text ({error.reason})",)) from error
    return parse(text, path, cards)


def parse(text: str, path: Path, cards: Cards | None = None) -> Source:
    """Read a source from its text; ``path`` is where the text came from, ``cards`` as of ``read``.

    Raises:
        SourceError: With every problem of the text.
    """
    return _Reader(text, path, cards).source()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Lines of one sort, from ``line`` on: words, a fenced block kept as it is, or code."""

    sort: Literal["words", "verbatim", "code"]
    line: int
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Gathered:
    """The prose gathered since the last code cell, and the tags given to the next."""

    parts: list[str | Expression] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    api: list[ApiFact] = field(default_factory=list)
    line: int = 0
    tags: tuple[str, ...] = ()
    tags_line: int = 0

    def prose(self) -> Iterator[Prose]:
        """The gathered prose as a cell; none when it is blank."""
        merged: list[str | Expression] = []
        for part in self.parts:
            if isinstance(part, str) and merged and isinstance(merged[-1], str):
                merged[-1] += part
            else:
                merged.append(part)
        if merged and isinstance(merged[0], str):
            merged[0] = merged[0].lstrip("\n")
        if merged and isinstance(merged[-1], str):
            merged[-1] = merged[-1].rstrip()
        parts = tuple(part for part in merged if part)
        if parts or self.claims:
            yield Prose(parts=parts, claims=tuple(self.claims), api=tuple(self.api), line=self.line)


class _Reader:
    """Reads one text, collecting its problems."""

    def __init__(self, text: str, path: Path, cards: Cards | None) -> None:
        self.path = path
        self.cards = cards
        self.lines = text.splitlines()
        self.problems: list[tuple[int, str]] = []

    def problem(self, line: int, message: str) -> None:
        self.problems.append((line, message))

    def source(self) -> Source:
        start, front = self.front_matter()
        title, minutes, objectives = self.checked(front)
        cells = tuple(self.cells(start))
        if self.problems:
            problems = sorted(self.problems)
            raise SourceError(tuple(f"{self.path}:{line}: {said}" for line, said in problems))
        return Source(
            path=self.path, title=title, minutes=minutes, objectives=objectives, cells=cells
        )

    # --- front matter

    def front_matter(self) -> tuple[int, Mapping[object, object]]:
        """The index of the first line below the front matter, and what it holds."""
        ends = [index for index, line in enumerate(self.lines) if line.rstrip() == "---"]
        if ends[:1] != [0] or not ends[1:]:
            self.problem(1, "a source begins with front matter between two lines of `---`")
            return 0, {}
        try:
            front = content_yaml.read("\n".join(self.lines[1 : ends[1]]))
        except yaml.YAMLError as error:
            self.problem(1, f"the front matter is not YAML: {' '.join(str(error).split())}")
            front = dict.fromkeys(_FRONT_MATTER)
        return ends[1] + 1, front if isinstance(front, Mapping) else {}

    def checked(self, front: Mapping[object, object]) -> tuple[str, int, tuple[str, ...]]:
        """The three values of the front matter."""
        for key in front:
            if key not in _FRONT_MATTER:
                near = nearest(str(key), _FRONT_MATTER)
                suggestion = f"; did you mean `{near}`?" if near else ""
                self.problem(1, f"unknown front matter `{key}`{suggestion}")
        title, minutes, objectives = (front.get(key) for key in _FRONT_MATTER)
        if not isinstance(title, str):
            self.problem(1, "front matter needs `title`, a text")
        if type(minutes) is not int or minutes < 1:
            self.problem(1, "front matter needs `minutes`, a whole number above 0")
        if not isinstance(objectives, list) or not all(isinstance(one, str) for one in objectives):
            self.problem(1, "front matter needs `objectives`, a list of texts")
            objectives = []
        return str(title), minutes if isinstance(minutes, int) else 0, tuple(objectives)

    # --- blocks of lines

    def blocks(self, start: int) -> Iterator[_Block]:
        """The lines from an index on, in blocks of one sort."""
        words_from = index = start
        while index < len(self.lines):
            fence = _FENCE.fullmatch(self.lines[index])
            if not fence:
                index += 1
                continue
            yield from self.words_block(words_from, index)
            end = self.closing_fence(index, fence["fence"])
            yield self.fenced_block(index, end, fence)
            words_from = index = end + 1
        yield from self.words_block(words_from, index)

    def words_block(self, start: int, end: int) -> Iterator[_Block]:
        if start < end:
            yield _Block(sort="words", line=start + 1, lines=tuple(self.lines[start:end]))

    def closing_fence(self, index: int, fence: str) -> int:
        closes = re.compile(rf" {{0,3}}{fence[0]}{{{len(fence)},}}\s*")
        for end in range(index + 1, len(self.lines)):
            if closes.fullmatch(self.lines[end]):
                return end
        self.problem(index + 1, "this block is never closed")
        return len(self.lines)

    def fenced_block(self, index: int, end: int, fence: re.Match[str]) -> _Block:
        info = fence["info"].split()
        if info == ["cards"] and self.cards:
            lines = self.shown(self.cards, index, end)
            return _Block(sort="verbatim", line=index + 1, lines=lines)
        if info[:1] != ["python"]:
            lines = tuple(self.lines[index : end + 1])
            return _Block(sort="verbatim", line=index + 1, lines=lines)
        code = tuple(self.lines[index + 1 : end])
        if info[1:] or fence["indent"]:
            advice = "not indented, its tags in a comment above, like `<!-- cell: hidden -->`"
            self.problem(index + 1, f"a code cell begins with `python` alone, {advice}")
        if not any(line.strip() for line in code):
            self.problem(index + 1, "this code cell is empty")
        if len(code) > MOST_LINES and not code[0].startswith(WHOLE_ANSWER):
            self.problem(index + 1, f"this code cell has {len(code)} lines, {MOST_LINES} at most")
        return _Block(sort="code", line=index + 2, lines=code)

    def shown(self, cards: Cards, index: int, end: int) -> tuple[str, ...]:
        ids = [line.strip() for line in self.lines[index + 1 : end] if line.strip()]
        try:
            return tuple(cards(ids).splitlines())
        except UnknownNameError as error:
            self.problem(index + 1, str(error))
            return ()

    # --- cells

    def cells(self, start: int) -> Iterator[Prose | Code]:
        """The cells from an index on: the prose between two code blocks is one cell."""
        gathered = _Gathered()
        for block in self.blocks(start):
            if gathered.tags and block.sort != "code":
                self.misplaced(gathered)
            if block.sort == "code":
                yield from gathered.prose()
                yield Code(python="\n".join(block.lines), tags=gathered.tags, line=block.line)
                gathered = _Gathered()
                continue
            gathered.line = gathered.line or block.line
            if block.sort == "words":
                self.words(block, gathered)
            else:
                gathered.parts.append("\n".join(block.lines) + "\n")
        if gathered.tags:
            self.misplaced(gathered)
        yield from gathered.prose()

    def misplaced(self, gathered: _Gathered) -> None:
        self.problem(gathered.tags_line, "a `cell` comment stands right above its code")
        gathered.tags = ()

    def words(self, block: _Block, gathered: _Gathered) -> None:
        """Take directives and expressions out of words."""
        paragraph = ""
        for line, text in enumerate(block.lines, start=block.line):
            if not text.strip():
                paragraph = ""
            kept, position = "", 0
            for directive in _DIRECTIVE.finditer(text):
                kept += text[position : directive.start()].rstrip()
                position = directive.end()
                self.directive(directive, f"{paragraph} {kept}", line, gathered)
            kept += text[position:].rstrip() if position else text
            paragraph += " " + kept
            if _UNCLOSED.search(kept):
                self.problem(line, "a comment like this ends on the line it begins on")
            if kept.strip() and gathered.tags:
                self.misplaced(gathered)
            if kept.strip() or not position:
                gathered.parts += [*self.expressions(kept, line), "\n"]
            if text.lstrip().startswith("# "):
                self.problem(line, "the title is in the front matter; begin sections with `##`")

    def directive(
        self, directive: re.Match[str], before: str, line: int, gathered: _Gathered
    ) -> None:
        word, text = directive["word"], directive["text"].strip()
        sentence = _SENTENCE_END.split(before.strip())[-1].strip()
        if word == "claim":
            self.compiles(text, line)
            gathered.claims.append(Claim(python=text, sentence=sentence, line=line))
        elif word == "api":
            gathered.api.append(ApiFact(rests_on=text, sentence=sentence, line=line))
            if not text:
                self.problem(line, "an `api` comment says what the sentence rests on")
        elif word == "cell":
            gathered.tags, gathered.tags_line = tuple(text.split()), line
            for tag in gathered.tags:
                if tag not in TAGS:
                    self.problem(line, f"unknown tag `{tag}`; there are: {', '.join(TAGS)}")
        else:
            self.problem(line, f"unknown comment `{word}:`; there are: `api:`, `cell:`, `claim:`")

    def expressions(self, text: str, line: int) -> Iterator[str | Expression]:
        """The text, with its expressions as such."""
        position = 0
        for found in _EXPRESSION.finditer(text):
            yield text[position : found.start()]
            self.compiles(found[1].strip(), line)
            yield Expression(python=found[1].strip(), line=line)
            position = found.end()
        if "{{" in text[position:]:
            self.problem(line, "this `{{` has no `}}` on its line")
        yield text[position:]

    def compiles(self, python: str, line: int) -> None:
        try:
            ast.parse(python, mode="eval")
        except SyntaxError as error:
            self.problem(line, f"`{python}` is not a Python expression: {error.msg}")
