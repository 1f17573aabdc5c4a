"""The interview in a notebook: by messages, as a browser sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

import netpol_sim as netpol
from netpol_sim.course.answers import AnswerError
from netpol_sim.course.card_keys import Question
from netpol_sim.course.interview import session
from netpol_sim.course.interview.notebook import interview as interview_widget
from netpol_sim.course.interview.plan import Section, Step
from netpol_sim.course.interview.store import Store
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError
from tests.unit.course.interview.candidates import right

ROOT = content_folder()


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own, in which a second passes each time the clock is asked."""
    monkeypatch.setenv("NETPOL_WORKSPACE", str(tmp_path))
    ticks = iter(range(100_000))
    monkeypatch.setattr("netpol_sim.course.interview.notebook.time.monotonic", lambda: next(ticks))
    return tmp_path


def send(widget: Any, **message: object) -> Mapping[str, Any]:  # noqa: ANN401  anywidget
    """A message as the browser sends it, and what is shown then."""
    widget._handle_custom_msg(message, [])  # noqa: SLF001  where messages arrive
    shown: Mapping[str, Any] = widget.view
    return shown


def opened(widget: Any) -> Step:  # noqa: ANN401  anywidget
    """The open step."""
    step = session.current(widget.state.interview)
    assert step is not None
    return step


