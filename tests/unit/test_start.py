from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import start

OURS: dict[str, object] = {"python": "3.11", "root": "here", "extras": ["course"], "content": "1"}
MORE: dict[str, object] = {**OURS, "extras": ["course", "dev"]}


@pytest.mark.parametrize(
    ("version", "newer", "expected"),
    [
        ((3, 11), None, None),
        ((3, 11, 7), None, None),
        ((4, 0), None, None),
        ((3, 10, 12), None, ["needs Python 3.11 or newer; this is 3.10.", "Install one"]),
        ((3, 9), "python3.13", ["this is 3.9.", "You have a newer one: python3.13 start.py"]),
    ],
)
def test_an_old_python_is_told(
    version: tuple[int, ...], newer: str | None, expected: list[str] | None
) -> None:
    """Python 3.11 starts; an older one says what it needs, and the newer one there is."""
    said = start.too_old(version, newer)
    assert (said is None) == (expected is None)
    assert all(part in str(said) for part in expected or [])


def test_the_newest_python_is_found() -> None:
    """Of several new enough Pythons the newest is named; an old one never."""
    present = {"python3.10", "python3.11", "python3.13", "python3"}
    assert start.newer_python(lambda name: name if name in present else None) == "python3.13"
    assert start.newer_python(lambda _: None) is None


def test_an_old_python_can_read_the_file() -> None:
    """Neither newer syntax nor an annotation keeps an old Python from saying that it is old."""
    text = Path(start.__file__).read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    above = tree.body[: next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))]
    assert [node.names[0].name for node in above if isinstance(node, ast.Import)] == ["sys"]
    assert not any(isinstance(node, ast.ImportFrom) for node in above)
    for node in above:
        if isinstance(node, ast.FunctionDef):
            annotations = [argument.annotation for argument in node.args.args] + [node.returns]
            assert all(isinstance(annotation, ast.Constant) for annotation in annotations)


def test_requirements_come_from_one_place() -> None:
    """The dependencies and the wanted extras are installed, and no others."""
    project = {"dependencies": ["a"], "optional-dependencies": {"course": ["b"], "dev": ["c"]}}
    assert start.requirements(project, ["course"]) == ["a", "b"]
    assert start.requirements(project, ["course", "dev"]) == ["a", "b", "c"]


def test_a_stamp_changes_with_what_it_describes() -> None:
    """Other pins, other requirements or other extras are another environment."""
    stamps = [
        start.stamp(extras, wanted, pins)
        for extras in (["course"], ["course", "dev"])
        for wanted in (["a"], ["b"])
        for pins in (b"1", b"2")
    ]
    assert len({json.dumps(stamp) for stamp in stamps}) == len(stamps)
    assert start.stamp(["course"], ["a"], b"1") == stamps[0]
    assert json.loads(json.dumps(stamps[0])) == stamps[0], "it survives being written"


@pytest.mark.parametrize(
    ("found", "accepted", "work"),
    [
        pytest.param(OURS, [OURS, MORE], "nothing", id="finished"),
        pytest.param(MORE, [OURS, MORE], "nothing", id="holds more than is needed"),
        pytest.param(OURS, [MORE], "install", id="holds less than is needed"),
        pytest.param({**OURS, "content": "0"}, [OURS], "install", id="other pins"),
        pytest.param({**OURS, "python": "3.12"}, [OURS], "make", id="another Python"),
        pytest.param({**OURS, "root": "there"}, [OURS], "make", id="the folder was moved"),
        pytest.param(None, [OURS], "make", id="not finished, or not there"),
        pytest.param({}, [OURS], "make", id="a stamp of another sort"),
    ],
)
def test_what_an_environment_needs(
    found: dict[str, object] | None, accepted: list[dict[str, object]], work: str
) -> None:
    """A finished environment is left alone, a working one updated, any other made anew."""
    assert start.work_to_do(found, accepted) == work


def test_debian_gets_its_exact_line() -> None:
    """Where apt is, the message holds the line to type; elsewhere what to look for."""
    assert "\n    sudo apt install python3.12-venv\n" in start.no_ensurepip((3, 12, 1), apt=True)
    elsewhere = start.no_ensurepip((3, 12, 1), apt=False)
    assert "apt" not in elsewhere
    assert "ensurepip module of python3.12, or the tool uv" in elsewhere


