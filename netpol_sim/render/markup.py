"""HTML and SVG that cannot be broken out of: every text and attribute is escaped on its way in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from html import escape

Attribute = str | int | float | None
"""None leaves the attribute out."""

_EMPTY = {"br", "hr", "img", "path", "line", "rect", "circle", "polygon", "col"}


class Markup(str):
    """Text that is markup already; plain ``str`` is escaped wherever it is used as content."""

    __slots__ = ()


def text(content: object) -> Markup:
    """Plain text as markup.

    Control characters are not allowed in XML, and those that turn the direction of writing make a
    text look like another one: both are shown as a replacement character.
    """
    return content if isinstance(content, Markup) else Markup(escape(visible(str(content))))


def visible(content: str) -> str:
    """The text with every invisible control character but end of line and tab made visible."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if _is_hidden(character) else character for character in content
    )


def _is_hidden(character: str) -> bool:
    if character in "\n\t" or " " <= character <= "~":
        return False
    # Cc are control characters, Cf format characters, Cs lone surrogates, Cn no characters at all.
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn")


def element(
    name: str,
    *content: object,
    attributes: Mapping[str, Attribute] | None = None,
    **more: Attribute,
) -> Markup:
    """One element; attributes keep their order.

    Args:
        name: The element's name; names and attribute names are ours, never input.
        content: Markup, or anything whose text is escaped.
        attributes: Attributes whose names are no Python names, such as ``aria-label``.
        more: Attributes; ``_`` becomes ``-`` and a trailing ``_`` is dropped.
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in more.items()}
    listed = "".join(
        f' {key}="{escape(visible(_plain(value)))}"'
        for key, value in {**(attributes or {}), **named}.items()
        if value is not None
    )
    if name in _EMPTY and not content:
        return Markup(f"<{name}{listed}/>")
    return Markup(f"<{name}{listed}>{join(*content)}</{name}>")


def join(*parts: object, by: str = "") -> Markup:
    """Several pieces one after another; plain text among them is escaped."""
    return Markup(by.join(text(part) for part in parts))


def _plain(value: str | float) -> str:
    # 12.0 and 12 are the same place; fewer bytes, and the same on every machine.
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
