"""What a picture shows, before anybody decides where things go: groups, boxes and arrows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.render.palette import Tone

WIDEST, SMALLEST = 860, 0.7
"""How many pixels wide a picture may be, and how far it may be made smaller to fit."""


NARROW = 610
"""How many pixels wide a page is in a small window, such as one of two side by side."""


def on_a_page(width: int, height: int, widest: int = WIDEST) -> tuple[int, int]:
    """The size of a picture on a page of a notebook."""
    scale = max(min(1.0, widest / width), SMALLEST)
    return round(width * scale), round(height * scale)


class Shape(StrEnum):
    """What kind of thing a box is."""

    POD = "pod"
    BUNDLE = "bundle"
    PLACE = "place"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One thing.  ``key`` is unique in the picture; the first line is the name."""

    key: str
    lines: tuple[str, ...]
    shape: Shape = Shape.POD
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A frame around boxes, such as a namespace."""

    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one box to another by their keys; ``both`` has a head at each end."""

    source: str
    target: str
    label: str = ""
    tone: Tone = Tone.PLAIN
    both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with the words that stand for it.

    ``description`` says in sentences what is to be seen, for whom the picture is not visible.
    ``notes`` stand below the picture: what was left out, and what the signs mean.  Where it is
    ``stacked`` the boxes of a frame stand one below the other, and no layout program is asked.
    """

    title: str
    description: str
    groups: tuple[Group, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    notes: tuple[str, ...] = ()
    across: bool = True
    stacked: bool = False

    @property
    def all_boxes(self) -> Iterator[Box]:
        """The boxes of the groups, then those that stand alone."""
        for group in self.groups:
            yield from group.boxes
        yield from self.boxes
