"""The colours of everything we show, and how well each can be read.

A colour never carries meaning alone: whatever has a tone also has a symbol or a word.  A test
holds every text on its paper to a contrast of at least 4.5, and every line on the page to 3.
Source: WCAG 2.2, success criteria 1.4.1, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a piece of a table or picture is about."""

    PLAIN = "plain"
    MUTED = "muted"
    ALLOWED = "allowed"
    DENIED = "denied"
    DEPENDS = "depends"
    ADDED = "added"
    REMOVED = "removed"
    ISOLATED = "isolated"
    MARKED = "marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The colours of a tone: its text, the paper below it, and a line on the page."""

    text: str
    paper: str
    line: str

    @property
    def style(self) -> str:
        """As the value of an HTML ``style`` attribute."""
        return f"color:{self.text};background-color:{self.paper}"


PAGE = "#ffffff"
DARK_PAGE = "#111418"

LIGHT: Mapping[Tone, Ink] = {
    Tone.PLAIN: Ink(text="#1b1f24", paper="#ffffff", line="#57606a"),
    Tone.MUTED: Ink(text="#4d5761", paper="#f1f3f5", line="#7d8590"),
    Tone.ALLOWED: Ink(text="#0b4f2c", paper="#dcf3e4", line="#1a7f4b"),
    Tone.DENIED: Ink(text="#86121d", paper="#fde4e6", line="#c1272d"),
    Tone.DEPENDS: Ink(text="#5c4300", paper="#fdf0c8", line="#8f6a00"),
    Tone.ADDED: Ink(text="#0a3f86", paper="#dcebfd", line="#1f6fd1"),
    Tone.REMOVED: Ink(text="#7a3200", paper="#fdeadb", line="#b85a00"),
    Tone.ISOLATED: Ink(text="#3d2480", paper="#eeeaff", line="#6e56cf"),
    Tone.MARKED: Ink(text="#1b1f24", paper="#fff0a8", line="#8f6a00"),
}
"""On a light page; pictures and stored tables have these in every theme."""

DARK: Mapping[Tone, Ink] = {
    Tone.PLAIN: Ink(text="#e6edf3", paper="#111418", line="#9198a1"),
    Tone.MUTED: Ink(text="#b3bcc6", paper="#1c2128", line="#7d8590"),
    Tone.ALLOWED: Ink(text="#a3e9bd", paper="#12351f", line="#3fb868"),
    Tone.DENIED: Ink(text="#ffb8bc", paper="#451318", line="#f0616a"),
    Tone.DEPENDS: Ink(text="#f5d98a", paper="#3a2c05", line="#d4a72c"),
    Tone.ADDED: Ink(text="#a9d0ff", paper="#0f2f57", line="#5aa2f5"),
    Tone.REMOVED: Ink(text="#ffc79a", paper="#43230a", line="#e0853a"),
    Tone.ISOLATED: Ink(text="#d2c6ff", paper="#2b2150", line="#9b87f5"),
    Tone.MARKED: Ink(text="#fff3c2", paper="#4d3c00", line="#d4a72c"),
}
"""On a dark page; widgets follow the theme."""


def contrast(one: str, other: str) -> float:
    """How well two colours ``#rrggbb`` can be told apart: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
