"""``netpol diff`` and ``netpol exposure`` as a person or a script meets them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "diff"
WORLD = "../../../exercises/worlds/bank-and-shop.yaml"

# golden file, command line, exit code
CASES: list[tuple[str, str, int]] = [
    ("text.txt", "diff before.yaml after.yaml --world {world}", 1),
    ("markdown.md", "diff before.yaml after.yaml --world {world} -o markdown", 1),
    ("json.json", "diff before.yaml after.yaml --world {world} -o json", 1),
    ("same.txt", "diff before.yaml same.yaml --world {world}", 0),
    ("same.md", "diff before.yaml same.yaml --world {world} -o markdown", 0),
    ("gone-pods.txt", "diff small.yaml smaller.yaml", 1),
    ("exposure.txt", "exposure {world} before.yaml --namespace bank --labels app=api", 0),
    (
        "exposure-new.txt",
        "exposure before.yaml --namespace shop --labels a=b --namespace-labels c=d",
        0,
    ),
    ("exposure.json", "exposure small.yaml --namespace a --labels app=db -o json", 0),
]

# message, command line
REFUSED: list[tuple[str, str]] = [
    ("BEFORE and AFTER have no pods", "diff before.yaml after.yaml"),
    ("AFTER has no pods, so", "diff {world} after.yaml"),
    ("the following arguments are required: AFTER", "diff before.yaml"),
    ("before.yaml", "diff before.yaml after.yaml --world before.yaml {world}"),
    ("`app` is no label; write KEY=VALUE", "exposure small.yaml --namespace a --labels app"),
    ("--labels: Invalid value: `!`", "exposure small.yaml --namespace a --labels app=!"),
    ("--namespace-labels: Inv", "exposure small.yaml --namespace a --namespace-labels app=!"),
    ("`--labels` has `b` twice", "exposure small.yaml --namespace a --labels b=1,c=2,b=1"),
    ("the following arguments are required: --namespace", "exposure small.yaml"),
    ("Invalid value: `B`", "exposure small.yaml --namespace B"),
]


@pytest.fixture(autouse=True)
def _in_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)


@pytest.mark.parametrize(("name", "line", "code"), CASES)
def test_golden(
    name: str,
    line: str,
    code: int,
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What each command prints, byte for byte, and its exit code."""
    assert cli.main(shlex.split(line.format(world=WORLD))) == code
    golden(capsys.readouterr().out, f"diff/{name}")


@pytest.mark.parametrize(("message", "line"), REFUSED)
def test_refused(message: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input is exit code 2 and a message."""
    assert cli.main(shlex.split(line.format(world=WORLD))) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
