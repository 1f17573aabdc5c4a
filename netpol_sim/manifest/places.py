"""Where each field of an object was written, worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from netpol_sim.errors import join_field
from netpol_sim.manifest.tree import Mark, Mention, Notes, Value

Place = tuple[int, int]
"""Line and column; both count from 1."""


class Noted(NamedTuple):
    """An object that was read with notes; ``first_line`` is added to the lines of its marks."""

    value: Value
    notes: Notes
    first_line: int


class RepeatedKey(NamedTuple):
    """A key that stands once more in its mapping, and where it stood first."""

    field: str
    key: str
    place: Place
    first: Place


class Places(Mapping[str, Place]):
    """The place of every field that was really written, by its path.

    A scalar, and whatever is an entry of a list, stands where it begins itself; a field that holds
    a mapping or a list stands where its name does.
    """

    def __init__(self, read_again: Callable[[], Noted]) -> None:
        self._read_again = read_again

    @cached_property
    def _noted(self) -> Noted:
        return self._read_again()

    @cached_property
    def _holders(self) -> dict[str, Value]:
        """The path of every mapping and list, in the order they were written."""
        holders: dict[str, Value] = {}
        waiting: list[tuple[str, Value]] = [("", self._noted.value)]
        while waiting:
            path, holder = waiting.pop()
            holders[path] = holder
            waiting += [
                (_inside(path, key), value)
                for key, value in reversed(_entries(holder))
                if isinstance(value, dict | list)
            ]
        return holders

    @cached_property
    def _mentions(self) -> dict[str, Mention]:
        entries = self._noted.notes.entries
        return {
            _inside(path, key): entries[id(holder), key]
            for path, holder in self._holders.items()
            for key, _ in _entries(holder)
        }

    def __reduce__(self) -> tuple[type[Places], tuple[Callable[[], Noted]]]:
        return Places, (self._read_again,)

    def __getitem__(self, path: str) -> Place:
        mention = self._mentions[path]
        return self._place(mention.key if mention.text is None else mention.value)

    def _place(self, mark: Mark) -> Place:
        return mark.line + self._noted.first_line, mark.column + 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._mentions)

    def __len__(self) -> int:
        return len(self._mentions)

    def name_of(self, path: str) -> Place | None:
        """Where the name of a field stands; for an entry of a list, the entry."""
        mention = self._mentions.get(path)
        return self._place(mention.key) if mention else None

    def text_of(self, path: str) -> str | None:
        """A scalar as it was written, without its quotes; None for anything else."""
        mention = self._mentions.get(path)
        return mention.text if mention else None

    def entry_with(self, path: str, text: str) -> Place | None:
        """The entry of a mapping of scalars that has a text for its key or its value."""
        holder = self._holders.get(path)
        for key, value in holder.items() if isinstance(holder, dict) else ():
            if text in (key, value):
                mention = self._mentions[_inside(path, key)]
                return self._place(mention.key if text == key else mention.value)
        return None

    @property
    def repeated_keys(self) -> list[RepeatedKey]:
        """The keys that stand twice in a mapping, in the order they were written."""
        paths = {id(holder): path for path, holder in reversed(self._holders.items())}
        return [
            RepeatedKey(
                field=_inside(paths[repeat.holder], repeat.key),
                key=repeat.key,
                place=self._place(repeat.mark),
                first=self._place(repeat.first),
            )
            for repeat in self._noted.notes.repeated
            if repeat.holder in paths
        ]


def _entries(holder: Value) -> list[tuple[str | int, Value]]:
    if isinstance(holder, dict):
        return list(holder.items())
    return list(enumerate(holder)) if isinstance(holder, list) else []


def _inside(path: str, key: str | int) -> str:
    return join_field(path, key) if isinstance(key, str) else f"{path}[{key}]"
