"""What is asked in a mock interview: drawn from a seed, so long as the time that there is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from netpol_sim.course.card_bank import read_bank
from netpol_sim.course.card_keys import Question, pose
from netpol_sim.course.cards import Card, CardKind, Level
from netpol_sim.course.practice import Practice, PracticeError, PracticeKind, practice
from netpol_sim.errors import NetpolError


class Section(StrEnum):
    """The parts of an interview, in their order."""

    OPENING = "opening"
    RECALL = "rapid recall"
    PREDICT = "predict"
    WRITE = "write a policy"
    DEBUG = "debug a cluster"
    DESIGN = "design"


class Skill(StrEnum):
    """What an interviewer listens for."""

    CORRECTNESS = "correctness"
    REASON = "which end and rule decides"
    CAVEATS = "caveats volunteered"
    LEAST_PRIVILEGE = "least privilege"
    VERIFICATION = "verification plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is asked: a card, or a made-up task.

    ``minutes`` is the time that is meant for it.  ``follows`` is the id of the step whose answer
    it was made from.
    """

    id: str
    section: Section
    skill: Skill
    minutes: float
    asks: Question | Practice
    follows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An interview before it begins: for whom, how long, which number, and its steps."""

    minutes: int
    level: Level
    seed: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many questions are asked, and the minutes meant for what there is one of.

    ``opening``, ``recall``, ``grids`` and ``follow_ups`` (to each task) are counts; ``write``,
    ``debug`` and ``design`` are minutes.
    """

    opening: int
    recall: int
    grids: int
    write: float
    debug: float
    design: float
    follow_ups: int


SHAPES = {
    20: Shape(opening=1, recall=4, grids=1, write=4, debug=4, design=3, follow_ups=2),
    45: Shape(opening=2, recall=8, grids=2, write=9, debug=8, design=6, follow_ups=4),
    60: Shape(opening=3, recall=10, grids=3, write=12, debug=12, design=8, follow_ups=4),
}
"""By the minutes that there are."""

OPENING_MINUTES, RECALL_MINUTES, GRID_MINUTES, FOLLOW_UP_MINUTES = 1.5, 0.5, 2.0, 0.75
_TASK_LEVELS = {Level.JUNIOR: 1, Level.MID: 2, Level.SENIOR: 3, Level.STAFF: 4}
_RECALLED = (CardKind.RECALL, CardKind.PREDICT, CardKind.COUNT, CardKind.BUG, CardKind.ACCEPT)
_TRIES = 50


@lru_cache(maxsize=4)
def draw(minutes: int, level: Level, seed: int, folder: Path) -> Plan:
    """The plan of an interview; the same arguments give the same one.

    Args:
        minutes: One of ``SHAPES``.
        level: Whom one would hire.
        seed: Any number from 0.
        folder: The folder of the course.

    Raises:
        NetpolError: There is no interview of this length, or the seed is not a number from 0.
    """
    if minutes not in SHAPES:
        lengths = ", ".join(map(str, SHAPES))
        raise NetpolError(f"an interview takes {lengths} minutes, not {minutes}")
    if seed < 0:
        raise NetpolError(f"a seed is a number from 0, not {seed}")
    steps = tuple(_Drawing(SHAPES[minutes], level, seed, folder).steps())
    return Plan(minutes=minutes, level=level, seed=seed, steps=steps)


class _Drawing:
    """Draws the steps, no card twice."""

    def __init__(self, shape: Shape, level: Level, seed: int, folder: Path) -> None:
        self.shape, self.level, self.seed, self.folder = shape, level, seed, folder
        self.dice = random.Random(f"interview {level} {seed}")  # noqa: S311  no secret
        self.bank = read_bank(folder)

    def steps(self) -> Iterator[Step]:
        """All steps, in the order in which they are asked."""
        shape = self.shape
        spoken = self.cards((CardKind.EXPLAIN,), shape.opening)
        yield from self.asked(Section.OPENING, Skill.CORRECTNESS, OPENING_MINUTES, spoken)
        recalled = self.cards(_RECALLED, shape.recall)
        yield from self.asked(Section.RECALL, Skill.CORRECTNESS, RECALL_MINUTES, recalled)
        for number in range(1, shape.grids + 1):
            yield self.made(Section.PREDICT, PracticeKind.GRID, GRID_MINUTES, number)
        yield self.made(Section.WRITE, PracticeKind.WRITE, shape.write)
        yield self.made(Section.DEBUG, PracticeKind.FIX, shape.debug)
        designed = self.cards((CardKind.DESIGN,), 1)
        yield from self.asked(Section.DESIGN, Skill.CORRECTNESS, shape.design, designed)

    def cards(self, kinds: Sequence[CardKind], count: int) -> list[Card]:
        """Cards of some kinds, of the level if there are enough, else of those next to it."""
        levels = list(Level)
        at = levels.index(self.level)

        def rank(card: Card) -> tuple[int, float]:
            # Each card draws its own lot, so that a new card leaves most interviews as they were.
            lot = random.Random(f"{self.level} {self.seed} {card.id}").random()  # noqa: S311
            return abs(levels.index(card.level) - at), lot

        return sorted((card for card in self.bank if card.kind in kinds), key=rank)[:count]

    def asked(
        self, section: Section, skill: Skill, minutes: float, cards: Sequence[Card]
    ) -> Iterator[Step]:
        """A step for each card."""
        for card in cards:
            yield Step(
                id=card.id,
                section=section,
                skill=Skill.REASON if card.kind is CardKind.PREDICT else skill,
                minutes=minutes,
                asks=pose(card, self.folder, self.seed),
            )

    def made(self, section: Section, kind: PracticeKind, minutes: float, number: int = 1) -> Step:
        """A step with a task that nobody has seen before."""
        grid = kind is PracticeKind.GRID
        return Step(
            id=f"{kind}-{number}",
            section=section,
            skill=Skill.REASON if grid else Skill.CORRECTNESS,
            minutes=minutes,
            asks=self.task(kind),
        )

    def task(self, kind: PracticeKind) -> Practice:
        for _ in range(_TRIES):
            try:
                drawn = self.dice.randrange(10_000)
                return practice(kind, seed=drawn, level=_TASK_LEVELS[self.level])
            except PracticeError:  # this number gives no task of the level: take another
                continue
        raise NetpolError(f"no task came up for the interview with seed {self.seed}")
