"""The diary: what is written is read, nothing is lost, nothing in it decides a grade."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.course import overview
from netpol_sim.course.answers import AnswerError, Answers
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Outcome
from netpol_sim.course.progress import (
    DAMAGED,
    RETRY_AFTER,
    Diary,
    Event,
    EventKind,
    Progress,
    event,
    merge,
    parse,
    write,
)

CATALOG = read_catalog()
TASK = CATALOG.task("shop-backend")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORD = st.text("abcdefghijklmnopqrstuvwxyz-0123456789", min_size=1, max_size=8)
EVENTS = st.builds(
    lambda seconds, kind, subject, result, facts: event(
        NOON + timedelta(seconds=seconds), kind, subject, result, **facts
    ),
    st.integers(0, 10**8),
    st.sampled_from(EventKind),
    WORD,
    st.just("") | WORD,
    st.dictionaries(st.sampled_from(("step", "misconception", "answer")), WORD, max_size=2),
)
DIARIES = st.lists(EVENTS, max_size=8).map(lambda events: parse(write(events)))


@given(st.lists(EVENTS))
def test_what_is_written_is_read(events: list[Event]) -> None:
    """A diary reads back as the set of its events, in order of time."""
    found = parse(write(events))
    assert found.events == tuple(sorted(set(events)))
    assert not found.unread


@given(DIARIES, DIARIES, DIARIES)
def test_merging_is_a_union(one: Progress, two: Progress, three: Progress) -> None:
    """Merging loses nothing, whatever the order and however often."""
    assert merge(one, two) == merge(two, one)
    assert merge(one, merge(two, three)) == merge(merge(one, two), three)
    assert merge(one, one) == merge(one)
    assert set(merge(one, two).events) == {*one.events, *two.events}


@given(st.lists(EVENTS, min_size=1), st.integers(0, 400))
def test_a_truncated_diary_loses_one_event_at_most(events: list[Event], cut: int) -> None:
    """Of a file that ends early, every whole line is still read."""
    text = write(events)[: -cut or None]
    whole = text[: text.rfind("\n") + 1]
    assert set(parse(text).events) >= set(parse(whole).events)


@given(st.text())
def test_garbage_is_kept_apart(text: str) -> None:
    """No text makes reading fail, and every line is an event, a remark, blank or unread."""
    found = parse(text)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(found.unread) <= len(lines)


@pytest.mark.parametrize(
    "line",
    [
        "2026-13-45T10:00:00Z graded a done",
        "2026-11-23T10:00:00Z danced a done",
        "yesterday graded a done",
        "2026-11-23T10:00:00Z graded",
    ],
)
def test_a_bad_line_costs_no_more_than_itself(line: str) -> None:
    """The line is kept by its number, and its neighbours are read."""
    good = str(event(NOON, EventKind.GRADED, "a", "done"))
    found = parse(f"{good}\n{line}\n{good.replace('12:', '13:')}\n")
    assert len(found.events) == 2
    assert found.unread == {2: line}


def test_adding_never_touches_what_is_there(tmp_path: Path) -> None:
    """A cut-off line, garbage and odd bytes stay in the file; a new event has a line of its own."""
    diary = Diary(folder=tmp_path)
    before = b"\xff garbage\n2026-11-23T10:00:00Z graded shop-backend do"
    diary.path.write_bytes(before)
    diary.add(event(NOON, EventKind.RESET, "shop-backend"))
    assert diary.path.read_bytes().startswith(before + b"\n")
    assert EventKind.RESET in {each.kind for each in diary.read().events}


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    """What several writers add at once is all there, one event a line."""
    events = [event(NOON + timedelta(seconds=n), EventKind.GRADED, f"t{n}") for n in range(60)]
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(lambda each: Diary(folder=tmp_path).add(each), events))
    found = Diary(folder=tmp_path).read()
    assert found == Progress(events=tuple(events))


def test_taking_over_brings_what_is_new(tmp_path: Path) -> None:
    """The events of another machine join; taking them over again adds none."""
    diary = Diary(folder=tmp_path)
    mine, theirs = (event(NOON, EventKind.GRADED, name) for name in ("mine", "theirs"))
    diary.add(mine)
    other = Progress(events=(mine, theirs))
    assert diary.take_over(other) == 1
    assert diary.take_over(other) == 0
    assert set(diary.read().events) == {mine, theirs}


def test_a_folder_in_place_of_the_diary(tmp_path: Path) -> None:
    """A diary that cannot be read is reported, and takes no grade away."""
    (tmp_path / "progress.txt").mkdir()
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    with pytest.raises(AnswerError, match="cannot be read"):
        desk.diary.read()
    desk.answers.save(TASK, TASK.references[0].text)
    assert desk.attempt(TASK, now=NOON).outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("solved", "due"),
    [(None, True), (timedelta(hours=1), True), (RETRY_AFTER, False)],
)
def test_a_revealed_task_comes_back(solved: timedelta | None, due: bool) -> None:  # noqa: FBT001
    """It comes back until it is solved after the time has passed."""
    events = [event(NOON, EventKind.REVEALED, "a")]
    if solved is not None:
        events.append(event(NOON + solved, EventKind.GRADED, "a", "done"))
    retry_at = Progress(events=tuple(events)).retry_at("a")
    assert retry_at == (NOON + RETRY_AFTER if due else None)


def test_an_unchanged_answer_is_no_new_attempt(tmp_path: Path) -> None:
    """Only a changed answer, or the same one after a reset, counts again."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    desk.attempt(TASK, now=NOON)
    assert desk.diary.read() == Progress()
    for text, attempts in (("a: 1\n", 1), ("a: 1\n", 1), ("a: 2\n", 2), ("a: 1\n", 3)):
        desk.answers.save(TASK, text)
        desk.attempt(TASK, now=NOON + timedelta(seconds=attempts))
        assert desk.diary.read().attempts(TASK.id) == attempts
    desk.diary.add(event(NOON + timedelta(minutes=1), EventKind.RESET, TASK.id))
    desk.attempt(TASK, now=NOON + timedelta(minutes=2))
    assert desk.diary.read().attempts(TASK.id) == 4


