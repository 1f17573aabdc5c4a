"""What ``netpol watch`` shows after each event; nothing here waits."""

from __future__ import annotations

from netpol_sim.course import watch
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.grade import Grade, Outcome
from netpol_sim.course.task import Task
from netpol_sim.course.watch import Event, State

TASKS = read_catalog().tasks[:3]
FIRST, SECOND, THIRD = TASKS


class Room:
    """Tasks that are done or not as a test says."""

    def __init__(self, *done: Task) -> None:
        self.done = {task.id for task in done}

    def judge(self, task: Task) -> Grade:
        """A grade without an answer."""
        outcome = Outcome.DONE if task.id in self.done else Outcome.NOT_ATTEMPTED
        return Grade(task=task, outcome=outcome)


def current(state: State) -> str | None:
    """The id of the task that is watched."""
    return state.current.id if state.current else None


def test_it_begins_with_the_first_that_is_not_done() -> None:
    """Without a name the first open task is shown with its story, with a name that one."""
    state, text = watch.begin(TASKS, None, Room(FIRST).judge)
    assert current(state) == SECOND.id
    assert SECOND.story.strip() in text
    state, _ = watch.begin(TASKS, FIRST, Room(FIRST).judge)
    assert current(state) == FIRST.id


def test_saving_judges_again_and_stays() -> None:
    """A saved answer is judged anew; a task that is done stays until the learner goes on."""
    room = Room()
    state, _ = watch.begin(TASKS, None, room.judge)
    room.done.add(FIRST.id)
    state, text = watch.step(state, Event.SAVED, room.judge)
    assert current(state) == FIRST.id
    assert f"✓ {FIRST.id}: done" in text


def test_next_goes_on_and_around() -> None:
    """Next is the nearest open task behind, then from the beginning, then none."""
    room = Room(SECOND)
    state, _ = watch.begin(TASKS, None, room.judge)
    seen = []
    for _ in range(2):
        state, _ = watch.step(state, Event.NEXT, room.judge)
        seen.append(current(state))
    assert seen == [THIRD.id, FIRST.id]
    room.done |= {FIRST.id, THIRD.id}
    state, text = watch.step(state, Event.NEXT, room.judge)
    assert current(state) is None
    assert "Every task is done" in text


def test_a_task_left_open_comes_again() -> None:
    """Next never loses the last open task."""
    state, _ = watch.begin(TASKS, None, Room(FIRST, THIRD).judge)
    state, _ = watch.step(state, Event.NEXT, Room(FIRST, THIRD).judge)
    assert current(state) == SECOND.id
