"""What the explorer shows, and how it answers to what a person does.  Knows nothing of widgets.

``step`` takes a state and an action and gives the next state; ``view`` says what is to be seen.
An action comes from the browser, so that anything can be in it: what makes no sense changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from netpol_sim.analysis.matrix import AskedPort, Matrix, matrix
from netpol_sim.analysis.table import Place
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction, Protocol
from netpol_sim.render import steps, table, text
from netpol_sim.verdict import Verdict

MOST = 60
"""So many rows and columns are shown at once; a filter brings the others."""

Action = Mapping[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explorer:
    """A cluster, the port that is asked about, which pods are shown, and the pair looked at.

    ``selected`` are the keys of a source and a destination.
    """

    cluster: Cluster
    port: int
    protocol: Protocol = Protocol.TCP
    contains: str = ""
    selected: tuple[str, str] | None = None

    @property
    def asked(self) -> AskedPort:
        """The port that is asked about."""
        return AskedPort(port=self.port, protocol=self.protocol)

    @property
    def matrix(self) -> Matrix:
        """The answers for every pair."""
        return matrix(self.cluster, port=self.port, protocol=self.protocol)


def begin(cluster: Cluster, port: int | None = None, protocol: Protocol = Protocol.TCP) -> Explorer:
    """The explorer of a cluster; the port is its first usual one when it is not said."""
    usual = usual_ports(cluster)
    if port is None:
        port, protocol = usual[0] if usual else (80, protocol)
    return Explorer(cluster=cluster, port=port, protocol=protocol)


def usual_ports(cluster: Cluster) -> tuple[tuple[int, Protocol], ...]:
    """The ports that pods declare or rules name, each once: what is worth asking about."""
    declared = [(port.port, port.protocol) for pod in cluster.pods for port in pod.ports]
    ruled = [
        (entry.port, entry.protocol)
        for policy in cluster.policies
        for direction in Direction
        for rule in policy.rules(direction)
        for entry in rule.ports
        if isinstance(entry.port, int)
    ]
    return tuple(dict.fromkeys(declared + ruled))


def step(state: Explorer, action: Action) -> Explorer:
    """The state after an action: ``select``, ``ask`` (a port) or ``filter``."""
    match action:
        case {"do": "select", "row": int(row), "column": int(column)}:
            keys = [place.key for place in shown(state, state.matrix)]
            if 0 <= row < len(keys) and 0 <= column < len(keys):
                return replace(state, selected=(keys[row], keys[column]))
        case {"do": "ask", "port": int(port), "protocol": str(protocol)}:
            if 1 <= port <= 65535 and protocol in list(Protocol):
                return replace(state, port=port, protocol=Protocol(protocol))
        case {"do": "filter", "text": str(contains)}:
            return replace(state, contains=contains.strip(), selected=None)
        case _:
            pass
    return state


def shown(state: Explorer, answers: Matrix) -> tuple[Place, ...]:
    """The rows and columns shown: those whose name contains the filter."""
    return tuple(place for place in answers.places if state.contains in place.key)[:MOST]


def view(state: Explorer) -> View:
    """Everything that is to be seen, as JSON."""
    answers = state.matrix
    places = shown(state, answers)
    verdict = _verdict(state, answers)
    ends = [asdict(table.end_of(place)) for place in places]
    return {
        "rows": ends,
        "columns": ends,
        "corner": "from \\ to",
        "cells": table.letters_of(answers, places, state.asked),
        "answers": True,
        "caption": _caption(state, answers, len(places)),
        "selected": _selected(state, places),
        "port": state.port,
        "protocol": state.protocol.value,
        "ports": [[port, protocol.value] for port, protocol in usual_ports(state.cluster)],
        "contains": state.contains,
        "explanation": steps.as_html(verdict) if verdict else "",
        "said": text.explain(verdict, text.Length.LINE) if verdict else "",
    }


def _verdict(state: Explorer, answers: Matrix) -> Verdict | None:
    """The verdict for the pair looked at; a world that has changed may no longer have it."""
    known = {place.key for place in answers.places}
    if state.selected is None or not known.issuperset(state.selected):
        return None
    return answers.verdict(*state.selected)


def _caption(state: Explorer, answers: Matrix, count: int) -> str:
    """What the grid is about, with the count of what is allowed."""
    said = f"Port {state.asked}: {table.allowed(answers, state.asked)}"
    hidden = len(answers.places) - count
    return f"{said}; {hidden} rows and columns are filtered out" if hidden else said


def _selected(state: Explorer, places: Sequence[Place]) -> list[int] | None:
    keys = [place.key for place in places]
    if state.selected is None or not set(state.selected) <= set(keys):
        return None
    return [keys.index(key) for key in state.selected]