def answers(widget: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401  anywidget
    """Answer everything right; gives what is shown before each answer."""
    while (shown := widget.view)["kind"] != "over":
        yield shown
        if shown["kind"] == "points":
            send(widget, do="confirm", points=list(range(len(shown["points"]))))
        else:
            send(widget, do="say", text=right(opened(widget)))


def test_a_whole_interview_ends_with_its_report(folder: Path) -> None:
    """All kinds of questions come; the report is shown and kept; the next may begin."""
    widget = netpol.interview(seed=7)
    pages = {shown["kind"]: shown["html"] for shown in answers(widget)}
    assert "<li>Isolate the pods of <code>" in pages["policy"]
    kinds = set(pages)
    assert kinds == {"words", "points", "choices", "grid", "policy"}
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", widget.view["html"])
    assert cells[:3] == ["Correctness", "strong", "100%"]
    assert (folder / "interview" / "report-mid-20-7.md").is_file()
    assert Store(workspace=folder, course=ROOT).read() is None


@pytest.mark.usefixtures("folder")
def test_nothing_right_reaches_the_browser() -> None:
    """No key, no model answer, no reason; of a checklist nothing before something was said."""
    widget = netpol.interview(seed=7)
    for shown in answers(widget):
        asks, sent = opened(widget).asks, json.dumps(shown)
        assert '"right"' not in sent
        if isinstance(asks, Question):
            assert all(escape(fact) in shown["html"] for fact in asks.facts)
            for choice in asks.choices:
                assert not choice.because or choice.because not in sent
            if shown["kind"] == "words":
                assert not any(json.dumps(point)[1:-1] in sent for point in asks.checklist)
        else:
            assert asks.task.references == () or asks.task.references[0].text not in sent


def test_it_goes_on_in_another_kernel_and_in_the_terminal(folder: Path) -> None:
    """What was said and what was being written is there again."""
    widget = netpol.interview(seed=7)
    for shown in answers(widget):
        if shown["kind"] == "policy":
            break
    assert shown["text"] == "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    assert send(widget, do="keep", text="# half a policy\n")["problem"] == ""
    again = netpol.interview()
    assert again.view["text"] == "# half a policy\n"
    assert again.state.interview.records == widget.state.interview.records
    assert again.state.interview.seconds > 0, "the time it took is kept, too"
    (kept,) = (folder / "interview" / "answers").glob("practice-write-*.yaml")
    assert kept.read_text("utf-8") == "# half a policy\n"
    assert netpol.interview(seed=8, new=True).state.interview.records == ()


@pytest.mark.usefixtures("folder")
def test_what_does_not_load_is_told() -> None:
    """The problem is shown with its place, and the question stays."""
    widget = netpol.interview(seed=7)
    for shown in answers(widget):
        if shown["kind"] == "policy":
            break
    broken = right(opened(widget)).replace("podSelector", "podSelectors", 1)
    told = send(widget, do="say", text=broken)
    assert "spec.podSelectors" in told["problem"]
    assert "did you mean `podSelector`?" in told["problem"]
    assert told["said"] == told["problem"]
    assert opened(widget).section is Section.WRITE
    assert told["text"] == broken


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": "fly"},
        {"do": "say"},
        {"do": "say", "text": 5},
        {"do": "say", "text": "x" * 100_001},
        {"do": "confirm", "points": "all"},
        {"do": "confirm", "points": ["1"]},
        {"do": "confirm", "points": [True]},
        {"do": "keep", "text": None},
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_makes_no_sense_changes_nothing(message: dict[str, object]) -> None:
    """Anything can come from a browser."""
    widget = netpol.interview(seed=7)
    before = widget.state.interview
    assert send(widget, **message)["kind"] == "words"
    assert replace(widget.state.interview, seconds=0) == before


def test_time_is_counted_once(folder: Path) -> None:
    """However many messages come, and when: the seconds are those of the clock."""
    widget = netpol.interview(seed=7)
    now = [widget.state.since]
    widget.state = replace(widget.state, clock=lambda: now[0])
    for _ in range(10):
        now[0] += 0.7
        send(widget, do="keep", text="")
    assert widget.state.interview.seconds == 7
    assert Store(workspace=folder, course=ROOT).read() == widget.state.interview


def test_after_the_end_nothing_changes(folder: Path) -> None:
    """The report stays, and no file of a new interview appears."""
    widget = netpol.interview(seed=7)
    send(widget, do="end")
    shown = widget.view
    assert send(widget, do="skip") == shown
    assert not (folder / "interview" / "interview.json").exists()


def test_a_report_that_cannot_be_written_is_told(folder: Path) -> None:
    """The interview is still there, and goes on when there is room again."""
    widget = netpol.interview(seed=7)
    blocked = folder / "interview" / "report-mid-20-7.html"
    blocked.mkdir(parents=True)
    told = send(widget, do="end")
    assert "cannot be written" in told["problem"]
    assert told["kind"] == "words"
    blocked.rmdir()
    assert send(widget, do="end")["kind"] == "over"


def test_an_answer_that_cannot_be_read_is_told(folder: Path) -> None:
    """Instead of a traceback in the notebook."""
    widget = netpol.interview(seed=7)
    for shown in answers(widget):
        if shown["kind"] == "grid":
            break
    (task,) = (step.asks for step in widget.state.interview.plan.steps if step.id == "write-1")
    assert not isinstance(task, Question)
    Store(workspace=folder, course=ROOT).answers.path(task.task).mkdir(parents=True)
    told = send(widget, do="skip")
    assert told["kind"] == "policy"
    assert "cannot be read" in told["problem"]


def test_an_interview_begins_when_you_say_so(folder: Path) -> None:
    """Length and level are chosen, no second counts before; what is kept goes on at once."""
    widget = netpol.interview()
    assert widget.view["kind"] == "start"
    assert not (folder / "interview" / "interview.json").exists()
    for odd in ({"do": "say", "text": "x"}, {"do": "begin", "minutes": 5, "level": "mid"}, {}):
        assert send(widget, **odd)["kind"] == "start"
    assert "Nothing is judged until the end" in widget._repr_mimebundle_()[0]["text/html"]
    shown = send(widget, do="begin", minutes=45, level="senior")
    assert shown["heading"].startswith("Question 1: opening. 45 minutes left")
    assert widget.state.interview.plan.level == "senior"
    assert netpol.interview().view["kind"] == "words"


def test_a_beginning_that_cannot_be_kept_is_told(folder: Path) -> None:
    """Instead of a button that does nothing."""
    widget = netpol.interview()
    (folder / "interview").write_text("a file where the folder should be", "utf-8")
    told = send(widget, do="begin", minutes=20, level="mid")
    assert told["kind"] == "start"
    assert "cannot be written" in told["problem"]


@pytest.mark.usefixtures("folder")
def test_the_twin_on_paper_is_the_open_question() -> None:
    """Without a kernel the question is there to be read."""
    widget = netpol.interview(seed=7)
    opening = widget.state.interview.plan.steps[0].asks
    assert isinstance(opening, Question)
    data = widget._repr_mimebundle_()[0]
    assert opening.text in data["text/html"]
    assert opening.text in data["text/plain"]


def test_bad_arguments_are_told(folder: Path) -> None:
    """The message says what is allowed; a damaged file is not written over."""
    with pytest.raises(NetpolError, match="junior, mid, senior, staff, not `boss`"):
        interview_widget(level="boss")
    with pytest.raises(NetpolError, match="20, 45, 60"):
        interview_widget(25)
    (folder / "interview").mkdir()
    (folder / "interview" / "interview.json").write_text("{", "utf-8")
    with pytest.raises(AnswerError, match="--new"):
        interview_widget()
