"""Findings that somebody looked at and accepted, in a comment beside the field.

``# netpol-ignore: NP306 the site is public`` at the end of a finding's line, or in the comment
right above it, accepts what that rule finds there; several ids may be listed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from netpol_sim.analysis.lint.rule import Finding

_COMMENT = re.compile(r"#\s*netpol-ignore:((?:[\s,]*NP\d{3})+)")


def is_accepted(finding: Finding) -> bool:
    """Whether a comment at its place accepts a finding."""
    place = finding.location
    if place is None or finding.origin is None:
        return False
    return finding.id in _accepted(finding.origin.text).get(place.line, ())


@lru_cache(maxsize=16)
def _accepted(text: str) -> dict[int, set[str]]:
    """Line -> the ids that a comment accepts there."""
    found: dict[int, set[str]] = {}
    if "netpol-ignore" not in text:
        return found
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        for comment in _COMMENT.finditer(line):
            place = number
            while place <= len(lines) and lines[place - 1].lstrip().startswith("#"):
                place += 1
            found.setdefault(place, set()).update(re.findall(r"NP\d{3}", comment[1]))
    return found
