"""What is to be seen of a playground, as JSON: the grid always, the rest of the open tab only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netpol_sim.analysis.diff import diff as difference
from netpol_sim.analysis.lint import lint
from netpol_sim.errors import Problem
from netpol_sim.render import diff, draw, findings, grid, table
from netpol_sim.render.explorer import state as explorer
from netpol_sim.render.explorer.state import View
from netpol_sim.render.markup import Markup, join
from netpol_sim.render.playground.state import Playground, Tab, place_of


def view(state: Playground) -> View:
    """Everything that is to be seen."""
    lines = max(len(state.text.splitlines()), 1)
    return {
        "text": state.text,
        "count": state.count,
        "world": state.world,
        "worlds": list(state.worlds),
        "problems": [place_of(problem, lines) for problem in state.problems],
        "undo": bool(state.past),
        "redo": bool(state.future),
        "changed": state.text != state.start,
        "tab": state.tab.value,
        "tabs": [tab.value for tab in Tab],
        "shared": state.shared,
        "command": state.command,
        "status": status(state),
        "panel": panel(state),
        "grid": explorer.view(state.explorer),
    }


def status(state: Playground) -> str:
    """Where the text stands, in a sentence."""
    if state.problems:
        return f"{_count(state.problems)}; what you see is the last text without problems."
    count = len(state.cluster.policies)
    return f"No problems. The world has {count} network {'policy' if count == 1 else 'policies'}."


def _count(problems: Sequence[Problem]) -> str:
    first = problems[0].line or 1
    if len(problems) == 1:
        return f"1 problem, in line {first}"
    return f"{len(problems)} problems, the first in line {first}"


def panel(state: Playground) -> Markup:
    """The open tab as HTML; the matrix is drawn by the widget itself."""
    match state.tab:
        case Tab.MATRIX:
            return Markup("")
        case Tab.PICTURE:
            drawing = draw.draw(state.cluster)
            return Markup(drawing.content)
        case Tab.FINDINGS:
            return findings.as_html(lint(state.cluster))
        case Tab.CHANGES:
            asked = state.explorer.asked
            before = replace(state.explorer, cluster=state.before).matrix
            signs = table.difference(before, state.explorer.matrix, asked)
            told = diff.as_html(difference(state.before, state.cluster))
            return join(told, grid.as_html(signs))
