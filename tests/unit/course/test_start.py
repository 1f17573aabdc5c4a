from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from netpol_sim.course import start, workspace
from netpol_sim.course.workspace import Action, Step, WorkspaceError


def test_options_have_defaults() -> None:
    """Without options, the course opens in a browser, at JupyterLab's usual port."""
    parser = argparse.ArgumentParser()
    start.add_options(parser)
    assert vars(parser.parse_args([])) == {
        "no_browser": False,
        "playground": False,
        "port": 8888,
        "workspace": None,
    }


def test_an_update_is_described() -> None:
    """What an update wrote is counted, and what it laid beside is named."""
    steps = [
        Step(action=Action.ADD, path="a", target="a"),
        Step(action=Action.REPLACE, path="b", target="b"),
        Step(action=Action.REMOVE, path="c", target="c"),
        Step(action=Action.BESIDE, path="d.yaml", target="d.new.yaml"),
    ]
    assert start.describe(Path("w"), steps) == [
        "Your workspace is w",
        "New or newer course files: 2",
        "You changed d.yaml; the newer version is beside it: d.new.yaml",
    ]
    assert start.describe(Path("w"), []) == ["Your workspace is w"]


def test_the_first_page_is_lesson_1_and_then_what_was_open(tmp_path: Path) -> None:
    """A first start opens lesson 1; later ones JupyterLab as it was left."""
    assert start.first_page(tmp_path) == "/lab"
    (tmp_path / "lessons").mkdir()
    for name in ("02-b.ipynb", "01-a.ipynb", "00-notes.md"):
        (tmp_path / "lessons" / name).touch()
    assert start.first_page(tmp_path) == "/lab/tree/lessons/01-a.ipynb"
    (tmp_path / workspace.STATE / "layout").mkdir(parents=True)
    assert start.first_page(tmp_path) == "/lab/tree/lessons/01-a.ipynb"
    (tmp_path / workspace.STATE / "layout" / "default.jupyterlab-workspace").touch()
    assert start.first_page(tmp_path) == "/lab"


def test_the_server_finds_our_settings_and_command() -> None:
    """Our settings and this Python's commands come first, before what was there."""
    before = {"PATH": "theirs", "JUPYTER_CONFIG_PATH": "theirs"}
    for environment in (before, {}):
        made = start.server_environment(environment)
        ours = {
            "PATH": str(Path(sys.executable).parent),
            "JUPYTER_CONFIG_PATH": str(start.JUPYTER_CONFIGURATION),
        }
        for name, value in ours.items():
            assert made[name].split(os.pathsep) == [value, *environment.values()][:2]
    tokens = {start.server_environment({})["JUPYTER_TOKEN"] for _ in range(3)}
    assert len(tokens) == 3, "a new token each time"


def test_the_news_stay_out() -> None:
    """The settings turn JupyterLab's announcements off: nothing is asked or fetched."""
    settings = (start.JUPYTER_CONFIGURATION / "labconfig" / "page_config.json").read_text("utf-8")
    assert '"@jupyterlab/apputils-extension:announcements": true' in settings


def test_the_server_serves_the_workspace(tmp_path: Path) -> None:
    """Folder, port and browser are passed on; the program's own files hide in a checkout only."""
    arguments = start.server_arguments(tmp_path, address="/lab", port=9, browser=False)
    for expected in (f"root_dir={tmp_path}", "port=9", "open_browser=False", "default_url=/lab"):
        assert any(argument.endswith(f".{expected}") for argument in arguments)
    (hidden,) = (argument for argument in arguments if "hide_globs" in argument)
    assert "'[0-9][0-9]-*.md'" in hidden
    assert "netpol_sim" not in hidden
    checkout = workspace.checkout_folder()
    assert checkout is not None
    arguments = start.server_arguments(checkout, address="/lab", port=9, browser=True)
    (hidden,) = (argument for argument in arguments if "hide_globs" in argument)
    assert "'netpol_sim'" in hidden


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int, bool]]:
    """Note what would be served instead of serving it."""
    found: list[tuple[Path, int, bool]] = []
    monkeypatch.setattr(
        start, "serve", lambda folder, *, port, browser: found.append((folder, port, browser))
    )
    return found


def test_a_workspace_is_made_and_served(
    tmp_path: Path, served: list[tuple[Path, int, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--workspace` makes the folder with all content, says where it is, and serves it."""
    folder = tmp_path / "course"
    start.main(["--workspace", str(folder), "--port", "9", "--no-browser"])
    assert served == [(folder, 9, False)]
    assert (folder / "lessons").is_dir()
    assert f"Your workspace is {folder}\nNew or newer course files: " in capsys.readouterr().out


def test_a_place_that_cannot_be_used_is_a_message(
    tmp_path: Path, served: list[tuple[Path, int, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A workspace that cannot be made ends with exit code 2 and a sentence."""
    (tmp_path / "course").write_text("a file")
    assert start.main(["--workspace", str(tmp_path / "course")]) == 2
    assert served == []
    assert "cannot be written" in capsys.readouterr().err


def test_a_missing_jupyterlab_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: list[tuple[Path, int, bool]]
) -> None:
    """Without the course extra, the person is told what to install, and no workspace is made."""
    monkeypatch.setattr(start, "find_spec", lambda _: None)
    with pytest.raises(WorkspaceError, match=r"pip install 'netpol-sim\[course\]'"):
        start.start(folder=tmp_path / "course")
    assert served == []
    assert not (tmp_path / "course").exists()
