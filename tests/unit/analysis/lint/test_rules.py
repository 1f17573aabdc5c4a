"""Every rule: what it finds, where, with which numbers, and what it must not find."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from netpol_sim.analysis.lint import RULES, lint
from netpol_sim.analysis.lint.patch import diff
from tests.unit.analysis.lint.lint_cases import Case, cases, line, rules_of

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_exactly_this(case: Case) -> None:
    """The findings of the rule are those that the case lists, word for word."""
    assert [line(finding) for finding in case.findings()] == case.told["finds"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_fix_is_this_edit(case: Case) -> None:
    """The first finding that can be fixed is fixed by this edit; without one, none can be."""
    fixed = (finding for finding in case.findings() if finding.fix is not None)
    first = next(fixed, None)
    assert (diff(first) if first else None) == case.told.get("fixes")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_policies_from_no_file_are_linted_too(case: Case) -> None:
    """A policy that was not read from a file has no lines, and no finding says that it has."""
    policies = [replace(policy, origin=None) for policy in case.cluster.policies]
    for finding in lint(case.cluster.with_policies(policies), rules=rules_of(case.rule)):
        if finding.id == case.rule and finding.object.startswith("NetworkPolicy "):
            assert finding.location is None
            assert str(finding).startswith(f"{finding.severity} {case.rule} ")
            assert finding.fix is not None or not diff(finding)


def test_every_rule_has_cases_for_and_against() -> None:
    """Each rule has a case in which it fires and a near miss in which it must not."""
    firing = {case.rule for case in CASES if case.told["finds"]}
    silent = {case.rule for case in CASES if not case.told["finds"]}
    assert firing == silent == {rule.id for rule in RULES}


def test_the_texts_of_rules_are_complete() -> None:
    """Each rule has its own id and name, and says what it means, why it bites, how to fix it."""
    for attribute in ("id", "name"):
        counts = Counter(getattr(rule, attribute) for rule in RULES)
        assert counts.most_common(1)[0][1] == 1
    for rule in RULES:
        assert rule.id.startswith("NP")
        assert rule.inputs
        for text in (rule.meaning, rule.why, rule.remedy):
            assert text[0].isupper() or text[0] == "`"
            assert text.endswith((".", ")."))


def test_rules_are_listed_by_id() -> None:
    """The registry is in the order of the ids."""
    ids = [rule.id for rule in RULES]
    assert ids == sorted(ids)
