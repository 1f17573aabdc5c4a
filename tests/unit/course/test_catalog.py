"""The index and what it lists: every problem is found, and nothing lies about unlisted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from netpol_sim.course import publish
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.workspace import content_folder

HEAD = "---\ntitle: A\nminutes: 5\nobjectives: [see]\n---\n"
TASK = "```yaml task\nid: one\ntitle: A\nkind: write\nworld: w\nstory: B\n{more}```\n"
INDEX = "sets:\n  - {source: 01-a, lesson: 1}\n"
ROOT = content_folder()


def course(folder: Path, body: str, index: str = INDEX) -> Path:
    """A course with one set."""
    for name in ("exercises/worlds", "solutions"):
        (folder / name).mkdir(parents=True)
    (folder / "exercises/course.yaml").write_text(index)
    (folder / "exercises/worlds/w.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n"
    )
    (folder / "solutions/01-a.md").write_text(HEAD + body)
    return folder


def test_a_small_course_reads(tmp_path: Path) -> None:
    """An index, a set and a world are a course."""
    (task,) = read_catalog(course(tmp_path, TASK.format(more=""))).tasks
    assert (task.id, task.lesson, task.source, task.line) == ("one", 1, "01-a.md", 6)


@pytest.mark.parametrize(
    ("body", "index", "message"),
    [
        (
            TASK.format(more="must_alow: []\n"),
            INDEX,
            "01-a.md:6: a task has no `must_alow`; `must_",
        ),
        (TASK.format(more="") * 2, INDEX, "01-a.md:13: there is a task `one` in 01-a.md too"),
        (TASK.replace("world: w", "world: x").format(more=""), INDEX, "task `one`"),
        (TASK.format(more="profile: quick\n"), INDEX, "no profile `quick`; there are"),
        (TASK.format(more="means: all\n"), INDEX, "`means` is one of"),
        (TASK.format(more="given: 'kind: [Pod'\n"), INDEX, "task `one`"),
        (TASK.replace("kind: write", "kind: writ").format(more=""), INDEX, "`kind` is one of"),
        (TASK.replace("id: one", "id: ../one").format(more=""), INDEX, "a task needs an `id`"),
        ("```yaml answer\nkind: A\n```\n", INDEX, "01-a.md:6: this answer stands before any task"),
        ("", "sets:\n  - {source: 02-b, lesson: 1}\n", "02-b.md cannot be read"),
        ("", "sets: 5\n", "`sets` is a list of mappings"),
        ("", "[", "cannot be read"),
    ],
)
def test_problems_are_found(tmp_path: Path, body: str, index: str, message: str) -> None:
    """Each fault of an index, a set or a world is told with its place."""
    with pytest.raises(SourceError) as caught:
        read_catalog(course(tmp_path, body, index))
    assert message in "\n".join(caught.value.problems)


def unlisted(folder: Path) -> list[str]:
    """Exercise sources that the index does not list, and notebooks that no source gives."""
    listed = {f"{exercises.name}.md" for exercises in read_catalog(folder).sets}
    sources = [path for path in (folder / "solutions").glob("*.md") if path.name not in listed]
    jobs = [job for path in publish.sources(folder) for job in publish.jobs_of(path)]
    return sorted(path.name for path in [*sources, *publish.orphans(folder, jobs)])


def test_nothing_lies_about_unlisted() -> None:
    """Every exercise source is in the index, and every notebook has a source."""
    assert unlisted(ROOT) == []


def test_what_is_unlisted_is_found(tmp_path: Path) -> None:
    """A stray source and a stray notebook are both noticed."""
    for name in ("exercises", "lessons", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "solutions" / "99-stray.md").write_text(HEAD)
    (tmp_path / "exercises" / "98-stray.ipynb").write_text("{}")
    assert unlisted(tmp_path) == ["98-stray.ipynb", "99-stray.md"]
