"""``netpol hint``: the next hint for a task, or its solution."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.cli import course
from netpol_sim.course import coaching
from netpol_sim.course.attempt import Desk
from netpol_sim.course.hints import Hint, Step
from netpol_sim.course.progress import RETRY_AFTER
from netpol_sim.course.task import Task
from netpol_sim.render import json

_EXAMPLES = """\
examples:
  netpol hint bank-lockdown              the next hint you have not seen
  netpol hint bank-lockdown --step 4     this step, whatever you have seen
  netpol hint bank-lockdown --solution   the solution

The steps: 1 where to look, 2 the idea, 3 a connection that comes out wrong, 4 the line, 5 what to
write.  They are about your answer as it is saved now; when it changes, they begin again.

Exit code: 0 a hint was shown or none is needed, 1 the solution was not shown, 2 no such task.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``hint``."""
    parser = subparsers.add_parser(
        "hint",
        description="Give the next hint for your answer to a task.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("task", metavar="TASK", help="a task's name")
    which = parser.add_mutually_exclusive_group()
    steps = tuple(map(int, Step))
    which.add_argument("--step", type=int, choices=steps, help="a certain step")
    which.add_argument("--solution", action="store_true", help="show the solution")
    parser.add_argument("--yes", action="store_true", help="do not ask before the solution")
    shared.add_output(parser)
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show one hint, or the solution when it is wanted indeed."""
    desk = course.desk(arguments)
    task = desk.catalog.task(arguments.task)
    if arguments.solution:
        return _reveal(desk, task, sure=arguments.yes)
    _show(task, coaching.hint(desk, task, now=course.now(), step=arguments.step), arguments.output)
    return 0


def _show(task: Task, hint: Hint | None, output: str) -> None:
    if output == "json":
        fields = {
            "task": task.id,
            "step": int(hint.step) if hint else None,
            "text": hint.text if hint else "",
        }
        sys.stdout.write(json.dumps(json.envelope("Hint", fields)))
    else:
        print(hint or f"{task.id} is done; there is nothing to hint at.")


def _reveal(desk: Desk, task: Task, *, sure: bool) -> int:
    """Show the solution, after asking; the task comes back later."""
    if not sure and not _agreed(task):
        print("The solution was not shown.")
        return 1
    print(coaching.reveal(desk, task, now=course.now()))
    says = f"{task.id} comes back in {RETRY_AFTER.days} days, to be done without the solution."
    print(says, file=sys.stderr)
    return 0


def _agreed(task: Task) -> bool:
    says = f"Show the solution of {task.id}? The task comes back later. Type `yes`: "
    print(says, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"
