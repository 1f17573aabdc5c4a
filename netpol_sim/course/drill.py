"""What to practise after a mistake: a made-up task in which the mistake matters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from netpol_sim.course.deck import Answered
from netpol_sim.course.misconceptions import BY_ID
from netpol_sim.course.practice import PracticeError, PracticeKind, practice
from netpol_sim.course.progress import Progress

_LEVELS = (1, 2, 3)
_SEEDS = range(6)
_ADVICE = """\
You seem to think that {believes}.
In fact {truth}. Cards about this come first next time."""
_TASK = "A task in which it matters: netpol practice --kind write --seed {seed} --level {level}"


def advice(answered: Sequence[Answered], progress: Progress) -> str:
    """What to practise after a round; empty when no wrong answer shows a misconception.

    Args:
        answered: The round.
        progress: What was seen before, the round included; the commonest counts.
    """
    shown = {belief for each in answered for belief in each.misconceptions}
    weakest = next((belief for belief in progress.misconceptions() if belief in shown), None)
    if weakest is None:
        return ""
    item, found = BY_ID[weakest], drill(weakest)
    said = _ADVICE.format(believes=item.believes, truth=item.truth)
    return f"{said}\n{_TASK.format(level=found[0], seed=found[1])}" if found else said


def drill(misconception: str) -> tuple[int, int] | None:
    """Level and seed of the first task to write policies in which a mistake changes what passes."""
    for level, seed in product(_LEVELS, _SEEDS):
        try:
            made = practice(PracticeKind.WRITE, seed=seed, level=level)
        except PracticeError:
            continue
        if misconception in made.difficulty.misconceptions:
            return level, seed
    return None
