"""``netpol quiz``: quiz cards in the terminal."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netpol_sim.cli import course
from netpol_sim.course import card_bank, card_export, deck, drill, quiz_text, schedule
from netpol_sim.course.answers import find_workspace
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.cards import Card, CardKind, Level
from netpol_sim.course.deck import Confidence, Deck
from netpol_sim.course.progress import Diary
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError

_EXAMPLES = """\
examples:
  netpol quiz                               ten cards: what is due, then new ones
  netpol quiz --lesson 4 --count 5          five cards of lesson 4
  netpol quiz --due                         only what is due today
  netpol quiz --print --answers > sheet.md  a sheet for a class
  netpol quiz --export anki cards.apkg      all cards for Anki

Answers are remembered in the workspace; a card comes back when you are about to forget it.

Exit code: 0 all right (or nothing asked), 1 some not, 2 bad input or usage.
"""
_QUIT = ("q", "quit", "exit")
_SEEDS = 10_000


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``quiz``."""
    parser = subparsers.add_parser(
        "quiz",
        description="Answer quiz cards; the simulator knows what is right, and why.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--lesson", type=int, metavar="N", help="only cards of this lesson")
    parser.add_argument("--level", choices=[*map(str, Level)], help="only cards of this level")
    parser.add_argument("--kind", choices=[*map(str, CardKind)], help="only cards of this kind")
    parser.add_argument("--count", type=int, default=10, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="draws the options and the values that vary")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--due", action="store_true", help="only cards that are due")
    what.add_argument("--stats", action="store_true", help="count the cards, ask nothing")
    what.add_argument("--print", action="store_true", help="print the cards as a sheet")
    what.add_argument(
        "--export",
        nargs=2,
        metavar=("FORMAT", "FILE"),
        help=f"write the cards for another program: {', '.join(card_export.FORMATS)}",
    )
    parser.add_argument("--answers", action="store_true", help="with --print: with answers")
    course.add_workspace(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask cards, or print, count or export them."""
    root = content_folder()
    cards = [card for card in card_bank.read_bank(root) if _is_wanted(card, arguments)]
    if not cards:
        raise NetpolError("there are no such cards; `netpol quiz --stats` counts those there are")
    seed = arguments.seed if arguments.seed is not None else 0
    if arguments.stats:
        print(card_export.statistics_text(cards))
        return 0
    if arguments.print:
        questions = (pose(card, root, seed) for card in cards)
        print(quiz_text.sheet(questions, answers=arguments.answers))
        return 0
    if arguments.export:
        form, file = arguments.export
        card_export.export([pose(card, root, seed) for card in cards], form, Path(file))
        print(f"{len(cards)} cards are in {file}")
        return 0
    return _asked(arguments, cards, root)


def _is_wanted(card: Card, arguments: argparse.Namespace) -> bool:
    wanted = (
        (arguments.lesson, card.lesson),
        (arguments.level, card.level.value),
        (arguments.kind, card.kind.value),
    )
    return all(asked is None or asked == found for asked, found in wanted)


def _asked(arguments: argparse.Namespace, cards: list[Card], root: Path) -> int:
    diary = Diary(folder=arguments.workspace or find_workspace())
    progress, now = diary.read(), course.now()
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(_SEEDS)
    chosen = (
        schedule.due(cards, progress, now)
        if arguments.due
        else schedule.in_order(cards, progress, now)
    )
    if not chosen:
        print("No card is due. `netpol quiz` asks new ones.")
        return 0
    questions = tuple(pose(card, root, seed) for card in chosen[: max(arguments.count, 1)])
    played = play(
        Deck(questions=questions),
        remember=lambda each: diary.add(schedule.review(each, course.now())),
    )
    print(f"\n{quiz_text.summary(played)}" if played.answered else "\nNothing answered.")
    if practise := drill.advice(played.answered, diary.read()):
        print(practise)
    return 0 if played.right == len(played.answered) else 1


def play(round_: Deck, remember: Callable[[deck.Answered], None]) -> Deck:
    """Ask the questions one by one; each answer is remembered at once, so nothing is lost."""
    try:
        while (question := round_.current) is not None:
            number = len(round_.answered) + 1
            print(f"\n{quiz_text.heading(question, number, len(round_))}")
            print(f"\n{quiz_text.question_text(question)}\n", flush=True)
            round_ = deck.answer(round_, *_answer(question))
            remember(round_.answered[-1])
            print(f"\n{quiz_text.result_text(round_.answered[-1])}", flush=True)
    except (EOFError, KeyboardInterrupt):
        print()
    return round_


def _answer(question: Question) -> tuple[tuple[int, ...], Confidence]:
    """What is typed, and how sure one is of it.

    Raises:
        EOFError: There is no more input, or the person wants to stop.
    """
    if question.checklist:
        _line(quiz_text.asks_for(question))
        print(f"\nA model answer:\n{question.answer}\n")
        for number, point in enumerate(question.checklist, start=1):
            print(f"  {number} {point}")
        given = _positions(question, "Which points did you name? Numbers, or nothing")
        return given, Confidence.UNSURE
    given = _positions(question, quiz_text.asks_for(question))
    return given, _confidence()


def _positions(question: Question, asks: str) -> tuple[int, ...]:
    while True:
        found = deck.understood(question, _line(asks))
        if found is not None:
            return found
        print("That is none of the answers above.", flush=True)


def _confidence() -> Confidence:
    words = [*map(str, Confidence)]
    while True:
        typed = _line("How sure are you? 1 a guess, 2 unsure, 3 sure").strip().lower()
        if typed in ("1", "2", "3"):
            return Confidence(words[int(typed) - 1])
        if typed in words:
            return Confidence(typed)
        print("1, 2 or 3.", flush=True)


def _line(asks: str) -> str:
    print(f"{asks} (q ends): ", end="", flush=True)
    typed = sys.stdin.readline()
    if not typed or typed.strip().lower() in _QUIT:
        raise EOFError
    return typed
