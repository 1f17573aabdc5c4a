"""Find what a task's name means: a task of the course, or a made-up one.

The name of a made-up task says how it was made, such as ``practice-write-2-7`` for kind, level and
seed.  So it can be named on any machine, in the notebook as in the terminal.
"""

from __future__ import annotations

import re
from pathlib import Path

from netpol_sim.course.answers import Answers
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.practice import LEVELS, Practice, PracticeKind, practice
from netpol_sim.course.task import Task

_MADE_UP = re.compile(
    rf"practice-(?P<kind>{'|'.join(PracticeKind)})-(?P<level>[1-{max(LEVELS)}])-(?P<seed>[0-9]{{1,12}})"
)


def find(folder: Path, name: str) -> tuple[Desk, Task]:
    """The task of a name, and the desk to do it at.

    Args:
        folder: The workspace.
        name: The task's name.

    Raises:
        SourceError: The course cannot be read.
        UnknownNameError: There is no such task.
        PracticeError: No made-up task of this level came up for this seed.
    """
    answers = Answers(folder=folder)
    made = made_up(name)
    if made is not None:
        return Desk(catalog=made.catalog, answers=answers), made.task
    catalog = read_catalog()
    return Desk(catalog=catalog, answers=answers), catalog.task(name)


def made_up(name: str) -> Practice | None:
    """The made-up task of this name; None when it is no such name.

    Raises:
        PracticeError: No task of this level came up for this seed.
    """
    parts = _MADE_UP.fullmatch(name)
    if parts is None:
        return None
    return practice(PracticeKind(parts["kind"]), seed=int(parts["seed"]), level=int(parts["level"]))
