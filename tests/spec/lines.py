"""Lines about connections, as cases write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar

from netpol_sim.model import Connection

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``SOURCE -> DESTINATION[:PORT[/PROTOCOL]]``, where each part may have wildcards.

    Without a port it speaks about all ports; without a protocol about TCP.
    """

    source: str
    destination: str
    port: str | None

    @classmethod
    def of(cls, connection: Connection) -> Line:
        """A connection of the matrix."""
        port = f"{connection.port}/{connection.protocol}"
        return cls(source=connection.source.key, destination=connection.destination.key, port=port)

    @classmethod
    def read(cls, text: str) -> Line:
        """A line of a case."""
        source, _, rest = text.partition(" -> ")
        found = _DESTINATION.fullmatch(rest)
        assert found is not None, text
        port = found["port"]
        if port is not None and "/" not in port:
            port += "/TCP"
        return cls(source=source, destination=found["name"].strip("[]"), port=port)

    def fits(self, line: str) -> bool:
        """Whether a line speaks about this connection; `*` at one end is not the other end."""
        pattern = _line(line)
        if self.source == self.destination:
            same_end = pattern.source == self.source and pattern.destination == self.destination
        else:
            same_end = fnmatchcase(self.source, pattern.source) and fnmatchcase(
                self.destination, pattern.destination
            )
        return same_end and (pattern.port is None or fnmatchcase(self.port or "", pattern.port))

    def last(self, lines: Mapping[str, _T], usual: _T) -> _T:
        """What the last line that fits says."""
        fitting = [said for line, said in lines.items() if self.fits(line)]
        return fitting[-1] if fitting else usual

    def __str__(self) -> str:
        return f"{self.source} -> {self.destination}:{self.port}"


_DESTINATION = re.compile(
    r"(?P<name>\[[^\]]*\]|svc:[^:]*|[^:]*:[^:]*:.*|[^:]*)(:(?P<port>[^:]*))?", re.ASCII
)


@cache
def _line(text: str) -> Line:
    return Line.read(text)
