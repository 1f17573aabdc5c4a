"""A notebook shows our values: with HTML or a picture, always with a text twin; errors as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

import netpol_sim as netpol
from netpol_sim.analysis.diff import diff
from netpol_sim.errors import NetpolError
from netpol_sim.render import notebook
from netpol_sim.render.draw import draw
from netpol_sim.render.workflow import workflow_picture
from tests.builders import admin, cluster, decision, labelled, pod, pods, policy, rule, service
from tests.unit.render.reading import Reader

WORLD = cluster(
    pod("bank/api", app="api"),
    pod("bank/db", app="db", ports=[5432]),
    service("bank/db", select={"app": "db"}, ports=["80>5432"]),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="web"))]),
)
TIERED = WORLD.with_policy(admin("deny", ingress=[decision("Deny")]))


@pytest.fixture(name="shell")
def _shell() -> Iterator[Any]:
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    shell.display_pub = CapturingDisplayPublisher()  # type: ignore[no-untyped-call]
    notebook.load_ipython_extension(shell)
    yield shell
    del NetpolError._render_traceback_  # type: ignore[attr-defined]


def shown(shell: Any, value: object) -> list[dict[str, str]]:  # noqa: ANN401  IPython's own
    """The MIME bundles that IPython makes of a value: those it publishes, or the result."""
    shell.display_pub.outputs.clear()
    data, _ = shell.display_formatter.format(value)
    return [output["data"] for output in shell.display_pub.outputs] or [dict(data)]


SHOWN = {
    "verdict": (netpol.evaluate(WORLD, "bank/api -> bank/db:1"), "text/html"),
    "service verdict": (netpol.evaluate(WORLD, "bank/api -> svc:bank/db:80"), "text/html"),
    "matrix": (netpol.matrix(WORLD, 5432), "text/html"),
    "change": (diff(WORLD, WORLD.with_policies(())), "text/html"),
    "relation": (netpol.compare(WORLD, ()), "text/html"),
    "rollout": (netpol.stage(WORLD.policies, [], WORLD.with_policies(())), "text/html"),
    "no rollout": (
        netpol.stage(WORLD.policies, ["bank/api -> bank/db:1"], WORLD.with_policies(())),
        "text/html",
    ),
    "replay": (netpol.replay(WORLD, "3 bank/api -> bank/db:1\nbank/no -> bank/db:1"), "text/html"),
    "findings": (netpol.lint(WORLD), "text/html"),
    "who can reach": (netpol.who_can_reach(WORLD, "bank/db", 5432), "text/html"),
    "what can be reached": (netpol.what_can_be_reached(WORLD, "bank/api"), "text/html"),
    "blast radius": (netpol.blast_radius(WORLD, "bank/api"), "text/html"),
    "isolation": (netpol.isolation(WORLD), "text/html"),
    "connections": (netpol.connections(WORLD, "bank/api", "bank/db"), "text/html"),
    "connection map": (netpol.connection_map(WORLD), "text/html"),
    "needs": (netpol.check_needs(WORLD, ["bank/api -> bank/db:5432"]), "text/html"),
    "exposure": (netpol.exposure(WORLD, "bank", {"app": "web"}), "text/html"),
    "policies": (WORLD.policies, "text/html"),
    "policies of tiers": (TIERED.cluster_policies, "text/html"),
    "policies of both scopes": (TIERED.every_policy, "text/html"),
    "repair": (netpol.minimal_repair(WORLD.with_policies(()), WORLD), "text/html"),
    "cluster": (WORLD, "image/svg+xml"),
    "picture": (workflow_picture(), "image/svg+xml"),
    "drawing": (draw(WORLD), "image/svg+xml"),
    "png": (draw(WORLD, "png"), "image/png"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_each_value_shows_itself_and_its_text_twin(shell: Any, name: str) -> None:  # noqa: ANN401
    """A bare value has a display and a text that is no repr, the same every time."""
    value, kind = SHOWN[name]
    first, *_ = bundles = shown(shell, value)
    assert set(first) == {"text/plain", kind}
    assert "0x" not in first["text/plain"]
    assert "=" not in first["text/plain"].splitlines()[0].partition(" ")[0]
    assert shown(shell, value) == bundles


@pytest.mark.parametrize("name", [name for name in SHOWN if SHOWN[name][1] == "text/html"])
def test_html_is_plain(shell: Any, name: str) -> None:  # noqa: ANN401
    """No display needs anything that a site that shows notebooks would drop."""
    (bundle,) = shown(shell, SHOWN[name][0])
    assert Reader(bundle["text/html"]).is_plain


@pytest.mark.parametrize("name", [name for name in SHOWN if SHOWN[name][1] != "text/html"])
def test_a_picture_is_followed_by_its_words(shell: Any, name: str) -> None:  # noqa: ANN401
    """Who cannot see the picture finds the same in words below it."""
    picture, words = shown(shell, SHOWN[name][0])
    read = Reader(words["text/html"])
    assert read.is_plain
    assert "The picture in words" in read.text
    assert picture["text/plain"]
    for line in words["text/plain"].splitlines():
        assert line in read.text


@pytest.mark.parametrize("value", [(), (1, 2), ("a", (3,)), [1], {"a": (1,)}])
def test_other_values_are_shown_as_usual(shell: Any, value: object) -> None:  # noqa: ANN401
    """Tuples that hold no findings are left alone."""
    assert shown(shell, value) == [{"text/plain": repr(value)}]


def test_dot_and_mermaid_are_shown_as_text(shell: Any) -> None:  # noqa: ANN401
    """A drawing that is text shows that text."""
    assert shown(shell, draw(WORLD, "dot"))[0]["text/plain"].startswith("digraph")
    assert shown(shell, draw(WORLD, "mermaid"))[0]["text/plain"].startswith("flowchart LR")


def test_loading_twice_changes_nothing(shell: Any) -> None:  # noqa: ANN401
    """A second ``%load_ext`` leaves the displays as they are."""
    once = {name: shown(shell, value) for name, (value, _) in SHOWN.items()}
    notebook.load_ipython_extension(shell)
    assert {name: shown(shell, value) for name, (value, _) in SHOWN.items()} == once


def test_errors_are_sentences(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401
    """One of our errors is shown as its problems and helps, without a traceback."""
    shell.user_ns["netpol"] = netpol
    broken = "netpol.loads('kind: NetworkPolicy\\napiVersion: networking.k8s.io/v1\\nspce: 1')"
    result = shell.run_cell(broken)
    assert isinstance(result.error_in_exec, netpol.ManifestError)
    said = capsys.readouterr().out
    assert "ManifestError:" in said
    assert "<text>:3" in said
    assert "help: " in said
    assert "Traceback" not in said
    shell.run_cell("netpol.evaluate(netpol.Cluster(), 'x')")
    assert "ConnectionTextError: `x` has no `->`" in capsys.readouterr().out
    shell.run_cell(
        "from netpol_sim.course.source_parts import SourceError; raise SourceError(('a.md:1: no',))"
    )
    assert capsys.readouterr().out.strip() == "SourceError: a.md:1: no"


def test_other_errors_keep_their_traceback(
    shell: Any,  # noqa: ANN401
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is no error of ours is shown as usual."""
    shell.run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out


def test_a_display_can_be_stored(shell: Any) -> None:  # noqa: ANN401
    """Every display but PNG is text, as a notebook file stores it."""
    for value, kind in SHOWN.values():
        if kind != "image/png":
            json.dumps(shown(shell, value))
