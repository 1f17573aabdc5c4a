"""The learner's answers: one file for each task, in ``answers/`` of the workspace.

A file is written whole or not at all, so a crash never leaves half an answer; what a reset replaces
is kept beside it.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from netpol_sim.course import forms
from netpol_sim.course.task import Task, TaskKind
from netpol_sim.course.workspace import ANSWERS, default_folder
from netpol_sim.errors import NetpolError

LARGEST = 256 * 1024
"""An answer is a few policies; a file above this many bytes is something else."""


class AnswerError(NetpolError):
    """An answer file that cannot be read or written; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers in one workspace."""

    folder: Path

    def path(self, task: Task) -> Path:
        """Where the answer to a task lies, whether there is one or not."""
        ending = "txt" if task.kind is TaskKind.TALK else "yaml"
        return self.folder / ANSWERS / f"{task.id}.{ending}"

    def read(self, task: Task) -> str | None:
        """The answer as written; None when there is none.

        Bytes that are no UTF-8 become replacement characters, so that they are graded, not lost.

        Raises:
            AnswerError: The file cannot be read, or is far too large.
        """
        return read_text(self.path(task))

    def save(self, task: Task, text: str) -> Path:
        """Write an answer, whole or not at all, and return its path.

        Raises:
            AnswerError: The file cannot be written; what was there before is untouched.
        """
        return save_text(self.path(task), text)

    def begin(self, task: Task) -> Path:
        """The path of the answer; a file with the task's starter when there was none."""
        path = self.path(task)
        return path if path.exists() else self.save(task, forms.starter(task))

    def reset(self, task: Task) -> Path | None:
        """Put the starter back, and return where the answer that was there is kept.

        Raises:
            AnswerError: The answer cannot be kept or the starter cannot be written.
        """
        before = self.read(task)
        kept = None
        # A remark is no answer, but it is the learner's: only a starter is not worth keeping.
        if before is not None and before.strip() not in ("", forms.starter(task).strip()):
            kept = save_text(_free_name(self.path(task)), before)
        self.save(task, forms.starter(task))
        return kept


def read_text(path: Path) -> str | None:
    """An answer in a file; None when there is no file.  As ``Answers.read``."""
    try:
        if path.stat().st_size > LARGEST:
            raise AnswerError(f"{path.name} is larger than any answer; shorten or remove it")
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AnswerError(f"{path.name} cannot be read: {error.strerror}") from error


def save_text(path: Path, text: str) -> Path:
    """Write a file of a workspace, whole or not at all, and return its path.

    Raises:
        AnswerError: The file cannot be written; what was there before is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise AnswerError(f"{path.name} cannot be written: {error.strerror}") from error
    return path


def _free_name(path: Path) -> Path:
    """A name beside a file under which it can be kept when another takes its place."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
        number += 1
    return kept


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old content or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def find_workspace(start: Path | None = None) -> Path:
    """The workspace that a folder lies in: the nearest one upwards with the course's index.

    Without one, it is the default workspace.  The environment variable ``NETPOL_WORKSPACE`` comes
    before both; building and checking notebooks set it, so as to touch no answer of the learner's.
    """
    if chosen := os.environ.get("NETPOL_WORKSPACE"):
        return Path(chosen)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "exercises" / "course.yaml").is_file():
            return folder
    return default_folder()
