"""``netpol progress``: a map of the course, and the diary's way from machine to machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.cli import course
from netpol_sim.course import overview, progress
from netpol_sim.course.answers import AnswerError, write_whole
from netpol_sim.course.progress import Progress
from netpol_sim.render import json

_EXAMPLES = """\
examples:
  netpol progress
  netpol progress --export laptop.txt      write your diary to a file
  netpol progress --merge laptop.txt       bring in the diary of another machine

Whether a task is done is judged from your answers, not from the diary.

Exit code: 0 all tasks are done, 1 some are not, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``progress``."""
    parser = subparsers.add_parser(
        "progress",
        description="Show what is done, what is not, and what is next.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the diary to a file")
    parser.add_argument("--merge", type=Path, metavar="FILE", help="bring in another diary")
    shared.add_output(parser)
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Merge, export and show, in this order; return 0 when all tasks are done, else 1."""
    desk = course.desk(arguments)
    if arguments.merge:
        other = progress.read(arguments.merge)
        _tell(other, arguments.merge.name)
        new = desk.diary.take_over(other)
        print(f"netpol: {new} events are new to this diary", file=sys.stderr)
    diary = desk.diary.read()
    _tell(diary, progress.FILE)
    if arguments.export:
        _export(diary, arguments.export)
    view = overview.overview(desk, diary, now=course.now())
    if arguments.output == "json":
        sys.stdout.write(json.dumps(json.envelope("Progress", overview.as_fields(view))))
    else:
        print(overview.text(view))
    return 0 if view.done == len(view.tasks) else 1


def _export(diary: Progress, path: Path) -> None:
    """Write the diary to a file that must not be there yet: another diary may be in it."""
    if path.exists():
        raise AnswerError(f"{path} is there already; choose a new name, or remove it first")
    write_whole(path, progress.write(diary.events))
    print(f"netpol: {len(diary.events)} events written to {path}", file=sys.stderr)


def _tell(diary: Progress, name: str) -> None:
    """Say which lines of a diary are no events; they stay where they are."""
    if diary.unread:
        lines = ", ".join(map(str, list(diary.unread)[:5]))
        more = " and others" if len(diary.unread) > 5 else ""
        says = f"{name}: cannot read line {lines}{more}; all other events count"
        if name == progress.FILE:
            says += f", and a copy of the file is kept in {progress.DAMAGED}"
        print(f"netpol: {says}", file=sys.stderr)
