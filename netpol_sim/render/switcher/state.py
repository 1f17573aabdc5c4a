"""What the switcher shows: a matrix under one network plugin, held against the documentation.

``step`` takes a state and an action and gives the next state; ``view`` says what is to be seen.  An
action comes from the browser, so that anything can be in it: what makes no sense changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from netpol_sim.analysis.diff import Diff, diff
from netpol_sim.analysis.matrix import AskedPort, Matrix, matrix
from netpol_sim.analysis.plugins import causes
from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError, unsupported
from netpol_sim.plugin import DOCUMENTATION
from netpol_sim.policy import Protocol
from netpol_sim.profiles import PLUGINS, PROFILES
from netpol_sim.render import diff as changes
from netpol_sim.render import facts, html, table, text
from netpol_sim.render.grid import MOST, Grid
from netpol_sim.render.markup import Markup, element, join

Action = Mapping[str, Any]
View = dict[str, Any]

LETTERS = {
    "a": table.SAME[True],
    "d": table.SAME[False],
    "p": table.OPENED,
    "m": table.CLOSED,
    "s": table.SIGNS[table.ITSELF],
}
"""One letter for each sign of a cell."""

_CAPTION = "{plugin}, held against the documentation. {counts}"
_NO_FACTS = "This is what the documentation says; the others are held against it."
_ON_EVERY_PORT = "On every port, nodes and addresses outside included"
_UNCHANGED = "By the documentation and with {plugin} alike: {said}"
_CHANGED = ("By the documentation: {said}", "With {plugin}: {said}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switcher:
    """A cluster, the port that is asked about, the name of a plugin, and the pair looked at."""

    cluster: Cluster
    asked: AskedPort
    chosen: str
    selected: tuple[str, str] | None = None

    @property
    def documented(self) -> Cluster:
        """The cluster as the documentation has it."""
        return self.cluster.with_profile(DOCUMENTATION)

    @property
    def moved(self) -> Cluster:
        """The cluster with the chosen plugin."""
        return self.cluster.with_profile(PROFILES[self.chosen])

    @property
    def matrices(self) -> tuple[Matrix, Matrix]:
        """The answers by the documentation, and with the chosen plugin."""
        number, protocol = self.asked.port, self.asked.protocol
        before, after = (
            matrix(each, port=number, protocol=protocol) for each in (self.documented, self.moved)
        )
        return before, after

    @property
    def difference(self) -> Diff:
        """What the plugin changes."""
        return diff(self.documented, self.moved)


def begin(cluster: Cluster, profile: str, port: int, protocol: Protocol = Protocol.TCP) -> Switcher:
    """The switcher of a cluster, at a plugin.

    Raises:
        InvalidValueError: There is no such profile.
    """
    if profile not in PROFILES:
        raise InvalidValueError([unsupported("profile", profile, PROFILES)])
    return Switcher(cluster=cluster, asked=AskedPort(port=port, protocol=protocol), chosen=profile)


def step(state: Switcher, action: Action) -> Switcher:
    """The state after an action: ``choose`` a plugin, or ``select`` a cell."""
    match action:
        case {"do": "choose", "name": str(name)} if name in PROFILES:
            return replace(state, chosen=name)
        case {"do": "select", "row": int(row), "column": int(column)}:
            keys = [pod.key for pod in state.cluster.pods][:MOST]
            if 0 <= row < len(keys) and 0 <= column < len(keys):
                return replace(state, selected=(keys[row], keys[column]))
        case _:
            pass
    return state


def view(state: Switcher) -> View:
    """Everything that is to be seen, as JSON."""
    shown = grid_of(state)
    letter_of = {sign: letter for letter, sign in LETTERS.items()}
    ends = [asdict(end) for end in shown.rows[:MOST]]
    return {
        "rows": ends,
        "columns": ends,
        "corner": shown.corner,
        "cells": ["".join(letter_of[sign] for sign in row[:MOST]) for row in shown.signs[:MOST]],
        "caption": shown.caption,
        "profiles": list(PROFILES),
        "chosen": state.chosen,
        "selected": _selected(state),
        "explanation": join(*map(html.paragraph, told(state))),
        "changes": changes_html(state),
        "said": " ".join(told(state)) or f"{state.chosen}: {state.difference}.",
    }


def grid_of(state: Switcher) -> Grid:
    """The matrix, with a sign of its own for each answer that the plugin changes."""
    shown = table.difference(*state.matrices, state.asked)
    caption = _CAPTION.format(plugin=state.chosen, counts=shown.caption)
    return replace(shown, caption=caption)


def told(state: Switcher) -> Iterator[str]:
    """Why the cell looked at is as it is: on both sides where answer or reason differ."""
    if state.selected is None or state.selected[0] == state.selected[1]:
        return
    before, after = (each.verdict(*state.selected) for each in state.matrices)
    lines = [text.explain(each, text.Length.LINE) for each in (before, after)]
    if lines[0] == lines[1]:
        yield _UNCHANGED.format(plugin=state.chosen, said=lines[1])
        return
    for template, line in zip(_CHANGED, lines, strict=True):
        yield template.format(plugin=state.chosen, said=line)
    yield from facts.told(causes(before, PROFILES[state.chosen]))


def known(state: Switcher) -> tuple[str, ...]:
    """What is known of the chosen plugin, each fact with its source."""
    (plugin,) = (each for each in PLUGINS if each.profile.name == state.chosen)
    said = tuple(f"{state.chosen}: {facts.sentence(fact)}" for fact in plugin.facts)
    return said or (_NO_FACTS,)


def changes_html(state: Switcher) -> Markup:
    """What is known of the plugin, and each connection that it changes, with the fact."""
    listed = join(*map(html.paragraph, known(state)))
    heading = html.paragraph(element("b", _ON_EVERY_PORT))
    return join(listed, heading, changes.as_html(state.difference, _sides(state)))


def changes_text(state: Switcher) -> str:
    """The same as plain text."""
    listed = "\n".join(known(state))
    return f"{listed}\n\n{_ON_EVERY_PORT}\n{changes.as_text(state.difference, _sides(state))}"


def _sides(state: Switcher) -> changes.Sides:
    return changes.Sides(before=DOCUMENTATION.name, after=state.chosen)


def _selected(state: Switcher) -> list[int] | None:
    if state.selected is None:
        return None
    keys = [pod.key for pod in state.cluster.pods]
    return [keys.index(key) for key in state.selected]
