"""A value as a picture: ``draw``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from netpol_sim.analysis.diff import Diff
from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.render import change, dot, graph, html, lanes, mermaid, path, svg
from netpol_sim.render.markup import element
from netpol_sim.render.picture import Picture
from netpol_sim.verdict import ServiceVerdict, Verdict

Drawable = Picture | Cluster | Verdict | ServiceVerdict | Diff


class Format(StrEnum):
    """How a picture is written."""

    SVG = "svg"
    PNG = "png"
    DOT = "dot"
    MERMAID = "mermaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture that is drawn: ``content`` is text, or bytes for PNG.

    ``title`` and ``description`` say the same in words.
    """

    format: Format
    content: str | bytes
    title: str
    description: str

    @property
    def data(self) -> bytes:
        """The content as bytes, as a file has it."""
        return self.content.encode() if isinstance(self.content, str) else self.content

    def write(self, file: str | Path) -> Path:
        """Write the picture to a file, and give its path."""
        target = Path(file)
        target.write_bytes(self.data)
        return target

    def __str__(self) -> str:
        if self.format in (Format.DOT, Format.MERMAID):
            return str(self.content)
        return f"{self.title}\n{self.description}"


def draw(value: Drawable, format: Format | str = Format.SVG) -> Drawing:  # noqa: A002  what it is
    """Draw a cluster, a verdict or a change.

    A verdict is drawn as the way through both ends; where the cluster has cluster-scoped policies,
    as the lanes Admin, NetworkPolicy and Baseline of each end.

    Args:
        value: What to draw; a ``Picture`` is drawn as it is.
        format: ``svg``, ``png``, ``dot`` or ``mermaid``.

    Returns:
        The drawing.  SVG is laid out by Graphviz where it is at hand and by ourselves where it is
        not; the same program gives the same bytes for the same value.

    Raises:
        InvalidValueError: The format is none of the four, or is PNG and no Graphviz is at hand.
    """
    chosen = _format(format)
    picture = picture_of(value)
    return Drawing(
        format=chosen,
        content=_content(picture, chosen),
        title=picture.title,
        description=picture.description,
    )


def picture_of(value: Drawable) -> Picture:
    """What a picture of a value shows, before it is laid out."""
    match value:
        case Picture():
            return value
        case Cluster():
            return graph.cluster_picture(value)
        case Verdict():
            picture = lanes.lanes_picture if lanes.has_lanes(value) else path.verdict_picture
            return picture(value)
        case ServiceVerdict():
            return path.service_picture(value)
        case Diff():
            return change.change_picture(value)


def bundles(value: Drawable | Drawing) -> tuple[dict[str, str | bytes], ...]:
    """What a notebook shows of a picture, by MIME type: the picture, then its words."""
    drawing = value if isinstance(value, Drawing) else draw(value)
    if drawing.format in (Format.DOT, Format.MERMAID):
        return ({"text/plain": str(drawing)},)
    kind = "image/svg+xml" if drawing.format is Format.SVG else "image/png"
    summary = element("summary", "The picture in words")
    lines = map(html.paragraph, drawing.description.splitlines())
    words = html.block(element("details", summary, *lines))
    return (
        {kind: drawing.content, "text/plain": drawing.title},
        {"text/html": words, "text/plain": drawing.description},
    )


def _content(picture: Picture, chosen: Format) -> str | bytes:
    match chosen:
        case Format.MERMAID:
            return mermaid.mermaid(picture)
        case Format.DOT:
            return dot.dot(picture)
        case Format.SVG:
            drawn = None if picture.stacked else dot.laid_out(dot.dot(picture), "svg")
            return svg.svg(picture) if drawn is None else dot.dressed(drawn.decode(), picture)
        case Format.PNG:
            drawn = dot.laid_out(dot.dot(picture), "png")
            if drawn is None:
                raise _unsupported("PNG needs Graphviz, which is not installed; write svg instead")
            return drawn


def _format(text: str) -> Format:
    if text not in list(Format):
        raise _unsupported(f"supported are {', '.join(Format)}", str(text))
    return Format(text)


def _unsupported(message: str, value: str = "png") -> InvalidValueError:
    problem = Problem(kind=ProblemKind.NOT_SUPPORTED, field="format", value=value, message=message)
    return InvalidValueError([problem])
