"""Where each field of an object was written, worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from netpol_sim.errors import join_field
from netpol_sim.manifest.tree import Mention, Notes, Value

NotedValue = Callable[[], tuple[Value, Notes]]
"""Reads an object once more, this time taking notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A key that its mapping already has."""

    field: str
    key: str
    line: int
    column: int


class Places(Mapping[str, tuple[int, int]]):
    """Field path -> (line, column), for every field that was really written.

    A scalar and an entry of a list stand where they stand themselves; a field that holds a mapping
    or a list stands where its name does.
    """

    def __init__(self, read_again: NotedValue) -> None:
        self._read_again = read_again

    @cached_property
    def _mentions(self) -> dict[str, Mention]:
        return self._walked[0]

    @cached_property
    def _walked(self) -> tuple[dict[str, Mention], dict[int, str]]:
        value, notes = self._read_again()
        mentions: dict[str, Mention] = {}
        paths: dict[int, str] = {}
        open_values: list[tuple[str, Value]] = [("", value)]
        while open_values:
            path, value = open_values.pop()
            paths.setdefault(id(value), path)
            for key in value if isinstance(value, dict) else range(len(value)):
                name = f"[{key}]" if isinstance(key, int) else key
                inner = join_field(path, name)
                mentions[inner] = notes.entries[id(value), key]
                if isinstance(value[key], dict | list):
                    open_values.append((inner, value[key]))
        self._notes = notes
        return mentions, paths

    def __getitem__(self, path: str) -> tuple[int, int]:
        mention = self._mentions[path]
        mark = mention.key if mention.text is None else mention.value
        return mark.line + 1, mark.column + 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._mentions)

    def __len__(self) -> int:
        return len(self._mentions)

    def name_of(self, path: str) -> tuple[int, int] | None:
        """Where the name of a field stands (for an entry of a list: the entry)."""
        mention = self._mentions.get(path)
        return (mention.key.line + 1, mention.key.column + 1) if mention else None

    def text_of(self, path: str) -> str | None:
        """A scalar as it was written; None for what is no scalar or was not written."""
        mention = self._mentions.get(path)
        return mention.text if mention else None

    def repeated(self) -> list[Repeated]:
        """The keys that stand twice in one mapping, in the order they were written."""
        _, paths = self._walked
        return [
            Repeated(
                field=join_field(paths.get(holder, ""), key),
                key=key,
                line=mark.line + 1,
                column=mark.column + 1,
            )
            for holder, key, mark in self._notes.repeated
        ]
