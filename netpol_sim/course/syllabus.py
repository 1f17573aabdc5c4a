"""The plan of the course: its lessons in order, what each builds on, and routes through them.

Everything comes from the index ``exercises/course.yaml`` and from the front matter of the texts it
lists; no duration or objective is written twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from netpol_sim.course import content_yaml, source
from netpol_sim.course.catalog import INDEX, SETS
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import nearest

LESSONS = "lessons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text of the course that takes time: a lesson, or an exercise set."""

    name: str
    title: str
    minutes: int
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson, the names of those it builds on, and its exercises (None when it has no set)."""

    part: Part
    after: tuple[str, ...]
    exercises: Part | None

    @property
    def name(self) -> str:
        """The file's name without its ending, such as ``04-the-banking-case``."""
        return self.part.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way through the course for one purpose.

    ``minutes`` is the time there is; None when there is no limit.  ``exercises`` says whether the
    exercise sets belong to the time.
    """

    title: str
    purpose: str
    lessons: tuple[Lesson, ...]
    minutes: int | None
    exercises: bool

    @property
    def needed(self) -> int:
        """How many minutes the route takes."""
        parts = [lesson.part for lesson in self.lessons]
        if self.exercises:
            parts += [lesson.exercises for lesson in self.lessons if lesson.exercises]
        return sum(part.minutes for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Syllabus:
    """The whole plan; ``practise`` is the text on cards, interviews and exams, if there is one."""

    lessons: tuple[Lesson, ...]
    routes: tuple[Route, ...]
    practise: Part | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The names of all texts in the folder of the lessons, in order."""
        more = (self.practise.name,) if self.practise else ()
        return (*(lesson.name for lesson in self.lessons), *more)


def read_syllabus(folder: Path | None = None) -> Syllabus:
    """Read the plan.

    Args:
        folder: The folder with ``exercises/``, ``lessons/`` and ``solutions/``; None takes what we
            ship.

    Raises:
        SourceError: With every problem of the index, and of the texts it lists.
    """
    return _Reader(folder or content_folder()).syllabus()


class _Reader:
    """Reads one index, collecting its problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.lessons: dict[str, Lesson] = {}

    def syllabus(self) -> Syllabus:
        index = content_yaml.read((self.folder / INDEX).read_text("utf-8"))
        sets = {f"{entry['lesson']:02}": entry["source"] for entry in index["sets"]}
        for entry in self.entries(index, "lessons"):
            lesson = self.lesson(entry, sets.get(str(entry.get("source")).partition("-")[0]))
            if lesson:
                self.lessons[lesson.name] = lesson
        routes = tuple(self.route(entry) for entry in self.entries(index, "routes"))
        practise = self.part(LESSONS, str(index["practise"])) if "practise" in index else None
        plan = Syllabus(lessons=tuple(self.lessons.values()), routes=routes, practise=practise)
        self.problems += self.unlisted(plan.texts)
        if self.problems:
            raise SourceError(tuple(self.problems))
        return plan

    def entries(self, index: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
        found = index.get(key)
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.problems.append(f"{INDEX}: `{key}` is a list of mappings")
            return
        yield from found

    def lesson(self, entry: Mapping[str, object], exercises: str | None) -> Lesson | None:
        name = str(entry.get("source"))
        after = self.names(entry, "after")
        for earlier in after:
            if earlier not in self.lessons:
                self.problems.append(
                    f"{INDEX}: `{name}` builds on `{earlier}`, not listed above it"
                )
        part = self.part(LESSONS, name)
        practice = self.part(SETS, exercises) if exercises else None
        return Lesson(part=part, after=after, exercises=practice) if part else None

    def part(self, folder: str, name: str) -> Part | None:
        path = self.folder / folder / f"{name}.md"
        try:
            text = source.read(path)
        except SourceError as error:
            self.problems += error.problems
            return None
        except OSError as error:
            self.problems.append(f"{INDEX}: {folder}/{path.name} cannot be read: {error.strerror}")
            return None
        return Part(name=name, title=text.title, minutes=text.minutes, objectives=text.objectives)

    def route(self, entry: Mapping[str, object]) -> Route:
        minutes = entry.get("minutes")
        names = self.names(entry, "lessons") or tuple(self.lessons)
        for name in names:
            if name not in self.lessons:
                meant = nearest(name, self.lessons)
                hint = f"; did you mean `{meant}`?" if meant else ""
                self.problems.append(f"{INDEX}: a route has no lesson `{name}`{hint}")
        route = Route(
            title=str(entry.get("title")),
            purpose=str(entry.get("purpose")),
            lessons=tuple(self.lessons[name] for name in names if name in self.lessons),
            minutes=minutes if isinstance(minutes, int) else None,
            exercises=entry.get("exercises") is not False,
        )
        if route.minutes is not None and route.needed > route.minutes:
            self.problems.append(
                f"{INDEX}: route `{route.title}` takes {route.needed} minutes, not {route.minutes}"
            )
        return route

    def names(self, entry: Mapping[str, object], key: str) -> tuple[str, ...]:
        found = entry.get(key, [])
        return tuple(map(str, found)) if isinstance(found, list) else (str(found),)

    def unlisted(self, listed: Container[str]) -> Iterator[str]:
        """The lesson texts that lie there, and the index does not know."""
        for path in sorted((self.folder / LESSONS).glob("*.md")):
            if path.stem not in listed and path.read_text("utf-8").startswith("---"):
                yield f"{INDEX}: lists no lesson `{path.stem}`, but there is {LESSONS}/{path.name}"
