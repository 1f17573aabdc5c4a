"""The switcher of plugins shows what each one changes, and why, and no message breaks it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from netpol_sim.errors import InvalidValueError
from netpol_sim.profiles import PLUGINS, PROFILES
from netpol_sim.render.switcher import state as switcher
from tests.builders import EGRESS, INGRESS, admin, block, cluster, decision, pod, policy, rule
from tests.unit.render.test_explorer import ACTIONS

WORLD = cluster(
    pod("dev/a", ip="10.0.0.1"),
    pod("dev/b", ip="10.0.0.2"),
    pod("shop/c", ip="10.0.0.3"),
    policy("dev/wide", types=[EGRESS], egress=[rule(block("0.0.0.0/0"))]),
    policy("shop/shut", types=[INGRESS]),
)
GUARDED = WORLD.with_policy(admin("apart", ingress=[decision("Deny")]))
START = switcher.begin(WORLD, "documentation", 80)


def chosen(name: str, start: switcher.Switcher = START) -> switcher.Switcher:
    """The switcher moved to another plugin."""
    return switcher.step(start, {"do": "choose", "name": name})


def test_by_the_documentation_nothing_is_changed() -> None:
    """Every cell is as before, and the list says so."""
    view = switcher.view(START)
    assert view["cells"] == ["sad", "asd", "aas"]
    assert "No connection appears or disappears" in view["changes"]


def test_a_plugin_recolours_what_it_changes() -> None:
    """A closed cell has a letter of its own; the list names the fact and its source."""
    view = switcher.view(chosen("cilium"))
    assert view["cells"] == ["smd", "msd", "aas"]
    assert "an ipBlock does not match pods" in view["changes"]
    assert "https://github.com/cilium/cilium/issues/9209" in view["changes"]
    assert view["said"] == "cilium: connections disappear between 2 pairs of ends."


def test_a_plugin_opens_where_it_ignores_a_policy() -> None:
    """What a plugin does not know does not hold anybody back, and the cells say newly allowed."""
    start = switcher.begin(GUARDED, "documentation", 80)
    assert switcher.view(start)["cells"] == ["sdd", "dsd", "dds"]
    assert switcher.view(chosen("antrea", start))["cells"] == ["spd", "psd", "pps"]


def test_the_profile_of_the_cluster_is_left_aside() -> None:
    """The documentation is what plugins are held against, whatever the cluster came with."""
    moved = switcher.begin(WORLD.with_profile(PROFILES["cilium"]), "documentation", 80)
    assert switcher.view(moved) == switcher.view(START)


def test_a_cell_tells_both_sides_where_they_differ() -> None:
    """A changed cell has two reasons and the fact between them; an unchanged one has one."""
    at = switcher.step(chosen("cilium"), {"do": "select", "row": 0, "column": 1})
    first, second, fact = switcher.told(at)
    assert first.startswith("By the documentation: dev/a -> dev/b:80/TCP is allowed")
    assert second.startswith("With cilium: dev/a -> dev/b:80/TCP is denied")
    assert fact.startswith("cilium: an ipBlock does not match pods")
    same = switcher.step(at, {"do": "select", "row": 2, "column": 0})
    (only,) = switcher.told(same)
    assert only.startswith("By the documentation and with cilium alike: shop/c -> dev/a:80/TCP is")
    assert list(switcher.told(switcher.step(at, {"do": "select", "row": 1, "column": 1}))) == []


def test_two_reasons_are_told_for_one_answer() -> None:
    """A cell that stays denied for another reason tells both, and claims no cause of a change."""
    start = switcher.begin(GUARDED, "cilium", 80)
    at = switcher.step(start, {"do": "select", "row": 0, "column": 1})
    first, second = switcher.told(at)
    assert "in the Admin tier denies it" in first
    assert "no egress rule of policy dev/wide matches" in second
    assert "is denied" in first
    assert "is denied" in second


@pytest.mark.parametrize("name", PROFILES)
def test_every_fact_of_a_plugin_is_shown(name: str) -> None:
    """What is known of the chosen plugin stands there with its source, in both twins."""
    state = chosen(name)
    for plugin in PLUGINS:
        for fact in plugin.facts if plugin.profile.name == name else ():
            assert fact.source in switcher.view(state)["changes"]
            assert fact.says in switcher.changes_text(state)


def test_an_unknown_plugin_is_named() -> None:
    """Who asks for a plugin that there is not gets the list of those there are."""
    with pytest.raises(InvalidValueError, match="supported are documentation"):
        switcher.begin(WORLD, "cillium", 80)


@given(action=ACTIONS)
def test_no_message_breaks_it(action: dict[str, object]) -> None:
    """Whatever a browser sends, the view can still be made and sent."""
    json.dumps(switcher.view(switcher.step(START, action)))
