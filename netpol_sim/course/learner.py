"""What a learner asks for in a notebook: hints, a solution, the map, practice, predictions.

But for the last, each is what the command does in a terminal, in the same workspace.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from netpol_sim.cluster import Cluster
from netpol_sim.course import beliefs, coaching, desks, overview
from netpol_sim.course.answers import Answers, find_workspace
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.feedback_page import Message
from netpol_sim.course.overview_page import OverviewPage
from netpol_sim.course.practice import PracticeError, PracticeKind
from netpol_sim.course.practice import practice as make
from netpol_sim.course.practice_page import PracticePage
from netpol_sim.course.progress import RETRY_AFTER
from netpol_sim.render import widgets
from netpol_sim.render.predict.state import Because, Prediction

_SEEDS = 10_000


def hint(task: str) -> str:
    """The next hint for the saved answer to a task.

    Args:
        task: The task's name.

    Raises:
        UnknownNameError: There is no such task.
        AnswerError: The answer or the diary cannot be read or written.
    """
    desk, found = desks.find(find_workspace(), task)
    given = coaching.hint(desk, found, now=_now())
    return Message(given or f"{found.id} is done; there is nothing to hint at.")


def reveal(task: str) -> str:
    """The solution of a task.  That it was told is noted, and the task comes back later.

    Args:
        task: The task's name.

    Raises:
        UnknownNameError: There is no such task.
        AnswerError: The diary cannot be written.
    """
    desk, found = desks.find(find_workspace(), task)
    solution = coaching.reveal(desk, found, now=_now())
    days = RETRY_AFTER.days
    again = f"# {found.id} comes back in {days} days, to be done without the solution."
    return Message(f"{solution}\n{again}")


def progress() -> OverviewPage:
    """A map of the course: what is done, what is due again, what is next.

    Raises:
        AnswerError: The diary cannot be read.
    """
    desk = Desk(catalog=read_catalog(), answers=Answers(folder=find_workspace()))
    return OverviewPage(view=overview.overview(desk, desk.diary.read(), now=_now()))


def practice(
    kind: PracticeKind | str = PracticeKind.WRITE, seed: int | None = None, level: int = 1
) -> PracticePage:
    """A new task, to be answered in a cell that begins with ``%%answer`` and the task's name.

    Args:
        kind: ``write`` policies, ``fix`` them, or fill in a ``grid`` of verdicts.
        seed: Which task: any number from 0; None draws one.  The same kind, seed and level give the
            same task everywhere.
        level: How hard it is, from 1 to 5.

    Raises:
        PracticeError: There is no such kind or level, or no task came up.
    """
    if kind not in list(PracticeKind):
        raise PracticeError(f"there is no kind `{kind}`; there are {', '.join(PracticeKind)}")
    number = secrets.randbelow(_SEEDS) if seed is None else seed
    return PracticePage(made=make(PracticeKind(kind), seed=number, level=level))


def predict(  # noqa: PLR0913  what is asked, and what becomes of the answers
    cluster: Cluster,
    questions: Sequence[str] = (),
    *,
    sources: Sequence[str] = (),
    destinations: Sequence[str] = (),
    port: int | str = "",
    because: Because | None = None,
    committed: Callable[[Prediction], None] | None = None,
) -> Any:  # noqa: ANN401  anywidget comes without types
    """Fill in verdicts first, then see the truth, the reasons, and what a wrong guess suggests.

    Args:
        cluster: What is asked about.
        questions: Connection texts; or, for a grid, the next three:
        sources: The rows of a grid.
        destinations: The columns of a grid.
        port: The port of a grid, such as ``8080`` or ``53/UDP``.
        because: Says what a wrong guess suggests; None looks for a misconception.
        committed: Called once with the prediction when it is committed.

    Raises:
        ConnectionTextError, UnknownNameError, AmbiguousNameError: As ``evaluate``.
    """
    return widgets.predict(
        cluster,
        questions,
        sources=sources,
        destinations=destinations,
        port=port,
        because=because or beliefs.about(cluster),
        committed=committed,
    )


def _now() -> datetime:
    return datetime.now(UTC)
