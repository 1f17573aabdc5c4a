"""How an answer is printed: as text, JSON, CSV or Markdown, whichever was asked for."""

from __future__ import annotations

import sys
from typing import Protocol, TypeVar

from netpol_sim.render import json, sheet

_Value_contra = TypeVar("_Value_contra", contravariant=True)


class Renderer(Protocol[_Value_contra]):
    """What a module of ``render`` offers for values of one kind."""

    def page(self, found: _Value_contra, /) -> sheet.Page:
        """Sentences and tables for people."""

    def sheet(self, found: _Value_contra, /) -> sheet.Sheet:
        """One table with every name, for other programs."""

    def document(self, found: _Value_contra, /) -> json.Document:
        """The same as a JSON document."""


def write(found: _Value_contra, renderer: Renderer[_Value_contra], output: str) -> None:
    """Print an answer to standard output."""
    match output:
        case "json":
            said = json.dumps(renderer.document(found))
        case "csv":
            said = sheet.as_csv(renderer.sheet(found))
        case "markdown":
            said = sheet.as_markdown(renderer.page(found))
        case _:
            said = sheet.as_text(renderer.page(found)) + "\n"
    sys.stdout.write(said)
