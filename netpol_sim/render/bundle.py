"""Many arrows drawn as few: what comes from everybody, or from a whole namespace, is one arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netpol_sim.render.palette import Tone
from netpol_sim.render.picture import Arrow, Box, Group, Picture, Shape

FEWEST = 3
"""A bundle stands for at least so many arrows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Boxes that one box can stand for; ``group`` is the frame it goes into, None for no frame."""

    box: Box
    members: frozenset[str]
    group: str | None = None


def sets_of(picture: Picture) -> tuple[Set, ...]:
    """Everybody, every pod, and the pods of each namespace; the largest first."""
    pods = frozenset(box.key for group in picture.groups for box in group.boxes)
    outside = frozenset(box.key for box in picture.boxes)
    found = []
    if outside:
        found.append(Set(box=_box("everybody", "everybody"), members=pods | outside))
    found.append(Set(box=_box("every pod", "every pod"), members=pods))
    found += [
        Set(
            box=_box(f"every pod in {group.title}", "every pod here"),
            members=frozenset(box.key for box in group.boxes),
            group=group.title,
        )
        for group in picture.groups
    ]
    return tuple(found)


def _box(key: str, line: str) -> Box:
    return Box(key=key, lines=(line,), shape=Shape.BUNDLE)


def bundled(picture: Picture) -> Picture:
    """The same picture with arrows from, or to, a whole set drawn as one."""
    sets = sets_of(picture)
    # Thin arrows are drawn in small pictures only, to show how many there are.
    thin = [arrow for arrow in picture.arrows if arrow.tone is Tone.MUTED]
    arrows = _by_target((arrow for arrow in picture.arrows if arrow.tone is not Tone.MUTED), sets)
    arrows = [_turned(arrow) for arrow in _by_target(map(_turned, arrows), sets)]
    used = {key for arrow in arrows for key in (arrow.source, arrow.target)}
    needed = [item for item in sets if item.box.key in used]
    lone = tuple(item.box for item in needed if item.group is None)
    own = {item.group: (item.box,) for item in needed}
    return replace(
        picture,
        groups=tuple(_with(group, own.get(group.title, ())) for group in picture.groups),
        boxes=picture.boxes + lone,
        arrows=tuple(_both_ways([*arrows, *thin])),
    )


def _with(group: Group, boxes: Sequence[Box]) -> Group:
    return replace(group, boxes=(*group.boxes, *boxes))


def _turned(arrow: Arrow) -> Arrow:
    return replace(arrow, source=arrow.target, target=arrow.source)


def _by_target(arrows: Iterable[Arrow], sets: Sequence[Set]) -> list[Arrow]:
    """Put one arrow from a set in place of those from each of its members to the same box."""
    alike: dict[Arrow, dict[str, Arrow]] = {}
    for arrow in arrows:
        alike.setdefault(replace(arrow, source=""), {})[arrow.source] = arrow
    found: list[Arrow] = []
    for kind, by_source in alike.items():
        found += _covered(kind, by_source, sets)
    return found


def _covered(kind: Arrow, by_source: Mapping[str, Arrow], sets: Sequence[Set]) -> list[Arrow]:
    left = dict(by_source)
    found = []
    for item in sets:
        # An arrow from a set says nothing of the target itself: its replicas have one of their own.
        wanted = item.members - {kind.target}
        if len(wanted) >= FEWEST and wanted <= by_source.keys() and not wanted.isdisjoint(left):
            found.append(replace(kind, source=item.box.key))
            left = {key: arrow for key, arrow in left.items() if key not in wanted}
    return [*found, *left.values()]


def _both_ways(arrows: Sequence[Arrow]) -> list[Arrow]:
    """Two arrows that say the same in opposite directions become one with two heads."""
    waiting, found = set(arrows), []
    for arrow in arrows:
        if arrow not in waiting:
            continue
        back = _turned(arrow)
        both = arrow.source != arrow.target and back in waiting
        waiting -= {arrow, back}
        found.append(replace(arrow, both=both))
    return found
