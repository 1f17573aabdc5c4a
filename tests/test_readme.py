"""What the README shows is what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from netpol_sim.cli import main
from tests import pictures
from tests.pictures import PICTURES

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


def test_the_picture_of_the_bank_is_of_today() -> None:
    """Byte for byte; ``python -m tests.pictures`` draws it anew."""
    assert (PICTURES / "bank.svg").read_text("utf-8") == pictures.bank()


def test_every_picture_of_the_readme_is_there_with_its_words() -> None:
    """No picture is shown that nobody draws, and each says in words what it shows."""
    shown = re.findall(r"!\[(.+?)\]\((.+?)\)", README)
    assert {Path(file) for _, file in shown} == {
        path.relative_to(ROOT) for path in PICTURES.iterdir()
    }
    assert all(len(words.split()) > 8 for words, _ in shown)
