"""The nearest miss is the rule that a person would point at."""

from __future__ import annotations

import pytest

from netpol_sim import evaluate
from netpol_sim.policy import Rule
from netpol_sim.render.nearest import nearest_miss
from netpol_sim.verdict import Verdict
from tests.builders import (
    block,
    cluster,
    labelled,
    namespace,
    namespaces,
    pod,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
)

WORLD = cluster(
    namespace("shop", env="prod"),
    namespace("dev", env="dev"),
    pod("shop/web", app="web", ip="10.0.0.1", ports=["http:8080", "dns:53/UDP"]),
    pod("shop/client", app="client", tier="front", ip="10.0.0.2"),
    pod("dev/client", app="client", ip="10.0.0.3"),
)
HERE, THERE = "shop/client", "dev/client"

# what is nearer than what, source, port, rules, (rule, peer, port) of the nearest miss
CASES: list[tuple[str, str, str, list[Rule], tuple[int, int | None, int | None]]] = [
    (
        "one failing half than two",
        HERE,
        "8080",
        [rule(pods(app="x"), ports=[80]), rule(pods(app="x"), ports=[8080])],
        (1, 0, None),
    ),
    (
        "a matching half that names something than one that lists nothing",
        HERE,
        "8080",
        [rule(pods(app="x")), rule(pods(app="y"), ports=["http"])],
        (1, 0, None),
    ),
    (
        "one unmet label than two",
        HERE,
        "8080",
        [rule(pods(app="x", tier="y")), rule(pods(app="x", tier="front"))],
        (1, 0, None),
    ),
    (
        "other labels here than other labels in another namespace",
        THERE,
        "8080",
        [rule(pods(app="x")), rule(pods_in(namespaces(env="dev"), pods(app="x")))],
        (1, 0, None),
    ),
    (
        "the right labels in another namespace than the wrong ones",
        THERE,
        "8080",
        [rule(pods(app="x")), rule(pods(app="client"))],
        (1, 0, None),
    ),
    (
        "labels than an address that is far away",
        HERE,
        "8080",
        [rule(block("192.0.2.0/24")), rule(pods(app="x"))],
        (1, 0, None),
    ),
    (
        "an exception than another range",
        "203.0.113.7",
        "8080",
        [rule(block("192.0.2.0/24")), rule(block("203.0.113.0/24", "203.0.113.0/29"))],
        (1, 0, None),
    ),
    (
        "a range than a selector, for an address outside",
        "203.0.113.7",
        "8080",
        [rule(pods()), rule(block("192.0.2.0/24"))],
        (1, 0, None),
    ),
    (
        "the right number in the wrong protocol than the wrong number",
        HERE,
        "53/UDP",
        [rule(ports=["54/UDP"]), rule(ports=[53])],
        (1, None, 0),
    ),
    (
        "the wrong number than the wrong number in the wrong protocol",
        HERE,
        "53/UDP",
        [rule(ports=[80]), rule(ports=["54/UDP"])],
        (1, None, 0),
    ),
    (
        "the nearest entries of a rule, not its first",
        HERE,
        "53/UDP",
        [rule(block("192.0.2.0/24"), pods(requirement("tier", "NotIn", "front")), ports=[80, 53])],
        (0, 1, 1),
    ),
    (
        "the first of equals",
        HERE,
        "8080",
        [rule(pods(app="x")), rule(pods(app="y"))],
        (0, 0, None),
    ),
]


@pytest.mark.parametrize(
    ("_claim", "source", "port", "rules", "expected"), CASES, ids=[case[0] for case in CASES]
)
def test_nearest(
    _claim: str,
    source: str,
    port: str,
    rules: list[Rule],
    expected: tuple[int, int | None, int | None],
) -> None:
    """The nearest miss is as the name of the case says, and of the entries that miss the least."""
    guard = policy("shop/guard", select=labelled(app="web"), ingress=rules)
    verdict = evaluate(WORLD.with_policy(guard), f"{source} -> shop/web:{port}")
    assert isinstance(verdict, Verdict)
    miss = nearest_miss(verdict.ingress, verdict.connection)
    assert miss is not None
    assert (miss.step.index, miss.peer, miss.port) == expected


def test_no_miss_where_a_rule_matches_or_none_is_written() -> None:
    """An end that allows, or that has no rules at all, has no nearest miss."""
    for rules in ([rule(), rule(ports=[80])], []):
        guard = policy("shop/guard", select=labelled(app="web"), ingress=rules)
        verdict = evaluate(WORLD.with_policy(guard), "shop/client -> shop/web:8080")
        assert isinstance(verdict, Verdict)
        assert nearest_miss(verdict.ingress, verdict.connection) is None
