"""``stage``: the order in which policies can be applied without an outage, or why there is none."""

from __future__ import annotations

import pytest

from netpol_sim.analysis.rollout import Rollout, RolloutOutcome, stage
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.policy import Direction
from tests.builders import (
    EGRESS,
    INGRESS,
    cluster,
    labelled,
    node,
    pod,
    pods,
    policy,
    rule,
    service,
)

WEB, API, DB = (
    pod("bank/web", app="web"),
    pod("bank/api", app="api"),
    pod("bank/db", app="db", ports=[5432]),
)
BANK = cluster(WEB, API, DB, node("n1"), service("bank/db", select={"app": "db"}, ports=["5432"]))
NEEDS = ["bank/web -> bank/api:8080", "bank/api -> svc:bank/db:5432"]

DENY = policy("bank/deny-all", types=[INGRESS, EGRESS])
INTO_API = policy("bank/api-in", select=labelled(app="api"), ingress=[rule(pods(app="web"))])
INTO_DB = policy("bank/db-in", select=labelled(app="db"), ingress=[rule(pods(app="api"))])
OUT_OF_WEB = policy(
    "bank/web-out", select=labelled(app="web"), types=[EGRESS], egress=[rule(pods(app="api"))]
)
OUT_OF_API = policy(
    "bank/api-out", select=labelled(app="api"), types=[EGRESS], egress=[rule(pods(app="db"))]
)
ALLOWS = [INTO_API, INTO_DB, OUT_OF_WEB, OUT_OF_API]


def order(rollout: Rollout) -> list[str]:
    """The names of the policies in the order of the steps."""
    return [step.policy.name for step in rollout.steps]


def test_deny_all_comes_last() -> None:
    """What isolates everybody is applied after all that allow what is needed."""
    rollout = stage([DENY, *ALLOWS], NEEDS, BANK)
    assert rollout.outcome is RolloutOutcome.SAFE
    assert order(rollout) == ["api-in", "db-in", "web-out", "api-out", "deny-all"]
    assert str(rollout).endswith("bank/api-out -> bank/deny-all")


def test_without_needs_the_order_is_as_given() -> None:
    """When nothing is needed, every order is safe, and the given one is kept."""
    assert order(stage([DENY, *ALLOWS], [], BANK)) == ["deny-all", *(each.name for each in ALLOWS)]


def test_steps_say_whom_they_isolate() -> None:
    """Each step names the pods that it is the first to isolate, with the direction."""
    rollout = stage([DENY, *ALLOWS], NEEDS, BANK)
    isolated = [
        [(each.name, direction.value) for each, direction in step.isolates]
        for step in rollout.steps
    ]
    assert isolated == [
        [("api", "Ingress")],
        [("db", "Ingress")],
        [("web", "Egress")],
        [("api", "Egress")],
        [("web", "Ingress"), ("db", "Egress")],
    ]


def test_steps_lead_from_the_cluster_to_all_policies() -> None:
    """Each step begins where the one before it ended."""
    rollout = stage([DENY, *ALLOWS], NEEDS, BANK)
    assert rollout.steps[0].before == BANK
    assert [step.before for step in rollout.steps[1:]] == [
        step.after for step in rollout.steps[:-1]
    ]
    assert set(rollout.steps[-1].after.policies) == {DENY, *ALLOWS}


def test_what_is_never_allowed_is_said() -> None:
    """A connection that all policies together deny has no safe order, and its verdict says why."""
    rollout = stage([DENY, *ALLOWS], [*NEEDS, "bank/web -> bank/db:5432"], BANK)
    assert rollout.outcome is RolloutOutcome.NEVER_ALLOWED
    (need,) = rollout.denied
    assert need.connection == "bank/web -> bank/db:5432"
    assert not need.answer.allowed
    assert rollout.steps == ()


ENTANGLED = [
    policy("bank/one", ingress=[rule(pods(app="web"), ports=[8080])]),
    policy("bank/two", ingress=[rule(pods(app="api"), ports=[5432])]),
]
"""Each isolates everybody and allows one of the needs."""


def test_policies_that_wait_for_each_other_have_no_order() -> None:
    """Where each policy would break what the other one allows, both are named with what breaks."""
    rollout = stage(ENTANGLED, NEEDS, BANK)
    assert rollout.outcome is RolloutOutcome.NO_ORDER
    assert not rollout.safe
    found = {
        each.policy.name: [need.connection for need in each.breaks] for each in rollout.obstacles
    }
    assert found == {"one": [NEEDS[1]], "two": [NEEDS[0]]}
    assert str(rollout) == "no-order"


def test_a_need_that_waits_may_be_served_on_the_way() -> None:
    """What the cluster denies today need not be allowed before some policy allows it."""
    closed = BANK.with_policies([DENY])
    rollout = stage(ALLOWS, NEEDS, closed)
    assert rollout.safe
    served = {step.policy.name: [need.connection for need in step.allows] for step in rollout.steps}
    assert served == {
        "api-in": [],
        "db-in": [],
        "web-out": [NEEDS[0]],
        "api-out": [NEEDS[1]],
    }


def test_an_update_may_have_to_wait() -> None:
    """A policy that replaces one of its name comes after those that take over what it allowed."""
    old = policy("bank/db-in", select=labelled(app="db"), ingress=[rule(pods())])
    new = policy("bank/db-in", select=labelled(app="db"))
    takes_over = policy("bank/z", select=labelled(app="db"), ingress=[rule(pods(app="api"))])
    rollout = stage([new, takes_over], [NEEDS[1]], BANK.with_policies([old]))
    assert order(rollout) == ["z", "db-in"]


def test_another_beginning_is_tried() -> None:
    """Where a need waits, the first safe choice may lead nowhere, and another one does."""
    a, b = "bank/web -> bank/api:1", "bank/web -> bank/db:2"
    first = policy("bank/deny-api", select=labelled(app="api"))
    opens = policy("bank/x", select=labelled(app="api"), ingress=[rule(ports=[1])])
    isolates = policy(
        "bank/p", select=labelled(app="web"), types=[EGRESS], egress=[rule(ports=[2])]
    )
    completes = policy(
        "bank/y", select=labelled(app="web"), types=[EGRESS], egress=[rule(ports=[1])]
    )
    start = BANK.with_policies([first])
    rollout = stage([opens, isolates, completes], [a, b], start)
    assert rollout.safe
    assert order(rollout) == ["p", "x", "y"]


def test_needs_are_checked_first() -> None:
    """A need that cannot be read or names nothing is an error, not an obstacle."""
    with pytest.raises(ConnectionTextError, match="has no `->`"):
        stage([DENY], ["bank/web"], BANK)
    with pytest.raises(UnknownNameError, match="no pod `bank/wbe`"):
        stage([DENY], ["bank/wbe -> bank/db:1"], BANK)


def test_directions_of_isolation_are_told_apart() -> None:
    """A pod isolated for ingress already is new for egress only."""
    (step,) = stage([DENY], [], BANK.with_policies([INTO_DB])).steps
    assert (DB, Direction.INGRESS) not in step.isolates
    assert (DB, Direction.EGRESS) in step.isolates
