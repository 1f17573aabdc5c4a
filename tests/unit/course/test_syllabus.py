"""The plan of the course: what the index says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_sim.course import course_map
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.syllabus import read_syllabus

LESSON = "---\ntitle: {}\nminutes: {}\nobjectives: [see]\n---\n"
LESSONS = "lessons: [{source: 01-a, after: []}, {source: 02-b, after: [01-a]}]\n"
SETS = "sets: [{source: 02-b, lesson: 2}]\n"
ROUTES = "routes: [{title: All, purpose: learning}]\n"


def course(folder: Path, index: str) -> Path:
    """Two lessons of 40 and 50 minutes, and half an hour of exercises with the second."""
    for name in ("exercises", "lessons", "solutions"):
        (folder / name).mkdir()
    (folder / "exercises/course.yaml").write_text(index)
    (folder / "lessons/01-a.md").write_text(LESSON.format("First", 40))
    (folder / "lessons/02-b.md").write_text(LESSON.format("Second", 50))
    (folder / "solutions/02-b.md").write_text(LESSON.format("Exercises", 30))
    return folder


def test_times_come_from_the_texts(tmp_path: Path) -> None:
    """A route without lessons takes all of them, and their exercises count."""
    plan = read_syllabus(course(tmp_path, LESSONS + SETS + ROUTES))
    assert [lesson.part.title for lesson in plan.lessons] == ["First", "Second"]
    assert [route.needed for route in plan.routes] == [120]


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (LESSONS.replace("01-a", "01-x") + SETS + ROUTES, "lessons/01-x.md cannot be read"),
        (LESSONS.replace("[01-a]", "[03-c]") + SETS + ROUTES, "`02-b` builds on `03-c`"),
        ("lessons: [{source: 01-a}]\n" + SETS + ROUTES, "lists no lesson `02-b`"),
        (LESSONS + SETS + "routes: [{lessons: [01-b]}]\n", "has no lesson `01-b`; did you mean"),
        (LESSONS + SETS + "routes: [{title: Fast, minutes: 119}]\n", "takes 120 minutes, not 119"),
        (LESSONS + SETS + "routes: 5\n", "`routes` is a list of mappings"),
        (LESSONS + "sets: [{source: 09-x, lesson: 1}]\n" + ROUTES, "solutions/09-x.md cannot be"),
    ],
)
def test_problems_are_found(tmp_path: Path, index: str, message: str) -> None:
    """Each fault of the plan is told."""
    with pytest.raises(SourceError) as caught:
        read_syllabus(course(tmp_path, index))
    assert message in "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("minutes", "said"), [(45, "45 min"), (60, "1 h"), (130, "2 h 10 min"), (0, "")]
)
def test_times_are_said_for_people(minutes: int, said: str) -> None:
    """Hours and minutes, and neither when it is nought."""
    assert course_map.hours(minutes) == said


def test_the_map_of_a_small_course(tmp_path: Path) -> None:
    """Each lesson has its time, what it builds on, and a link to its exercises."""
    plan = read_syllabus(course(tmp_path, LESSONS + SETS + ROUTES))
    section = course_map.readme_section(plan)
    assert (
        "| [Second](lessons/02-b.ipynb) | 1 | 50 min | [30 min](exercises/02-b.ipynb) |" in section
    )
    assert "| **All** | learning |" in section


def test_a_readme_without_a_place_stays_as_it_is() -> None:
    """Only what stands between the two comments is replaced."""
    assert course_map.with_section("words", "map") == "words"
    text = f"a\n{course_map.BEGIN}\nold\n{course_map.END}\nb\n"
    assert course_map.with_section(text, "map") == "a\nmap\nb\n"
