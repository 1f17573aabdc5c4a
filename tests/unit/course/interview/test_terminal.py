"""``netpol interview`` in the terminal: a whole conversation, a pause, files of the candidate."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim.cli import main
from netpol_sim.course.answers import Answers
from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import Level
from netpol_sim.course.interview import session
from netpol_sim.course.interview.plan import draw
from netpol_sim.course.interview.session import Interview
from netpol_sim.course.interview.store import Store
from netpol_sim.course.practice import Practice
from netpol_sim.course.task import TaskKind
from netpol_sim.course.workspace import content_folder
from tests.unit.course.interview.candidates import go_on, right, wrong

ROOT = content_folder()
BEGUN = Interview(plan=draw(20, Level.MID, 7, ROOT))
Run = Callable[..., str]
SHORT = {"allow": "a", "deny-egress": "de", "deny-ingress": "di", "deny-both": "db"}


@pytest.fixture(name="run")
def _run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the verb with typed lines and gives what is printed; a second is a second."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    ticks = iter(range(0, 100_000, 10))
    monkeypatch.setattr("netpol_sim.cli.interview.time.monotonic", lambda: next(ticks))

    def run(*typed: str, arguments: tuple[str, ...] = ("--seed", "7")) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        assert main(["interview", *arguments]) == 0
        return capsys.readouterr().out.replace(str(tmp_path), "WORKSPACE")

    return run


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Store:
    """Where the verb keeps an interview."""
    return Store(workspace=tmp_path, course=ROOT)


def written() -> Practice:
    """The task for which a policy is written."""
    (found,) = (step.asks for step in BEGUN.plan.steps if step.id == "write-1")
    assert isinstance(found, Practice)
    return found


def typed(answers: Answers, *, knows: bool) -> list[str]:
    """Everything that a candidate types, with the files written that they write.

    Who knows the answers types them in short.
    """
    lines, interview = [], BEGUN
    while (step := session.current(interview)) is not None:
        said = (right if knows else wrong)(step)
        if isinstance(step.asks, Question):
            points = range(1, len(step.asks.checklist) + 1) if knows else ()
            lines += [said, " ".join(map(str, points))] if step.asks.checklist else [said]
        elif step.asks.task.kind is TaskKind.GRID:
            words = [line.rpartition(": ")[2] for line in said.splitlines()]
            lines += [SHORT[word] for word in words] if knows else words
        else:
            answers.save(step.asks.task, said)
            lines.append("")
        interview = go_on(interview, knows=knows)
    return lines


def test_a_whole_interview(run: Run, store: Store, golden: Callable[[str, str], None]) -> None:
    """The conversation reads as agreed; the report is there, twice, and the next may begin."""
    begun = run("pause")
    golden(begun + run(*typed(store.answers, knows=False), arguments=()), "cli/interview.txt")
    report = (store.folder / "report-mid-20-7.md").read_text("utf-8")
    assert "## Question by question" in report
    page = (store.folder / "report-mid-20-7.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert store.read() is None


def test_a_broken_off_interview_goes_on(run: Run, store: Store) -> None:
    """The end of the input, a word, or words without their points: nothing is asked twice."""
    run("pause")
    lines = typed(store.answers, knows=True)
    assert "Paused" in run(lines[0])
    out = run("pause", arguments=())
    assert out.startswith("You are back: 0 answered, 20 minutes left (of 20, level mid, seed 7).")
    assert "An interviewer listens for" in out, "what was said is not asked for again"
    out = run(*lines[1:], arguments=())
    assert "That was all." in out
    assert "| Correctness | strong | 100% |" in out


def test_what_does_not_load_is_told_and_the_file_is_kept(run: Run, store: Store) -> None:
    """A wrong line is named; the file stays as it was written."""
    run("pause")
    typed(store.answers, knows=True)
    path = store.answers.path(written().task)
    broken = path.read_text("utf-8").replace("podSelector", "podSelectors", 1)
    path.write_text(broken, "utf-8")
    out = run(*["skip"] * 6, "", "end")
    assert "spec.podSelectors" in out
    assert path.read_text("utf-8") == broken
    assert "That was all." in out


def test_an_answer_file_that_is_gone_is_nothing_answered(run: Run, store: Store) -> None:
    """The question stays; with the file back it can be answered."""
    run(*["skip"] * 6, "pause")
    store.answers.path(written().task).unlink()
    assert "nothing is answered yet" in run("", "end")


def test_nonsense_is_asked_again(run: Run) -> None:
    """A letter that is no choice, a point that is not there: the question stays."""
    out = run("words", "9", "1", "z", "end")
    assert "none of the points" in out
    assert "none of the answers" in out


@pytest.mark.parametrize(("word", "says"), [("skip", "rapid recall"), ("end", "That was all.")])
def test_the_words_work_at_a_checklist_too(run: Run, word: str, says: str) -> None:
    """As the welcome says: at any question."""
    assert says in run("my words", word, "end").partition("Which of these did you say?")[2]


def test_a_new_one_keeps_the_answers_of_the_old_one(run: Run, store: Store) -> None:
    """Without ``--new`` the paused one goes on, and says which."""
    run("pause")
    assert "seed 7" in run("pause", arguments=("--seed", "8"))
    path = store.answers.save(written().task, "# mine\n")
    assert "seed 7" in run("pause", arguments=("--seed", "7", "--new"))
    assert path.with_name(f"{path.stem}.before-1.yaml").read_text("utf-8") == "# mine\n"
    assert path.read_text("utf-8") == written().task.starter
