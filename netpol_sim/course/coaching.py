"""Help with a task, one step at a time, and what was helped with goes into the diary.

One way for the notebook and the terminal: the next hint is the first that was not seen for the
answer as it is saved; the solution is told when it is asked for, and the task then comes back.
"""

from __future__ import annotations

from datetime import datetime

from netpol_sim.course import exercise_notebooks, hints
from netpol_sim.course.attempt import Desk
from netpol_sim.course.hints import Hint
from netpol_sim.course.progress import EventKind, event
from netpol_sim.course.task import Task


def hint(desk: Desk, task: Task, *, now: datetime, step: int | None = None) -> Hint | None:
    """The next hint for the saved answer, or the one of a certain step; None when it is done.

    After the last hint the last one comes again.  Where a ladder lacks a step, the one before it
    is the nearest that tells no more.

    Raises:
        AnswerError: The answer or the diary cannot be read or written.
    """
    ladder = hints.ladder(desk.catalog, task, desk.answers.read(task))
    if not ladder:
        return None
    answer = desk.mark(task)
    if step is None:
        seen = desk.diary.read().hints(task.id, answer=answer)
        found = next((each for each in ladder if each.step > seen), ladder[-1])
    else:
        found = [each for each in ladder if each.step <= max(step, ladder[0].step)][-1]
    desk.diary.add(event(now, EventKind.HINTED, task.id, step=int(found.step), answer=answer))
    return found


def reveal(desk: Desk, task: Task, *, now: datetime) -> str:
    """The solution of a task, which from now on is to be done again without it.

    Raises:
        AnswerError: The diary cannot be written.
    """
    desk.diary.add(event(now, EventKind.REVEALED, task.id))
    return exercise_notebooks.solution(desk.catalog, task).rstrip()
