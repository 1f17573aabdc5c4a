"""``replay``: reading recordings, and what is counted."""

from __future__ import annotations

import pytest

from netpol_sim.analysis.replay import Recorded, parse_recording, replay
from netpol_sim.errors import ConnectionTextError
from tests.builders import cluster, labelled, pod, pods, policy, rule, service

WORLD = cluster(
    pod("bank/web", app="web"),
    pod("bank/db-1", app="db", ports=[5432], workload="StatefulSet/db"),
    pod("bank/db-2", app="db", ports=[5432], workload="StatefulSet/db"),
    service("bank/db", select={"app": "db"}, ports=["5432"], ip="10.96.0.5"),
    service("bank/none", select={"app": "none"}, ports=["80"]),
    policy(
        "bank/db",
        select=labelled(app="db"),
        ingress=[rule(pods(app="web"), ports=[5432]), rule(pods(app="web"), ports=[9187])],
    ),
)

TEXTS = [
    ("bank/a -> bank/b:80", [("bank/a -> bank/b:80", 1)]),
    ("  12 bank/a -> bank/b:80  # why", [("bank/a -> bank/b:80", 12)]),
    ("# only a remark\n\n", []),
    ("2 a/b -> c/d:80\n3 a/b  ->  c/d:80/TCP", [("a/b -> c/d:80", 5)]),
    ("2 a/b -> c/d:80\n3 a/b -> c/d:80/UDP", [("a/b -> c/d:80", 2), ("a/b -> c/d:80/UDP", 3)]),
    ("10.0.0.1 -> [2001:db8::1]:443", [("10.0.0.1 -> [2001:db8::1]:443", 1)]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_reading(text: str, expected: list[tuple[str, int]]) -> None:
    """A line is a count and a connection; equal connections are counted together."""
    assert [(each.connection, each.count) for each in parse_recording(text)] == expected


def test_every_line_that_cannot_be_read_is_told() -> None:
    """The message has the file and line of each, and what is wrong with it."""
    with pytest.raises(ConnectionTextError) as raised:
        parse_recording("1 a/b -> c/d:80\n2 a/b\n\n0 a/b -> c/d:80", file="log")
    first, second = str(raised.value).splitlines()
    assert first.startswith("log:2: `a/b` has no `->`")
    assert second.startswith("log:4: a connection is recorded at least once")


def test_counts_of_rules() -> None:
    """A rule counts what it lets pass as often as it was recorded, a Service's pods once."""
    found = replay(WORLD, "5 bank/web -> bank/db-1:5432\n2 bank/web -> svc:bank/db:5432")
    assert list(map(str, found.rules)) == [
        "bank/db spec.ingress[0]: 7",
        "bank/db spec.ingress[1]: 0",
    ]
    assert [use.rule for use in found.unused_rules] == [WORLD.policies[0].ingress[1]]


def test_what_was_recorded_was_used() -> None:
    """A workload stands for all its pods, and a Service, by its address too, for those behind."""
    for connection in ("bank/web -> bank/db:5432", "bank/web -> 10.96.0.5:5432"):
        found = replay(WORLD, [Recorded(connection=connection)])
        assert [str(flow.ports) for flow in found.never_used] == ["TCP 9187"]


def test_what_cannot_be_judged_is_not_safe() -> None:
    """A pod that is gone, and a Service with nothing behind it, are neither passed nor denied."""
    found = replay(WORLD, "bank/old -> bank/db-1:5432\nbank/web -> svc:bank/none:80")
    assert not found.safe
    assert not found.passed
    assert not found.denied
    assert [each.answer is None for each in found.unjudged] == [True, False]
    assert "no pod `bank/old`" in found.unjudged[0].fault
    assert str(found) == "recorded connections: 0 pass, 0 denied, 2 not judged"


def test_an_empty_recording_uses_nothing() -> None:
    """Without connections nothing is denied, and every rule is unused."""
    found = replay(WORLD, "")
    assert found.safe
    assert found.unused_rules == found.rules
