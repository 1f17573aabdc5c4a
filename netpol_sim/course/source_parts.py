"""What the text of a notebook is made of, once it is read; and the error when it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from netpol_sim.errors import NetpolError


class SourceError(NetpolError, ValueError):
    """A source that cannot be built; ``problems`` says where and why, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Python whose value stands in prose."""

    python: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Python that must be True, and the sentence that it vouches for."""

    python: str
    sentence: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiFact:
    """What a sentence about the API rests on, and the sentence."""

    rests_on: str
    sentence: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A Markdown cell: text, and expressions to be replaced by their values, in order."""

    parts: tuple[str | Expression, ...]
    claims: tuple[Claim, ...]
    line: int
    api: tuple[ApiFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code cell; ``line`` is that of its first line of code."""

    python: str
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A whole text: what the front matter says, and the cells in order."""

    path: Path
    title: str
    minutes: int
    objectives: tuple[str, ...]
    cells: tuple[Prose | Code, ...]
