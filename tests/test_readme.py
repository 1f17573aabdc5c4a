"""What the README shows is what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from netpol_sim.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```console\n\$ netpol (.*)\n((?:.*\n)*?)```$", README, re.MULTILINE)


def test_the_readme_has_examples() -> None:
    """There is something to check."""
    assert EXAMPLES


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[item[0] for item in EXAMPLES])
def test_an_example_prints_what_is_shown(
    command: str,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A command of the README, run in the project's folder, prints exactly the lines below it."""
    monkeypatch.chdir(ROOT)
    main(shlex.split(command))
    assert capsys.readouterr().out == shown


def test_the_python_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example in Python runs, and the connection it asks about is allowed."""
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"^```python\n((?:.*\n)*?)```$", README, re.MULTILINE)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102  our own README
    assert getattr(names["verdict"], "allowed") is True  # noqa: B009
    assert "is allowed" in capsys.readouterr().out
