"""A prediction: guesses first, the truth only after the commit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.errors import UnknownNameError
from netpol_sim.render.predict import state as prediction
from tests.builders import cluster, labelled, pod, pods, policy, rule
from tests.unit.render.test_explorer import ACTIONS

WORLD = cluster(
    pod("bank/api", app="api"),
    pod("bank/db", app="db"),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"))]),
)
START = prediction.begin(
    WORLD, sources=["bank/api", "203.0.113.7"], destinations=["bank/db"], port="5432"
)


def after(*actions: dict[str, Any]) -> prediction.Prediction:
    """The state after some actions."""
    state = START
    for action in actions:
        state = prediction.step(state, action)
    return state


def test_a_grid_of_one_column_is_no_list() -> None:
    """The ends of a grid name its cells, however narrow it is."""
    assert prediction.view(START)["labels"] is None
    assert prediction.view(START)["corner"] == "from \\ to"


def guess(row: int, *, allowed: bool | None) -> dict[str, Any]:
    """The action that guesses a cell."""
    return {"do": "guess", "row": row, "column": 0, "allowed": allowed}


RIGHT, WRONG = guess(0, allowed=True), guess(1, allowed=True)
COMMIT = {"do": "commit"}


def test_the_grid_is_asked_cell_by_cell() -> None:
    """Sources and destinations make a grid of connections; an IPv6 end gets its brackets."""
    assert [cell.question for cell in START.cells] == [
        "bank/api -> bank/db:5432",
        "203.0.113.7 -> bank/db:5432",
    ]
    six = prediction.begin(WORLD, sources=["bank/api"], destinations=["2001:db8::1"], port="80")
    assert six.cells[0].question == "bank/api -> [2001:db8::1]:80"


def test_a_list_of_questions_is_a_column() -> None:
    """Connections that make no grid are asked one below the other."""
    state = prediction.begin(WORLD, ["bank/api -> bank/db:1", "bank/db -> bank/api:2"])
    view = prediction.view(state)
    assert [row["key"] for row in view["rows"]] == [
        "bank/api -> bank/db:1",
        "bank/db -> bank/api:2",
    ]
    assert view["labels"] == ["bank/api -> bank/db:1", "bank/db -> bank/api:2"]


def test_a_question_about_nobody_is_refused_at_once() -> None:
    """A misspelt name is an error when the prediction is made, not when it is checked."""
    with pytest.raises(UnknownNameError):
        prediction.begin(WORLD, ["bank/nobody -> bank/db:1"])


def test_nothing_of_the_truth_is_shown_before_the_commit() -> None:
    """However it is filled and looked at, the view does not depend on the truth."""
    other = prediction.begin(
        WORLD.with_policies(()),
        sources=["bank/api", "203.0.113.7"],
        destinations=["bank/db"],
        port="5432",
    )
    for actions in ([], [RIGHT], [RIGHT, WRONG], [WRONG, {"do": "select", "row": 0, "column": 0}]):
        one, two = START, other
        for action in actions:
            one, two = prediction.step(one, action), prediction.step(two, action)
        assert prediction.view(one) == prediction.view(two)


def test_an_unfinished_prediction_cannot_be_committed() -> None:
    """Every cell needs a guess first."""
    assert not after(RIGHT, COMMIT).committed
    assert after(RIGHT, WRONG, COMMIT).committed


def test_a_click_turns_a_guess() -> None:
    """Each click goes from no guess to allowed, to denied, and back."""
    turn = {"do": "turn", "row": 0, "column": 0}
    guesses = [after(*[turn] * times).guesses[0] for times in range(4)]
    assert guesses == [None, True, False, None]


def test_a_guess_can_be_changed_until_the_commit() -> None:
    """A guess can be changed and taken back; after the commit it stands."""
    assert after(RIGHT, guess(0, allowed=False)).guesses == (False, None)
    assert after(RIGHT, guess(0, allowed=None)).guesses == (None, None)
    assert after(RIGHT, WRONG, COMMIT, guess(1, allowed=False)).guesses == (True, True)


def test_the_truth_comes_with_reasons() -> None:
    """After the commit each cell says whether it was right, and a chosen one says why."""
    state = after(RIGHT, WRONG, COMMIT, {"do": "select", "row": 1, "column": 0})
    view = prediction.view(state, because=lambda cell, _: f"about {cell.row}")
    assert view["cells"] == ["A", "y"]
    assert view["caption"] == "1 of 2 predictions are right"
    assert [cell.row for cell in state.wrong] == [1]
    assert "about 1" in view["explanation"]
    assert "denied" in view["explanation"]
    assert view["said"].startswith("Wrong. ")


def test_a_right_guess_suggests_no_misconception() -> None:
    """What a wrong guess suggests is asked for wrong guesses only."""
    state = after(RIGHT, WRONG, COMMIT, {"do": "select", "row": 0, "column": 0})
    view = prediction.view(state, because=lambda *_: "never asked")
    assert "never asked" not in view["explanation"]
    assert view["said"].startswith("Right. ")


def test_again_starts_over() -> None:
    """A new start has no guesses and no truth."""
    assert after(RIGHT, WRONG, COMMIT, {"do": "again"}) == START


@given(st.lists(ACTIONS, max_size=6))
def test_no_message_breaks_it(actions: list[dict[str, Any]]) -> None:
    """Whatever a browser sends, there is a view, and it is JSON."""
    json.dumps(prediction.view(after(*actions)))
