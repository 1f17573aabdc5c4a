"""The learner's folder: what we ship is copied in, what the learner wrote stays.

In a checkout the workspace is the checkout itself.  Installed from a wheel, the lessons, exercises
and solutions travel inside the package, and ``update`` brings them into a folder of the learner's.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

import netpol_sim
from netpol_sim.errors import NetpolError

CONTENT_FOLDERS = ("lessons", "exercises", "solutions")
ANSWERS = "answers"
STATE = ".netpol"
_RECORD = "shipped.json"


class WorkspaceError(NetpolError):
    """A workspace that cannot be made or updated; the message says why and what to do."""


class Action(StrEnum):
    """What an update does with one shipped file."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change to the workspace: ``path`` as shipped, ``target`` as written or removed."""

    action: Action
    path: str
    target: str


def checkout_folder() -> Path | None:
    """The root of the repository this package runs from; None when it is installed."""
    root = Path(netpol_sim.__file__).resolve().parent.parent
    return root if (root / "start.py").is_file() and (root / "pyproject.toml").is_file() else None


def content_folder() -> Path:
    """The folder that holds the shipped lessons, exercises and solutions."""
    return checkout_folder() or Path(__file__).resolve().parent / "content"


def default_folder() -> Path:
    """Where the learner works unless told otherwise: the checkout, or a folder at home."""
    return checkout_folder() or Path.home() / "netpol-course"


def plan(
    *, shipped: Mapping[str, str], recorded: Mapping[str, str], present: Mapping[str, str]
) -> tuple[Step, ...]:
    """Decide what an update changes, from three maps of paths to fingerprints.

    ``recorded`` is what the last update shipped, so a present file that differs from it holds work
    of the learner's and is never written or removed: a newer version goes beside it.  A file that
    the learner removed comes back.
    """
    steps = []
    for path, newest in sorted(shipped.items()):
        mine, before = present.get(path), recorded.get(path)
        if mine is None:
            steps.append(Step(action=Action.ADD, path=path, target=path))
        elif mine == newest:
            continue
        elif mine == before:
            steps.append(Step(action=Action.REPLACE, path=path, target=path))
        elif before != newest:
            target = next(
                name for name in _names_beside(path) if present.get(name) in {None, newest}
            )
            if target not in present:
                steps.append(Step(action=Action.BESIDE, path=path, target=target))
    steps += [
        Step(action=Action.REMOVE, path=path, target=path)
        for path in sorted(recorded.keys() - shipped.keys())
        if present.get(path) == recorded[path]
    ]
    return tuple(steps)


def _names_beside(path: str) -> Iterator[str]:
    """``lessons/01-a.new.ipynb``, then ``lessons/01-a.new2.ipynb`` and so on."""
    pure = PurePosixPath(path)
    number = 1
    while True:
        mark = "new" if number == 1 else f"new{number}"
        yield str(pure.with_name(f"{pure.stem}.{mark}{pure.suffix}"))
        number += 1


def update(content: Path, folder: Path) -> tuple[Step, ...]:
    """Bring the shipped content into a workspace, and make the folder for answers.

    Raises:
        WorkspaceError: There is no content, or the folder cannot be written.
    """
    shipped = _fingerprints(content)
    if not shipped:
        raise WorkspaceError(
            f"this installation holds no lessons (looked in {content}): install it again"
        )
    try:
        (folder / ANSWERS).mkdir(parents=True, exist_ok=True)
        recorded = _read_record(folder)
        steps = plan(shipped=shipped, recorded=recorded, present=_fingerprints(folder))
        for step in steps:
            _carry_out(step, content, folder)
        if shipped != recorded:
            _write(folder / STATE / _RECORD, json.dumps(shipped, indent=1).encode())
    except OSError as error:
        raise WorkspaceError(
            f"the workspace {folder} cannot be written ({error.strerror or error}: "
            f"{error.filename}): free that place, or choose another with `--workspace FOLDER`"
        ) from error
    return steps


def _carry_out(step: Step, content: Path, folder: Path) -> None:
    target = folder / step.target
    if step.action is Action.REMOVE:
        target.unlink()
    else:
        _write(target, (content / step.path).read_bytes())


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _read_record(folder: Path) -> dict[str, str]:
    """What the last update shipped; nothing when the record is lost, which loses no work."""
    try:
        record = json.loads((folder / STATE / _RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _fingerprints(root: Path) -> dict[str, str]:
    """Every course file under a root, by its path, without what tools hide there."""
    files = {
        path.relative_to(root): path
        for folder in CONTENT_FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }
    return {
        relative.as_posix(): fingerprint(path)
        for relative, path in files.items()
        if not any(part.startswith((".", "__")) for part in relative.parts)
    }


def fingerprint(path: Path) -> str:
    """A hash of what a person wrote in a file.

    Running a notebook changes its outputs and nothing that the learner wrote, so of a notebook
    only the cells' kinds and sources count.
    """
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            cells = json.loads(content)["cells"]
            written = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
            content = json.dumps(written).encode()
        except (ValueError, KeyError, TypeError):
            pass  # no notebook after all: its bytes count
    return hashlib.sha256(content).hexdigest()
