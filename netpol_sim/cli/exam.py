"""``netpol exam``: the exam drill in the terminal."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Any

from netpol_sim.cli import course
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.exam import Exam, ExamFolder, summary
from netpol_sim.course.task import TaskKind

_EXAMPLES = """\
examples:
  netpol exam              begin, or go on where you stopped
  netpol exam --new        begin again; answers that you gave are kept under other names

Fifteen tasks in 90 minutes, as in the CKAD, CKA and CKS exams.  Each is answered in a file, with
your own editor; go through them in any order.  Nothing is judged before the end; then you see the
points, the time for each task, and what is wrong and why.  After `pause` the clock stands still.
Whoever takes longer than there is time does not pass.

Exit code: 0 passed or paused, 1 not passed, 2 bad input or usage.
"""
_MINUTE = 60
_HELP = "Enter: next task; a number: that task; pause; end"
_WORDS = ("", "pause", "end")


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``exam``."""
    parser = subparsers.add_parser(
        "exam",
        description="Solve fifteen exam-style tasks against the clock.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--new", action="store_true", help="begin again")
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Begin an exam or go on with one; at its end, judge it."""
    catalog = read_catalog()
    folder = ExamFolder(workspace=arguments.workspace or find_workspace(), catalog=catalog)
    exam = None if arguments.new else folder.read()
    if exam is None:
        exam = folder.begin()
        print(f"Exam drill: {len(exam.tasks)} tasks, {exam.minutes} minutes. {_HELP}.")
    else:
        print(f"You are back: {_minutes(exam)} minutes left. {_HELP}.")
    exam = _sit(exam, folder)
    if not exam.over:
        print("\nPaused. `netpol exam` goes on from here.")
        return 0
    print("\nThe exam is over." if exam.ended else "\nThe time is up.")
    result = folder.judge(exam)
    path = folder.conclude(result)
    print("\n" + "\n".join(summary(result)))
    print(f"\nWhat is wrong, why, and a solution: {path}")
    return 0 if result.passed else 1


def _sit(exam: Exam, folder: ExamFolder) -> Exam:
    """Show task after task until the end or a pause; the state is kept at each step."""
    while not exam.over:
        begun = time.monotonic()
        print("\n" + "\n".join(_shown(exam, folder)), flush=True)
        word = _word(len(exam.tasks))
        exam = exam.spend(round(time.monotonic() - begun))
        if word == "end":
            return exam.end()
        folder.write(exam)
        if word == "pause":
            return exam
        exam = exam.go_to(int(word) - 1 if word else exam.at + 1)
    return exam


def _shown(exam: Exam, folder: ExamFolder) -> Iterator[str]:
    task = exam.tasks[exam.at]
    yield (
        f"-- task {exam.at + 1} of {len(exam.tasks)}: {task.minutes} minutes, {task.minutes} "
        f"points ({_minutes(exam)} min left) --"
    )
    yield from ("", task.title, "", task.story.strip())
    if task.given:
        yield from ("", *(f"    {line}".rstrip() for line in task.given.splitlines()))
    does = "Put your answers in place of each `?` in" if task.kind is TaskKind.GRID else "Answer in"
    yield from ("", f"{does} {folder.answers.begin(task)}", "")


def _minutes(exam: Exam) -> int:
    return -(-exam.left // _MINUTE)


def _word(tasks: int) -> str:
    """What is typed, once it makes sense; the end of the input is a pause."""
    while True:
        print("> ", end="", flush=True)
        try:
            typed = sys.stdin.readline()
        except KeyboardInterrupt:
            return "pause"
        if not typed:
            return "pause"
        word = typed.strip().lower()
        if word in _WORDS or (word.isascii() and word.isdigit() and 1 <= int(word) <= tasks):
            return word
        print(f"{_HELP}.", flush=True)
