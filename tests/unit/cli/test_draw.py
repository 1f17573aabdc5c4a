"""``netpol draw`` as a person or a script meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netpol_sim import cli

MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {namespace: bank, name: api, labels: {app: api}}
---
apiVersion: v1
kind: Pod
metadata: {namespace: bank, name: db, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: db}
spec: {podSelector: {matchLabels: {app: db}}}
"""
STARTS = {"svg": b"<svg", "png": b"\x89PNG", "dot": b"digraph", "mermaid": b"flowchart"}


@pytest.fixture(name="bank")
def _bank(tmp_path: Path) -> str:
    path = tmp_path / "bank.yaml"
    path.write_text(MANIFESTS)
    return str(path)


@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("question", [[], ["bank/api -> bank/db:80"]])
def test_each_kind_of_picture_is_written(bank: str, kind: str, question: list[str]) -> None:
    """A cluster and a connection can be drawn in every format, to standard output, exit code 0."""
    command = [sys.executable, "-m", "netpol_sim", "draw", bank, *question, "-f", kind]
    run = subprocess.run(command, capture_output=True, check=True)
    assert run.stdout.startswith(STARTS[kind])
    assert run.stderr == b""


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.svg", STARTS["svg"]),
        ("a.PNG", STARTS["png"]),
        ("a.gv", STARTS["dot"]),
        ("a.mmd", STARTS["mermaid"]),
        ("a", STARTS["svg"]),
    ],
)
def test_a_file_is_of_the_kind_its_name_says(
    bank: str, tmp_path: Path, name: str, start: bytes
) -> None:
    """Without ``-f`` the name of the file decides."""
    assert cli.main(["draw", bank, "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bank/api -> bank/db:80"], "no manifest is given"),
        (["{bank}", "bank/api -> bank/db:80", "a -> b:1"], "only one connection"),
        (["{bank}", "bank/nobody -> bank/db:80"], "there is no pod `bank/nobody`"),
        (["{bank}", "-f", "gif"], "invalid choice"),
        (["/no/such/file.yaml"], "/no/such/file.yaml"),
        (["{bank}", "-o", "/no/such/folder/a.svg"], "/no/such/folder/a.svg"),
    ],
)
def test_bad_input_is_told(
    bank: str, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bad input and usage end with exit code 2 and a message, and nothing is drawn."""
    assert cli.main(["draw", *(each.format(bank=bank) for each in arguments)]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


def test_png_without_graphviz_is_told(
    bank: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no layout program is at hand, PNG says so; every other format still works."""
    monkeypatch.setattr("netpol_sim.render.dot.programs", lambda: ())
    assert cli.main(["draw", bank, "-f", "png"]) == 2
    assert "PNG needs Graphviz" in capsys.readouterr().err
