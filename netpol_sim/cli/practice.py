"""``netpol practice``: new tasks, as many as you like."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netpol_sim.course import exercise_notebooks, feedback, forms, practice_page
from netpol_sim.course.answers import AnswerError, read_text
from netpol_sim.course.grade import Outcome, grade
from netpol_sim.course.practice import LEVELS, Practice, PracticeKind, practice

_EXAMPLES = """\
examples:
  netpol practice                                        a task to write policies
  netpol practice --kind fix --level 3                   harder, to repair policies
  netpol practice --seed 7 > answer.yaml                 the task as remarks, with a starter
  netpol practice --seed 7 --answer answer.yaml          judge your answer to it

The same kind, level and seed give the same task on every machine.

Exit code: 0 the task was shown or the answer is done, 1 not yet, 2 bad input or usage.
"""
_SEEDS = 10_000


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``practice``."""
    parser = subparsers.add_parser(
        "practice",
        description="Make a new task, and judge answers to it.",
        epilog=_EXAMPLES,
    )
    kinds = tuple(map(str, PracticeKind))
    parser.add_argument("--kind", choices=kinds, default="write", help="default: %(default)s")
    parser.add_argument("--seed", type=_seed, help="which task: any number from 0")
    parser.add_argument("--level", type=int, choices=LEVELS, default=1, help="default: 1")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--answer", type=Path, metavar="FILE", help="judge this answer")
    what.add_argument("--solution", action="store_true", help="show the solution")


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"a seed is a number from 0, not `{text}`")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Show a task or judge an answer; return 1 when the answer is not done."""
    seed = arguments.seed
    if seed is None:
        if arguments.answer or arguments.solution:
            raise AnswerError("which task is meant? add the `--seed` that was shown with it")
        seed = secrets.randbelow(_SEEDS)
    made = practice(PracticeKind(arguments.kind), seed=seed, level=arguments.level)
    if arguments.solution:
        print(exercise_notebooks.solution(made.catalog, made.task).rstrip())
        return 0
    if arguments.answer is None:
        print("\n".join(_shown(made, seed)))
        return 0
    text = read_text(arguments.answer)
    if text is None:
        raise AnswerError(f"there is no file {arguments.answer}")
    result = grade(made.catalog, made.task, text)
    print(feedback.text(result))
    return 0 if result.outcome is Outcome.DONE else 1


def _shown(made: Practice, seed: int) -> Iterator[str]:
    """The task as remarks, and the starter: together a file that can be answered in."""
    task = made.task
    command = f"netpol practice --kind {task.kind} --level {made.difficulty.level} --seed {seed}"
    remarks = (*practice_page.lines(made), "", f"To judge your answer: {command} --answer FILE")
    yield from (f"# {line}".rstrip() for line in remarks)
    yield forms.starter(task).rstrip()
