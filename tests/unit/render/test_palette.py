"""The colours can be read by everybody, in light and in dark."""

from __future__ import annotations

from itertools import product

import pytest

from netpol_sim.render.palette import DARK, DARK_PAGE, LIGHT, PAGE, Tone, contrast

THEMES = {"light": (LIGHT, PAGE), "dark": (DARK, DARK_PAGE)}
PAIRS = list(product(THEMES, Tone))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    """The contrast of known pairs is what WCAG's own formula gives, in either order."""
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(("theme", "tone"), PAIRS)
def test_text_stands_out_from_its_paper(theme: str, tone: Tone) -> None:
    """Every text has a contrast of 4.5 with its paper."""
    ink = THEMES[theme][0][tone]
    assert contrast(ink.text, ink.paper) >= 4.5


@pytest.mark.parametrize(("theme", "tone"), PAIRS)
def test_text_stands_out_from_the_page(theme: str, tone: Tone) -> None:
    """A label of a tone without its paper can be read on the page, and on a frame's paper."""
    inks, page = THEMES[theme]
    assert contrast(inks[tone].text, page) >= 4.5
    assert contrast(inks[tone].text, inks[Tone.MUTED].paper) >= 4.5


@pytest.mark.parametrize(("theme", "tone"), PAIRS)
def test_lines_stand_out_from_the_page(theme: str, tone: Tone) -> None:
    """Every line has a contrast of 3 with the page, and with the paper of a frame."""
    inks, page = THEMES[theme]
    assert contrast(inks[tone].line, page) >= 3
    assert contrast(inks[tone].line, inks[Tone.MUTED].paper) >= 3
