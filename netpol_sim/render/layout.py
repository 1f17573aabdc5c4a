"""Where the boxes of a picture go when no layout program is at hand: frames on shelves.

Frames stand beside each other until a shelf is full; inside a frame the boxes stand in columns.
Boxes without a frame are put in order along their arrows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from netpol_sim.render.picture import Box, Group, Picture

SHELF = 1000.0
GAP, PADDING = 46.0, 16.0
LINE, TITLE = 17.0, 26.0
_NARROW = frozenset("iljtfrI.,:;|!'()[]/ -")
_WIDE = frozenset("mwMW@%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A place on the page; ``x`` and ``y`` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> Rectangle:
        """The same size at another place."""
        return Rectangle(x=self.x + x, y=self.y + y, width=self.width, height=self.height)

    def overlaps(self, other: Rectangle) -> bool:
        """Whether the two have a point in common."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The places of boxes by their key, of frames in the picture's order, and the page's size."""

    boxes: Mapping[str, Rectangle]
    frames: tuple[Rectangle, ...]
    width: float
    height: float


def text_width(text: str, size: float = 13) -> float:
    """About how wide a text is in a sans-serif font, rather too wide than too narrow."""
    # Plain sums of fractions differ in the last digit between versions of Python.
    return size * fsum(
        0.34 if letter in _NARROW else 0.92 if letter in _WIDE or letter > "~" else 0.6
        for letter in text
    )


def arrange(picture: Picture) -> Layout:
    """Give every box and frame its place."""
    linked = {key for arrow in picture.arrows for key in (arrow.source, arrow.target)}
    boxes: dict[str, Rectangle] = {}
    frames: list[Rectangle] = []
    x = y = GAP / 2
    shelf = width = 0.0
    for group in picture.groups:
        inside, frame = _frame(group, columns=1 if linked or picture.stacked else 3)
        if x + frame.width > SHELF and x > GAP:
            x, y, shelf = GAP / 2, y + shelf + GAP, 0.0
        boxes |= {key: place.moved(x, y) for key, place in inside.items()}
        frames.append(frame.moved(x, y))
        x, shelf = x + frame.width + GAP, max(shelf, frame.height)
        width = max(width, x)
    height = y + shelf
    lone, right, bottom = _in_order(picture, y=height + GAP if frames else y)
    boxes |= lone
    width = max(width, right) + GAP / 2
    return Layout(boxes=boxes, frames=tuple(frames), width=width, height=max(height, bottom) + GAP)


def _size(box: Box) -> tuple[float, float]:
    width = max((text_width(line) for line in box.lines), default=0) + 24
    return max(width, 60.0), len(box.lines) * LINE + 14


def _frame(group: Group, columns: int) -> tuple[dict[str, Rectangle], Rectangle]:
    """The boxes of a group in columns, and the frame around them, from the point 0, 0."""
    sizes = [_size(box) for box in group.boxes]
    column = max((width for width, _ in sizes), default=0.0)
    boxes: dict[str, Rectangle] = {}
    top = TITLE + PADDING
    used = min(columns, max(len(sizes), 1))
    for start in range(0, len(sizes), used):
        row = sizes[start : start + used]
        for place, (box, (_, height)) in enumerate(
            zip(group.boxes[start : start + used], row, strict=True)
        ):
            left = PADDING + place * (column + PADDING)
            boxes[box.key] = Rectangle(x=left, y=top, width=column, height=height)
        top += max(height for _, height in row) + (PADDING if columns > 1 else 2 * PADDING)
    width = max(used * (column + PADDING) + PADDING, text_width(group.title, 14) + 2 * PADDING)
    return boxes, Rectangle(x=0, y=0, width=width, height=top)


def _in_order(picture: Picture, y: float) -> tuple[dict[str, Rectangle], float, float]:
    """The boxes without a frame, each after those whose arrows lead to it."""
    ranks = _ranks(picture)
    columns: dict[int, list[Box]] = {}
    for box in picture.boxes:
        columns.setdefault(ranks[box.key], []).append(box)
    sizes = {box.key: _size(box) for box in picture.boxes}
    extents = {
        rank: _extent(picture, [sizes[box.key] for box in columns[rank]]) for rank in columns
    }
    widest = max((across for _, across in extents.values()), default=0.0)
    boxes: dict[str, Rectangle] = {}
    along = 0.0
    for rank in sorted(columns):
        deep, across = extents[rank][0], (widest - extents[rank][1]) / 2
        for box in columns[rank]:
            width, height = sizes[box.key]
            left, top = (along, across) if picture.across else (across, along)
            boxes[box.key] = Rectangle(x=GAP / 2 + left, y=y + top, width=width, height=height)
            across += (height if picture.across else width) + GAP / 2
        along += deep + _label_room(picture)
    right = max((place.x + place.width for place in boxes.values()), default=0.0)
    bottom = max((place.y + place.height for place in boxes.values()), default=0.0)
    return boxes, right, bottom


def _extent(picture: Picture, sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """How much room boxes of one rank take along the arrows and across them."""
    gaps = GAP / 2 * (len(sizes) - 1)
    widths, heights = [width for width, _ in sizes], [height for _, height in sizes]
    if picture.across:
        return max(widths), fsum(heights) + gaps
    return max(heights), fsum(widths) + gaps


def _label_room(picture: Picture) -> float:
    labels = [text_width(arrow.label, 11) for arrow in picture.arrows]
    return GAP + max(labels, default=0.0) if picture.across else GAP


def _ranks(picture: Picture) -> dict[str, int]:
    """How many arrows lead to each box one after another; arrows that go back do not count."""
    order: Sequence[str] = [box.key for box in picture.boxes]
    position = {key: index for index, key in enumerate(order)}
    ranks = dict.fromkeys(order, 0)
    for key in order:
        for arrow in picture.arrows:
            forward = arrow.source == key and position.get(arrow.target, -1) > position[key]
            if forward:
                ranks[arrow.target] = max(ranks[arrow.target], ranks[key] + 1)
    return ranks
