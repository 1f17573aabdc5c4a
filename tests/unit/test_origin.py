"""Where an object was written."""

from __future__ import annotations

import pytest

from netpol_sim.origin import Location, Origin

ORIGIN = Origin(
    file="bank.yaml",
    line=3,
    text="kind: x\n\nspec:\n  ingress:\n  - from:\n",
    positions={"spec": (3, 1), "spec.ingress": (4, 3), "spec.ingress[0].from": (5, 5)},
)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("spec.ingress", 4, 3),
        ("spec.ingress[0].from", 5, 5),
        ("spec.ingress[0].from[2].podSelector", 5, 5),
        ("spec.ingress[1].ports[0]", 4, 3),
        ("spec.egress", 3, 1),
        ("metadata.name", 3, 1),
        ("", 3, 1),
    ],
)
def test_the_place_of_a_field(path: str, line: int, column: int) -> None:
    """A field that was not written is where the nearest field around it was written."""
    assert ORIGIN.locate(path) == Location(file="bank.yaml", line=line, column=column)


def test_what_was_written() -> None:
    """Defaults were not written."""
    assert ORIGIN.wrote("spec.ingress")
    assert not ORIGIN.wrote("spec.policyTypes")


@pytest.mark.parametrize(("line", "text"), [(1, "kind: x"), (4, "  ingress:"), (0, ""), (9, "")])
def test_quotes(line: int, text: str) -> None:
    """A line of the file can be quoted; there is nothing outside of it."""
    assert ORIGIN.quote(line) == text


def test_a_place_as_text() -> None:
    """A place shows file and line."""
    assert str(ORIGIN.locate("spec")) == "bank.yaml:3"
