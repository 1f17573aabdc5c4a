"""Values as JSON documents of a documented, versioned shape.

Every document is an object with ``apiVersion`` ("netpol-sim/v1") and ``kind``; within one version,
fields are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from netpol_sim.errors import NetpolError, Problem

API_VERSION = "netpol-sim/v1"

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Document = dict[str, Json]


def envelope(kind: str, fields: Mapping[str, Json]) -> Document:
    """A document of a kind: ``apiVersion`` and ``kind`` first, then its fields."""
    return {"apiVersion": API_VERSION, "kind": kind, **fields}


def dumps(document: Document) -> str:
    """A document as text in ASCII, two blanks of indentation, with an end of line."""
    return json.dumps(document, indent=2) + "\n"


def error(raised: NetpolError) -> Document:
    """Why something could not be answered: an Error."""
    problems: tuple[Problem, ...] = getattr(raised, "problems", ())
    return envelope("Error", {"message": str(raised), "problems": [_problem(p) for p in problems]})


def _problem(problem: Problem) -> Json:
    return {
        "kind": problem.kind.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "object": problem.object,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "help": problem.help,
    }
