"""Build notebooks from their sources: ``python -m netpol_sim.course.publish build|check``.

A lesson gives one notebook beside its source.  An exercise set gives two: the learner's under
``exercises/`` and the solved one beside the source.  ``build`` writes the notebooks whose bytes
differ; ``check`` builds in memory and compares with what is written.  Without files, all are meant.
"""

from __future__ import annotations

import argparse
import difflib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from netpol_sim.course import catalog, exercise_notebooks, source, workspace
from netpol_sim.course.notebook import publish
from netpol_sim.course.source import Source, SourceError

WORKERS = 2
EXERCISES = "exercises"
MOST_LINES = 40
MOST_COLUMNS = 160


class Form(StrEnum):
    """What a notebook is of its source."""

    LESSON = "lesson"
    LEARNER = "learner's"
    SOLVED = "solved"


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
        text = publish(_source(job))
    except SourceError as error:
        return Result(job=job, problems=error.problems, seconds=time.monotonic() - began)
    return Result(job=job, text=text, seconds=time.monotonic() - began)


def _source(job: Job) -> Source:
    if job.form is Form.LESSON:
        return source.read(job.path)
    course = catalog.read_catalog(job.path.resolve().parent.parent)
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
    """The sources of the lessons and exercise sets in a content folder, in order."""
    folders = ("lessons", catalog.SETS)
    return [path for name in folders for path in sorted((folder / name).glob("[0-9][0-9]-*.md"))]


def orphans(folder: Path) -> list[Path]:
    """The notebooks of the course that no source gives."""
    given = {job.notebook for path in sources(folder) for job in jobs_of(path)}
    folders = ("lessons", EXERCISES, catalog.SETS)
    found = [path for name in folders for path in sorted((folder / name).glob("*.ipynb"))]
    return [path for path in found if path not in given]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give 0, 1 when a notebook is not as it should be, 2 for a wrong file."""
    parser = argparse.ArgumentParser("python -m netpol_sim.course.publish", description=__doc__)
    parser.add_argument("action", choices=("build", "check"))
    parser.add_argument("files", nargs="*", type=Path, help="sources, or the notebooks of them")
    options = parser.parse_args(arguments)
    folder = Path(os.path.relpath(workspace.content_folder()))
    chosen = [path.with_suffix(".md") for path in options.files] or sources(folder)
    for path in chosen:
        if not path.is_file():
            parser.error(f"there is no source {path}")
    report = built if options.action == "build" else checked
    failures = 0
    for result in attempt_all([job for path in chosen for job in jobs_of(path)]):
        well, lines = report(result)
        failures += not well
        print(*lines, sep="\n", flush=True)
    for path in [] if options.files else orphans(folder):
        print(f"{path}: no source gives this notebook; remove it")
        failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
