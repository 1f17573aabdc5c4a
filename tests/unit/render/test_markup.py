"""Markup cannot be broken out of."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.render import html
from netpol_sim.render.markup import Markup, element, join, visible


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (element("b", "<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (element("b", title='" onload="x'), 'title="&quot; onload=&quot;x"'),
        (element("b", Markup("<i>ours</i>")), "<b><i>ours</i></b>"),
        (element("rect", x=1.0, y=0.125, rx=None), '<rect x="1" y="0.12"/>'),
        (element("p", "a", 1, element("br")), "<p>a1<br/></p>"),
        (join("<", Markup("<b>"), by=" "), "&lt; <b>"),
        (element("th", scope="col", attributes={"aria-label": "a&b"}), 'aria-label="a&amp;b"'),
    ],
)
def test_text_is_escaped_and_markup_is_not(built: Markup, expected: str) -> None:
    """Plain text and attribute values are escaped, our own markup stays."""
    assert expected in built


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u200b", "\ud800", "\x7f", "\r"])
def test_hidden_characters_are_shown(character: str) -> None:
    """What XML forbids, or what makes a text look like another one, becomes visible."""
    assert visible(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_ordinary_text_is_left_alone() -> None:
    """Letters of every script, ends of line and tabs are no hidden characters."""
    assert visible("naïve Ω 漢字\n\t-") == "naïve Ω 漢字\n\t-"


@given(st.text(), st.text())
def test_any_text_comes_back_from_xml(content: str, value: str) -> None:
    """A parser reads back what was written, so nothing in a text is taken for markup."""
    read = ET.fromstring(element("a", content, b=value))  # noqa: S314  our own
    assert (read.text or "") == visible(content)
    assert len(read) == 0
    assert list(read.attrib) == ["b"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain", "plain"),
        ("`a` and `b`, not c", "<code>a</code> and <code>b</code>, not c"),
        ("x `a` y `b` z", "x <code>a</code> y <code>b</code> z"),
        ("a ` alone", "a ` alone"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
    ],
)
def test_what_stands_between_backticks_is_code(words: str, shown: str) -> None:
    """Each pair, and nothing else; what is in it is text."""
    assert html.with_code(words) == shown