def test_the_map_is_judged_from_answers(tmp_path: Path) -> None:
    """A diary that claims a task is done makes nothing done; an answer does."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    claims = [event(NOON, EventKind.GRADED, task.id, "done") for task in CATALOG.tasks]
    desk.diary.add(*claims)
    assert overview.overview(desk, desk.diary.read(), now=NOON).done == 0
    desk.answers.save(TASK, TASK.references[0].text)
    view = overview.overview(desk, desk.diary.read(), now=NOON)
    assert [state.task.id for state in view.tasks if state.outcome is Outcome.DONE] == [TASK.id]


def test_what_is_due_comes_first(tmp_path: Path) -> None:
    """A task that is due again is the next one."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    desk.diary.add(event(NOON, EventKind.REVEALED, "bank-four"))
    for now, expected in ((NOON, CATALOG.tasks[0].id), (NOON + RETRY_AFTER, "bank-four")):
        state = overview.overview(desk, desk.diary.read(), now=now).next
        assert state is not None
        assert state.task.id == expected


def test_of_a_damaged_diary_a_copy_is_kept(tmp_path: Path) -> None:
    """The copy is what was found; a diary that reads well leaves none."""
    diary = Diary(folder=tmp_path)
    diary.add(event(NOON, EventKind.RESET, "a"))
    diary.read()
    assert not (tmp_path / DAMAGED).exists()
    diary.path.write_bytes(diary.path.read_bytes() + b"\xff garbage\n")
    found = diary.path.read_bytes()
    assert len(diary.read().events) == 1
    diary.add(event(NOON, EventKind.RESET, "b"))
    assert (tmp_path / DAMAGED).read_bytes() == found


def test_cards_that_are_due_are_counted(tmp_path: Path) -> None:
    """A card that was asked long ago is due; one that nobody was asked is not."""
    desk = Desk(catalog=CATALOG, answers=Answers(folder=tmp_path))
    assert "quiz card" not in overview.text(overview.overview(desk, Progress(), now=NOON))
    asked = event(NOON, EventKind.REVIEWED, "default-without-policies", "right", confidence="sure")
    diary = Progress(events=(asked,))
    view = overview.overview(desk, diary, now=NOON + timedelta(days=365))
    assert view.cards_due == 1
    assert "1 quiz card is due today: `netpol quiz --due`." in overview.text(view)
    assert overview.overview(desk, diary, now=NOON).cards_due == 0