@pytest.mark.parametrize("uv", [None, "bin/uv"])
def test_uv_and_pip_do_the_same(uv: str | None) -> None:
    """Either tool makes the environment with this Python and installs at the pinned versions."""
    environment, python, pins = Path("e"), Path("e/bin/python"), Path("pins.txt")
    make = start.make_command(uv, environment)
    install = start.install_command(uv, python, pins, ["a>=1", "b"])
    assert make[0] == (uv or sys.executable)
    assert sys.executable in make
    assert make[-1] == "e"
    assert install[:3] == ([uv, "pip", "install"] if uv else [str(python), "-m", "pip"])
    assert str(python) in install
    assert install[-4:] == ["--constraint", "pins.txt", "a>=1", "b"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in an empty folder, with a Python in its environment that is this one."""
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(start, "PINS", tmp_path / "pins.txt")
    monkeypatch.setattr(start, "python_in", lambda _: Path(sys.executable))
    (tmp_path / "pins.txt").write_text("a==1\n")
    (tmp_path / "pyproject.toml").write_text(
        "[project]\ndependencies = []\noptional-dependencies = { course = ['a'], dev = ['b'] }\n"
    )
    return tmp_path


@pytest.mark.parametrize("content", ["", "{", "[]", "1", "\x00"])
def test_a_stamp_that_cannot_be_read_is_none(root: Path, content: str) -> None:
    """A damaged stamp is as good as none: the environment is made anew."""
    (root / ".venv").mkdir()
    start.STAMP.write_text(content)
    assert start.read_stamp() is None


def test_a_stamp_without_a_python_is_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished environment whose Python has gone is not finished."""
    (root / ".venv").mkdir()
    start.STAMP.write_text(json.dumps(OURS))
    assert start.read_stamp() == OURS
    monkeypatch.setattr(start, "python_in", lambda _: root / "gone")
    assert start.read_stamp() is None


@pytest.fixture
def ran(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Note commands instead of running them; making an environment makes its folder."""
    found: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> None:
        found.append(command)
        (root / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start, "make_importable", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    return found


def test_an_environment_is_made_once(ran: list[Sequence[str]]) -> None:
    """The first start makes the environment; the second finds it and runs nothing."""
    start.prepare(start.COURSE)
    assert [command[2] for command in ran] == ["venv", "pip"]
    start.prepare(start.COURSE)
    assert len(ran) == 2


def test_more_is_installed_when_it_is_wanted(ran: list[Sequence[str]]) -> None:
    """The checks install what only they need, and opening the course keeps it."""
    start.prepare(start.COURSE)
    start.prepare(start.EVERYTHING)
    assert "b" in ran[-1]
    made = len(ran)
    start.prepare(start.COURSE)
    assert len(ran) == made


def test_a_half_made_environment_is_made_anew(root: Path, ran: list[Sequence[str]]) -> None:
    """What a stopped start left behind is removed before the next one builds."""
    (root / ".venv" / "lib").mkdir(parents=True)
    start.prepare(start.COURSE)
    assert len(ran) == 2
    assert not (root / ".venv" / "lib").exists()


def test_a_failed_installation_leaves_no_stamp(
    root: Path, ran: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failure the environment does not pass for finished."""
    start.prepare(start.COURSE)
    (root / "pins.txt").write_text("a==2\n")

    def fail(command: Sequence[str]) -> None:
        raise start.StartError(str(command))

    monkeypatch.setattr(start, "run", fail)
    with pytest.raises(start.StartError):
        start.prepare(start.COURSE)
    assert start.read_stamp() is None
    assert len(ran) == 2


def test_pip_stands_in_for_uv(ran: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where uv is found and fails, pip is tried before giving up."""
    note = start.run

    def run(command: Sequence[str]) -> None:
        note(command)
        if command[0] == "uv":
            raise start.StartError

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    start.prepare(start.COURSE)
    assert [command[1] for command in ran] == ["venv", "-m", "-m"]


def test_without_ensurepip_nothing_is_made(
    root: Path, ran: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without uv and ensurepip there is a message, and no broken environment."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(start.StartError, match="ensurepip"):
        start.prepare(start.COURSE)
    assert ran == []
    assert not (root / ".venv").exists()


def test_only_one_start_prepares(tmp_path: Path) -> None:
    """The lock is held by one at a time, and free again when its holder ends."""
    path = tmp_path / "lock"
    with path.open("w") as first, path.open("w") as second:
        assert start.try_lock(first.fileno())
        assert not start.try_lock(second.fileno())
    with path.open("w") as third:
        assert start.try_lock(third.fileno())


def test_the_suite_runs_every_notebook_there_is(root: Path) -> None:
    """Tests, the comparison of bytes, and nbval over every shipped notebook, strictly."""
    assert [stage.arguments[1] for stage in start.test_stages(root)] == [
        "pytest",
        "netpol_sim.course.publish",
    ]
    for name in ("lessons/02.ipynb", "lessons/.ipynb_checkpoints/01.ipynb", "solutions/x/1.ipynb"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    nbval = start.test_stages(root)[-1].arguments
    assert "--nbval" in nbval
    assert [name for name in nbval if name.endswith(".ipynb")] == [
        "lessons/02.ipynb",
        "solutions/x/1.ipynb",
    ]


@pytest.mark.usefixtures("root")
def test_stages_stop_at_the_first_failure(capfd: pytest.CaptureFixture[str]) -> None:
    """Stages run in order with their times, and the first failure's exit code is the result."""
    good = start.Stage("good", ["-c", "print('ran')"])
    bad = start.Stage("bad", ["-c", "raise SystemExit(7)"])
    assert start.run_stages([good, good]) == 0
    assert "All 2 stages passed in" in capfd.readouterr().out
    assert start.run_stages([good, bad, good]) == 7
    out = capfd.readouterr().out
    assert out.count("ran") == 1
    assert "== 1/3 good\n" in out
    assert "== good: passed in" in out
    assert "== bad: FAILED in" in out


@pytest.mark.parametrize(
    "check",
    [
        pytest.param("os.environ['PYTHONHASHSEED'] == '0'", id="sets have one order"),
        pytest.param("os.listdir(os.environ['NETPOL_WORKSPACE']) == []", id="no answers are there"),
    ],
)
@pytest.mark.usefixtures("root")
def test_stages_run_alike_everywhere(check: str) -> None:
    """Every stage, and so every kernel, finds the same surroundings."""
    stage = start.Stage("surroundings", ["-c", f"import os; raise SystemExit(not {check})"])
    assert start.run_stages([stage]) == 0


@pytest.mark.parametrize(
    ("failure", "code", "says"),
    [
        (start.StartError("put it right"), 2, "put it right"),
        (PermissionError(13, "Permission denied", ".venv"), 2, "Permission denied: '.venv'"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_failures_are_messages(
    failure: BaseException,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What goes wrong ends with a sentence and an exit code, never a traceback."""

    def prepare(_: object) -> None:
        raise failure

    monkeypatch.setattr(start, "prepare", prepare)
    assert start.main([]) == code
    assert says in capsys.readouterr().err


def test_options_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--no-browser` and `--port` reach the course."""
    passed: list[Sequence[str]] = []
    monkeypatch.setattr(start, "prepare", lambda _: None)
    monkeypatch.setattr(start, "open_course", passed.append)
    start.main(["--no-browser", "--port", "9"])
    start.main([])
    assert passed == [["--no-browser", "--port", "9"], []]


@pytest.mark.parametrize(
    ("action", "tool"), [("test", "pytest"), ("lint", "ruff"), ("browser", "tests/browser")]
)
def test_checks_install_what_they_need(
    action: str, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each action prepares everything and runs its own stages."""
    prepared: list[Sequence[str]] = []
    stages: list[start.Stage] = []
    monkeypatch.setattr(start, "prepare", prepared.append)
    monkeypatch.setattr(start, "run_stages", stages.extend)
    start.main([action])
    assert prepared == [start.EVERYTHING]
    assert tool in stages[0].arguments


def test_help_needs_no_environment() -> None:
    """`--help` answers at once, whatever there is."""
    command = [sys.executable, start.__file__, "--help"]
    assert "--no-browser" in subprocess.check_output(command, text=True)
