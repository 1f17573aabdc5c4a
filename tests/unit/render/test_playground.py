"""The playground's state: edit, err, undo, share; the last good world is never lost."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.render.playground import state as playground
from netpol_sim.render.playground.state import Playground, Tab
from netpol_sim.render.playground.view import view
from tests.builders import cluster, pod, policy
from tests.unit.render.test_explorer import ACTIONS

WORLD = cluster(pod("bank/api", app="api"), pod("bank/db", app="db"))
OTHER = cluster(pod("shop/web", app="web"), policy("shop/given"))
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: deny}
spec: {podSelector: {}}
"""
START = playground.begin({"bank": WORLD, "shop": OTHER}, DENY)


def edit(text: str, count: int = 1) -> dict[str, Any]:
    """The action that puts a text into the editor."""
    return {"do": "edit", "text": text, "count": count}


def after(*actions: dict[str, Any], start: Playground = START) -> Playground:
    """The state after some actions."""
    for action in actions:
        start = playground.step(start, action)
    return start


def policies(state: Playground) -> list[str]:
    """The policies of the world that is shown."""
    return [policy.key for policy in state.cluster.policies]


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n# a\n---\n"])
def test_nothing_is_no_problem(text: str) -> None:
    """A text that says nothing leaves the world as it is."""
    state = after(edit(text))
    assert not state.problems
    assert policies(state) == []


def test_an_edit_changes_the_world() -> None:
    """The text's policies are added to the world's own; one of the same name replaces it."""
    assert policies(START) == ["bank/deny"]
    assert policies(after(edit(DENY.replace("name: deny", "name: other")))) == ["bank/other"]
    shop = after({"do": "world", "name": "shop"})
    assert policies(shop) == ["shop/given", "bank/deny"]
    same = DENY.replace("bank", "shop").replace("name: deny", "name: given")
    assert policies(after(edit(same), start=shop)) == ["shop/given"]


def test_pods_can_be_added() -> None:
    """A text may bring pods of its own."""
    text = f"{DENY}---\napiVersion: v1\nkind: Pod\nmetadata: {{namespace: bank, name: new}}\n"
    assert after(edit(text)).cluster.find_pod("bank/new") is not None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DENY.replace("podSelector", "podSelectr"), 4),
        (DENY.replace("{}}", "{}"), 4),
        (f"{DENY}---\n{DENY}", 7),
        ("\tkind: x", 1),
        ("just words", 1),
    ],
)
def test_a_problem_keeps_the_last_good_world(text: str, line: int) -> None:
    """A broken text is kept in the editor with its problems; the world stays as it was."""
    state = after(edit(text))
    assert state.text == text
    assert policies(state) == ["bank/deny"]
    shown = view(state)
    assert shown["problems"][0]["line"] >= line - 1
    assert "what you see is the last text without problems" in shown["status"]
    mended = after(edit(DENY, 2), start=state)
    assert not mended.problems


def test_undo_and_redo_walk_through_the_texts() -> None:
    """Undo goes back text by text, redo forth; an edit forgets what was undone."""
    state = after(edit("# 1"), edit("# 2", 2), {"do": "undo"})
    assert state.text == "# 1"
    assert after({"do": "undo"}, {"do": "undo"}, start=state).text == DENY
    assert after({"do": "redo"}, start=state).text == "# 2"
    assert after(edit("# 3", 3), {"do": "redo"}, start=state).text == "# 3"


def test_undo_leaves_a_broken_text() -> None:
    """After undoing a mistake there are no problems left."""
    state = after(edit("a: ["), {"do": "undo"})
    assert (state.text, state.problems) == (DENY, ())


def test_reset_can_be_undone() -> None:
    """Reset brings the first text back, and undo the text before it."""
    state = after(edit("# mine"), {"do": "reset"})
    assert state.text == DENY
    assert after({"do": "undo"}, start=state).text == "# mine"


def test_the_same_text_is_no_edit() -> None:
    """Sending the text that is there already makes no step to undo."""
    assert after(edit(DENY)).past == ()


def test_a_shared_text_brings_its_world() -> None:
    """What is shared names its world, and pasting it anywhere brings world and policies."""
    state = after({"do": "world", "name": "shop"})
    pasted = after(edit(state.shared))
    assert pasted.world == "shop"
    assert policies(pasted) == policies(state)
    assert pasted.shared == state.shared
    assert after(edit("# world: nowhere\n")).world == "bank"


@pytest.mark.parametrize("text", [DENY, DENY.rstrip(), "EOF\n$HOME `id` 'x'\nEOF_\n"])
def test_the_command_gives_kubectl_exactly_the_text(text: str) -> None:
    """A shell passes the text on unchanged, whatever is in it."""
    command = after(edit(text)).command
    assert command.startswith("kubectl apply -f - <<'")
    script = command.replace("kubectl apply -f -", "cat", 1)
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)  # noqa: S607
    assert run.stdout == (text if text.endswith("\n") else f"{text}\n")


def test_the_place_looked_at_survives_an_edit() -> None:
    """A chosen pair stays chosen while the policies change, and goes with its pods."""
    chosen = after({"do": "select", "row": 0, "column": 1})
    assert view(chosen)["grid"]["selected"] == [0, 1]
    assert "denied" in view(chosen)["grid"]["said"]
    opened = after(edit("# nothing"), start=chosen)
    assert view(opened)["grid"]["selected"] == [0, 1]
    assert "allowed" in view(opened)["grid"]["said"]
    moved = after({"do": "world", "name": "shop"}, start=chosen)
    assert view(moved)["grid"]["selected"] is None


@pytest.mark.parametrize("tab", Tab)
def test_each_tab_shows_the_world(tab: Tab) -> None:
    """Every tab has something to say about the world as edited."""
    shown = view(after({"do": "tab", "name": tab.value}, edit("# nothing")))
    expected = {
        Tab.MATRIX: "",
        Tab.PICTURE: "<svg",
        Tab.FINDINGS: "NP",
        Tab.CHANGES: "newly allowed 2",
    }
    assert shown["tab"] == tab
    assert expected[tab] in shown["panel"]


def test_a_broken_start_is_shown_not_raised() -> None:
    """A playground may begin with a text that has problems: finding them is the task."""
    state = playground.begin({"bank": WORLD}, "kind: NetworkPolicy")
    assert state.problems
    assert state.before == state.cluster == WORLD


def test_too_long_a_text_is_not_taken() -> None:
    """A text beyond all reason is passed over."""
    assert after(edit("#" * (playground.LONGEST + 1))).text == DENY


@settings(max_examples=60)
@given(st.lists(ACTIONS | st.text(max_size=30).map(edit), max_size=6))
def test_no_message_breaks_it(actions: list[dict[str, Any]]) -> None:
    """Whatever a browser sends, there is a view, and it is JSON."""
    json.dumps(view(after(*actions)))
