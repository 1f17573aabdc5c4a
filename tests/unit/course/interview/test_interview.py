"""A mock interview: its plan, its follow-ups, a pause, a crash, the report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest

from netpol_sim.analysis.access import what_can_be_reached
from netpol_sim.ask import evaluate
from netpol_sim.cluster_policy import by_scope
from netpol_sim.course.answers import AnswerError, save_text
from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import Level
from netpol_sim.course.grade import Outcome
from netpol_sim.course.interview import report, session
from netpol_sim.course.interview.follow_ups import follow_ups
from netpol_sim.course.interview.judge import judge
from netpol_sim.course.interview.plan import (
    FOLLOW_UP_MINUTES,
    SHAPES,
    Plan,
    Section,
    Skill,
    Step,
    draw,
)
from netpol_sim.course.interview.session import Interview, MisunderstoodError
from netpol_sim.course.interview.store import Store
from netpol_sim.course.practice import Practice
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError
from netpol_sim.labels import LabelSelector
from netpol_sim.manifest import dump
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, Rule
from tests.unit.course.interview.candidates import SECONDS, go_on, right, to_the_end, wrong

ROOT = content_folder()
LESSONS = {number: f"{number:02}-lesson" for number in range(1, 15)}
INTERVIEW = Interview(plan=draw(20, Level.MID, 7, ROOT))


def ids(plan: Plan) -> list[str]:
    """What is asked."""
    return [step.id for step in plan.steps]


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(20, Level.JUNIOR), (20, Level.STAFF), (45, Level.MID), (60, Level.SENIOR)],
)
def test_a_plan_fits_its_time_and_has_every_part(minutes: int, level: Level) -> None:
    """Every section is there, no card twice, and the follow-ups fit, too."""
    plan = draw(minutes, level, 1, ROOT)
    follows = 2 * SHAPES[minutes].follow_ups * FOLLOW_UP_MINUTES
    assert minutes * 0.8 <= sum(step.minutes for step in plan.steps) + follows <= minutes
    assert list(dict.fromkeys(step.section for step in plan.steps)) == list(Section)
    assert len(set(ids(plan))) == len(plan.steps)


def test_a_seed_draws_the_plan() -> None:
    """The same seed asks the same in the same words; another one asks something else."""
    assert draw(20, Level.MID, 7, ROOT) == INTERVIEW.plan
    assert ids(draw(20, Level.MID, 8, ROOT)) != ids(INTERVIEW.plan)
    with pytest.raises(NetpolError, match="20, 45, 60 minutes, not 30"):
        draw(30, Level.MID, 7, ROOT)
    with pytest.raises(NetpolError, match="from 0, not -1"):
        draw(20, Level.MID, -1, ROOT)


def task_of(section: Section) -> tuple[Step, Practice]:
    """The step with a task in a section."""
    step = next(step for step in INTERVIEW.plan.steps if step.section is section)
    assert isinstance(step.asks, Practice)
    return step, step.asks


@pytest.mark.parametrize("section", [Section.WRITE, Section.DEBUG])
@pytest.mark.parametrize("answer", [right, wrong])
def test_follow_ups_are_true_of_the_answer(section: Section, answer: Callable[[Step], str]) -> None:
    """What an intruder reaches, and what becomes of a connection, is so as the answer stands."""
    step, task = task_of(section)
    grade = session.graded(task, answer(step))
    assert grade.cluster is not None
    made = {each.id: each.asks for each in follow_ups(step, grade, 4, Level.MID)}
    intruder = made[f"{step.id}-intruder"]
    assert isinstance(intruder, Question)
    (source,) = re.findall(r"an intruder owns (\S+)\.", intruder.text)
    reached = {one.place.key for one in what_can_be_reached(grade.cluster, source).found}
    assert intruder.choices
    target = intruder.text.split(" connect to ")[1].split(".")[0]
    if target in {pod.key for pod in grade.cluster.pods}:
        assert target not in {choice.text for choice in intruder.choices}, "it was just told"
    for choice in intruder.choices:
        assert choice.right is (choice.text in reached)
    written = made[f"{step.id}-as-written"]
    assert isinstance(written, Question)
    (connection,) = written.card.connections
    (key,) = (choice.text for choice in written.choices if choice.right)
    assert key.startswith("allowed") is evaluate(grade.cluster, connection).allowed
    if grade.outcome is not Outcome.DONE:
        solution = task.catalog.solutions(task.task)[0]
        solved = task.catalog.world(task.task).with_policy(*solution)
        asked = [f"{source} -> {text.split(' -> ')[1]}" for text, _ in task.task.listed]
        assert any(
            evaluate(grade.cluster, text).allowed and not evaluate(solved, text).allowed
            for text in asked
            if source not in text.split(" -> ")[1]
        ), "the intruder is somebody whom the answer lets in by mistake"
        assert connection == grade.failures[0].connection, "ask about what came out wrong"


def test_the_intruder_may_be_somebody_of_whom_the_task_does_not_speak() -> None:
    """Who is let in by mistake, and by no line that is listed."""
    step, task = task_of(Section.WRITE)
    world, right_policies = task.catalog.world(task.task), task.catalog.solutions(task.task)[0]
    (target, *_), _ = by_scope(right_policies)
    listed = " ".join(text for text, _ in task.task.listed)
    solved = world.with_policy(*right_policies)
    protected = next(pod for pod in world.pods if target in solved.policies_selecting(pod))
    stranger = next(
        pod
        for pod in world.pods
        if pod.key not in listed and not evaluate(solved, f"{pod.key} -> {protected.key}:1").allowed
    )
    door = PodPeer(
        namespace_selector=LabelSelector(match_labels={NAMESPACE_NAME_LABEL: stranger.namespace}),
        pod_selector=LabelSelector(match_labels=stranger.labels),
    )
    opened = replace(target, ingress=(*target.ingress, Rule(peers=(door,))))
    grade = session.graded(task, dump((opened, *right_policies[1:])))
    assert grade.failures == ()
    (intruder, *_) = follow_ups(step, grade, 4, Level.MID)
    assert isinstance(intruder.asks, Question)
    assert f"an intruder owns {stranger.key}." in intruder.asks.text


def test_what_the_api_leaves_open_is_not_asked() -> None:
    """Whether a range of addresses means pods, too, has no right answer."""
    step, task = task_of(Section.WRITE)
    (target, *_), _ = by_scope(task.catalog.solutions(task.task)[0])
    everywhere = (Rule(peers=(IPBlock(cidr="0.0.0.0/0"),)),)
    answer = dump((replace(target, ingress=everywhere, policy_types=(Direction.INGRESS,)),))
    grade = session.graded(task, answer)
    assert grade.cluster is not None
    assert any(evaluate(grade.cluster, each.connection).caveats for each in grade.failures)
    made = {each.id: each.asks for each in follow_ups(step, grade, 4, Level.MID)}
    written = made[f"{step.id}-as-written"]
    assert isinstance(written, Question)
    (connection,) = written.card.connections
    assert not evaluate(grade.cluster, connection).caveats


def test_an_answer_that_does_not_load_is_told_and_not_counted() -> None:
    """A typing error costs a line, not the task."""
    interview = INTERVIEW
    step, _ = task_of(Section.WRITE)
    while session.current(interview) != step:
        interview = go_on(interview, knows=True)
    for text, says in (
        ("kind: NetworkPolicy\nspec: [", "answer|yaml"),
        ("", "nothing is answered yet"),
        (wrong(step).replace("podSelector", "podselector"), "spec.podselector"),
    ):
        with pytest.raises(MisunderstoodError, match=says):
            session.say(interview, text)
    assert session.current(session.skip(interview)) != step


def test_what_makes_no_sense_changes_nothing() -> None:
    """Letters that are no choice, points that are not there."""
    with pytest.raises(MisunderstoodError, match="from 1 to"):
        session.confirm(session.say(INTERVIEW, "words"), (99,))
    asked = go_on(INTERVIEW, knows=True)
    with pytest.raises(MisunderstoodError, match="none of the answers"):
        session.say(asked, "z")
    over = session.stop(asked)
    assert session.current(over) is None
    assert session.say(over, "a") == session.skip(over) == session.confirm(over, ()) == over


def test_the_time_runs_out_gently() -> None:
    """The answer that is being given still counts; then nothing more is asked."""
    late = session.spend(INTERVIEW, 20 * 60 - 1)
    assert session.current(late) is not None
    after = go_on(late, knows=True)
    assert len(after.records) == 1
    assert session.current(after) is None
    assert "1 of" in report.as_markdown(after, LESSONS)


def test_a_pause_at_any_moment_changes_nothing(tmp_path: Path) -> None:
    """Written and read back before each answer, the interview ends as without a pause."""
    store = Store(workspace=tmp_path, course=ROOT)
    assert store.read() is None
    interview = INTERVIEW
    while session.current(interview) is not None:
        store.write(interview)
        found = store.read()
        assert found == interview
        interview = go_on(found, knows=False)
    assert interview == to_the_end(INTERVIEW, knows=False)
    store.conclude(interview, LESSONS)
    assert store.read() is None
    noted = session.say(session.spend(INTERVIEW, SECONDS), "half an answer")
    store.write(noted)
    assert store.read() == noted


GOOD = {
    "version": 1,
    "minutes": 20,
    "level": "mid",
    "seed": 7,
    "records": [],
    "draft": None,
    "seconds": 0,
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 200_000,
        "[]",
        "{}",
        *(
            json.dumps(GOOD | change)
            for change in (
                {"version": 2},
                {"minutes": 21},
                {"seed": -1},
                {"seed": "7"},
                {"level": "boss"},
                {"draft": 5},
                {"records": [{"step": "no-such", "text": "a", "points": [], "seconds": 1}]},
                {"records": [3]},
            )
        ),
    ],
)
def test_a_damaged_file_is_kept_and_told(tmp_path: Path, text: str) -> None:
    """Nothing is thrown away, and the message says what to do."""
    store = Store(workspace=tmp_path, course=ROOT)
    path = save_text(store.folder / "interview.json", text)
    with pytest.raises(AnswerError, match="netpol interview --new"):
        store.read()
    assert (store.folder / "interview.damaged.json").read_text("utf-8") == text
    assert path.read_text("utf-8") == text


def test_the_good_file_is_good(tmp_path: Path) -> None:
    """The table of damages above begins with a file that is read."""
    store = Store(workspace=tmp_path, course=ROOT)
    save_text(store.folder / "interview.json", json.dumps(GOOD))
    assert store.read() == INTERVIEW


def test_who_knows_is_told_so_and_who_does_not_is_told_what_to_read() -> None:
    """All skills are seen; right answers have nothing to review, wrong ones have."""
    good, bad = (to_the_end(INTERVIEW, knows=knows) for knows in (True, False))
    for interview, share in ((good, 1.0), (bad, 0.0)):
        evidence = [each for one in judge(interview) for each in one.evidence]
        assert {each.skill for each in evidence} == set(Skill)
        checked = [e for e in evidence if not e.self_assessed and e.skill is Skill.LEAST_PRIVILEGE]
        assert min(each.share for each in checked) == share
    assert "Nothing came out wrong" in report.as_markdown(good, LESSONS)
    assert "](../lessons/09-lesson.ipynb)" in report.as_markdown(bad, LESSONS)


def test_self_assessment_is_labelled() -> None:
    """Whatever nobody checked says so."""
    for one in judge(to_the_end(INTERVIEW, knows=True)):
        asks = one.step.asks
        spoken = isinstance(asks, Question) and bool(asks.checklist)
        assert all(each.self_assessed is spoken for each in one.evidence)


def test_the_report_reads_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The whole report of a candidate who opens everything."""
    written = report.as_markdown(to_the_end(INTERVIEW, knows=False), LESSONS)
    golden(written, "course/interview-report.md")


