"""A picture as SVG by our own means: no layout program, no network, the same bytes everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

from netpol_sim.render.layout import GAP, LINE, Layout, Rectangle, arrange, text_width
from netpol_sim.render.markup import Markup, element, join
from netpol_sim.render.palette import LIGHT, PAGE, Tone
from netpol_sim.render.picture import NARROW, WIDEST, Arrow, Box, Picture, Shape, on_a_page

FONTS = "Helvetica,Arial,'Liberation Sans',sans-serif"
_DASHED = {Tone.DENIED: "6 4", Tone.REMOVED: "6 4"}
_BOLD = {Tone.DENIED: 2.0, Tone.ADDED: 2.5, Tone.REMOVED: 2.0, Tone.MUTED: 0.9}


def svg(picture: Picture) -> str:
    """The picture as an SVG document with a title and a description."""
    layout = arrange(picture)
    notes = layout.height + LINE * len(picture.notes)
    width = max([layout.width, *(text_width(note, 12) + GAP for note in picture.notes)])
    content = join(
        element("title", picture.title),
        element("desc", picture.description),
        element("rect", width="100%", height="100%", fill=PAGE),
        *(
            _frame(group.title, place)
            for group, place in zip(picture.groups, layout.frames, strict=True)
        ),
        *(_line(arrow, layout) for arrow in picture.arrows),
        *(_box(box, layout.boxes[box.key]) for box in picture.all_boxes),
        *(_label(arrow, layout) for arrow in picture.arrows if arrow.label),
        *(
            _text(note, GAP / 2, layout.height + LINE * index, 12, anchor="start")
            for index, note in enumerate(picture.notes)
        ),
        by="\n",
    )
    widest = NARROW if picture.stacked else WIDEST
    size = on_a_page(round(width), round(notes), widest)
    drawing = element(
        "svg",
        Markup(f"\n{content}\n"),
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        width=size[0],
        height=size[1],
        viewBox=f"0 0 {round(width)} {round(notes)}",
        font_family=FONTS,
    )
    return f"{drawing}\n"


def _text(  # noqa: PLR0913  a text has a place, a size, a colour and an anchor
    content: str,
    x: float,
    y: float,
    size: float,
    *,
    fill: str = LIGHT[Tone.PLAIN].text,
    anchor: str = "middle",
    bold: bool = False,
) -> Markup:
    weight = "bold" if bold else None
    return element(
        "text",
        content,
        x=float(x),
        y=float(y),
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=weight,
    )


def _frame(title: str, place: Rectangle) -> Markup:
    ink = LIGHT[Tone.MUTED]
    return join(
        _shape(place, ink.paper, ink.line),
        _text(title, place.x + 16, place.y + 24, 14, anchor="start"),
    )


def _shape(
    place: Rectangle, paper: str, line: str, *, radius: float = 8, width: float = 1
) -> Markup:
    return element(
        "rect",
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
        rx=radius,
        fill=paper,
        stroke=line,
        stroke_width=width,
    )


def _box(box: Box, place: Rectangle) -> Markup:
    ink = LIGHT[box.tone]
    radius = {Shape.PLACE: place.height / 2, Shape.STEP: 0.0}.get(box.shape, 6.0)
    width = 1.0 if box.tone is Tone.PLAIN else 2.0
    middle, top = place.middle[0], place.y + 7 + LINE * 0.75
    lines = (
        _text(line, middle, top + LINE * index, 13, fill=ink.text, bold=index == 0)
        for index, line in enumerate(box.lines)
    )
    return join(_shape(place, ink.paper, ink.line, radius=radius, width=width), *lines)


def _line(arrow: Arrow, layout: Layout) -> Markup:
    """The arrow's line, bent a little so that two arrows between the same boxes do not cover."""
    line = LIGHT[arrow.tone].line
    start, bend, end = _course(arrow, layout)
    heads = [_head(bend, end, line)] + ([_head(bend, start, line)] if arrow.both else [])
    curve = f"M{_point(start)}Q{_point(bend)} {_point(end)}"
    path = element(
        "path",
        d=curve,
        fill="none",
        stroke=line,
        stroke_width=_BOLD.get(arrow.tone, 1.4),
        stroke_dasharray=_DASHED.get(arrow.tone),
    )
    return join(path, *heads)


