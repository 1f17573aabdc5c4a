from __future__ import annotations

import json
from pathlib import Path

import pytest

from netpol_sim.course import workspace
from netpol_sim.course.workspace import Action, Step, WorkspaceError

LESSON = "lessons/01-a.ipynb"
NEW, NEW2 = "lessons/01-a.new.ipynb", "lessons/01-a.new2.ipynb"


@pytest.mark.parametrize(
    ("shipped", "recorded", "present", "expected"),
    [
        pytest.param({"x": "1"}, {}, {}, ["add x"], id="a first copy"),
        pytest.param({"x": "1"}, {"x": "1"}, {"x": "1"}, [], id="nothing new"),
        pytest.param({"x": "2"}, {"x": "1"}, {"x": "1"}, ["replace x"], id="an untouched file"),
        pytest.param({"x": "1"}, {"x": "1"}, {"x": "mine"}, [], id="a changed file, no update"),
        pytest.param({"x": "1"}, {"x": "1"}, {}, ["add x"], id="a removed file comes back"),
        pytest.param({"x": "2"}, {"x": "1"}, {"x": "2"}, [], id="the update was taken by hand"),
        pytest.param({}, {"x": "1"}, {"x": "1"}, ["remove x"], id="an untouched file is withdrawn"),
        pytest.param({}, {"x": "1"}, {"x": "mine"}, [], id="a changed file is withdrawn"),
        pytest.param({}, {"x": "1"}, {}, [], id="a removed file is withdrawn"),
        pytest.param({}, {}, {"x": "mine"}, [], id="a file of the learner's own"),
        pytest.param({"x": "1"}, {}, {"x": "1"}, [], id="the record is lost, nothing changed"),
    ],
)
def test_plan(
    shipped: dict[str, str], recorded: dict[str, str], present: dict[str, str], expected: list[str]
) -> None:
    """An update changes what the learner left alone, and nothing else."""
    steps = workspace.plan(shipped=shipped, recorded=recorded, present=present)
    assert [f"{step.action} {step.target}" for step in steps] == expected


@pytest.mark.parametrize(
    ("recorded", "present", "target"),
    [
        pytest.param({LESSON: "1"}, {LESSON: "mine"}, NEW, id="changed"),
        pytest.param({}, {LESSON: "mine"}, NEW, id="changed, and the record is lost"),
        pytest.param({LESSON: "1"}, {LESSON: "mine", NEW: "old"}, NEW2, id="the name is taken"),
        pytest.param({LESSON: "1"}, {LESSON: "mine", NEW: "2"}, None, id="it is there already"),
    ],
)
def test_plan_beside(recorded: dict[str, str], present: dict[str, str], target: str | None) -> None:
    """The update of a changed file goes beside it, under a name that is free."""
    steps = workspace.plan(shipped={LESSON: "2"}, recorded=recorded, present=present)
    expected = [Step(action=Action.BESIDE, path=LESSON, target=target)] if target else []
    assert list(steps) == expected


