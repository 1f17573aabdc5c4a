"""The explorer's state: what each action does, and that no message from a browser breaks it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.ask import evaluate
from netpol_sim.policy import Protocol
from netpol_sim.render.explorer import state as explorer
from tests.builders import cluster, labelled, pod, pods, policy, rule

WORLD = cluster(
    pod("bank/api", app="api", ports=["http:8080", "dns:53/UDP"]),
    pod("bank/db", app="db"),
    pod("shop/web", app="web"),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"), ports=[5432])]),
)
START = explorer.begin(WORLD)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
ACTIONS = st.dictionaries(
    st.sampled_from(
        ["do", "row", "column", "port", "protocol", "text", "name", "count", "allowed"]
    ),
    ANY_JSON
    | st.sampled_from(["select", "ask", "filter", "edit", "undo", "redo", "world", "tab", "guess"])
    | st.sampled_from(["commit", "again", "reset", "TCP", "UDP"])
    | st.integers(-1, 5),
)
"""Messages that look like those of a widget, and much that does not."""


def after(*actions: dict[str, Any]) -> explorer.Explorer:
    """The state after some actions."""
    state = START
    for action in actions:
        state = explorer.step(state, action)
    return state


def test_it_begins_with_a_port_that_a_pod_declares() -> None:
    """The first port asked about is one that means something here; 80 where there is none."""
    assert (START.port, START.protocol) == (8080, Protocol.TCP)
    assert explorer.begin(cluster(pod("a/x"))).port == 80
    assert explorer.begin(WORLD, 5432).port == 5432


def test_usual_ports_are_declared_or_ruled() -> None:
    """The ports offered are those that pods declare and rules name, each once."""
    assert explorer.usual_ports(WORLD) == (
        (8080, Protocol.TCP),
        (53, Protocol.UDP),
        (5432, Protocol.TCP),
    )


def test_a_cell_tells_why() -> None:
    """A chosen cell brings its verdict's steps, and a sentence to read out."""
    view = explorer.view(after({"do": "select", "row": 2, "column": 1}))
    assert view["selected"] == [2, 1]
    assert "shop/web -&gt; bank/db:8080/TCP" in view["explanation"]
    assert view["said"].startswith("shop/web -> bank/db:8080/TCP is denied: ")


def test_the_cells_are_the_verdicts() -> None:
    """Each letter is the answer of ``evaluate``."""
    view = explorer.view(after({"do": "ask", "port": 5432, "protocol": "TCP"}))
    keys = [row["key"] for row in view["rows"]][:3]
    for row, source in enumerate(keys):
        for column, target in enumerate(keys):
            allowed = evaluate(WORLD, f"{source} -> {target}:5432").allowed
            assert view["cells"][row][column] in ("as" if allowed else "eib")


def test_another_port_keeps_the_place() -> None:
    """Asking about another port shows the same pair with its new verdict."""
    state = after(
        {"do": "select", "row": 0, "column": 1}, {"do": "ask", "port": 5432, "protocol": "TCP"}
    )
    view = explorer.view(state)
    assert view["selected"] == [0, 1]
    assert "bank/db:5432/TCP is allowed" in view["said"]
    assert view["caption"].startswith("Port 5432/TCP: ")


def test_a_filter_shows_what_contains_it() -> None:
    """A filter keeps matching rows and columns, says how many are gone, and drops the choice."""
    state = after({"do": "select", "row": 0, "column": 1}, {"do": "filter", "text": " bank/ "})
    view = explorer.view(state)
    assert [row["key"] for row in view["rows"]] == ["bank/api", "bank/db"]
    assert view["selected"] is None
    assert "2 rows and columns are filtered out" in view["caption"]
    assert explorer.view(after({"do": "filter", "text": "nobody"}))["cells"] == ()


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"do": "select", "row": 9, "column": 0},
        {"do": "select", "row": -1, "column": 0},
        {"do": "select", "row": "0", "column": 0},
        {"do": "ask", "port": 0, "protocol": "TCP"},
        {"do": "ask", "port": 70000, "protocol": "TCP"},
        {"do": "ask", "port": 80, "protocol": "ICMP"},
        {"do": "ask", "port": None, "protocol": "TCP"},
        {"do": "fly"},
    ],
)
def test_nonsense_changes_nothing(action: dict[str, Any]) -> None:
    """An action that makes no sense is passed over."""
    assert explorer.step(START, action) == START


@given(st.lists(ACTIONS, max_size=6))
def test_no_message_breaks_it(actions: list[dict[str, Any]]) -> None:
    """Whatever a browser sends, there is a view, and it is JSON."""
    json.dumps(explorer.view(after(*actions)))
