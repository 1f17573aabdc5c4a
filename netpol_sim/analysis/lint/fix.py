"""A repair of a finding: the policy as it should be, and the edits that make it so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from netpol_sim.policy import NetworkPolicy


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edit:
    """``text`` in the place of what stands between two offsets of a file's text."""

    start: int
    end: int
    text: str


Edits = Callable[[], tuple[Edit, ...]]
"""Works out edits when somebody wants to see them."""


def no_edits() -> tuple[Edit, ...]:
    """Leave the text alone."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What would repair a finding.

    ``policy`` is the policy as it would be, or one to add.  ``edits`` change the text of the file
    it was read from and leave everything else as it is, comments too; empty when it was built in
    Python or is written in a way that we do not edit.
    """

    summary: str
    policy: NetworkPolicy
    edits: Edits = field(default=no_edits, compare=False, repr=False)


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """A text with edits made; they may not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
