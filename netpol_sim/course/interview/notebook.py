"""``netpol.interview``: a mock interview in a notebook."""

from __future__ import annotations

import secrets
import time
from typing import Any

from netpol_sim.course.answers import find_workspace
from netpol_sim.course.cards import Level
from netpol_sim.course.interview.opening import Opening
from netpol_sim.course.interview.plan import SHAPES, draw
from netpol_sim.course.interview.report import lesson_names
from netpol_sim.course.interview.session import Interview
from netpol_sim.course.interview.sitting import Sitting
from netpol_sim.course.interview.store import Store
from netpol_sim.course.syllabus import read_syllabus
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError

_SEEDS = 10_000


def interview(
    minutes: int = 20, level: str = "mid", *, seed: int | None = None, new: bool = False
) -> Any:  # noqa: ANN401  anywidget comes without types
    """Take a mock interview in the notebook, or go on with one that was broken off.

    Args:
        minutes: 20, 45 or 60, if you do not choose otherwise before it begins.
        level: ``junior``, ``mid``, ``senior`` or ``staff``, likewise.
        seed: Draws the questions, and begins at once; None takes any, when you say so.
        new: Begin anew, and forget one that was broken off.

    Raises:
        NetpolError: There is no such interview, or the package anywidget is missing.
    """
    try:
        from netpol_sim.course.interview.widget import (  # noqa: PLC0415  needs anywidget
            InterviewWidget,
        )
    except ModuleNotFoundError as error:
        message = "widgets need the package anywidget: pip install 'netpol-sim[course]'"
        raise NetpolError(message) from error
    if level not in list(Level):
        raise NetpolError(f"a level is one of {', '.join(Level)}, not `{level}`")
    if minutes not in SHAPES:
        raise NetpolError(f"an interview takes {', '.join(map(str, SHAPES))} minutes")
    host = _Host(seed=seed)
    found = None if new else host.store.read()
    if found is not None:
        return InterviewWidget(host.sitting(found))
    if seed is not None:
        return InterviewWidget(host.begin(minutes, Level(level)))
    return InterviewWidget(Opening(minutes=minutes, level=Level(level), begin=host.begin))


class _Host:
    """Begins interviews, or goes on with them, in the learner's workspace."""

    def __init__(self, *, seed: int | None) -> None:
        self.seed = secrets.randbelow(_SEEDS) if seed is None else seed
        self.store = Store(workspace=find_workspace(), course=content_folder())

    def begin(self, minutes: int, level: Level) -> Sitting:
        """A new interview."""
        return self.sitting(self.store.begin(draw(minutes, level, self.seed, self.store.course)))

    def sitting(self, interview: Interview) -> Sitting:
        """An interview whose clock begins to count."""
        clock = time.monotonic
        lessons = lesson_names(read_syllabus(self.store.course))
        return Sitting(
            interview=interview, store=self.store, clock=clock, lessons=lessons, since=clock()
        )
