"""``netpol matrix`` and ``netpol connections``: the golden outputs, and the exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim.cli import main

ROOT = Path(__file__).resolve().parents[3]
FILES = ("exercises/worlds/finance-team.yaml", "lessons/policies/db-policy.yaml")
Golden = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("output", ["text", "json", "csv", "markdown"])
@pytest.mark.parametrize(
    ("verb", "options"),
    [("matrix", ("--port", "pg", "--port", "53/UDP")), ("connections", ())],
)
def test_the_output_is_as_agreed(
    verb: str,
    options: tuple[str, ...],
    output: str,
    golden: Golden,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each verb prints the same bytes in each form."""
    main([verb, *FILES, *options, "-o", output])
    golden(capsys.readouterr().out, f"cli/{verb}.{output}.txt")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("matrix", *FILES, "--port", "5432"), 1),
        (("matrix", FILES[0], "--port", "5432"), 0),
        (("matrix", *FILES, "--port", "5432", "--namespace", "finanse"), 2),
        (("matrix", *FILES, "--port", "70000"), 2),
        (("matrix", *FILES), 2),
        (("connections", *FILES, "--workload", "finance/nobody"), 2),
        (("connections", *FILES, "--namespace", "finance", "--no-outside"), 0),
    ],
)
def test_the_exit_code_says_what_came_out(
    arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 is all allowed, 1 is at least one denied, 2 is bad input with a message."""
    assert main(list(arguments)) == code
    assert (code == 2) is bool(capsys.readouterr().err)
