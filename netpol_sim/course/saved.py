"""What goes on later: a state in a file, which survives a pause, a crash and a damaged file."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from netpol_sim.course.answers import AnswerError, read_text, save_text
from netpol_sim.errors import NetpolError

State = TypeVar("State")


def restore(path: Path, build: Callable[[Any], State], *, again: str) -> State | None:
    """The state in a file; None when there is no file.

    Args:
        path: A file that ``save_state`` wrote.
        build: Makes the state of the JSON document; raises ``ValueError``, ``KeyError``,
            ``TypeError`` or ``NetpolError`` for one that makes no sense.
        again: The command that begins anew.

    Raises:
        AnswerError: The file cannot be read, or holds no state; of the latter a copy is kept.
    """
    text = read_text(path)
    if text is None:
        return None
    try:
        return build(json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError, NetpolError) as error:
        copy = path.with_name(f"{path.stem}.damaged{path.suffix}")
        with suppress(AnswerError):
            save_text(copy, text)
        raise AnswerError(
            f"{path} cannot be gone on with ({error}); a copy is in {copy.name}, and your answers "
            f"are kept; begin anew with: {again}"
        ) from error


def save_state(path: Path, document: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """Write a state, whole or not at all.

    Raises:
        AnswerError: The file cannot be written.
    """
    save_text(path, json.dumps(document, indent=1) + "\n")


def whole_number(value: object) -> int:
    """A number from 0 out of a document, or ``TypeError``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"`{value}` is no number from 0")
    return value


def words(value: object) -> str:
    """A text out of a document, or ``TypeError``."""
    if not isinstance(value, str):
        raise TypeError(f"`{value}` is no text")
    return value
