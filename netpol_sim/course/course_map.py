"""The map of the course, as the text of its first notebook and as a section of the README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_sim.course.syllabus import Lesson, Part, Route, Syllabus

NAME = "00-start-here"
"""The notebook's name without its ending; it stands before all lessons."""

BEGIN = "<!-- The map of the course; made by: python -m netpol_sim.course.publish build -->"
END = "<!-- The end of the map. -->"


def markdown(syllabus: Syllabus) -> str:
    """The text of the notebook, as ``source`` reads it."""
    first = syllabus.lessons[0]
    practise = filter(None, (syllabus.practise,))
    return "\n".join(
        (
            "---",
            'title: "Start here: the map of the course"',
            "minutes: 5",
            "objectives:",
            "  - Choose a route through the course.",
            "  - Open the first lesson.",
            "---",
            "",
            _WELCOME.format(title=first.part.title, link=f"{first.name}.ipynb"),
            *(_PRACTISE.format(link=_link(text, "", text.title)) for text in practise),
            "## Routes",
            "",
            *_route_table(syllabus.routes, ""),
            "",
            "## The lessons",
            "",
            *_lesson_table(syllabus.lessons, "", "../exercises/"),
            "",
            "## What you can do after each lesson",
            "",
            *_objectives(syllabus.lessons),
            "",
            "",
        )
    )


_WELCOME = """\
This course teaches Kubernetes network policies for microservices. You need no cluster: everything
runs in a small, exact simulator in this notebook.

**How to work.** Read a question, decide, and only then run the cell (`Shift`+`Enter`). The
simulator answers and says why. In the exercises you write policies yourself; running the cell
grades them by what they mean, and says what is still wrong.

Begin with [{title}]({link}), or choose a route below. The
[glossary](glossary.ipynb) explains every word.
"""


_PRACTISE = """\
After a lesson, and on every day that you have ten minutes: {link}. It shows, too, where you stand.
"""


def readme_section(syllabus: Syllabus) -> str:
    """The section of the README, between its two comments."""
    return "\n".join(
        (
            BEGIN,
            *_lesson_table(syllabus.lessons, "lessons/", "exercises/"),
            "",
            *_route_table(syllabus.routes, "lessons/"),
            END,
        )
    )


def with_section(readme: str, section: str) -> str:
    """The README with its map replaced; as it is when it has no place for one."""
    before, begins, rest = readme.partition(BEGIN)
    _, ends, after = rest.partition(END)
    return before + section + after if begins and ends else readme


def _route_table(found: Iterable[Route], lessons: str) -> Iterator[str]:
    yield "| route | for | lessons | time |"
    yield "|---|---|---|---|"
    for route in found:
        way = ", ".join(_link(lesson.part, lessons, short(lesson.name)) for lesson in route.lessons)
        what = "lessons and exercises" if route.exercises else "lessons"
        yield f"| **{route.title}** | {route.purpose} | {way} | {hours(route.needed)}, {what} |"


def _lesson_table(found: Iterable[Lesson], lessons: str, exercises: str) -> Iterator[str]:
    yield "| lesson | builds on | time | exercises |"
    yield "|---|---|---|---|"
    for lesson in found:
        after = ", ".join(short(name) for name in lesson.after) or "nothing"
        practice = (
            _link(lesson.exercises, exercises, hours(lesson.exercises.minutes))
            if lesson.exercises
            else "none"
        )
        link = _link(lesson.part, lessons, lesson.part.title)
        yield f"| {link} | {after} | {hours(lesson.part.minutes)} | {practice} |"


def _objectives(found: Iterable[Lesson]) -> Iterator[str]:
    for lesson in found:
        yield f"<details><summary>{lesson.part.title}</summary>"
        yield ""
        yield from (f"- {objective}" for objective in lesson.part.objectives)
        yield ""
        yield "</details>"


def _link(part: Part, folder: str, words: str) -> str:
    return f"[{words}]({folder}{part.name}.ipynb)"


def short(name: str) -> str:
    """``4`` for ``04-the-banking-case``; the first word of a name without a number."""
    first = name.partition("-")[0]
    return str(int(first)) if first.isdigit() else first


def hours(minutes: int) -> str:
    """A time for people: ``45 min``, ``2 h``, ``2 h 10 min``."""
    whole, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{whole} h" * bool(whole), f"{rest} min" * bool(rest)) if part
    )
