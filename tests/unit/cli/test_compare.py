"""``netpol compare`` and ``netpol stage`` as a person or a script meets them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli

GOLDEN = Path(__file__).parents[2] / "golden"

# golden file, command line, exit code
CASES: list[tuple[str, str, int]] = [
    ("equal", "compare reworded.yaml reference.yaml", 0),
    ("too-open", "compare dash.yaml reference.yaml", 1),
    ("too-tight", "compare egress-too.yaml reference.yaml", 1),
    ("both", "compare mixed-up.yaml reference.yaml", 1),
    ("known-pods", "compare dash.yaml reference.yaml --world world.yaml", 1),
    ("in-world", "compare dash.yaml reference.yaml --scope world --world world.yaml", 1),
    ("namespaces", "compare dash.yaml reference.yaml --scope namespaces --world world.yaml", 1),
    ("repair", "compare --repair dash.yaml reference.yaml", 1),
    ("repair-type", "compare --repair egress-too.yaml reference.yaml", 1),
    ("repair-equal", "compare --repair reworded.yaml reference.yaml", 0),
    ("repair-two-edits", "compare --repair mixed-up.yaml reworded.yaml", 1),
    ("repair-too-far", "compare --repair ../stage/policies.yaml reworded.yaml", 1),
    ("plugin", "compare dash.yaml reference.yaml --profile not-enforced", 0),
    ("json", "compare -o json dash.yaml reference.yaml --repair", 1),
    ("json-equal", "compare -o json reworded.yaml reference.yaml", 0),
    ("no-world", "compare dash.yaml reference.yaml --scope namespaces", 2),
    ("no-file", "compare dash.yaml absent.yaml", 2),
    ("stage-safe", "stage cluster.yaml --apply policies.yaml --needs needs.txt", 0),
    ("stage-json", "stage cluster.yaml --apply policies.yaml --needs needs.txt -o json", 0),
    ("stage-no-order", "stage cluster.yaml --apply entangled.yaml --needs both-ways.txt", 1),
    ("stage-never", "stage cluster.yaml --apply policies.yaml --needs both-ways.txt", 1),
    (
        "stage-never-json",
        "stage -o json cluster.yaml --apply policies.yaml 'bank/db -> bank/web:8080'",
        1,
    ),
    (
        "stage-no-order-json",
        "stage -o json cluster.yaml --apply entangled.yaml --needs both-ways.txt",
        1,
    ),
    ("stage-pattern", "stage cluster.yaml --apply entangled.yaml 'bank/* -> bank/*:80'", 1),
    ("stage-several", "stage several.yaml --apply entangled.yaml '* -> bank/*:80'", 1),
    ("stage-tiers", "stage cluster.yaml --apply tiers.yaml 'bank/web -> bank/db:5432'", 0),
    ("stage-unknown-pattern", "stage cluster.yaml --apply policies.yaml 'bnk/* -> bank/db:1'", 2),
    ("stage-no-policy", "stage cluster.yaml --apply cluster.yaml --needs needs.txt", 0),
    ("stage-unknown", "stage cluster.yaml --apply policies.yaml 'bank/wbe -> bank/db:1'", 2),
    ("stage-no-manifest", "stage --apply policies.yaml 'bank/web -> bank/db:1'", 2),
]


@pytest.mark.parametrize(("name", "line", "code"), CASES, ids=[case[0] for case in CASES])
def test_commands(
    name: str,
    line: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """A command prints its golden text and ends with its exit code."""
    verb, *rest = shlex.split(line)
    monkeypatch.chdir(GOLDEN / verb)
    assert cli.main([verb, *rest]) == code
    said = capsys.readouterr()
    assert (said.err == "") is (code != 2)
    golden(f"$ netpol {line}\n{said.out}{said.err}exit {code}\n", f"{verb}/{name}.txt")


def test_a_world_may_be_one_of_the_sides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without ``--world``, the world is the side that has pods."""
    monkeypatch.chdir(GOLDEN / "compare")
    whole = tmp_path / "whole.yaml"
    whole.write_text(f"{Path('dash.yaml').read_text()}---\n{Path('world.yaml').read_text()}")
    assert cli.main(["compare", str(whole), "reference.yaml", "--scope", "world"]) == 1
    assert "shop/cart also reaches bank/ledger" in capsys.readouterr().out
