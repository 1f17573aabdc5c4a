"""What Kubernetes says about NetworkPolicies, case by case; see ``runner`` for how to read them."""

from __future__ import annotations

import pytest

from tests.spec import runner
from tests.spec.lines import Line

MARKS = {"stated", "open", "derived"}


@pytest.mark.parametrize("case", runner.cases(), ids=lambda case: str(case.id))
def test_case(case: runner.Case) -> None:
    """The simulator answers every question of a case as the case does."""
    assert runner.disagreements(case) == [], str(case)


@pytest.mark.parametrize("case", runner.scenarios(), ids=lambda case: str(case.id))
def test_scenario(case: runner.Case) -> None:
    """The simulator answers interview questions right."""
    assert runner.disagreements(case) == [], str(case)


def test_every_fact_has_a_case() -> None:
    """Each fact of the checklist is named by at least one case, and no case names another."""
    named = {item for case in runner.cases() for item in case.told["items"]}
    assert named == set(runner.checklist()["items"])


def test_the_checklist_is_complete() -> None:
    """The facts are numbered without gaps, and each says whether Kubernetes states it."""
    items = runner.checklist()["items"]
    assert list(items) == list(range(1, len(items) + 1))
    assert {text.partition(", ")[0] for text in items.values()} == MARKS
    assert len(set(items.values())) == len(items)


def test_every_case_names_its_source() -> None:
    """Each case cites one of the sources, and where in it."""
    known = runner.checklist()["sources"]
    for case in runner.cases():
        source, _, place = case.told["source"].replace("#", " ").partition(" ")
        assert source in known, case.id
        assert place, case.id


def test_ids_and_sentences_are_unique() -> None:
    """No two cases share an id or a sentence."""
    told = [*runner.cases(), *runner.scenarios()]
    assert len({case.id for case in told}) == len(told)
    assert len({case.says for case in told}) == len(told)


def test_cases_say_something() -> None:
    """Each case has a whole matrix, connections or problems to check, and no unknown field."""
    known = {
        "id", "says", "source", "items", "fact", "facts", "world", "profile",
        "nodes", "namespaces", "pods", "services", "outsiders", "ports",
        "policies", "cnps", "manifests", "update",
        "default", "except", "expect", "expect_by_profile", "because", "caveats", "problems",
    }  # fmt: skip
    for case in (*runner.cases(), *runner.scenarios()):
        assert set(case.told) <= known, case.id
        assert {"default", "expect", "expect_by_profile", "problems"} & set(case.told), case.id


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ("* -> shop/db", True),
        ("shop/* -> shop/db:5432", True),
        ("shop/web -> */db:54*", True),
        ("shop/web -> shop/db:5432/UDP", False),
        ("shop/web -> shop/db:80", False),
        ("bank/* -> shop/db", False),
    ],
)
def test_a_line_fits_by_its_ends_and_port(line: str, fits: bool) -> None:  # noqa: FBT001
    """Wildcards may stand in each end and in the port, whose protocol is TCP when left out."""
    assert Line.read("shop/web -> shop/db:5432").fits(line) is fits


def test_a_wildcard_is_everybody_else() -> None:
    """Only a line that names both ends speaks about a pod and itself."""
    itself = Line.read("shop/db -> shop/db:80")
    assert not itself.fits("* -> shop/db")
    assert itself.fits("shop/db -> shop/db")


def test_a_wrong_case_is_noticed() -> None:
    """A case that is too open, too tight, too quiet or about nothing disagrees."""
    told = {
        "items": [],
        "policies": [{"ns": "shop", "name": "p", "spec": {"podSelector": {}}}],
        "default": "ALLOW",
        "except": {"* -> shop/*": "DENY-I"},
    }

    def wrong(**changes: object) -> list[str]:
        case = runner.Case(id="x", says="x", told={**told, **changes})
        return runner.disagreements(case)

    assert wrong() == []
    assert wrong(**{"except": {}})
    assert wrong(default="DENY-I")
    assert wrong(**{"except": {"* -> shop/*": "DENY-I", "* -> shop/nobody": "ALLOW"}})
    assert wrong(caveats={"* -> shop/web": ["node-unknown"]})
    assert wrong(because={"bank/web -> shop/db:80": ["not-isolated", "rule-matched"]})
    assert wrong(expect={"bank/web -> shop/db:80": "ALLOW"})
    assert wrong(problems=[])
