"""The words of the tests of manifests: texts with marked places, and what becomes of them."""

from __future__ import annotations

import pytest

from netpol_sim.errors import ManifestError, Problem
from netpol_sim.manifest import loads
from netpol_sim.policy import NetworkPolicy

MARK = "»"
HEAD = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
"""


def places(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column that follows each mark."""
    text, found = "", []
    for part in marked.split(MARK)[:-1]:
        text += part
        found.append((text.count("\n") + 1, len(text) - text.rfind("\n")))
    return marked.replace(MARK, ""), found


def problems(text: str, file: str = "db.yaml") -> tuple[Problem, ...]:
    """The problems of a text that does not load."""
    with pytest.raises(ManifestError) as error:
        loads(text, file=file)
    return error.value.problems


def place(problem: Problem) -> tuple[int | None, int | None]:
    """The line and column of a problem."""
    return problem.line, problem.column


def policy(spec: str) -> NetworkPolicy:
    """The one policy with a ``spec`` (indented by two)."""
    (found,) = loads(HEAD + spec).policies
    return found
