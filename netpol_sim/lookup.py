"""Find things by their names, and say which name may have been meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from netpol_sim.errors import Problem, ProblemKind, UnknownNameError, nearest, raise_if_any

_T = TypeVar("_T")


def not_yet_known(names: Iterable[str | None], known: set[str]) -> list[str]:
    """The names that are not known, each once, in their order."""
    return [name for name in dict.fromkeys(names) if name and name not in known]


def by_key(kind: str, items: Iterable[_T], key_of: Callable[[_T], str]) -> dict[str, _T]:
    """Things of a kind by their keys, which ``InvalidValueError`` keeps apart."""
    found: dict[str, _T] = {}
    problems = []
    for item in items:
        key = key_of(item)
        if key in found:
            problems.append(
                Problem(
                    kind=ProblemKind.DUPLICATE,
                    field="metadata.name",
                    value=key,
                    object=f"{kind} {key}",
                    message=f"there is already a {kind} of this name",
                )
            )
        found[key] = item
    raise_if_any(problems)
    return found


def found_in(kind: str, key: str, known: Mapping[str, _T]) -> _T:
    """The thing with a key; ``UnknownNameError`` proposes the nearest key."""
    if key in known:
        return known[key]
    meant = nearest(key, known)
    hint = f"; did you mean `{meant}`?" if meant else ""
    raise UnknownNameError(f"there is no {kind} `{key}` in this cluster{hint}")
