"""Build notebooks from their sources: ``python -m netpol_sim.course.publish build|check``.

A lesson gives one notebook beside its source.  An exercise set gives two: the learner's under
``exercises/`` and the solved one beside the source.  The index gives the map of the course (as a
notebook, and as a section of the README) and the glossary.  ``build`` writes the notebooks whose
bytes differ; ``check`` builds in memory and compares with what is written.  Without files, all are
meant, and ``build`` leaves out what has not changed since it was built last.
"""

from __future__ import annotations

import argparse
import difflib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from netpol_sim.course import (
    catalog,
    course_map,
    exercise_notebooks,
    freshness,
    glossary,
    source,
    syllabus,
    workspace,
)
from netpol_sim.course.card_markdown import cards_of
from netpol_sim.course.source_parts import Source, SourceError

WORKERS = 2
EXERCISES = "exercises"
MOST_LINES = 40
MOST_COLUMNS = 160


class Form(StrEnum):
    """What a notebook is of its source."""

    LESSON = "lesson"
    LEARNER = "learner's"
    SOLVED = "solved"
    MAP = "map"
    GLOSSARY = "glossary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One notebook to be built: its source, where it belongs, and what it is of its source."""

    path: Path
    notebook: Path
    form: Form = Form.LESSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one job: the notebook's text, or problems."""

    job: Job
    text: str = ""
    problems: tuple[str, ...] = ()
    seconds: float

    @property
    def path(self) -> Path:
        """The source."""
        return self.job.path

    @property
    def notebook(self) -> Path:
        """Where the notebook belongs."""
        return self.job.notebook


def jobs_of(path: Path) -> tuple[Job, ...]:
    """The notebooks that a source gives."""
    if path.name == Path(catalog.INDEX).name:
        lessons = path.parent.parent / syllabus.LESSONS
        made = {course_map.NAME: Form.MAP, glossary.NAME: Form.GLOSSARY}
        return tuple(
            Job(path=path, notebook=lessons / f"{name}.ipynb", form=form)
            for name, form in made.items()
        )
    beside = path.with_suffix(".ipynb")
    if path.resolve().parent.name != catalog.SETS:
        return (Job(path=path, notebook=beside),)
    learners = path.parent.parent / EXERCISES / beside.name
    return (
        Job(path=path, notebook=learners, form=Form.LEARNER),
        Job(path=path, notebook=beside, form=Form.SOLVED),
    )


def attempt(job: Job) -> Result:
    """Build one notebook, whatever comes of it."""
    began = time.monotonic()
    try:
        text = _executed(_source(job))
    except SourceError as error:
        return Result(job=job, problems=error.problems, seconds=time.monotonic() - began)
    return Result(job=job, text=text, seconds=time.monotonic() - began)


def _executed(found: Source) -> str:
    from netpol_sim.course.notebook import publish  # noqa: PLC0415  takes seconds to import

    return publish(found)


def _source(job: Job) -> Source:
    if job.form is Form.LESSON:
        return source.read(job.path, cards_of(workspace.content_folder()))
    folder = job.path.resolve().parent.parent
    if job.form is Form.MAP:
        return source.parse(course_map.markdown(syllabus.read_syllabus(folder)), job.notebook)
    if job.form is Form.GLOSSARY:
        entries = glossary.read_glossary(syllabus.read_syllabus(folder), folder)
        return source.parse(glossary.markdown(entries), job.notebook)
    course = catalog.read_catalog(folder)
    text = exercise_notebooks.markdown(
        course, course.exercise_set(job.path.stem), solved=job.form is Form.SOLVED
    )
    return source.parse(text, job.notebook)


def attempt_all(jobs: Sequence[Job]) -> Iterator[Result]:
    """Build notebooks, several at once, and give the results in order."""
    if len(jobs) < WORKERS:
        yield from map(attempt, jobs)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=WORKERS, mp_context=fresh) as workers:
        yield from workers.map(attempt, jobs)


def built(result: Result) -> tuple[bool, list[str]]:
    """Write a notebook that differs from what is there; say whether it went well, and how."""
    if result.problems:
        return False, list(result.problems)
    if _current(result.notebook) == result.text:
        return True, [f"unchanged {result.notebook} ({result.seconds:.1f} s)"]
    result.notebook.write_text(result.text, "utf-8", newline="\n")
    return True, [f"built {result.notebook} ({result.seconds:.1f} s)"]


def checked(result: Result) -> tuple[bool, list[str]]:
    """Compare a notebook with what is there; say whether it is the same, and how it differs."""
    if result.problems:
        return False, list(result.problems)
    current = _current(result.notebook)
    if current == result.text:
        return True, [f"same {result.notebook} ({result.seconds:.1f} s)"]
    remedy = f"build it with: python -m netpol_sim.course.publish build {result.path}"
    if current is None:
        return False, [f"{result.notebook}: this notebook is missing; {remedy}"]
    differs = f"{result.notebook}: this is not what its source gives; {remedy}"
    return False, [differs, *difference(current, result.text)]


