"""The exam drill: in the terminal, on the clock, and what it comes to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpol_sim.cli import main
from netpol_sim.course.answers import AnswerError
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.exam import Exam, ExamFolder, begin
from netpol_sim.course.exercise_notebooks import solution
from netpol_sim.course.overview import overview, text
from netpol_sim.course.progress import Progress
from netpol_sim.course.task import TaskKind

CATALOG = read_catalog()
FRESH = begin(CATALOG)
Run = Callable[..., tuple[int, str]]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> ExamFolder:
    """An exam's folder in a workspace of its own."""
    return ExamFolder(workspace=tmp_path, catalog=CATALOG)


@pytest.fixture(name="run")
def _run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the verb with typed lines; each look at the clock is some seconds later."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))

    def run(*typed: str, arguments: tuple[str, ...] = (), tick: int = 60) -> tuple[int, str]:
        ticks = iter(range(0, 10_000_000, tick))
        monkeypatch.setattr("netpol_sim.cli.exam.time.monotonic", lambda: next(ticks))
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        code = main(["exam", *arguments])
        return code, capsys.readouterr().out.replace(str(tmp_path), "WORKSPACE")

    return run


def solve(folder: ExamFolder, *numbers: int) -> None:
    """Write the solutions of some tasks into their files."""
    for number in numbers:
        write(folder, number, solution(CATALOG, FRESH.tasks[number - 1]))


def write(folder: ExamFolder, number: int, text: str) -> Path:
    """Answer a task."""
    return folder.answers.save(FRESH.tasks[number - 1], text)


def test_fifteen_tasks_fill_ninety_minutes() -> None:
    """As the set itself says."""
    assert (len(FRESH.tasks), FRESH.minutes) == (15, 90)


def test_solutions_reach_all_points_and_starters_none(folder: ExamFolder) -> None:
    """Whoever writes nothing gets nothing, whoever knows all gets all."""
    assert folder.judge(folder.begin()).points == 0
    solve(folder, *range(1, 16))
    assert folder.judge(FRESH).points == 90


def test_an_exam_in_the_terminal(
    run: Run, folder: ExamFolder, golden: Callable[[str, str], None]
) -> None:
    """Tasks in any order, a wrong answer, one that does not load, the end, the report."""
    _, begun = run("pause")
    solve(folder, 2, 3)
    right = solution(CATALOG, FRESH.tasks[0])
    write(folder, 1, right.replace("port: 5432", "port: 80"))
    write(folder, 4, right.replace("podSelector", "podselector"))
    code, out = run("", "what?", "3", "15", "end")
    assert code == 1
    golden(begun + out, "cli/exam.txt")
    golden((folder.folder / "report.md").read_text("utf-8"), "course/exam-report.md")


def test_the_next_exam_begins_with_empty_answers(run: Run, folder: ExamFolder) -> None:
    """Answers of an exam that was judged bring no points in the next one; they are kept."""
    folder.begin()
    solve(folder, *range(1, 16))
    assert run("end")[0] == 0
    answer = folder.answers.path(FRESH.tasks[0]).read_text("utf-8")
    code, out = run("end")
    assert code == 1
    assert "0 of 90 points" in out
    path = folder.answers.path(FRESH.tasks[0])
    assert path.with_name(f"{path.stem}.before-1.yaml").read_text("utf-8") == answer


