"""The lessons say nothing about traffic that was not computed."""

from __future__ import annotations

import pytest

from netpol_sim.course import prose, source
from netpol_sim.course.syllabus import LESSONS, read_syllabus
from netpol_sim.course.workspace import content_folder

ROOT = content_folder()
NAMES = prose.names_of_worlds(ROOT)


@pytest.mark.parametrize("lesson", read_syllabus().texts)
def test_every_sentence_about_traffic_is_vouched_for(lesson: str) -> None:
    """Each has a claim or a computed value, or says on what rule of the API it rests."""
    text = source.read(ROOT / LESSONS / f"{lesson}.md")
    assert list(prose.unvouched(text, NAMES)) == []
