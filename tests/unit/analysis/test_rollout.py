"""``stage``: the order in which policies can be applied without an outage, or why there is none."""

from __future__ import annotations

import pytest

from netpol_sim.analysis import together
from netpol_sim.analysis.asked import asked
from netpol_sim.analysis.rollout import Rollout, RolloutOutcome, stage
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.policy import Direction
from tests.builders import (
    EGRESS,
    INGRESS,
    admin,
    baseline,
    cluster,
    decision,
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


def test_an_obstacle_says_which_rules_it_waits_for() -> None:
    """Each need that breaks names the rules to come that allow it, at the ends that deny it."""
    waits = {
        each.policy.name: [
            (step.policy.name, step.field) for need in each.breaks for step in need.waits_for
        ]
        for each in stage([*ENTANGLED], NEEDS, BANK).obstacles
    }
    assert waits == {"one": [("two", "spec.ingress[0]")], "two": [("one", "spec.ingress[0]")]}


def names(rollout: Rollout) -> list[list[str]]:
    """The names of the policies in each batch."""
    return [[policy.name for policy in batch.policies] for batch in rollout.batches]


TRIPLE = [
    policy("bank/api-one", select=labelled(app="api"), ingress=[rule(ports=[1])]),
    policy("bank/all", ingress=[rule(ports=[9])]),
    policy("bank/api-two", select=labelled(app="api"), ingress=[rule(ports=[2])]),
    policy("bank/db-one", select=labelled(app="db"), ingress=[rule(ports=[1])]),
]
"""The two policies of the API must come together, that of the database may come by itself."""

# needs, the batches
TOGETHER: list[tuple[list[str], list[list[str]]]] = [
    (
        ["bank/web -> bank/api:1", "bank/web -> bank/api:2", "bank/web -> bank/db:1"],
        [["db-one"], ["api-one", "api-two"], ["all"]],
    ),
    (
        ["bank/web -> bank/api:1", "bank/web -> bank/api:9", "bank/web -> bank/db:1"],
        [["db-one"], ["api-one", "all"], ["api-two"]],
    ),
    (
        [f"bank/web -> bank/api:{port}" for port in (1, 2, 9)],
        [["db-one"], ["api-one", "all", "api-two"]],
    ),
]


@pytest.mark.parametrize(("needs", "expected"), TOGETHER)
def test_the_smallest_batches_are_offered(needs: list[str], expected: list[list[str]]) -> None:
    """Where there is no order, policies that wait for each other come together, others alone."""
    rollout = stage(TRIPLE, needs, BANK)
    assert rollout.outcome is RolloutOutcome.NO_ORDER
    assert names(rollout) == expected
    assert all(batch.smallest for batch in rollout.batches)
    assert rollout.batches[0].before == BANK
    assert [each.before for each in rollout.batches[1:]] == [
        each.after for each in rollout.batches[:-1]
    ]


def test_batches_are_offered_where_there_is_no_order_only() -> None:
    """A safe order needs no batches, and what is never allowed has none."""
    assert stage([DENY, *ALLOWS], NEEDS, BANK).batches == ()
    assert stage([DENY], NEEDS, BANK).batches == ()


def test_an_update_may_be_what_mends() -> None:
    """A policy that replaces one of its name belongs into the batch whose needs it frees."""
    old = policy("bank/db-in", select=labelled(app="db"), ingress=[rule(ports=[1])])
    new = policy("bank/db-in", select=labelled(app="web"), ingress=[rule(ports=[2])])
    other = policy("bank/web-in", select=labelled(app="web"), ingress=[rule(ports=[1])])
    needs = ["bank/api -> bank/web:1", "bank/api -> bank/web:2", "bank/api -> bank/db:1"]
    rollout = stage([new, other], needs, BANK.with_policies([old]))
    assert names(rollout) == [["db-in", "web-in"]]


def test_a_search_that_gives_up_says_so() -> None:
    """Beyond the limit all that is left is one batch, which may not be the smallest."""
    search = together._Search(questions=(), target=BANK, left=1)  # noqa: SLF001  the limit is its own affair
    assert search.next_batch(BANK, tuple(TRIPLE)) == (TRIPLE[0],)
    assert search.left == 0
    assert search.next_batch(BANK, tuple(TRIPLE)) == tuple(TRIPLE)


ACCEPT = admin("accept", ingress=[decision("Accept")], priority=10)
TIERS: list[tuple[list[AnyPolicy], str]] = [
    # A denial of everything waits for what accepts before it.
    ([admin("deny", ingress=[decision("Deny")], priority=20), ACCEPT], "accept deny"),
    # Where two share a priority, the order in the end is the one given, not that of the steps.
    ([ACCEPT, admin("deny", ingress=[decision("Deny")], priority=10)], "accept deny"),
    # A NetworkPolicy that allows keeps the Baseline tier out.
    ([baseline("deny", ingress=[decision("Deny")]), INTO_API], "api-in deny"),
]


@pytest.mark.parametrize(("policies", "order"), TIERS)
def test_cluster_scoped_policies_are_steps(policies: list[AnyPolicy], order: str) -> None:
    """They are ordered with the others, and isolate nobody."""
    rollout = stage(policies, NEEDS[:1], BANK)
    assert " ".join(step.policy.name for step in rollout.steps) == order
    assert all(not step.isolates for step in rollout.steps if step.policy is not INTO_API)


def test_equal_priorities_keep_the_order_of_the_end() -> None:
    """Whichever of the two is applied first."""
    deny = admin("deny", ingress=[decision("Deny")], priority=10)
    target = BANK.with_policy(ACCEPT, deny)
    state = together.applied(together.applied(BANK, (deny,), target), (ACCEPT,), target)
    assert [each.name for each in state.cluster_policies] == ["accept", "deny"]


NAMES = ("web", "api", "db")

# need, the connections it means
PATTERNS: list[tuple[str, list[str]]] = [
    ("bank/* -> bank/db:5432", ["bank/web -> bank/db:5432", "bank/api -> bank/db:5432"]),
    ("bank/web -> bank/*:80", ["bank/web -> bank/api:80", "bank/web -> bank/db:80"]),
    (
        "* -> svc:bank/db:5432",
        [f"bank/{name} -> svc:bank/db:5432" for name in NAMES],
    ),
    ("198.51.100.0/24 -> bank/web:80", ["198.51.100.1 -> bank/web:80"]),
]


@pytest.mark.parametrize(("need", "connections"), PATTERNS)
def test_a_need_may_mean_several_connections(need: str, connections: list[str]) -> None:
    """A pattern breaks exactly where one of its connections breaks, under its own name."""
    for one in (DENY, *ALLOWS, ENTANGLED[0]):
        (found,) = stage([one], [need], BANK).denied or (None,)
        denied = [each for each in connections if stage([one], [each], BANK).denied]
        assert (found.pairs if found else 0) == len(denied), one
        assert found is None or found.connection == need


def test_pods_that_look_alike_are_asked_about_once() -> None:
    """One pod answers for all with the same labels, as far as policies speak of those labels."""
    copies = [pod(f"bank/w-{number}", app="w", n=str(number)) for number in range(3)]
    world = cluster(*copies, DB)
    assert [each.pairs for each in asked(["bank/* -> bank/db:1"], world, world)] == [3]
    world = world.with_policies([policy("bank/x", select=labelled(n="1"))])
    assert [each.pairs for each in asked(["bank/* -> bank/db:1"], world, world)] == [1, 1, 1]
    (among,) = asked(["bank/* -> bank/*:1"], cluster(*copies), cluster(*copies))
    assert among.pairs == 6


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


HELD = policy("bank/held", select=labelled(app="db"), ingress=[rule(pods(app="web"))])
LET_GO = policy("bank/held", select=labelled(app="gone"))
KEPT = admin("kept", ingress=[decision("Accept", ports=[80, 81])])
DROPPED = admin("kept", ingress=[decision("Pass", ports=[80, 81])])
ONE, OTHER = (
    policy(
        f"bank/only-{port}",
        select=labelled(app="db"),
        ingress=[rule(pods(app="web"), ports=[port])],
    )
    for port in (80, 81)
)


@pytest.mark.parametrize(("present", "update"), [(HELD, LET_GO), (KEPT, DROPPED)], ids=str)
def test_an_update_that_is_safe_now_may_be_too_early(present: AnyPolicy, update: AnyPolicy) -> None:
    """Only while the old policy is there can those be applied that wait for each other."""
    needs = ["bank/web -> bank/db:80", "bank/web -> bank/db:81"]
    rollout = stage([update, ONE, OTHER], needs, BANK.with_policy(present))
    assert order(rollout) == ["only-80", "only-81", update.name]
