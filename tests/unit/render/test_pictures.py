"""Pictures are drawn whole, safely and the same every time, by each of the ways to draw them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.render import dot, layout, mermaid, svg
from netpol_sim.render.palette import Tone
from netpol_sim.render.picture import Arrow, Box, Group, Picture, Shape
from netpol_sim.render.workflow import workflow_picture

HOSTILE = 'a"b\\c<script>&]]>\n|#{}`%%$\N{RIGHT-TO-LEFT OVERRIDE}ü漢'
SPACE = {"svg": "http://www.w3.org/2000/svg"}


def picture(text: str) -> Picture:
    """A picture with the text wherever a text can be."""
    return Picture(
        title=text,
        description=text,
        groups=(
            Group(
                title=text, boxes=(Box(key=f"1{text}", lines=(text,)), Box(key="2", lines=("b",)))
            ),
        ),
        boxes=(Box(key="3", lines=(text, "x"), shape=Shape.PLACE, tone=Tone.DENIED),),
        arrows=(
            Arrow(source=f"1{text}", target="2", label=text, tone=Tone.ALLOWED, both=True),
            Arrow(source="2", target="3", label=text, tone=Tone.DENIED),
            Arrow(source="2", target="2"),
        ),
        notes=(text,),
    )


def drawn(given_picture: Picture) -> str:
    """The picture laid out by Graphviz."""
    found = dot.laid_out(dot.dot(given_picture), "svg")
    assert found is not None
    return dot.dressed(found.decode(), given_picture)


WAYS: dict[str, Callable[[Picture], str]] = {"own": svg.svg, "graphviz": drawn}


@pytest.mark.parametrize("way", WAYS)
def test_hostile_text_stays_text(way: str) -> None:
    """Whatever a name or a label holds, the SVG is well-formed and has no element of its making."""
    read = ET.fromstring(WAYS[way](picture(HOSTILE)))  # noqa: S314  our own
    assert {element.tag.rpartition("}")[2] for element in read.iter()} <= {
        *("svg", "title", "desc", "rect", "text", "path", "polygon", "g", "ellipse", "polyline")
    }


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_has_its_words(way: str) -> None:
    """The SVG has a role, our title and our description, and says every line and label."""
    made = WAYS[way](workflow_picture())
    read = ET.fromstring(made)  # noqa: S314  our own
    assert read.get("role") == "img"
    assert read.findtext("svg:title", namespaces=SPACE) == "How a NetworkPolicy takes effect"
    assert "open by default" in str(read.findtext("svg:desc", namespaces=SPACE))
    shown = " ".join(
        element.text or "" for element in read.iter("{http://www.w3.org/2000/svg}text")
    )
    for box in workflow_picture().all_boxes:
        assert all(line in shown for line in box.lines)
    assert "no rule matches" in shown
    assert "<!--" not in made


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_is_the_same_every_time(way: str) -> None:
    """Equal pictures give equal bytes."""
    assert WAYS[way](picture("x")) == WAYS[way](picture("x"))


def test_pictures_look_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The bytes of our own SVG, of DOT and of Mermaid are those that were looked at."""
    golden(svg.svg(workflow_picture()), "render/workflow.svg")
    golden(dot.dot(picture("name")), "render/picture.dot")
    golden(mermaid.mermaid(picture("name")), "render/picture.mmd")


def test_dot_has_plain_labels_only() -> None:
    """Neither HTML labels nor records are used: programs differ in how they draw those."""
    source = dot.dot(picture(HOSTILE))
    assert "=<" not in source
    assert "record" not in source
    # Each line of DOT has as many unescaped quotes as it opens.
    for line in source.splitlines():
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0, line


def test_without_a_layout_program_there_is_no_failure() -> None:
    """Where no program can draw, the answer is None and our own SVG takes over."""
    assert dot.laid_out("digraph { a }", "svg", candidates=[]) is None
    assert dot.laid_out("digraph { a }", "svg", candidates=[Path("/no/such/dot")]) is None


def test_a_program_that_fails_is_passed_over(tmp_path: Path) -> None:
    """A layout program that writes nothing is not believed, and the next one is asked."""
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert dot.laid_out("digraph { a }", "svg", candidates=[broken]) is None
    assert dot.laid_out("digraph { a }", "svg", candidates=[broken, *dot.programs()]) is not None


def test_a_complete_drawing_counts_whatever_the_exit_code(tmp_path: Path) -> None:
    """Graphviz reports failure for some pictures that it drew; those are taken."""
    grumbling = tmp_path / "dot"
    grumbling.write_text("#!/bin/sh\necho '<svg></svg>'\nexit 1\n")
    grumbling.chmod(0o755)
    assert dot.laid_out("digraph { a }", "svg", candidates=[grumbling]) == b"<svg></svg>\n"


def test_mermaid_stays_in_its_quotes() -> None:
    """In Mermaid no text can end its label, its line or the diagram."""
    source = mermaid.mermaid(picture(HOSTILE))
    for line in source.splitlines():
        if line.strip().startswith(("accTitle:", "accDescr:", "%%")):
            continue  # free text up to the end of the line
        inside = "".join(re.findall(r'"([^"]*)"', line))
        assert line.count('"') % 2 == 0
        assert not set("<>|`") & set(inside.replace("<br/>", ""))
    assert source.splitlines()[0] == "flowchart LR"


@settings(max_examples=50)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=7),
    lone=st.integers(0, 6),
    linked=st.booleans(),
)
def test_boxes_never_cover_each_other(sizes: list[int], lone: int, *, linked: bool) -> None:
    """Our own layout keeps boxes apart, inside their frame and on the page."""
    groups = tuple(
        Group(
            title=f"namespace {index}",
            boxes=tuple(
                Box(key=f"{index}/{each}", lines=("x" * (each * 3), "two")) for each in range(size)
            ),
        )
        for index, size in enumerate(sizes)
    )
    boxes = tuple(Box(key=f"lone{each}", lines=("outside",)) for each in range(lone))
    arrows = (Arrow(source="0/0", target="0/0"),) if linked else ()
    made = Picture(title="t", description="d", groups=groups, boxes=boxes, arrows=arrows)
    arranged = layout.arrange(made)
    places = list(arranged.boxes.values())
    assert len(places) == sum(sizes) + lone
    for index, place in enumerate(places):
        assert not any(place.overlaps(other) for other in places[index + 1 :])
        assert place.x >= 0
        assert place.x + place.width <= arranged.width
        assert place.y + place.height <= arranged.height
    for group, frame in zip(groups, arranged.frames, strict=True):
        inside = [arranged.boxes[box.key] for box in group.boxes]
        assert all(
            frame.x <= box.x and box.y + box.height <= frame.y + frame.height for box in inside
        )
        assert not any(frame.overlaps(other) for other in arranged.frames if other is not frame)
