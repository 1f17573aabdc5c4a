"""What is raised, and how a problem reads."""

from __future__ import annotations

import builtins
import importlib
import pkgutil
import re

import pytest

import netpol_sim
from netpol_sim import errors
from netpol_sim.errors import (
    AmbiguousNameError,
    ConnectionTextError,
    InvalidValueError,
    ManifestError,
    NetpolError,
    Problem,
    ProblemKind,
    UnknownNameError,
    join_field,
    nearest,
    raise_if_any,
)

PROBLEM = Problem(
    kind=ProblemKind.INVALID, field="ports[0].port", message="too high", value="99999"
)


@pytest.mark.parametrize(
    ("error", "base"),
    [
        (InvalidValueError, ValueError),
        (ManifestError, ValueError),
        (ConnectionTextError, ValueError),
        (UnknownNameError, LookupError),
        (AmbiguousNameError, LookupError),
    ],
)
def test_the_tree_of_errors(error: type[Exception], base: type[Exception]) -> None:
    """Every error is ours and also what Python calls such a mistake."""
    assert issubclass(error, NetpolError)
    assert issubclass(error, base)


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        (ProblemKind.REQUIRED, "Required value"),
        (ProblemKind.INVALID, "Invalid value"),
        (ProblemKind.NOT_SUPPORTED, "Unsupported value"),
        (ProblemKind.FORBIDDEN, "Forbidden"),
        (ProblemKind.DUPLICATE, "Duplicate value"),
        (ProblemKind.TYPE_INVALID, "Wrong type"),
        (ProblemKind.MALFORMED, "Not readable"),
    ],
)
def test_headings(kind: ProblemKind, heading: str) -> None:
    """Each kind of problem has the words that the API server prints."""
    assert kind.heading == heading


def test_every_kind_has_a_heading() -> None:
    """No kind is forgotten."""
    assert all(kind.heading for kind in ProblemKind)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (PROBLEM, "ports[0].port: Invalid value: `99999`: too high"),
        (
            Problem(
                kind=ProblemKind.REQUIRED,
                field="metadata.name",
                message="needed",
                object="NetworkPolicy bank/x",
                file="bank.yaml",
                line=3,
                column=1,
            ),
            "bank.yaml:3:1: NetworkPolicy bank/x: metadata.name: Required value: needed",
        ),
        (
            Problem(kind=ProblemKind.INVALID, field="", message="bad", value=""),
            "Invalid value: ``: bad",
        ),
    ],
)
def test_a_problem_in_one_line(problem: Problem, text: str) -> None:
    """A problem says where, what, what was found and what is allowed."""
    assert str(problem) == text


@pytest.mark.parametrize(
    ("prefix", "field", "joined"),
    [
        ("spec", "ports", "spec.ports"),
        ("spec.ports", "[0]", "spec.ports[0]"),
        ("", "spec", "spec"),
        ("spec", "", "spec"),
        ("", "", ""),
    ],
)
def test_field_paths(prefix: str, field: str, joined: str) -> None:
    """Names are joined by a dot, list places directly."""
    assert join_field(prefix, field) == joined


def test_a_problem_seen_from_outside() -> None:
    """The object that holds a value sees its problem under a longer path."""
    assert PROBLEM.under("spec.ingress[0]").field == "spec.ingress[0].ports[0].port"
    assert PROBLEM.under("spec").message == PROBLEM.message


@pytest.mark.parametrize("error", [InvalidValueError, ManifestError])
def test_an_error_shows_all_its_problems(
    error: type[InvalidValueError | ManifestError],
) -> None:
    """One line for each problem."""
    raised = error([PROBLEM, PROBLEM.under("spec")])
    assert raised.problems == (PROBLEM, PROBLEM.under("spec"))
    assert str(raised) == f"{PROBLEM}\n{PROBLEM.under('spec')}"


def test_raise_if_any() -> None:
    """Without problems nothing is raised."""
    raise_if_any([])
    with pytest.raises(InvalidValueError):
        raise_if_any([PROBLEM])


@pytest.mark.parametrize(
    ("name", "meant"), [("podSelectr", "podSelector"), ("ingres", "ingress"), ("zzz", None)]
)
def test_the_nearest_name(name: str, meant: str | None) -> None:
    """A near name is found, and a far one is not made up."""
    assert nearest(name, ["ingress", "egress", "podSelector"]) == meant


def _ours() -> list[type[NetpolError]]:
    """Everything derived from our base, wherever it is defined."""
    for module in pkgutil.walk_packages(netpol_sim.__path__, "netpol_sim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, todo = [], [NetpolError]
    while todo:
        children = [each for each in todo.pop().__subclasses__() if "netpol_sim" in each.__module__]
        found += children
        todo += children
    return found


def test_the_tree_is_drawn_whole() -> None:
    """The docstring names every error there is, below the base, with its second parent."""
    drawn = dict(re.findall(r"(?m)── (\w+Error)(?: \((\w+)\))?", errors.__doc__ or ""))
    found = {each.__name__: each for each in _ours()}
    assert set(drawn) == set(found)
    for name, other in drawn.items():
        assert not other or issubclass(found[name], getattr(builtins, other))
