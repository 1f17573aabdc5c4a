"""What is left out of a picture so that it can be read, and the note that says how much."""

from __future__ import annotations

from dataclasses import replace

from netpol_sim.render.picture import Box, Group, Picture

MANY_BOXES, MOST_BOXES = 9, 24
"""Where there are many boxes, those that are alike in a namespace that no arrow touches are one; in
a picture with more than most, those in other namespaces too."""

MOST_ARROWS = 48
MOST_NAMES = 4
LONGEST_LINE = 32


def shortened(text: str, longest: int = LONGEST_LINE) -> str:
    """The text, cut to a length with dots at the end."""
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip(' ,=')}..."


def thinned(picture: Picture) -> Picture:
    """The picture with so many boxes and arrows as can be read; notes say what is missing."""
    kept = picture.arrows[:MOST_ARROWS]
    missing = len(picture.arrows) - len(kept)
    notes = picture.notes
    if missing:
        notes = (*notes, f"{missing} more arrows are left out: ask for the matrix to see them.")
    linked = {key for arrow in kept for key in (arrow.source, arrow.target)}
    groups = tuple(
        _merged(group, linked) if _is_crowded(picture, group, linked) else group
        for group in picture.groups
    )
    arrows = tuple(replace(arrow, label=shortened(arrow.label)) for arrow in kept)
    return replace(picture, groups=groups, arrows=arrows, notes=notes)


def _is_crowded(picture: Picture, group: Group, linked: set[str]) -> bool:
    count = sum(len(group.boxes) for group in picture.groups)
    touched = any(box.key in linked for box in group.boxes)
    return count > MOST_BOXES or (count > MANY_BOXES and bool(linked) and not touched)


def _merged(group: Group, linked: set[str]) -> Group:
    """Boxes without arrows that say the same last line, as one box with their names."""
    alike: dict[tuple[object, ...], list[Box]] = {}
    for box in group.boxes:
        own = box.key if box.key in linked else ""
        alike.setdefault((own, box.lines[-1], box.tone), []).append(box)
    return replace(group, boxes=tuple(_one(boxes) for boxes in alike.values()))


def _one(boxes: list[Box]) -> Box:
    if len(boxes) == 1:
        return boxes[0]
    names = [box.lines[0] for box in boxes[:MOST_NAMES]]
    more = len(boxes) - len(names)
    lines = [*names, *([f"and {more} more"] if more else []), boxes[0].lines[-1]]
    return replace(boxes[0], lines=tuple(lines))
