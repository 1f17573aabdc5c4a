"""The verbs of the course, as transcripts."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest

from netpol_sim import cli
from netpol_sim.cli import course, watch
from netpol_sim.course.catalog import read_catalog

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TASK = read_catalog().task("shop-backend")
CATALOG = replace(read_catalog(), sets=read_catalog().sets[:2])
"""The beginning of the course, so that what is added later changes no transcript."""
RIGHT = TASK.references[0].text
WRONG = RIGHT.replace("app: frontend", "app: front-end")

# golden file, the answer to shop-backend, command lines
SCENES: list[tuple[str, str, tuple[str, ...]]] = [
    ("grade", WRONG, ("grade", "grade shop-backend", "grade open-talk", "grade shop-backnd")),
    ("grade-json", WRONG, ("grade shop-backend -o json",)),
    ("grade-done", RIGHT, ("grade shop-backend", "hint shop-backend")),
    ("hint", WRONG, tuple(["hint shop-backend"] * 6)),
    ("hint-step", WRONG, ("hint shop-backend --step 4", "hint shop-backend", "hint open-grid")),
    ("hint-json", WRONG, ("hint shop-backend --step 1 -o json",)),
    ("solution", WRONG, ("hint shop-backend --solution --yes", "progress")),
    ("reset", WRONG, ("reset shop-backend", "reset shop-backend", "grade shop-backend")),
    ("progress", RIGHT, ("grade shop-backend", "progress", "progress -o json")),
    ("practice", RIGHT, ("practice --seed 1", "practice --seed 1 --answer answers/none.yaml")),
    ("practice-no-seed", RIGHT, ("practice --answer answers/none.yaml",)),
]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A workspace of its own, and a clock that goes on by a minute each time it is read."""
    times = (NOON + timedelta(minutes=minute) for minute in range(1000))
    monkeypatch.setattr(course, "now", lambda: next(times))
    monkeypatch.setattr(course, "read_catalog", lambda: CATALOG)
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "answers").mkdir()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("hint shop-backend --step 6", "--step"),
        ("practice --seed x", "a seed is a number from 0, not `x`"),
    ],
)
def test_wrong_usage_is_said(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is exit code 2 and names the option; the rest is Python's own wording."""
    assert cli.main(line.split()) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(("name", "answer", "lines"), SCENES, ids=[scene[0] for scene in SCENES])
def test_scenes(
    name: str,
    answer: str,
    lines: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """The commands of a scene print the golden text and end with the golden codes."""
    (tmp_path / "answers" / "shop-backend.yaml").write_text(answer)
    seen = ""
    for line in lines:
        code = cli.main(shlex.split(line))
        said = capsys.readouterr()
        assert (code == 2) is (said.out == "" and said.err != "")
        seen += f"$ netpol {line}\n{said.out}{said.err}exit {code}\n\n"
    golden(seen.replace(str(tmp_path), "WORKSPACE"), f"cli/course-{name}.txt")


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("y\n", 1), ("\n", 1), ("", 1)])
def test_a_solution_is_asked_for(
    typed: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only `yes`, typed out, shows the solution."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert cli.main(["hint", "shop-backend", "--solution"]) == code
    assert ("kind: NetworkPolicy" in capsys.readouterr().out) is (code == 0)


def test_a_diary_goes_to_another_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What one machine exports, another merges, once; a file that is there is not overwritten."""
    (tmp_path / "answers" / "shop-backend.yaml").write_text(WRONG)
    cli.main(["grade", "shop-backend"])
    assert cli.main(["progress", "--export", "laptop.txt"]) == 1
    assert cli.main(["progress", "--export", "laptop.txt"]) == 2
    capsys.readouterr()
    for new in ("1 events", "0 events"):
        cli.main(["progress", "--workspace", "other", "--merge", "laptop.txt"])
        assert f"{new} are new" in capsys.readouterr().err
    assert (tmp_path / "other" / "progress.txt").read_text().count("shop-backend") == 1
    assert cli.main(["progress", "--merge", "none.txt"]) == 2


@pytest.mark.parametrize(
    ("name", "line", "typed"),
    [
        ("quiz", "quiz --lesson 1 --seed 1 --count 2", "z\na\n2\nb\n7\n3\n"),
        ("quiz-stopped", "quiz --lesson 1 --seed 1 --count 2", "a\n2\n"),
        ("quiz-none-due", "quiz --due", ""),
        ("quiz-none", "quiz --lesson 99", ""),
    ],
)
def test_a_quiz(
    name: str,
    line: str,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    """Cards are asked, judged and explained; what was answered is kept when the input ends."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    code = cli.main(shlex.split(line))
    shown = capsys.readouterr()
    diary = Path("progress.txt")
    kept = diary.read_text() if diary.exists() else "no diary\n"
    golden(f"{shown.out}{shown.err}[exit code {code}]\n\n{kept}", f"cli/course-{name}.txt")


class Typed:
    """Standard input from a pipe that says whether it is a terminal."""

    def __init__(self, pipe: IO[str], *, terminal: bool) -> None:
        self.pipe, self.terminal = pipe, terminal

    def isatty(self) -> bool:
        """As the test has it."""
        return self.terminal

    def fileno(self) -> int:
        """What is waited for."""
        return self.pipe.fileno()

    def readline(self) -> str:
        """What was typed."""
        return self.pipe.readline()


def test_watch_judges_on_save_and_goes_on_at_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A saved answer is judged, another file's change is not, Enter goes on, the end is quiet."""
    answer = tmp_path / "answers" / "shop-backend.yaml"

    def rounds(_: Path) -> Iterator[watch.Round]:
        yield watch.Round(changed=frozenset({"other.yaml"}), key_pressed=False)
        answer.write_text(WRONG)
        yield watch.Round(changed=frozenset({answer.name}), key_pressed=False)
        answer.write_text(RIGHT)
        yield watch.Round(changed=frozenset({answer.name}), key_pressed=False)
        yield watch.Round(changed=frozenset(), key_pressed=True)

    monkeypatch.setattr(watch, "_rounds", rounds)
    assert cli.main(["watch", "shop-backend"]) == 0
    shown = capsys.readouterr().out.split("Your answer: ")
    heads = [re.findall(r"(?m)^([…✗✓] [\w-]+: [\w ]+)$", part) for part in shown]
    assert heads == [
        ["… shop-backend: not attempted"],
        ["✗ shop-backend: not yet"],
        ["✓ shop-backend: done"],
        ["… shop-typo: not attempted"],
        [],
    ]
    assert (tmp_path / "answers" / "shop-typo.yaml").exists()


@pytest.mark.parametrize(
    ("terminal", "typed", "pressed"),
    [(True, "\n", True), (True, "", False), (False, "\n", False)],
    ids=["enter", "nothing", "no terminal"],
)
def test_enter_is_seen_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, typed: str, pressed: bool
) -> None:
    """A line typed at a terminal is the next task; a pipe and silence are not."""
    reading, writing = os.pipe()
    os.write(writing, typed.encode())
    with os.fdopen(reading) as stdin, os.fdopen(writing, "w"):
        monkeypatch.setattr(sys, "stdin", Typed(stdin, terminal=terminal))
        assert watch._key_pressed() is pressed  # noqa: SLF001  where a key is looked for
