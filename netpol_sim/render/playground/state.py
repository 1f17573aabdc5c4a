"""What the playground holds, and how it answers to what a person does.  Knows nothing of widgets.

``step`` takes a state and an action and gives the next state.  An action comes from the browser,
so that anything can be in it: what makes no sense changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError, ManifestError, Problem
from netpol_sim.manifest import loads
from netpol_sim.render.explorer import state as explorer
from netpol_sim.render.explorer.state import Explorer

FILE = "policies.yaml"
"""How the editor's text is called in messages."""

MOST_STEPS = 200
LONGEST = 200_000

_WORLD = re.compile(r"# world: (\S+)\s*\n")


class Tab(StrEnum):
    """What is shown beside the editor."""

    MATRIX = "matrix"
    PICTURE = "picture"
    FINDINGS = "findings"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """Worlds to choose from, the text in the editor, and the last cluster that it could be read as.

    ``start`` is the text to begin with and to come back to.  ``past`` and ``future`` are the texts
    that undo and redo go to.  ``problems`` are those of ``text``; while there are any, ``explorer``
    keeps the last good cluster.  ``count`` is the number of the last edit, as the browser counts.
    """

    worlds: Mapping[str, Cluster]
    world: str
    start: str
    text: str
    explorer: Explorer
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    tab: Tab = Tab.MATRIX
    count: int = 0

    @property
    def cluster(self) -> Cluster:
        """The last good cluster."""
        return self.explorer.cluster

    @property
    def before(self) -> Cluster:
        """The world with the policies of the start text; without them when it has problems."""
        try:
            return built(self.worlds[self.world], self.start)
        except (ManifestError, InvalidValueError):
            return self.worlds[self.world]

    @property
    def shared(self) -> str:
        """The text that brings another playground to this world and these policies."""
        return f"# world: {self.world}\n{_WORLD.sub('', self.text, count=1)}"

    @property
    def command(self) -> str:
        """What to paste into a shell to apply the policies to a real cluster."""
        end = "EOF"
        while re.search(rf"^{end}$", self.text, re.MULTILINE):
            end += "_"
        text = self.text if self.text.endswith("\n") else f"{self.text}\n"
        return f"kubectl apply -f - <<'{end}'\n{text}{end}\n"


def begin(worlds: Mapping[str, Cluster], start: str = "", world: str | None = None) -> Playground:
    """The playground of some worlds, with a text in the editor.

    Args:
        worlds: At least one; the first is chosen unless ``world`` names another.
        start: The manifests to begin with; they need not be right.
    """
    chosen = world if world is not None else next(iter(worlds))
    state = Playground(
        worlds=worlds,
        world=chosen,
        start=start,
        text=start,
        explorer=explorer.begin(worlds[chosen]),
    )
    return _read(state)


def built(world: Cluster, text: str) -> Cluster:
    """The world with the objects of a text added; those of the same name are replaced.

    Raises:
        ManifestError: The text cannot be read, or the API server would refuse it.
    """
    if all(_says_nothing(line) for line in text.splitlines()):
        return world
    given = loads(text, FILE)
    cluster = world.with_pod(*given.pods) if given.pods else world
    return cluster.with_policy(*given.policies) if given.policies else cluster


def _says_nothing(line: str) -> bool:
    return line.strip() in ("", "---") or line.lstrip().startswith("#")


def step(state: Playground, action: explorer.Action) -> Playground:
    """The state after an action."""
    match action:
        case {"do": "edit", "text": str(text), "count": int(count)} if len(text) <= LONGEST:
            return replace(_edited(state, text), count=count)
        case {"do": "undo"} if state.past:
            *past, text = state.past
            future = (state.text, *state.future)
            return _read(replace(state, text=text, past=tuple(past), future=future))
        case {"do": "redo"} if state.future:
            text, *rest = state.future
            return _read(replace(state, text=text, past=_after(state), future=tuple(rest)))
        case {"do": "reset"}:
            return _edited(state, state.start)
        case {"do": "world", "name": str(name)} if name in state.worlds:
            return _moved(state, name)
        case {"do": "tab", "name": str(name)} if name in list(Tab):
            return replace(state, tab=Tab(name))
    return replace(state, explorer=explorer.step(state.explorer, action))


def _edited(state: Playground, text: str) -> Playground:
    if text == state.text:
        return state
    named = _WORLD.match(text)
    if named and named[1] in state.worlds and named[1] != state.world:
        state = _moved(state, named[1])
    return _read(replace(state, text=text, past=_after(state), future=()))


def _after(state: Playground) -> tuple[str, ...]:
    return (*state.past, state.text)[-MOST_STEPS:]


def _moved(state: Playground, world: str) -> Playground:
    """The same text in another world."""
    moved = replace(state, world=world, explorer=explorer.begin(state.worlds[world]))
    return _read(moved)


def _read(state: Playground) -> Playground:
    """The state with its text read: a new cluster, or problems and the old cluster."""
    try:
        cluster = built(state.worlds[state.world], state.text)
    except (ManifestError, InvalidValueError) as error:
        return replace(state, problems=error.problems)
    return replace(state, problems=(), explorer=replace(state.explorer, cluster=cluster))


def place_of(problem: Problem, lines: int) -> dict[str, Any]:
    """A problem as the editor shows it: its line of so many, and what to read there."""
    field = f"{problem.field}: " if problem.field else ""
    value = f" `{problem.value}`" if problem.value is not None else ""
    return {
        # A text that ends too early has its problem after its last line.
        "line": min(problem.line or 1, lines),
        "column": problem.column or 1,
        "text": f"{field}{problem.kind.heading}{value}: {problem.message}",
        "help": problem.help,
    }
