"""Labels and selectors as values; what selectors pick is told by the spec cases."""

from __future__ import annotations

import copy
import pickle

import pytest

from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.labels import EVERYTHING, Labels, LabelSelector, Operator, Requirement
from tests.builders import labelled, requirement

ABSENT, EQUAL, OTHER, EMPTY = Labels(), Labels({"a": "x"}), Labels({"a": "y"}), Labels({"a": ""})


def problems_of(error: pytest.ExceptionInfo[InvalidValueError]) -> list[tuple[ProblemKind, str]]:
    """Kind and field of each problem, in order."""
    return [(problem.kind, problem.field) for problem in error.value.problems]


def test_labels_are_a_mapping() -> None:
    """Labels are looked up, counted and listed in the order they were written."""
    labels = Labels({"b": "1", "a": ""})
    assert list(labels) == ["b", "a"]
    assert len(labels) == 2
    assert labels["a"] == ""
    assert "c" not in labels
    assert labels.get("c") is None
    assert dict(labels) == {"b": "1", "a": ""}


def test_labels_are_equal_by_content() -> None:
    """The order of labels does not count for equality and hash; a plain mapping may be equal."""
    one, two = Labels({"a": "1", "b": "2"}), Labels({"b": "2", "a": "1"})
    assert one == two
    assert hash(one) == hash(two)
    assert one == {"a": "1", "b": "2"}
    assert one != Labels({"a": "1"})
    assert one != "a=1,b=2"


def test_labels_do_not_change_with_what_they_were_made_of() -> None:
    """Labels keep what they were given, and survive copying and pickling."""
    given = {"a": "1"}
    labels = Labels(given)
    given["a"] = "2"
    assert labels == {"a": "1"}
    assert copy.deepcopy(labels) == labels
    assert pickle.loads(pickle.dumps(labels)) == labels  # noqa: S301  our own bytes


def test_labels_as_text() -> None:
    """Labels show as sorted pairs."""
    assert str(Labels({"b": "2", "a": ""})) == "a=,b=2"
    assert repr(Labels({"b": "2"})) == "Labels({'b': '2'})"


def test_bad_labels_are_refused() -> None:
    """All faults of all keys and values are named; the field is the map itself."""
    with pytest.raises(InvalidValueError) as error:
        Labels({"ok": "ok", "": "a b", "-": "fine"})
    assert problems_of(error) == [(ProblemKind.INVALID, "")] * 4
    assert [problem.value for problem in error.value.problems] == ["", "", "a b", "-"]


@pytest.mark.parametrize(
    ("operator", "values", "matching"),
    [
        (Operator.IN, ("x",), [EQUAL]),
        (Operator.IN, ("x", "y"), [EQUAL, OTHER]),
        (Operator.IN, ("",), [EMPTY]),
        (Operator.NOT_IN, ("x",), [ABSENT, OTHER, EMPTY]),
        (Operator.NOT_IN, ("",), [ABSENT, EQUAL, OTHER]),
        (Operator.EXISTS, (), [EQUAL, OTHER, EMPTY]),
        (Operator.DOES_NOT_EXIST, (), [ABSENT]),
    ],
)
def test_operators(operator: Operator, values: tuple[str, ...], matching: list[Labels]) -> None:
    """Each operator holds for exactly these of an absent, equal, other and empty value."""
    one = Requirement(key="a", operator=operator, values=values)
    assert [each for each in (ABSENT, EQUAL, OTHER, EMPTY) if one.matches(each)] == matching


def test_a_requirement_takes_what_was_written() -> None:
    """Operators may be given as text and values as a list."""
    one = Requirement(key="a", operator="In", values=["x"])  # type: ignore[arg-type]
    assert one == requirement("a", Operator.IN, "x")
    assert one.operator is Operator.IN
    assert hash(one) == hash(requirement("a", "In", "x"))


@pytest.mark.parametrize(
    ("key", "operator", "values", "expected"),
    [
        ("a", "In", (), [(ProblemKind.REQUIRED, "values")]),
        ("a", "NotIn", (), [(ProblemKind.REQUIRED, "values")]),
        ("a", "Exists", ("x",), [(ProblemKind.FORBIDDEN, "values")]),
        ("a", "DoesNotExist", ("",), [(ProblemKind.FORBIDDEN, "values")]),
        ("a", "in", ("x",), [(ProblemKind.INVALID, "operator")]),
        ("a", "", (), [(ProblemKind.INVALID, "operator")]),
        ("", "Exists", (), [(ProblemKind.INVALID, "key")] * 2),
        (
            "-",
            "In",
            ("x", "-", "y z"),
            [
                (ProblemKind.INVALID, "key"),
                (ProblemKind.INVALID, "values[1]"),
                (ProblemKind.INVALID, "values[2]"),
            ],
        ),
        ("-", "Exists", ("x",), [(ProblemKind.FORBIDDEN, "values"), (ProblemKind.INVALID, "key")]),
    ],
)
def test_bad_requirements_are_refused(
    key: str, operator: str, values: tuple[str, ...], expected: list[tuple[ProblemKind, str]]
) -> None:
    """All faults are named: the operator and its values first, then the key, then each value."""
    with pytest.raises(InvalidValueError) as error:
        Requirement(key=key, operator=operator, values=values)  # type: ignore[arg-type]
    assert problems_of(error) == expected


@pytest.mark.parametrize(
    ("operator", "help_text"),
    [
        ("in", "did you mean `In`?"),
        ("notin", "did you mean `NotIn`?"),
        ("exists", "did you mean `Exists`?"),
        ("=", ""),
    ],
)
def test_a_wrong_operator_gets_help(operator: str, help_text: str) -> None:
    """The nearest operator is named when one is near."""
    with pytest.raises(InvalidValueError) as error:
        Requirement(key="a", operator=operator, values=("x",))  # type: ignore[arg-type]
    assert error.value.problems[0] == Problem(
        kind=ProblemKind.INVALID,
        field="operator",
        value=operator,
        message="not an operator; allowed are In, NotIn, Exists, DoesNotExist "
        "(in exactly this case)",
        help=help_text,
    )


def test_the_empty_selector_matches_everything() -> None:
    """A selector without entries matches every set of labels."""
    assert EVERYTHING.matches_everything
    assert EVERYTHING.matches({})
    assert not labelled(a="x").matches_everything
    assert not labelled(requirement("a", "Exists")).matches_everything


def test_a_selector_needs_all_its_entries() -> None:
    """Labels and requirements must all hold."""
    selector = labelled(requirement("b", "Exists"), a="x")
    assert selector.matches({"a": "x", "b": ""})
    assert not selector.matches({"a": "x"})
    assert not selector.matches({"a": "y", "b": ""})


def test_selectors_as_text() -> None:
    """A selector shows its labels sorted, then its requirements as written."""
    assert str(EVERYTHING) == "{}"
    selector = labelled(
        requirement("tier", "NotIn", "a", "b"), requirement("x", "Exists"), b="2", a="1"
    )
    assert str(selector) == "a=1, b=2, tier NotIn [a, b], x Exists"


def test_a_selector_is_a_value() -> None:
    """Selectors that say the same are equal and have one hash, whatever they were made of."""
    one = LabelSelector(match_labels={"a": "1", "b": "2"})
    two = LabelSelector(match_labels=Labels({"b": "2", "a": "1"}), match_expressions=())
    assert one == two
    assert hash(one) == hash(two)


def test_bad_labels_of_a_selector_are_refused() -> None:
    """A selector cannot be made of labels that cannot exist."""
    with pytest.raises(InvalidValueError):
        LabelSelector(match_labels={"a": "b c"})