def difference(current: str, wanted: str) -> list[str]:
    """Where two texts differ, cut to what a person can read."""
    lines = [
        line[:MOST_COLUMNS]
        for line in difflib.unified_diff(
            current.splitlines(), wanted.splitlines(), "as written", "as built", lineterm="", n=2
        )
    ]
    if len(lines) <= MOST_LINES:
        return lines or ["(only the line endings differ)"]
    return [*lines[:MOST_LINES], f"... and {len(lines) - MOST_LINES} lines more"]


def _current(path: Path) -> str | None:
    """What is written, to the byte; None when there is nothing."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def sources(folder: Path) -> list[Path]:
    """What the notebooks of a content folder are built from, in order, as the index lists it."""
    plan = syllabus.read_syllabus(folder)
    lessons = [folder / syllabus.LESSONS / f"{name}.md" for name in plan.texts]
    sets = [folder / catalog.SETS / f"{one.name}.md" for one in catalog.read_catalog(folder).sets]
    return [folder / catalog.INDEX, *lessons, *sets]


def orphans(folder: Path, given: Sequence[Job]) -> list[Path]:
    """The notebooks of the course that are not among those given."""
    known = {job.notebook for job in given}
    folders = (syllabus.LESSONS, EXERCISES, catalog.SETS)
    found = [path for name in folders for path in sorted((folder / name).glob("*.ipynb"))]
    return [path for path in found if path not in known]


def readme(folder: Path, *, write: bool) -> list[str]:
    """Put the map of the course into the README, or say that it holds another one."""
    path = folder / "README.md"
    current = path.read_text("utf-8")
    section = course_map.readme_section(syllabus.read_syllabus(folder))
    wanted = course_map.with_section(current, section)
    if current == wanted:
        return []
    if not write:
        return [f"{path}: its map of the course is not what the index gives; build it"]
    path.write_text(wanted, "utf-8", newline="\n")
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give 0, 1 when a notebook is not as it should be, 2 for a wrong file."""
    parser = argparse.ArgumentParser("python -m netpol_sim.course.publish", description=__doc__)
    parser.add_argument("action", choices=("build", "check"))
    parser.add_argument("files", nargs="*", type=Path, help="sources, or the notebooks of them")
    options = parser.parse_args(arguments)
    folder = Path(os.path.relpath(workspace.content_folder()))
    try:
        chosen = [_source_of(path, folder) for path in options.files] or sources(folder)
    except SourceError as error:
        print(error)
        return 1
    for path in chosen:
        if not path.is_file():
            parser.error(f"there is no source {path}")
    jobs = [job for path in chosen for job in jobs_of(path)]
    if options.action == "check":
        failures = report(attempt_all(jobs), checked)
    elif options.files:
        failures = report(attempt_all(jobs), built)
    else:
        failures = build_changed(jobs, folder)
    if not options.files:
        for path in orphans(folder, jobs):
            print(f"{path}: no source gives this notebook; remove it")
            failures += 1
        for problem in readme(folder, write=options.action == "build"):
            print(problem)
            failures += 1
    return 1 if failures else 0


def build_changed(jobs: Sequence[Job], folder: Path) -> int:
    """Build what has changed since it was built here last; give how many failed."""
    everything = freshness.inputs(folder)
    known = freshness.recorded(folder)

    def fingerprint(job: Job) -> str:
        return freshness.fingerprint(everything, job.path, job.notebook)

    stale = [job for job in jobs if known.get(str(job.notebook)) != fingerprint(job)]
    if len(stale) < len(jobs):
        print(f"{len(jobs) - len(stale)} of {len(jobs)} notebooks have not changed")
    results = list(attempt_all(stale))
    failures = report(results, built)
    well = [result.job for result in results if not result.problems]
    freshness.record(folder, {str(job.notebook): fingerprint(job) for job in well})
    return failures


def report(results: Iterable[Result], judge: Callable[[Result], tuple[bool, list[str]]]) -> int:
    """Say how each result is judged, as it comes; give how many are not well."""
    failures = 0
    for result in results:
        well, lines = judge(result)
        failures += not well
        print(*lines, sep="\n", flush=True)
    return failures


def _source_of(path: Path, folder: Path) -> Path:
    """The source of what was named on the command line."""
    return (
        folder / catalog.INDEX
        if path.stem == course_map.NAME
        else path.with_suffix(".yaml" if path.suffix == ".yaml" else ".md")
    )


if __name__ == "__main__":
    sys.exit(main())
