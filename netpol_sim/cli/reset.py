"""``netpol reset``: begin a task again."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.cli import course
from netpol_sim.course.progress import EventKind, event


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``reset``."""
    parser = subparsers.add_parser(
        "reset",
        description="Put the starter of a task back. What you wrote is kept beside it.",
    )
    parser.add_argument("tasks", nargs="+", metavar="TASK", help="a task's name")
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Put the starters back, and say where the answers are kept."""
    desk = course.desk(arguments)
    for task in [desk.catalog.task(task_id) for task_id in arguments.tasks]:
        kept = desk.answers.reset(task)
        desk.diary.add(event(course.now(), EventKind.RESET, task.id))
        where = f"your answer is kept in {kept.name}" if kept else "there was no answer to keep"
        print(f"{task.id} begins again; {where}.")
        print(f"  {desk.answers.path(task)}")
    return 0
