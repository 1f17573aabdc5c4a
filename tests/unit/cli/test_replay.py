"""``netpol replay`` as a person or a script meets it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import cli

GOLDEN = Path(__file__).parents[2] / "golden" / "replay"

# golden file, command line, exit code
CASES: list[tuple[str, str, int]] = [
    ("denied", "replay monday.txt cluster.yaml policies.yaml", 1),
    ("json", "replay -o json monday.txt cluster.yaml policies.yaml", 1),
    ("no-policies", "replay monday.txt cluster.yaml", 0),
    ("pass", "replay fine.txt cluster.yaml policies.yaml", 0),
    ("not-judged", "replay gone.txt cluster.yaml policies.yaml", 1),
    ("not-judged-json", "replay gone.txt cluster.yaml -o json", 1),
    ("not-enforced", "replay monday.txt cluster.yaml policies.yaml --profile not-enforced", 0),
    ("unreadable", "replay broken.txt cluster.yaml", 2),
    ("no-file", "replay absent.txt cluster.yaml", 2),
]


@pytest.mark.parametrize(("name", "line", "code"), CASES, ids=[case[0] for case in CASES])
def test_replay(
    name: str,
    line: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """The command prints its golden text and ends with its exit code."""
    monkeypatch.chdir(GOLDEN)
    assert cli.main(shlex.split(line)) == code
    said = capsys.readouterr()
    assert (said.err == "") is (code != 2)
    golden(f"$ netpol {line}\n{said.out}{said.err}exit {code}\n", f"replay/{name}.txt")


def test_a_recording_of_any_bytes_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no text are a clear message, not a traceback."""
    monkeypatch.chdir(GOLDEN)
    recording = tmp_path / "recording"
    recording.write_bytes(b"\xff\xfe\0 -> \xc3:80\n" + b"9" * 40 + b" bank/web -> bank/db:80\n")
    assert cli.main(["replay", str(recording), "cluster.yaml"]) == 2
    assert "recording:2: " in capsys.readouterr().err
