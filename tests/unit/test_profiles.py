"""The profiles of plugins: every difference from the documentation is a fact with a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from netpol_sim.cli import main
from netpol_sim.model import DOCUMENTATION, NOT_ENFORCED, Profile
from netpol_sim.profiles import PLUGINS, Plugin


@pytest.mark.parametrize("plugin", PLUGINS[2:], ids=lambda plugin: str(plugin.profile.name))
def test_every_difference_has_a_source(plugin: Plugin) -> None:
    """A field differs from the documentation exactly where a fact says so."""
    different = {
        field.name
        for field in fields(Profile)
        if field.name != "name"
        and getattr(plugin.profile, field.name) != getattr(DOCUMENTATION, field.name)
    }
    assert different == {fact.field for fact in plugin.facts}
    assert all(fact.source.startswith("https://") for fact in plugin.facts)


def test_names_are_unique() -> None:
    """Each profile is found by its name; those that are no plugin come first."""
    names = [plugin.profile.name for plugin in PLUGINS]
    assert len(set(names)) == len(names)
    assert [plugin.profile for plugin in PLUGINS[:2]] == [DOCUMENTATION, NOT_ENFORCED]


def test_the_list(capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]) -> None:
    """``netpol profiles`` lists them with their sources."""
    assert main(["profiles"]) == 0
    golden(capsys.readouterr().out, "cli/profiles.txt")


def test_moving_to_another_plugin(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """``netpol diff`` shows the connections that change with the plugin alone."""
    file = tmp_path / "a.yaml"
    file.write_text(
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: 10.0.0.1}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: b}, status: {podIP: 10.0.0.2}}\n---\n"
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, "
        "spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}"
    )
    asked = ["diff", str(file), str(file), "--profile", "calico"]
    assert main([*asked, "--after-profile", "antrea"]) == 0
    assert main([*asked, "--after-profile", "cilium"]) == 1
    assert "default/a" in capsys.readouterr().out