def test_a_crash_in_the_first_task_leaves_an_exam_to_go_on_with(
    run: Run, folder: ExamFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state is there before the first question is answered."""
    monkeypatch.setattr("netpol_sim.cli.exam._word", lambda _tasks: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        run()
    assert folder.read() == FRESH


@pytest.mark.parametrize(("count", "passes"), [(11, True), (10, False)])
def test_who_solves_enough_passes(
    run: Run,
    folder: ExamFolder,
    count: int,
    passes: bool,  # noqa: FBT001
) -> None:
    """Two thirds of the points pass, and the exit code says so."""
    folder.begin()
    solve(folder, *range(1, count + 1))
    code, out = run("end")
    assert (": passed" in out) is passes
    assert (code == 0) is passes


def test_the_time_runs_out(run: Run, folder: ExamFolder) -> None:
    """What is in the files then counts."""
    folder.begin()
    solve(folder, *range(1, 16))
    code, out = run(*[""] * 20, tick=600)
    assert code == 0
    assert "The time is up." in out
    assert "90 of 90 points (100%): passed" in out


def test_whoever_takes_longer_does_not_pass(run: Run, folder: ExamFolder) -> None:
    """The clock is looked at with each line; what was written too late brings nothing."""
    folder.begin()
    solve(folder, *range(1, 16))
    code, out = run("", tick=5 * 3600)
    assert code == 1
    assert "90 of 90 points (100%): not passed" in out
    assert "That is 210 min 00 s too much" in out


def test_an_answer_that_cannot_be_read_costs_only_itself(run: Run, folder: ExamFolder) -> None:
    """The others are judged, and the report says what is wrong."""
    folder.begin()
    solve(folder, *range(1, 16))
    path = folder.answers.path(FRESH.tasks[0])
    path.unlink()
    path.mkdir()
    code, out = run("3", "end")
    assert code == 0
    assert "86 of 90 points" in out
    assert "cannot be read" in (folder.folder / "report.md").read_text("utf-8")


def test_a_pause_keeps_place_time_and_answers(run: Run, folder: ExamFolder) -> None:
    """The end of the input is a pause, too; answers are never written over."""
    folder.begin()
    path = write(folder, 1, "# mine\n")
    code, out = run("", "7", "pause")
    assert code == 0
    assert "Paused" in out
    found = folder.read()
    assert found is not None
    assert (found.at, found.seconds[:2], found.seconds[6]) == (6, (60, 60), 60)
    _, out = run()
    assert out.startswith("You are back: 87 minutes left.")
    assert "-- task 7 of 15" in out
    assert path.read_text("utf-8") == "# mine\n"


def test_a_new_exam_keeps_the_old_answers(run: Run, folder: ExamFolder) -> None:
    """Under other names, also the second time."""
    for number in (1, 2):
        path = write(folder, 1, f"# {number}\npodSelector: x\n")
        run("pause", arguments=("--new",))
        kept = path.with_name(f"{path.stem}.before-{number}.yaml")
        assert kept.read_text("utf-8").startswith(f"# {number}")
        assert path.read_text("utf-8") == FRESH.tasks[0].starter


def state(**change: object) -> str:
    """A file of an exam, with something changed."""
    good: dict[str, object] = {
        "version": 1,
        "tasks": [task.id for task in FRESH.tasks],
        "at": 3,
        "seconds": [5] * 15,
    }
    return json.dumps(good | change)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 200_000,
        state(version=2),
        state(tasks=["exam-shop-db"]),
        state(at=15),
        state(at="3"),
        state(seconds=[5] * 14),
        state(seconds=[True] * 15),
        state(seconds=[-1] * 15),
    ],
    ids=[
        "empty",
        "list",
        "deep",
        "version",
        "tasks",
        "place",
        "text",
        "fewer",
        "truth",
        "negative",
    ],
)
def test_a_damaged_file_is_kept_and_told(folder: ExamFolder, text: str) -> None:
    """The message says what to do, and the file is copied."""
    folder.write(FRESH)
    path = folder.folder / "exam.json"
    path.write_text(state(), "utf-8")
    assert folder.read() == Exam(tasks=FRESH.tasks, at=3, seconds=(5,) * 15)
    path.write_text(text, "utf-8")
    with pytest.raises(AnswerError, match="netpol exam --new"):
        folder.read()
    assert (folder.folder / "exam.damaged.json").read_text("utf-8") == text


def test_the_drill_stands_behind_the_lessons(folder: ExamFolder) -> None:
    """In the map of progress, under a name of its own."""
    desk = Desk(catalog=CATALOG, answers=folder.answers)
    view = overview(desk, Progress(), now=datetime(2026, 11, 23, tzinfo=UTC))
    headings = [line for line in text(view).splitlines() if line and line[0] in "LE"]
    assert headings[0].startswith("Lesson 1: ")
    assert headings[-1] == "Exam drill: 0 of 15 done"


def test_every_task_says_what_to_do_with_its_file() -> None:
    """Tasks are written, repaired or filled in; nothing else can be answered in a file."""
    assert {task.kind for task in FRESH.tasks} == {TaskKind.WRITE, TaskKind.FIX, TaskKind.GRID}
