"""``netpol.interview``: a mock interview in a notebook."""

from __future__ import annotations

import secrets
import time
from typing import Any

from netpol_sim.course.answers import find_workspace
from netpol_sim.course.cards import Level
from netpol_sim.course.interview.plan import draw
from netpol_sim.course.interview.report import lesson_names
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
        minutes: 20, 45 or 60.
        level: ``junior``, ``mid``, ``senior`` or ``staff``.
        seed: Draws the questions; None takes any.
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
    root = content_folder()
    store = Store(workspace=find_workspace(), course=root)
    found = None if new else store.read()
    if found is None:
        chosen = secrets.randbelow(_SEEDS) if seed is None else seed
        found = store.begin(draw(minutes, Level(level), chosen, root))
    clock = time.monotonic
    lessons = lesson_names(read_syllabus(root))
    return InterviewWidget(
        Sitting(interview=found, store=store, clock=clock, lessons=lessons, since=clock())
    )
