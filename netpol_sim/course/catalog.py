"""The index of the course, and everything it lists.

``exercises/course.yaml`` is the only index; nothing is found by looking into folders.  Exercise
sets lie under ``solutions/``, worlds under ``exercises/worlds/``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.course import content_yaml
from netpol_sim.course.exercises import ExerciseSet, parse
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.task import Task
from netpol_sim.course.workspace import content_folder
from netpol_sim.errors import NetpolError, UnknownNameError, nearest
from netpol_sim.manifest import load, loads
from netpol_sim.profiles import PROFILES

INDEX = "exercises/course.yaml"
WORLDS = "exercises/worlds"
SETS = "solutions"


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The course: its exercise sets in order, and the folder they came from.

    ``made`` are worlds by name that are in no file, for tasks that are made up.
    """

    folder: Path
    sets: tuple[ExerciseSet, ...]
    made: tuple[tuple[str, Cluster], ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks, in the order of the course."""
        return tuple(task for exercise_set in self.sets for task in exercise_set.tasks)

    def exercise_set(self, name: str) -> ExerciseSet:
        """The exercise set of this name, or ``UnknownNameError``."""
        for exercises in self.sets:
            if exercises.name == name:
                return exercises
        raise UnknownNameError(f"{INDEX} lists no exercise set `{name}`")

    def task(self, task_id: str) -> Task:
        """The task of this id, or ``UnknownNameError`` with the nearest."""
        known = {task.id: task for task in self.tasks}
        if task_id in known:
            return known[task_id]
        meant = nearest(task_id, known)
        hint = f"; did you mean `{meant}`?" if meant else ""
        raise UnknownNameError(f"there is no task `{task_id}`{hint}")

    def world(self, task: Task) -> Cluster:
        """The cluster a task starts from: its world and the policies that are given."""
        made = dict(self.made).get(task.world)
        cluster = made or world_of(self.folder / WORLDS / f"{task.world}.yaml")
        # Without a place in a file: what is given is in no file of the learner's.
        given = (replace(policy, origin=None) for policy in _policies(task.given, "given"))
        return cluster.with_policy(*given).with_profile(PROFILES[task.profile])

    def solutions(self, task: Task) -> tuple[tuple[AnyPolicy, ...], ...]:
        """The policies of each reference of a task; the first are its solution."""
        return tuple(_policies(reference.text, "solution") for reference in task.references)


def read_catalog(folder: Path | None = None) -> Catalog:
    """Read the whole course.

    Args:
        folder: The folder with ``exercises/`` and ``solutions/``; None takes what we ship.

    Raises:
        SourceError: With every problem of the index, the sets and the worlds.
    """
    root = folder or content_folder()
    problems: list[str] = []
    sets = []
    for entry in _index(root / INDEX, problems):
        name, lesson = str(entry.get("source", "")), entry.get("lesson", 0)
        path = root / SETS / f"{name}.md"
        try:
            text = path.read_text("utf-8")
            sets.append(parse(text, name=name, lesson=lesson if isinstance(lesson, int) else 0))
        except SourceError as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{INDEX}: {path.name} cannot be read: {error}")
    catalog = Catalog(folder=root, sets=tuple(sets))
    problems += _faults(catalog)
    if problems:
        raise SourceError(tuple(problems))
    return catalog


@lru_cache(maxsize=32)
def world_of(path: Path) -> Cluster:
    """The cluster of a world's file, read once."""
    return load(path)


@lru_cache(maxsize=512)
def _policies(text: str, file: str) -> tuple[AnyPolicy, ...]:
    return loads(text, file=file).every_policy if text else ()


def _index(path: Path, problems: list[str]) -> list[dict[str, object]]:
    try:
        found = content_yaml.read(path.read_text("utf-8"))
        entries = found["sets"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        problems.append(f"{INDEX}: cannot be read: {error}")
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(f"{INDEX}: `sets` is a list of mappings with `source` and `lesson`")
        return []
    return entries


def _faults(catalog: Catalog) -> list[str]:
    """What is wrong between the parts: ids used twice, worlds and profiles that are not there."""
    problems = []
    seen: dict[str, Task] = {}
    for task in catalog.tasks:
        place = f"{task.source}:{task.line}"
        if task.id in seen:
            problems.append(f"{place}: there is a task `{task.id}` in {seen[task.id].source} too")
        seen[task.id] = task
        if task.profile not in PROFILES:
            problems.append(
                f"{place}: no profile `{task.profile}`; there are {', '.join(PROFILES)}"
            )
            continue
        try:
            catalog.world(task)
        except (NetpolError, OSError) as error:
            problems.append(f"{place}: task `{task.id}`: {error}")
    return problems
