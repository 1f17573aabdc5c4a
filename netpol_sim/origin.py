"""Where an object was written: file, text, and the place of each of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in a file.  Lines and columns count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The document an object was read from.

    ``positions`` maps the field paths that were really written, such as
    ``spec.ingress[0].from[1].podSelector``, to (line, column); it may be worked out lazily.
    ``text`` is the whole file, so that lines can be quoted.
    """

    file: str
    line: int
    text: str = field(default="", repr=False)
    positions: Mapping[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    def wrote(self, path: str) -> bool:
        """Whether the document itself has this field (as opposed to a default)."""
        return path in self.positions

    def locate(self, path: str = "") -> Location:
        """The place of a field, or of the nearest enclosing field that was written."""
        while path:
            if path in self.positions:
                line, column = self.positions[path]
                return Location(file=self.file, line=line, column=column)
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return Location(file=self.file, line=self.line)

    def quote(self, line: int) -> str:
        """One line of the file, without its line end; empty when the text is not known."""
        lines = self.text.splitlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""