def notebook(*sources: str, output: str = "") -> str:
    """The text of a notebook with these code cells."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}] if output else []
    cells = [{"cell_type": "code", "source": [text], "outputs": outputs} for text in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def put(root: Path, files: dict[str, str]) -> None:
    """Write files under a root."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def files(root: Path) -> dict[str, str]:
    """Every file under a root but the state."""
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and workspace.STATE not in path.parts
    }


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A shipped course of two files."""
    root = tmp_path / "content"
    put(root, {LESSON: notebook("1"), "exercises/worlds/w.yaml": "kind: List\n"})
    return root


def test_update_makes_a_workspace(content: Path, tmp_path: Path) -> None:
    """A first update copies everything, makes the folder for answers, and is then done."""
    folder = tmp_path / "deep" / "workspace"
    assert {step.action for step in workspace.update(content, folder)} == {Action.ADD}
    assert files(folder) == files(content)
    assert (folder / "answers").is_dir()
    assert workspace.update(content, folder) == ()


def test_update_keeps_the_learners_work(content: Path, tmp_path: Path) -> None:
    """An update writes over no changed file and touches no answer."""
    workspace.update(content, tmp_path / "w")
    put(tmp_path / "w", {LESSON: notebook("mine"), "answers/a.yaml": "mine", "notes.md": "mine"})
    put(content, {LESSON: notebook("2"), "exercises/worlds/w.yaml": "kind: Pod\n"})
    workspace.update(content, tmp_path / "w")
    assert files(tmp_path / "w") == {
        LESSON: notebook("mine"),
        NEW: notebook("2"),
        "answers/a.yaml": "mine",
        "exercises/worlds/w.yaml": "kind: Pod\n",
        "notes.md": "mine",
    }
    (tmp_path / "w" / NEW).unlink()
    assert workspace.update(content, tmp_path / "w") == (), "what was offered is not offered again"


def test_a_notebook_that_only_ran_is_untouched(content: Path, tmp_path: Path) -> None:
    """Outputs are not the learner's work: a notebook that only ran is updated in place."""
    workspace.update(content, tmp_path / "w")
    put(tmp_path / "w", {LESSON: notebook("1", output="ran")})
    put(content, {LESSON: notebook("2")})
    assert [step.action for step in workspace.update(content, tmp_path / "w")] == [Action.REPLACE]
    assert files(tmp_path / "w")[LESSON] == notebook("2")


@pytest.mark.parametrize("broken", ["{", "[]", '{"cells": 1}', '{"cells": [{}]}'])
def test_a_broken_notebook_counts_by_its_bytes(tmp_path: Path, broken: str) -> None:
    """A file that is no notebook after all is still told apart from another."""
    put(tmp_path, {"a.ipynb": broken, "b.ipynb": broken + " "})
    assert workspace.fingerprint(tmp_path / "a.ipynb") != workspace.fingerprint(
        tmp_path / "b.ipynb"
    )


@pytest.mark.parametrize("record", ["", "[]", "not json", "\x00"])
def test_a_lost_record_loses_no_work(content: Path, tmp_path: Path, record: str) -> None:
    """Without a readable record, whatever differs is taken for the learner's."""
    workspace.update(content, tmp_path / "w")
    put(tmp_path / "w", {LESSON: notebook("mine"), f"{workspace.STATE}/shipped.json": record})
    put(content, {LESSON: notebook("2")})
    workspace.update(content, tmp_path / "w")
    assert files(tmp_path / "w")[LESSON] == notebook("mine")


def test_what_tools_leave_is_not_shipped(content: Path, tmp_path: Path) -> None:
    """Checkpoints and caches stay where they are."""
    left = {"lessons/.ipynb_checkpoints/01-a.ipynb": "{}", "lessons/__pycache__/a.pyc": "x"}
    put(content, left)
    workspace.update(content, tmp_path / "w")
    assert not files(tmp_path / "w").keys() & left.keys()


def test_an_installation_without_content(tmp_path: Path) -> None:
    """A broken installation says so, and makes nothing."""
    with pytest.raises(WorkspaceError, match="holds no lessons"):
        workspace.update(tmp_path / "nothing", tmp_path / "w")
    assert not (tmp_path / "w").exists()


def test_a_workspace_that_is_a_file(content: Path, tmp_path: Path) -> None:
    """A place that cannot hold a workspace gives a message with a remedy, not a traceback."""
    put(tmp_path, {"w": "a file"})
    with pytest.raises(WorkspaceError, match=r"cannot be written .* `--workspace FOLDER`"):
        workspace.update(content, tmp_path / "w")


def test_the_checkout_is_its_own_workspace() -> None:
    """Run from a checkout, the course is opened where it is written."""
    root = workspace.checkout_folder()
    assert root is not None
    assert (root / "netpol_sim").is_dir()
    assert workspace.content_folder() == workspace.default_folder() == root
