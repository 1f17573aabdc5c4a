"""Before an interview in a notebook: for how long, and for which job; the clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from netpol_sim.course.answers import AnswerError
from netpol_sim.course.cards import Level
from netpol_sim.course.interview.plan import SHAPES
from netpol_sim.course.interview.sitting import Sitting
from netpol_sim.render.markup import element, join

_HEADING = "Mock interview"
_SAID = """\
First some questions to answer at once, then connections to predict, a policy to write, a broken \
cluster to debug and a design to explain. Follow-up questions come from your own answers.
Nothing is judged until the end; then a report tells, skill by skill, what went well and why. Each \
answer is kept at once: close the page when you must, and run the cell again to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is proposed: ``minutes`` and ``level``; ``begin`` makes an interview of them."""

    minutes: int
    level: Level
    begin: Callable[[int, Level], Sitting]
    problem: str = ""


def view(opening: Opening) -> dict[str, Any]:
    """Everything that is to be seen."""
    return {
        "kind": "start",
        "heading": _HEADING,
        "html": join(*(element("p", said) for said in _SAID.splitlines())),
        "step": "start",
        "problem": opening.problem,
        "said": opening.problem or _HEADING,
        "minutes": [*SHAPES],
        "levels": [*map(str, Level)],
        "chosen": {"minutes": opening.minutes, "level": opening.level.value},
    }


def step(opening: Opening, message: Mapping[str, Any]) -> Opening | Sitting:
    """The interview after a message ``begin``; whatever makes no sense changes nothing."""
    match message:
        case {"do": "begin", "minutes": int(minutes), "level": str(level)} if (
            minutes in SHAPES and level in list(Level)
        ):
            try:
                return opening.begin(minutes, Level(level))
            except AnswerError as error:
                return replace(opening, problem=str(error))
    return opening
