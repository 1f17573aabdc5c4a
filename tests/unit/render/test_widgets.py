"""The widgets map messages to states and states to traits, and have a text twin."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

import netpol_sim as netpol
from netpol_sim.render.predict.state import Prediction
from netpol_sim.render.widgets import front
from tests.builders import cluster, labelled, pod, pods, policy, rule
from tests.unit.render.reading import Reader

WORLD = cluster(
    pod("bank/api", app="api"),
    pod("bank/db", app="db"),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"))]),
)
MADE = {
    "explore": lambda: netpol.explore(WORLD, 80),
    "playground": lambda: netpol.playground({"bank": WORLD}, "# nothing yet\n"),
    "plugins": lambda: netpol.plugins(WORLD, "cilium"),
    "predict": lambda: netpol.predict(WORLD, ["bank/api -> bank/db:80"]),
}


def receive(widget: Any, message: object) -> None:  # noqa: ANN401  made by anywidget
    """Let a message arrive as it does from a browser."""
    content = {"method": "custom", "content": message}
    widget._handle_msg({"content": {"data": content}, "buffers": []})  # noqa: SLF001


def test_the_explorer_answers_a_click() -> None:
    """A chosen cell comes as a message, and the reasons go out in the view."""
    widget = netpol.explore(WORLD, 80)
    receive(widget, {"do": "select", "row": 1, "column": 0})
    assert widget.view["selected"] == [1, 0]
    assert "bank/db -> bank/api:80/TCP is allowed" in widget.view["said"]


def test_the_playground_answers_an_edit() -> None:
    """An edit comes as a message; problems and the world go out in the view."""
    widget = netpol.playground(WORLD)
    receive(widget, {"do": "edit", "text": "kind: [", "count": 1})
    assert widget.view["problems"]
    assert widget.view["count"] == 1
    receive(widget, {"do": "undo"})
    assert widget.view["problems"] == []


def test_a_prediction_is_handed_over_once() -> None:
    """Who asked for the prediction gets it when it is committed, and only then."""
    got: list[Prediction] = []
    widget = netpol.predict(WORLD, ["bank/api -> bank/db:80"], committed=got.append)
    receive(widget, {"do": "guess", "row": 0, "column": 0, "allowed": False})
    assert got == []
    receive(widget, {"do": "commit"})
    receive(widget, {"do": "commit"})
    assert [prediction.guesses for prediction in got] == [(False,)]
    assert widget.view["committed"]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("message", [None, 1, "x", [], {}, {"do": None}, {"do": ["select"]}])
def test_strange_messages_are_passed_over(name: str, message: object) -> None:
    """A message that is no action leaves the view as it is."""
    widget = MADE[name]()
    before = dict(widget.view)
    receive(widget, message)
    assert widget.view == before


@pytest.mark.parametrize("name", MADE)
def test_a_widget_has_a_text_twin(name: str) -> None:
    """Where nothing runs, the grid is there as plain text and as HTML, without a reason to run."""
    bundle = MADE[name]()._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
    read = Reader(data["text/html"])
    assert read.is_plain
    for text in (read.text, data["text/plain"]):
        assert "bank/api" in text
    # The twin of a prediction gives nothing away, and has nothing to count.
    assert ("?" in read.text) is (name == "predict")
    assert ("reaches" in read.text) is (name != "predict")


def test_the_twin_of_a_list_of_questions_speaks_of_connections() -> None:
    """Its rows are connections, not sources."""
    widget = netpol.predict(WORLD, ["bank/api -> bank/db:5432"])
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "connection may it connect?" in Reader(data["text/html"]).text


@pytest.mark.parametrize("name", MADE)
def test_a_widget_fetches_nothing(name: str) -> None:
    """Neither script nor style names an address or imports anything."""
    widget = MADE[name]()
    for source in (str(widget._esm), str(widget._css)):  # noqa: SLF001  what the browser gets
        assert not re.search(r"https?:|//\w|@import|\bimport\b|\bfetch\(|XMLHttp", source)


def test_both_themes_define_the_same_colours() -> None:
    """Every colour that a style uses has a value in light and in dark."""
    light, dark = re.findall(r"\.np\{(--np-page[^}]*)\}", front.CSS)
    names = [set(re.findall(r"(--np-[\w-]+):", theme)) for theme in (light, dark)]
    assert names[0] == names[1]
    assert set(re.findall(r"var\((--np-[\w-]+)\)", front.CSS)) <= names[0]


def test_nobody_pays_for_widgets_without_using_them() -> None:
    """The package's displays load neither anywidget nor IPython."""
    program = (
        "import sys, netpol_sim, netpol_sim.render.notebook, netpol_sim.render.widgets;"
        "netpol_sim.draw(netpol_sim.Cluster(), 'dot'); netpol_sim.explore;"
        "print(sorted({'anywidget', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anywidget there is one sentence that says what to install."""
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "netpol_sim.render.explorer.widget", raising=False)
    with pytest.raises(netpol.NetpolError, match="pip install"):
        netpol.explore(WORLD)
