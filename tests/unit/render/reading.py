"""Read HTML back: its tags, its attributes, its text, its table cells."""

from __future__ import annotations

from html.parser import HTMLParser

KEPT = {"div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "b", "i", "br"}
KEPT |= {"code", "details", "summary"}
"""Elements that the sanitizers of JupyterLab and GitHub both let through."""

ATTRIBUTES = {"style", "scope", "colspan", "rowspan", "role", "tabindex", "aria-label"}
"""Attributes we use; without ``style`` nothing is lost but colour and place."""


class Reader(HTMLParser):
    """Collects the tags, the attributes, the text and the table rows of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.rows: list[list[str]] = []
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.text += "" if tag == "code" else " "
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """Leave a cell."""
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data

    @property
    def is_plain(self) -> bool:
        """Whether it uses nothing that a site that shows notebooks would drop."""
        return set(self.tags) <= KEPT and self.attributes <= ATTRIBUTES
