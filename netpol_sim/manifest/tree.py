"""What a document holds, as plain values, and where each of them stands.

A value is a dict with text keys, a list, text, a number, a truth value or None.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

Value = Any


class Mark(Protocol):
    """A place in a text; all three count from 0."""

    @property
    def index(self) -> int:
        """How many characters stand before it."""
        ...

    @property
    def line(self) -> int:
        """How many lines end before it."""
        ...

    @property
    def column(self) -> int:
        """How many characters of its own line stand before it."""
        ...


class Position:
    """A mark of our own: what ``Mark`` asks for, and no more."""

    def __init__(self, index: int, line: int, column: int) -> None:
        self.index = index
        self.line = line
        self.column = column

    @classmethod
    def of(cls, text: str, index: int) -> Position:
        """The place of a character in a text."""
        column = index - text.rfind("\n", 0, index) - 1
        return cls(index, text.count("\n", 0, index), column)


class UnreadableError(Exception):
    """Text that holds no value, and where the reading stopped."""

    def __init__(self, message: str, mark: Mark | None = None, help_text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark
        self.help = help_text


class Mention(NamedTuple):
    """An entry of a mapping or list: where its key and its value stand, and a scalar's text."""

    key: Mark
    value: Mark
    text: str | None


class Repeat(NamedTuple):
    """A key that its mapping, known by its identity, has already."""

    holder: int
    key: str
    mark: Mark
    first: Mark


class Notes:
    """Where the entries of each mapping and list stand, found by the identity of their holder."""

    def __init__(self) -> None:
        self.entries: dict[tuple[int, str | int], Mention] = {}
        self.repeated: list[Repeat] = []


class Extent(NamedTuple):
    """From which character of a text to which something stands, and where it begins.

    Everything counts from 0; ``end`` is the first character after it.
    """

    start: int
    end: int
    line: int
    column: int


class Document(NamedTuple):
    """The value of one document, where it begins, and the extents of the mappings near its root.

    ``line`` and ``column`` count from 0; extents are found by the identity of the mapping.
    """

    value: Value
    line: int
    column: int
    extents: dict[int, Extent]
    has_repeated_keys: bool
