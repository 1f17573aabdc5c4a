"""``netpol interview``: a mock interview in the terminal."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from netpol_sim.cli import course
from netpol_sim.course import deck, forms, practice_page, quiz_text
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import Level
from netpol_sim.course.interview import report, session
from netpol_sim.course.interview.plan import SHAPES, Step, draw
from netpol_sim.course.interview.session import Interview, MisunderstoodError
from netpol_sim.course.interview.store import Store
from netpol_sim.course.practice import Practice
from netpol_sim.course.syllabus import read_syllabus
from netpol_sim.course.task import TaskKind
from netpol_sim.course.workspace import content_folder

_EXAMPLES = """\
examples:
  netpol interview                               20 minutes, for a job in the middle
  netpol interview --minutes 45 --level senior   longer and harder
  netpol interview                               again: goes on where you stopped
  netpol interview --new --seed 7                another one; the seed draws the questions

Nothing is judged until the end; then a report tells, skill by skill, what went well and why.
Policies are written in a file, with your own editor.  Each answer is kept at once: `pause`, a
closed window or a crash loses nothing, and the clock stands still until you are back.

Exit code: 0 the interview is over or paused, 2 bad input or usage.
"""
_SEEDS = 10_000
_WELCOME = """\
Mock interview: {minutes} minutes, level {level}, seed {seed}.
Answer as you would to a person. At any question you may type: skip, pause, end.\
"""
_WELCOME_BACK = """\
You are back: {answered} answered, {left} minutes left (of {minutes}, level {level}, seed {seed}).
`netpol interview --new` begins another one.\
"""
_PAUSED = "\nPaused. `netpol interview` goes on from here."
_TIME_IS_UP = "\nThat was the time. Thank you for the conversation."
_OVER = "\nThat was all. Thank you for the conversation."
_MINUTE = 60
_ENDINGS = {"skip": session.skip, "end": session.stop}
"""What may be typed instead of an answer, beside ``pause``."""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``interview``."""
    parser = subparsers.add_parser(
        "interview",
        description="Take a mock interview; follow-up questions come from your own answers.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--minutes", type=int, choices=[*SHAPES], default=20, help="default: 20")
    levels = [*map(str, Level)]
    parser.add_argument("--level", choices=levels, default="mid", help="default: %(default)s")
    parser.add_argument("--seed", type=int, help="draws the questions: any number from 0")
    parser.add_argument("--new", action="store_true", help="begin anew, and forget a paused one")
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Begin an interview, or go on with one, and write the report at its end."""
    root = content_folder()
    store = Store(workspace=arguments.workspace or find_workspace(), course=root)
    interview = None if arguments.new else store.read()
    if interview is None:
        seed = secrets.randbelow(_SEEDS) if arguments.seed is None else arguments.seed
        plan = draw(arguments.minutes, Level(arguments.level), seed, root)
        interview = store.begin(plan)
        print(_WELCOME.format(minutes=plan.minutes, level=plan.level, seed=plan.seed))
    else:
        left, plan = -(-interview.left // _MINUTE), interview.plan
        shown = {"minutes": plan.minutes, "level": plan.level, "seed": plan.seed}
        print(_WELCOME_BACK.format(answered=len(interview.records), left=left, **shown))
    interview = Conversation(store=store, clock=time.monotonic).hold(interview)
    if session.current(interview) is not None:
        print(_PAUSED)
        return 0
    print(_OVER if interview.left or interview.stopped else _TIME_IS_UP)
    _finish(interview, store, root)
    return 0


def _finish(interview: Interview, store: Store, root: Path) -> None:
    """Show how the report begins, and where it is."""
    written, path = store.conclude(interview, report.lesson_names(read_syllabus(root)))
    print(f"\n{written.partition('## Question by question')[0].rstrip()}")
    print(f"\nThe whole report, with model answers: {path}\nand as a page: {path.stem}.html")


class _Pause(Exception):  # noqa: N818  no error
    """The candidate wants to go on later."""


class Conversation:
    """Asks in the terminal; ``clock`` gives seconds that only ever grow."""

    def __init__(self, *, store: Store, clock: Callable[[], float]) -> None:
        self.store, self.clock = store, clock

    def hold(self, interview: Interview) -> Interview:
        """Ask until the end or a pause; each answer is kept before the next question."""
        shown: Step | None = None
        while (step := session.current(interview)) is not None:
            begun = self.clock()
            if step != shown:
                print(f"\n{_heading(interview, step)}\n\n{self.question(step)}\n", flush=True)
            shown = step
            try:
                hear = self.answer if interview.draft is None else self.points
                interview = hear(interview, step, begun)
            except (_Pause, EOFError, KeyboardInterrupt):
                self.store.write(session.spend(interview, self.since(begun)))
                return interview
            self.store.write(interview)
        return interview

    def since(self, begun: float) -> int:
        """The whole seconds since then."""
        return round(self.clock() - begun)

    def question(self, step: Step) -> str:
        """What is shown of a step."""
        if isinstance(step.asks, Practice):
            return "\n".join(self.task(step.asks))
        return quiz_text.question_text(step.asks).rstrip()

    def task(self, task: Practice) -> Iterator[str]:
        """A task, and where its answer is written."""
        yield from practice_page.lines(task)
        if task.task.kind is not TaskKind.GRID:
            yield from ("", f"Write your answer in {self.store.answers.begin(task.task)}")

    def answer(self, interview: Interview, step: Step, begun: float) -> Interview:
        """The interview after an answer that makes sense, or after none was wanted."""
        while True:
            typed = self.typed(step)
            spent = session.spend(interview, self.since(begun))
            word = typed.strip().lower()
            if word in _ENDINGS:
                return _ENDINGS[word](spent)
            try:
                return session.say(spent, typed)
            except MisunderstoodError as error:
                print(f"\n{error}\n", flush=True)

    def typed(self, step: Step) -> str:
        """What the candidate answers with: a line, rows of a grid, or the content of a file."""
        if isinstance(step.asks, Question):
            asks = "In your words, in one line" if step.asks.checklist else None
            return _line(asks or quiz_text.asks_for(step.asks))
        if step.asks.task.kind is TaskKind.GRID:
            return _grid(step.asks)
        word = _line("Press Enter when the file is ready")
        return word if word.strip() else self.store.answers.read(step.asks.task) or ""

    def points(self, interview: Interview, step: Step, begun: float) -> Interview:
        """Hold the words against the checklist; the candidate is the judge, and honest."""
        question = step.asks
        if not isinstance(question, Question):
            return interview
        print("\nAn interviewer listens for:")
        for number, point in enumerate(question.checklist, start=1):
            print(f"  {number} {point}")
        while True:
            typed = _line("Which of these did you say? Numbers, or nothing")
            spent = session.spend(interview, self.since(begun))
            word = typed.strip().lower()
            if word in _ENDINGS:
                return _ENDINGS[word](spent)
            given = deck.understood(question, typed)
            if given is not None:
                return session.confirm(spent, given)
            print("That is none of the points above.", flush=True)


def _heading(interview: Interview, step: Step) -> str:
    left = -(-interview.left // _MINUTE)
    kind = "follow-up" if step.follows else step.section
    return f"-- {kind} ({left} min left, about {step.minutes:g} for this) --"


def _grid(task: Practice) -> str:
    """The rows of a grid, asked one by one; the first letters of a word's parts are enough."""
    words = {_short(word): word for word in forms.words(task.task)}
    allowed = ", ".join(f"{short} = {word}" for short, word in words.items())
    print(f"\nIn short: {allowed}.", flush=True)
    lines = []
    for row in task.task.rows:
        while True:
            typed = _line(row.label).strip().lower()
            if typed in _ENDINGS:
                return typed
            word = words.get(typed, typed)
            if word in words.values():
                break
            print(f"One of {allowed}.", flush=True)
        lines.append(f"{row.label}: {word}\n")
    return "".join(lines)


def _short(word: str) -> str:
    return "".join(part[0] for part in word.split("-"))


def _line(asks: str) -> str:
    print(f"{asks}: ", end="", flush=True)
    typed = sys.stdin.readline()
    if not typed:
        raise EOFError
    if typed.strip().lower() == "pause":
        raise _Pause
    return typed
