"""What ``%load_ext netpol_sim`` brings: our displays, ``%%answer TASK`` and ``%hint TASK``.

The body of an answer cell is the answer itself, plain text.  It is saved to the same file that the
terminal reads, judged as data by the same code, and shown what it does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from netpol_sim.course import desks, forms, learner
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.feedback_page import Feedback, Message
from netpol_sim.course.grade import Outcome
from netpol_sim.course.panel import Panel
from netpol_sim.errors import NetpolError
from netpol_sim.render import notebook


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython comes without types
    """Teach a notebook to show our values, ``%%answer`` and ``%hint``."""
    notebook.load_ipython_extension(shell)
    shell.register_magic_function(answer, "cell", "answer")
    shell.register_magic_function(hint, "line", "hint")


def answer(line: str, cell: str) -> Feedback | str:
    """Save and judge the answer to the task that ``line`` names.

    A cell that nobody has touched never writes over an answer that somebody has: then the saved
    answer is judged instead.
    """
    try:
        desk, task = desks.find(find_workspace(), line.strip())
        note = ""
        if not forms.untouched(task, cell):
            desk.answers.save(task, cell)
        elif desk.judge(task).outcome is not Outcome.NOT_ATTEMPTED:
            note = f"judged is your saved answer, {desk.answers.path(task).name}"
        result = desk.attempt(task, now=_now())
    except NetpolError as error:
        return Message(str(error))
    if result.outcome is Outcome.DONE:
        return Feedback(grade=result, note=note)

    def live() -> Any:  # noqa: ANN401  anywidget comes without types
        from netpol_sim.course.panel_widget import PanelWidget  # noqa: PLC0415  needs anywidget

        return PanelWidget(Panel(desk, result, _now, note))

    offer = f"For a hint, run `%hint {task.id}` in a cell."
    return Feedback(grade=result, note=note, offer=offer, live=live)


def hint(line: str) -> str:
    """The next hint for the saved answer to the task that ``line`` names."""
    try:
        return learner.hint(line.strip())
    except NetpolError as error:
        return Message(str(error))


def _now() -> datetime:
    return datetime.now(UTC)
