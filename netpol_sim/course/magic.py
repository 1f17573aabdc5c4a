"""What ``%load_ext netpol_sim`` brings: our displays, and ``%%answer TASK``.

The body of an answer cell is the answer itself, plain text.  It is saved to the same file that the
terminal reads, judged as data by the same code, and shown what it does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from netpol_sim.course import forms
from netpol_sim.course.answers import Answers, find_workspace
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.feedback_page import Feedback, Message
from netpol_sim.course.grade import Outcome
from netpol_sim.errors import NetpolError
from netpol_sim.render import notebook


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython comes without types
    """Teach a notebook to show our values, and ``%%answer``."""
    notebook.load_ipython_extension(shell)
    shell.register_magic_function(answer, "cell", "answer")


def answer(line: str, cell: str) -> Feedback | str:
    """Save and judge the answer to the task that ``line`` names.

    A cell that nobody has touched never writes over an answer that somebody has: then the saved
    answer is judged instead.
    """
    try:
        catalog = read_catalog()
        task = catalog.task(line.strip())
        desk = Desk(catalog=catalog, answers=Answers(folder=find_workspace()))
        note = ""
        if not forms.untouched(task, cell):
            desk.answers.save(task, cell)
        elif desk.judge(task).outcome is not Outcome.NOT_ATTEMPTED:
            note = f"judged is your saved answer, {desk.answers.path(task).name}"
        return Feedback(grade=desk.attempt(task, now=datetime.now(UTC)), note=note)
    except NetpolError as error:
        return Message(str(error))