def _label(arrow: Arrow, layout: Layout) -> Markup:
    ink = LIGHT[arrow.tone]
    width = text_width(arrow.label, 11) + 6
    course = _course(arrow, layout)
    papers = [
        Rectangle(x=x - width / 2, y=y - 9, width=width, height=16)
        for x, y in (_along(course, part) for part in _LABEL_PLACES)
    ]
    boxes = layout.boxes.values()
    free = (paper for paper in papers if not any(paper.overlaps(box) for box in boxes))
    paper = next(free, papers[0])
    return join(
        element(
            "rect",
            x=paper.x,
            y=paper.y,
            width=paper.width,
            height=paper.height,
            rx=3,
            fill=ink.paper,
        ),
        _text(arrow.label, paper.middle[0], paper.y + 12, 11, fill=ink.text),
    )


Point = tuple[float, float]
_LABEL_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)


def _along(course: tuple[Point, Point, Point], part: float) -> Point:
    """The point at a part of an arrow's way."""
    weights = ((1 - part) ** 2, 2 * part * (1 - part), part**2)
    pairs = list(zip(weights, course, strict=True))
    return fsum(by * x for by, (x, _) in pairs), fsum(by * y for by, (_, y) in pairs)


def _course(arrow: Arrow, layout: Layout) -> tuple[Point, Point, Point]:
    """Where an arrow starts, towards what it bends, and where it ends."""
    source, target = layout.boxes[arrow.source], layout.boxes[arrow.target]
    if arrow.source == arrow.target:
        right, middle = source.x + source.width, source.middle[1]
        return (right, middle - 8), (right + 50, middle), (right, middle + 8)
    (ax, ay), (bx, by) = source.middle, target.middle
    length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1.0)
    if ax == bx and length > source.height + target.height:
        # Around the boxes that stand between the two.
        right = ax + source.width / 2
        far = (right + 50 + length * 0.1, (ay + by) / 2)
        return (right, ay), far, (right, by)
    if ax == bx:
        # A neighbour above or below: straight from border to border.
        away = 1 if by > ay else -1
        start, end = ay + away * (source.height / 2 + 2), by - away * (target.height / 2 + 2)
        return (ax, start), (ax, (start + end) / 2), (ax, end)
    aside = min(length * 0.14, 40.0) if layout.frames else 0.0
    bend = ((ax + bx) / 2 - (by - ay) / length * aside, (ay + by) / 2 + (bx - ax) / length * aside)
    return _border(source, bend), bend, _border(target, bend)


def _border(place: Rectangle, towards: Point) -> Point:
    """Where the line from the middle of a rectangle to a point leaves the rectangle."""
    x, y = place.middle
    across, down = towards[0] - x, towards[1] - y
    scale = min(
        (size / 2 + 2) / abs(step) if step else float("inf")
        for size, step in ((place.width, across), (place.height, down))
    )
    scale = min(scale, 1.0)
    return x + across * scale, y + down * scale


def _head(origin: Point, tip: Point, colour: str) -> Markup:
    across, down = tip[0] - origin[0], tip[1] - origin[1]
    length = max((across**2 + down**2) ** 0.5, 0.001)
    across, down = across / length, down / length
    base = (tip[0] - 9 * across, tip[1] - 9 * down)
    sides: Iterator[Point] = iter(
        [(base[0] - 4 * down, base[1] + 4 * across), (base[0] + 4 * down, base[1] - 4 * across)]
    )
    points = " ".join(_point(point) for point in (tip, *sides))
    return element("polygon", points=points, fill=colour)


def _point(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
