"""A prediction: a grid that is filled before the truth is shown.  Knows nothing of widgets.

``step`` takes a state and an action and gives the next state.  An action comes from the browser,
so that anything can be in it: what makes no sense changes nothing.  The truth is not in what is
shown before the prediction is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from netpol_sim import ask
from netpol_sim.cluster import Cluster
from netpol_sim.render import steps, text
from netpol_sim.verdict import Answer

Action = Mapping[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One question of a prediction, and where it stands in the grid."""

    row: int
    column: int
    question: str
    answer: Answer


Because = Callable[[Cell, bool], str]
"""What a wrong guess suggests, in a sentence or none; it is given the question and the guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A grid of questions, what was guessed so far, and whether it is committed.

    ``cells`` are in reading order; ``guesses`` holds one value a cell: allowed, denied, or None.
    """

    cluster: Cluster
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    guesses: tuple[bool | None, ...]
    committed: bool = False
    selected: int | None = None

    @property
    def open(self) -> int:
        """How many cells have no guess yet."""
        return self.guesses.count(None)

    @property
    def right(self) -> int:
        """How many guesses are right."""
        return len(self.cells) - len(self.wrong) - self.open

    @property
    def wrong(self) -> tuple[Cell, ...]:
        """The cells whose guess is not the truth."""
        return tuple(
            cell
            for cell, guess in zip(self.cells, self.guesses, strict=True)
            if guess is not None and guess is not cell.answer.allowed
        )


def begin(
    cluster: Cluster,
    questions: Sequence[str] = (),
    *,
    sources: Sequence[str] = (),
    destinations: Sequence[str] = (),
    port: str = "",
) -> Prediction:
    """An empty prediction.

    Args:
        cluster: What is asked about.
        questions: Connection texts, one a row; or instead of them
        sources: the rows and
        destinations: the columns of a grid, on the
        port: that is asked about, such as ``8080`` or ``53/UDP``.

    Raises:
        ConnectionTextError, UnknownNameError, AmbiguousNameError: As ``evaluate``.
    """
    if questions:
        sources, destinations = questions, ("may it connect?",)
        grid = [[question] for question in questions]
    else:
        grid = [[f"{source} -> {_host(end)}:{port}" for end in destinations] for source in sources]
    cells = tuple(
        Cell(row=row, column=column, question=question, answer=ask.evaluate(cluster, question))
        for row, line in enumerate(grid)
        for column, question in enumerate(line)
    )
    empty = (None,) * len(cells)
    return Prediction(
        cluster=cluster,
        rows=tuple(sources),
        columns=tuple(destinations),
        cells=cells,
        guesses=empty,
    )


def _host(destination: str) -> str:
    address = destination.count(":") > 1 and not destination.startswith(("[", "svc:"))
    return f"[{destination}]" if address else destination


_NEXT = {None: True, True: False, False: None}
"""What a click makes of a guess."""


def step(state: Prediction, action: Action) -> Prediction:
    """The state after an action: ``guess``, ``turn``, ``select``, ``commit`` or ``again``."""
    match action:
        case {"do": "guess", "row": int(row), "column": int(column), "allowed": bool() | None}:
            at = _index(state, row, column)
            if at is not None and not state.committed:
                guesses = (*state.guesses[:at], action["allowed"], *state.guesses[at + 1 :])
                return replace(state, guesses=guesses, selected=at)
        case {"do": "turn", "row": int(row), "column": int(column)}:
            at = _index(state, row, column)
            if at is not None:
                return step(state, {**action, "do": "guess", "allowed": _NEXT[state.guesses[at]]})
        case {"do": "select", "row": int(row), "column": int(column)}:
            return replace(state, selected=_index(state, row, column))
        case {"do": "commit"} if not state.open:
            return replace(state, committed=True)
        case {"do": "again"}:
            empty = (None,) * len(state.cells)
            return replace(state, guesses=empty, committed=False, selected=None)
        case _:
            pass
    return state


def _index(state: Prediction, row: int, column: int) -> int | None:
    if 0 <= row < len(state.rows) and 0 <= column < len(state.columns):
        return row * len(state.columns) + column
    return None


def view(state: Prediction, because: Because | None = None) -> View:
    """Everything that is to be seen, as JSON; before the commit, nothing of the truth."""
    letters = "".join(_letters(state))
    width = len(state.columns)
    selected = state.selected
    listed = [cell.question for cell in state.cells] == list(state.rows)
    return {
        "rows": [_end(name) for name in state.rows],
        "columns": [_end(name) for name in state.columns],
        "corner": "connection" if listed else "from \\ to",
        "upright": width < 4,
        "labels": list(state.rows) if listed else None,
        "cells": [letters[start : start + width] for start in range(0, len(letters), width)],
        "answers": False,
        "caption": _caption(state),
        "selected": None if selected is None else list(divmod(selected, width)),
        "open": state.open,
        "committed": state.committed,
        "explanation": _explanation(state, because),
        "said": _said(state),
    }


def _end(name: str) -> View:
    return {"key": name, "name": name, "group": ""}


def _letters(state: Prediction) -> Iterator[str]:
    """``?`` no guess; ``a``, ``d`` a guess; committed: ``A``, ``D`` right, ``x``, ``y`` wrong."""
    for cell, guess in zip(state.cells, state.guesses, strict=True):
        if guess is None:
            yield "?"
        elif not state.committed:
            yield "a" if guess else "d"
        elif guess is cell.answer.allowed:
            yield "A" if guess else "D"
        else:
            yield "x" if cell.answer.allowed else "y"


def _caption(state: Prediction) -> str:
    if state.committed:
        return f"{state.right} of {len(state.cells)} predictions are right"
    left = f"{state.open} to go" if state.open else "ready to check"
    return f"Your prediction: {left}"


def _explanation(state: Prediction, because: Because | None) -> str:
    if not state.committed or state.selected is None:
        return ""
    cell, guess = state.cells[state.selected], state.guesses[state.selected]
    shown = steps.as_html(cell.answer)
    if because is None or guess is None or guess is cell.answer.allowed:
        return shown
    said = because(cell, guess)
    return steps.remark(said) + shown if said else shown


def _said(state: Prediction) -> str:
    if state.committed and state.selected is not None:
        cell, guess = state.cells[state.selected], state.guesses[state.selected]
        judged = "Right" if guess is cell.answer.allowed else "Wrong"
        said = text.explain(cell.answer, text.Length.LINE)
        return f"{judged}. {said}"
    return _caption(state)