def test_the_page_says_what_the_report_says() -> None:
    """The same words, and nothing that a candidate typed is markup."""
    interview = session.say(INTERVIEW, "<script>alert(1)</script>")
    interview = session.confirm(interview, ())
    page = report.as_html(interview, LESSONS)
    assert "<script>" not in page

    class Text(HTMLParser):
        """Collects what is read."""

        words = ""

        def handle_data(self, data: str) -> None:
            """Keep it."""
            self.words += data

        def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
            """Lines do not run together."""
            self.words += "" if tag in ("a", "code") else " "

    reader = Text()
    reader.feed(page)
    said = " ".join(reader.words.split())
    for line in _lines_of(report.blocks(interview, LESSONS)):
        plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line)
        for part in plain.split("`"):
            assert " ".join(part.split()) in said


def _lines_of(blocks: Iterable[report.Block]) -> Iterator[str]:
    for block in blocks:
        yield from (*block.lines, *chain(*block.rows), *_lines_of(block.parts))


def test_the_page_unfolds_what_went_wrong() -> None:
    """What was right, and what the candidate judged, waits to be asked for."""
    blocks = report.blocks(to_the_end(INTERVIEW, knows=False), LESSONS)
    folds = [block for block in blocks if block.kind == "details"]
    for fold, each in zip(folds, judge(to_the_end(INTERVIEW, knows=False)), strict=True):
        assert fold.unfolded is (not each.right and not each.evidence[0].self_assessed)
    assert {fold.unfolded for fold in folds} == {True, False}
    good = report.blocks(to_the_end(INTERVIEW, knows=True), LESSONS)
    assert not any(block.unfolded for block in good)


def test_skipping_everything_gives_a_report() -> None:
    """Somebody who says nothing is told so, without a traceback."""
    interview = INTERVIEW
    while session.current(interview) is not None:
        interview = session.skip(interview)
    written = report.as_markdown(interview, LESSONS)
    assert f"You answered 0 of {len(INTERVIEW.plan.steps)} questions" in written
    assert all(not each.right for each in judge(interview))
    assert replace(interview, stopped=True).left == interview.left
