"""The profiles of plugins: every difference from the documentation is a fact with a source."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest

from netpol_sim import manifest
from netpol_sim.analysis.plugins import causes
from netpol_sim.cli import main
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection
from netpol_sim.plugin import DOCUMENTATION, NOT_ENFORCED, Profile
from netpol_sim.profiles import PLUGINS, PROFILES, Plugin


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


PLACES = Path(__file__).parents[1] / "golden" / "profiles"

# golden file, command line, exit code
CASES = [
    ("check.txt", "check cluster.yaml --profile cilium 'team/a -> team/b:80'", 1),
    ("check.json", "check cluster.yaml --profile cilium -o json 'team/a -> team/b:80'", 1),
    ("check-kinds.txt", "check cluster.yaml --profile cilium 'other/c -> team/a:80'", 0),
    ("check-same.txt", "check cluster.yaml --profile calico 'team/a -> team/b:80'", 0),
    ("check-service.txt", "check cluster.yaml --profile aws-vpc-cni 'team/a -> svc:other/c:80'", 1),
    ("matrix.txt", "matrix cluster.yaml --profile antrea --port 80 --no-outside", 0),
    ("diff.txt", "diff cluster.yaml cluster.yaml --profile calico --profile cilium", 1),
    ("diff.md", "diff cluster.yaml cluster.yaml --profile calico --profile cilium -o markdown", 1),
    ("diff.json", "diff cluster.yaml cluster.yaml --profile calico --profile cilium -o json", 1),
    ("three.txt", "diff cluster.yaml cluster.yaml" + 3 * " --profile calico", 2),
]


@pytest.mark.parametrize(("name", "line", "code"), CASES)
def test_what_plugins_do_is_named(
    name: str,
    line: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fact that changes an answer is told with it, and policies that are ignored are named."""
    monkeypatch.chdir(PLACES)
    assert main(shlex.split(line)) == code
    said = capsys.readouterr()
    golden(f"$ netpol {line}\n{said.err}{said.out}exit {code}\n", f"profiles/{name}")


def test_causes_change_the_answer() -> None:
    """Each cause, or else all together, makes the answer of the other plugin; none where equal."""
    cluster = manifest.load(PLACES / "cluster.yaml")
    pods = cluster.pods
    for one, other in product(PROFILES.values(), repeat=2):
        for source, destination in product(pods, repeat=2):
            connection = Connection(source=source, destination=destination, port=80)
            verdict = evaluate(cluster.with_profile(one), connection)
            answer = evaluate(cluster.with_profile(other), connection)
            found = causes(verdict, other)
            assert bool(found) is (verdict.allowed is not answer.allowed)
            assert all(cause.facts for cause in found)


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
    assert main([*asked, "--profile", "antrea"]) == 0
    assert main([*asked, "--profile", "cilium"]) == 1
    assert "default/a" in capsys.readouterr().out
