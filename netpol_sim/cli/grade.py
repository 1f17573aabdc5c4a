"""``netpol grade``: judge the answers in the workspace."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.cli import course
from netpol_sim.course import feedback
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.render import json

_EXAMPLES = """\
examples:
  netpol grade                     every task that has an answer
  netpol grade bank-lockdown       one task, with everything there is to say

Exit code: 0 all of them are done, 1 at least one is not yet, 2 no such task.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``grade``."""
    parser = subparsers.add_parser(
        "grade",
        description="Judge your answers by what they do.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="a task's name; none means all")
    shared.add_output(parser)
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge, write it down, print, and return 0 when everything asked for is done, else 1."""
    desk = course.desk(arguments)
    asked = [desk.catalog.task(task_id) for task_id in arguments.tasks] or desk.catalog.tasks
    grades = [desk.attempt(task, now=course.now()) for task in asked]
    if arguments.output == "json":
        sys.stdout.write(json.dumps(json.envelope("GradeList", {"items": _items(grades)})))
    elif arguments.tasks:
        print("\n\n".join(feedback.text(each) for each in grades))
    else:
        begun = [each for each in grades if each.outcome is not Outcome.NOT_ATTEMPTED]
        for each in begun:
            print(feedback.text(each) + "\n")
        done = sum(each.outcome is Outcome.DONE for each in grades)
        print(f"{done} of {len(grades)} tasks are done, {len(grades) - len(begun)} not begun.")
    return 0 if all(each.outcome is Outcome.DONE for each in grades) else 1


def _items(grades: list[Grade]) -> list[json.Json]:
    return [
        {
            "task": each.task.id,
            "outcome": str(each.outcome),
            "misconception": each.misconception,
            "failures": [failure.connection for failure in each.failures],
            "relation": str(each.relation) if each.relation else None,
            "feedback": feedback.text(each).splitlines(),
        }
        for each in grades
    ]
