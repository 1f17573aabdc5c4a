"""``netpol watch``: judge an answer each time it is saved."""

from __future__ import annotations

import argparse
import select
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpol_sim.cli import course
from netpol_sim.course import watch
from netpol_sim.course.grade import Grade
from netpol_sim.course.task import Task
from netpol_sim.course.watch import Event
from netpol_sim.course.workspace import ANSWERS
from netpol_sim.errors import NetpolError

_PATIENCE = 200  # milliseconds between two looks at the keyboard
_CLEAR = "\x1b[2J\x1b[H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The names of the files that changed, and whether a line was typed."""

    changed: frozenset[str]
    key_pressed: bool


class WatchError(NetpolError):
    """Nothing can be watched; the message says why and what to do."""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``watch``."""
    parser = subparsers.add_parser(
        "watch",
        description="Judge an answer each time you save it in your editor. Enter goes to the next "
        "task, Ctrl-C ends.",
    )
    parser.add_argument("task", nargs="?", metavar="TASK", help="default: the first not done")
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show, wait, show again, until Ctrl-C."""
    desk = course.desk(arguments)
    asked = desk.catalog.task(arguments.task) if arguments.task else None

    def judge(task: Task) -> Grade:
        return desk.attempt(task, now=course.now())

    state, text = watch.begin(desk.catalog.tasks, asked, judge)
    rounds = _rounds(desk.answers.folder / ANSWERS)
    while True:
        _show(text)
        if state.current is None:
            return 0
        path = desk.answers.begin(state.current)
        print(f"Your answer: {path}", flush=True)
        event = next((each for each in map(_event_at(path), rounds) if each), None)
        if event is None:
            print()
            return 0
        state, text = watch.step(state, event, judge)


def _show(text: str) -> None:
    """Print on a fresh screen, where there is a screen."""
    print((_CLEAR if sys.stdout.isatty() else "") + text, flush=True)


def _event_at(path: Path) -> Callable[[Round], Event | None]:
    """What a round means to whoever watches one file."""

    def event(found: Round) -> Event | None:
        if found.key_pressed:
            return Event.NEXT
        return Event.SAVED if path.name in found.changed else None

    return event


def _rounds(folder: Path) -> Iterator[Round]:
    """What happened, again and again, until Ctrl-C.

    The folder is watched, not a file: editors put a new file in the old one's place.
    """
    try:
        from watchfiles import watch as changes  # noqa: PLC0415  only this verb needs it
    except ImportError as error:
        says = "`netpol watch` needs the package watchfiles: pip install 'netpol-sim[course]'"
        raise WatchError(says) from error
    folder.mkdir(parents=True, exist_ok=True)
    found = changes(
        folder,
        rust_timeout=_PATIENCE,
        debounce=_PATIENCE,
        yield_on_timeout=True,
        raise_interrupt=False,
        recursive=False,
    )
    for files in found:
        changed = frozenset(Path(name).name for _, name in files)
        yield Round(changed=changed, key_pressed=_key_pressed())


def _key_pressed() -> bool:
    """Whether a line was typed at a terminal; systems that cannot tell say no."""
    if not sys.stdin.isatty():
        return False
    try:
        ready, _, _ = select.select([sys.stdin], [], [], 0)
    except (OSError, ValueError):
        return False
    return bool(ready) and sys.stdin.readline() != ""
