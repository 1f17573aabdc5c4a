"""A picture as Mermaid text, which GitHub and many wikis draw."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.render import markup
from netpol_sim.render.palette import LIGHT, Tone
from netpol_sim.render.picture import Box, Picture, Shape

_FRAMES = {
    Shape.POD: ("(", ")"),
    Shape.BUNDLE: ("([", "])"),
    Shape.PLACE: ("((", "))"),
    Shape.STEP: ("[", "]"),
}
_REPLACED = {'"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;"}


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flowchart."""
    return "\n".join(_statements(picture)) + "\n"


def _statements(picture: Picture) -> Iterator[str]:
    names = {box.key: f"n{index}" for index, box in enumerate(picture.all_boxes)}
    yield "flowchart LR" if picture.across else "flowchart TB"
    yield f"  accTitle: {_plain(picture.title)}"
    yield f"  accDescr: {_plain(picture.description)}"
    for index, group in enumerate(picture.groups):
        yield f'  subgraph g{index} ["{_escaped(group.title)}"]'
        yield from (f"    {_box(box, names[box.key])}" for box in group.boxes)
        yield "  end"
    yield from (f"  {_box(box, names[box.key])}" for box in picture.boxes)
    for arrow in picture.arrows:
        line = "-.->" if arrow.tone in (Tone.DENIED, Tone.REMOVED) else "-->"
        line = f"<{line}" if arrow.both else line
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        yield f"  {names[arrow.source]} {line}{label} {names[arrow.target]}"
    for index, arrow in enumerate(picture.arrows):
        yield f"  linkStyle {index} stroke:{LIGHT[arrow.tone].line}"
    for tone in dict.fromkeys(box.tone for box in picture.all_boxes):
        ink = LIGHT[tone]
        yield f"  classDef {tone} color:{ink.text},fill:{ink.paper},stroke:{ink.line}"
    yield from (f"  %% {_plain(note)}" for note in picture.notes)


def _box(box: Box, name: str) -> str:
    before, after = _FRAMES[box.shape]
    lines = "<br/>".join(_escaped(line) for line in box.lines)
    return f'{name}{before}"{lines}"{after}:::{box.tone}'


def _escaped(text: str) -> str:
    # `#` begins an entity in Mermaid, so it goes first; a line end would end the statement.
    flat = _plain(text).replace("#", "#35;")
    for character, entity in _REPLACED.items():
        flat = flat.replace(character, entity)
    return flat


def _plain(text: str) -> str:
    return " ".join(markup.visible(text).split()).replace("%%", "% %")
