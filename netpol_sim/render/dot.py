"""A picture as DOT text, and laid out by Graphviz through the ``graphviz`` package.

Only plain text labels are used, so that every program that reads DOT draws the same.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from netpol_sim.render import markup
from netpol_sim.render.palette import LIGHT, Tone
from netpol_sim.render.picture import Arrow, Box, Picture, Shape, on_a_page

FONTS = "Helvetica,Arial,'Liberation Sans',sans-serif"
ROW = 4
"""So many boxes without arrows stand side by side."""

_SHAPES = {
    Shape.POD: 'shape=box style="rounded,filled"',
    Shape.BUNDLE: 'shape=box style="rounded,filled,dashed"',
    Shape.PLACE: 'shape=ellipse style="filled"',
    Shape.STEP: 'shape=box style="filled"',
}
_IN_EVERY_FONT = str.maketrans("✓✗▶", "√\N{MULTIPLICATION SIGN}►")
"""Signs that the fonts of layout programs seldom have, and those like them that they do have."""

_LINES = {
    Tone.DENIED: "style=dashed arrowhead=tee penwidth=2",
    Tone.ADDED: "penwidth=2.5",
    Tone.REMOVED: "style=dashed penwidth=2",
    Tone.MUTED: "penwidth=0.8",
}


def dot(picture: Picture) -> str:
    """The picture as DOT text."""
    return "\n".join(_statements(picture)) + "\n"


def _statements(picture: Picture) -> Iterator[str]:
    page = LIGHT[Tone.PLAIN]
    font = f'fontname="Helvetica" fontcolor="{page.text}"'
    notes = "".join(f"{_escaped(note)}\\l" for note in picture.notes)
    yield "digraph picture {"
    yield f"  graph [rankdir={'LR' if picture.across else 'TB'} {font} fontsize=11 pad=0.2"
    yield f'    nodesep=0.25 ranksep=0.55 labeljust=l labelloc=b label="{notes}"]'
    yield f'  node [{font} fontsize=12 height=0.4 margin="0.14,0.07"]'
    yield f"  edge [{font} fontsize=10 arrowsize=0.8]"
    groups = list(enumerate(picture.groups))
    # Frames that nothing links are piled up from below.
    for index, group in groups if picture.arrows else reversed(groups):
        muted = LIGHT[Tone.MUTED]
        yield f"  subgraph cluster_{index} {{"
        yield f"    label={_quoted(group.title)} labelloc=t fontsize=13 margin=12"
        yield f'    style="rounded,filled" color="{muted.line}" fillcolor="{muted.paper}"'
        yield from (f"    {_box(box)}" for box in group.boxes)
        yield "  }"
    yield from (f"  {_box(box)}" for box in picture.boxes)
    yield from (f"  {_arrow(arrow)}" for arrow in picture.arrows)
    for left, right in side_by_side(picture):
        yield f"  {_quoted(left)} -> {_quoted(right)} [style=invis]"
    yield "}"


def _box(box: Box) -> str:
    ink = LIGHT[box.tone]
    width = "2" if box.tone is not Tone.PLAIN else "1"
    colours = f'color="{ink.line}" fillcolor="{ink.paper}" fontcolor="{ink.text}"'
    label = "\\n".join(_escaped(line) for line in box.lines)
    return f'{_quoted(box.key)} [{_SHAPES[box.shape]} {colours} penwidth={width} label="{label}"]'


def _arrow(arrow: Arrow) -> str:
    ink = LIGHT[arrow.tone]
    line = _LINES.get(arrow.tone, "penwidth=1.3")
    heads = " dir=both" if arrow.both else ""
    label = f' label="{_escaped(arrow.label)}" fontcolor="{ink.text}"' if arrow.label else ""
    ends = f"{_quoted(arrow.source)} -> {_quoted(arrow.target)}"
    return f'{ends} [color="{ink.line}" {line}{heads}{label}]'


def side_by_side(picture: Picture) -> list[tuple[str, str]]:
    """Neighbours among the boxes without arrows, which would else all stand in one column."""
    linked = {key for arrow in picture.arrows for key in (arrow.source, arrow.target)}
    pairs: list[tuple[str, str]] = []
    row: list[str] = []
    for group in picture.groups:
        alone = [box.key for box in group.boxes if box.key not in linked]
        if len(alone) < len(group.boxes):
            for start in range(0, len(alone), ROW - 2):
                pairs += pairwise(alone[start : start + ROW - 2])
            continue
        if len(row) + len(alone) > ROW:
            row = []
        pairs += pairwise([*row[-1:], *alone[:ROW]])
        pairs += pairwise(alone[ROW:])
        row += alone
    return pairs


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    plain = markup.visible(text).translate(_IN_EVERY_FONT)
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def programs() -> tuple[Path, ...]:
    """The layout programs of this machine, the most even one first."""
    names = ("graphviz-pure", "graphviz-pure.exe")
    own = [Path(sysconfig.get_path("scripts")) / name for name in names]
    found = [str(path) for path in own if path.is_file()]
    found += [path for name in ("graphviz-pure", "dot") if (path := shutil.which(name))]
    return tuple(Path(path) for path in dict.fromkeys(found))


def laid_out(source: str, kind: str, candidates: Sequence[Path] | None = None) -> bytes | None:
    """DOT text drawn as ``svg`` or ``png``; None when no program of this machine can."""
    try:
        import graphviz  # noqa: PLC0415  not everybody who draws has it
        from graphviz.backend import dot_command  # noqa: PLC0415  as above
    except ImportError:
        return None
    usual = dot_command.DOT_BINARY
    for program in programs() if candidates is None else candidates:
        # The package has no other way to say which program to run.
        dot_command.DOT_BINARY = program
        try:
            drawn = graphviz.pipe("dot", kind, source.encode(), quiet=True)
        except subprocess.CalledProcessError as error:
            # Graphviz reports failure for some pictures that it drew all the same.
            drawn = error.stdout or b""
        except (graphviz.ExecutableNotFound, OSError):
            continue
        finally:
            dot_command.DOT_BINARY = usual
        if _is_complete(drawn, kind):
            return bytes(drawn)
    return None


def _is_complete(drawn: bytes, kind: str) -> bool:
    if kind == "png":
        return drawn.startswith(b"\x89PNG") and b"IEND" in drawn[-12:]
    return drawn.rstrip().endswith(b"</svg>")


def dressed(svg: str, picture: Picture) -> str:
    """Graphviz's SVG without its comments, with a role, a title and a description."""
    body = re.sub(r"<!--.*?-->\n?", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    body = re.sub(r'font-family="[^"]*"', f'font-family="{FONTS}"', body)
    opening, rest = body.split(">", 1)
    opening = re.sub(r'width="(\d+)pt" height="(\d+)pt"', _on_a_page, opening)
    labels = markup.join(
        markup.element("title", picture.title), markup.element("desc", picture.description)
    )
    # The graph's own title would be read out instead of ours.
    rest = re.sub(r"<title>picture</title>\n?", "", rest, count=1)
    return f'{opening} role="img">\n{labels}{rest}'.rstrip() + "\n"


def _on_a_page(size: re.Match[str]) -> str:
    """A size in points as one in pixels, made smaller where it is wider than a notebook."""
    width, height = on_a_page(int(size[1]), int(size[2]))
    return f'width="{width}" height="{height}"'
