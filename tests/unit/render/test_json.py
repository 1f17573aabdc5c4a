"""The shape of JSON documents: exactly the fields that the module documents."""

from __future__ import annotations

import json as plain_json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from netpol_sim import evaluate
from netpol_sim.errors import ManifestError, Problem, ProblemKind
from netpol_sim.origin import Origin
from netpol_sim.render import json
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    cluster,
    labelled,
    pod,
    pods,
    policy,
    rule,
    service,
)

# What the docstring of the module says; a `?` may be null.
SHAPES: dict[str, dict[str, Any]] = {
    "Verdict": {
        "apiVersion": str,
        "kind": str,
        "allowed": bool,
        "summary": str,
        "connection": "connection",
        "deniedBy": [str],
        "ends": ["end"],
        "caveats": ["caveat"],
        "facts": ["fact"],
    },
    "ServiceVerdict": {
        "apiVersion": str,
        "kind": str,
        "allowed": bool,
        "outcome": str,
        "summary": str,
        "source": "entity",
        "service": str,
        "port": int,
        "protocol": str,
        "dialled?": str,
        "backends": ["Verdict"],
        "caveats": ["caveat"],
    },
    "fact": {"profile": str, "field": str, "says": str, "source": str},
    "VerdictList": {
        "apiVersion": str,
        "kind": str,
        "allowed": bool,
        "items": ["Verdict"],
    },
    "Error": {"apiVersion": str, "kind": str, "message": str, "problems": ["problem"]},
    "problem": {
        "kind": str,
        "file?": str,
        "line?": int,
        "column?": int,
        "object?": str,
        "field": str,
        "value?": str,
        "message": str,
        "help": str,
    },
    "caveat": {"code": str, "message": str},
    "connection": {
        "text": str,
        "source": "entity",
        "destination": "entity",
        "port": int,
        "protocol": str,
        "dialled?": "dialled",
    },
    "dialled": {"address?": str, "port": int},
    "entity": {"kind": str, "name": str},
    "end": {
        "direction": str,
        "entity": "entity",
        "allowed": bool,
        "reason": str,
        "message": str,
        "isolatedBy": ["isolating"],
        "rules": ["rule"],
    },
    "isolating": {"policy": str, "location?": "location"},
    "rule": {
        "policy": str,
        "field": str,
        "location?": "location",
        "matched": bool,
        "peerMatched": bool,
        "portMatched": bool,
        "peers": ["entry"],
        "ports": ["entry"],
    },
    "entry": {
        "field": str,
        "location?": "location",
        "text": str,
        "outcome": str,
        "message": str,
    },
    "location": {"file": str, "line": int, "column": int},
}


def faults(value: Any, shape: Any, where: str) -> Iterator[str]:  # noqa: ANN401  any JSON
    """How a value differs from a shape."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for index, item in enumerate(value):
            yield from faults(item, shape[0], f"{where}[{index}]")
    elif isinstance(shape, str):
        fields = {name.removesuffix("?"): name for name in SHAPES[shape]}
        if not isinstance(value, dict) or list(value) != list(fields):
            yield f"{where} is no {shape}: {value}"
            return
        for field, name in fields.items():
            if value[field] is not None or not name.endswith("?"):
                yield from faults(value[field], SHAPES[shape][name], f"{where}.{field}")
    elif type(value) is not shape:
        yield f"{where} is no {shape.__name__}: {value!r}"


ORIGIN = Origin(
    file="a.yaml", line=1, positions={"spec.ingress[0]": (7, 5), "spec.ingress[0].from": (7, 7)}
)
WORLD = cluster(
    pod("a/web", app="web", ports=["http:8080"]),
    pod("a/client", ip="10.0.0.2"),
    service("a/web", select={"app": "web"}, ports=["80>8080"], ip="10.96.0.1"),
    replace(
        policy(
            "a/in",
            select=labelled(app="web"),
            ingress=[rule(block("10.0.0.0/8"), pods(app="x"), ports=[80, "http"])],
        ),
        origin=ORIGIN,
    ),
    policy("a/out", types=[EGRESS], egress=[rule()]),
    policy("a/closed", select=labelled(app="closed"), types=[INGRESS, EGRESS]),
)

QUESTIONS = [
    ("Verdict", "a/client -> a/web:8080"),
    ("Verdict", "203.0.113.7 -> a/web:80"),
    ("Verdict", "a/web -> a/client:80"),
    ("ServiceVerdict", "a/client -> svc:a/web:80"),
    ("ServiceVerdict", "a/client -> 10.96.0.1:80"),
]


@pytest.mark.parametrize(("kind", "question"), QUESTIONS)
def test_answers(kind: str, question: str) -> None:
    """An answer has exactly the documented fields, with values of the documented types."""
    answer = evaluate(WORLD, question)
    document = plain_json.loads(json.dumps(json.answer(answer)))
    assert list(faults(document, kind, kind)) == []
    assert (document["apiVersion"], document["kind"]) == ("netpol-sim/v1", kind)
    assert document["allowed"] is answer.allowed


def test_several_answers() -> None:
    """Several answers are a list that is allowed when all of them are; one answer is itself."""
    allowed, denied = (evaluate(WORLD, f"{ip} -> a/web:8080") for ip in ("10.9.9.9", "192.0.2.1"))
    document = json.answers([allowed, denied])
    assert list(faults(document, "VerdictList", "VerdictList")) == []
    assert document["allowed"] is False
    assert json.answers([allowed, allowed])["allowed"] is True
    assert json.answers([denied]) == json.answer(denied)


def test_locations() -> None:
    """A rule and its entries say where they were written; what has no origin says null."""
    document = plain_json.loads(json.dumps(json.answer(evaluate(WORLD, QUESTIONS[0][1]))))
    egress, ingress = document["ends"]
    assert egress["rules"][0]["location"] is None
    assert ingress["isolatedBy"][0]["location"] == {"file": "a.yaml", "line": 1, "column": 1}
    assert ingress["rules"][0]["location"] == {"file": "a.yaml", "line": 7, "column": 5}
    assert ingress["rules"][0]["peers"][0]["location"] == {"file": "a.yaml", "line": 7, "column": 7}


def test_errors() -> None:
    """An error holds its message and each of its problems."""
    problem = Problem(kind=ProblemKind.REQUIRED, field="metadata.name", message="a name", line=3)
    for raised in (ManifestError([problem]), ManifestError([])):
        document = plain_json.loads(json.dumps(json.error(raised)))
        assert list(faults(document, "Error", "Error")) == []
        assert document["message"] == str(raised)
        assert len(document["problems"]) == len(raised.problems)


def test_documents_are_ascii() -> None:
    """A document can be printed on any terminal, whatever the names in it."""
    text = json.dumps(json.envelope("Test", {"name": "\N{SNOWMAN}"}))
    assert text.isascii()
    assert text.endswith("}\n")
