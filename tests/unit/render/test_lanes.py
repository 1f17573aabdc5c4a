"""The picture of the lanes says what the verdict holds: who decided, who was never asked."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import DomainNames
from netpol_sim.cluster_policy import Tier
from netpol_sim.model import Connection
from netpol_sim.plugin import BaselineSkipped, Profile
from netpol_sim.render import lanes, path
from netpol_sim.render.draw import draw, picture_of
from netpol_sim.render.lanes import Standing
from netpol_sim.render.palette import Tone
from netpol_sim.render.scene import Scene
from netpol_sim.verdict import EndVerdict, Reason, Verdict
from tests.builders import (
    EGRESS,
    INGRESS,
    admin,
    baseline,
    cluster,
    decision,
    labelled,
    networks,
    node,
    pod,
    pods,
    policy,
    rule,
    service,
)
from tests.laws.strategies import tiered_questions

A, B = pod("team/a", app="a", ip="10.0.0.1"), pod("team/b", app="b", ip="10.0.0.2")
LOCAL = pod("team/local", app="local", ip="192.0.2.1", node="n1", host_network=True)
ASKED = "team/a -> team/b:80"
CLOSED = policy("team/closed", select=labelled(app="b"), types=[INGRESS])
OPEN = policy("team/open", select=labelled(app="b"), ingress=[rule(pods(app="a"))])
OUT = policy("team/out", select=labelled(app="b"), types=[EGRESS])


def world(*policies: object, profile: Profile | None = None) -> Cluster:
    """Two pods of one team, one on the network of its node, and these policies."""
    more = {} if profile is None else {"profile": profile}
    return cluster(A, B, LOCAL, node("n1", "192.0.2.1"), *policies, **more)  # type: ignore[arg-type]


def ingress_of(found: Cluster, asked: str = ASKED) -> tuple[lanes.Lane, ...]:
    """The lanes at the destination."""
    verdict = verdict_of(found, asked)
    return lanes.of_end(Scene.of(verdict), verdict.ingress)


def verdict_of(found: Cluster, asked: str = ASKED) -> Verdict:
    """The verdict for a connection to a pod."""
    answer = evaluate(found, asked)
    return answer if isinstance(answer, Verdict) else answer.backends[0]


ADMIN_ACCEPTS = admin("top", ingress=[decision("Accept")])
ADMIN_DENIES = admin("top", ingress=[decision("Deny")])
ADMIN_PASSES = admin("top", ingress=[decision("Pass")])
ADMIN_SILENT = admin("top", ingress=[decision("Deny", ports=[81])])
BASE_DENIES = baseline("base", ingress=[decision("Deny")])
BASE_PASSES = baseline("base", ingress=[decision("Pass")])
PER_POD = Profile(name="per-pod", baseline_skipped=BaselineSkipped.PER_POD)

D, Y, N, G = Standing.DENIES, Standing.ALLOWS, Standing.NOT_ASKED, Standing.GOES_ON
PLANTED = {
    "admin-denies": (world(ADMIN_DENIES, OPEN, BASE_DENIES), (D, N, N), "Deny, final"),
    "admin-accepts": (world(ADMIN_ACCEPTS, CLOSED, BASE_DENIES), (Y, N, N), "Accept, final"),
    "pass-then-allowed": (world(ADMIN_PASSES, OPEN, BASE_DENIES), (G, Y, N), "Pass, goes on"),
    "isolated-and-denied": (world(ADMIN_SILENT, CLOSED, BASE_DENIES), (G, D, N), "isolates and"),
    "baseline-denies": (world(ADMIN_SILENT, BASE_DENIES), (G, G, D), "Deny, final"),
    "nobody": (world(ADMIN_PASSES, BASE_PASSES), (G, G, G, Y), "open by default"),
    "no-rules-here": (world(admin("top", egress=[decision("Pass")])), (G, G, G, Y), "no ingress"),
    "kept-out": (world(OUT, BASE_DENIES, profile=PER_POD), (G, G, N, Y), "does not ask the"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_each_lane_stands_as_the_verdict_has_it(name: str) -> None:
    """Who decides, who goes on and who is not asked, for each way that a verdict can come about."""
    found, standings, said = PLANTED[name]
    seen = ingress_of(found)
    assert tuple(lane.standing for lane in seen) == standings
    assert any(said in " ".join((lane.said, *lane.reasons)) for lane in seen)


def test_the_deciding_rule_stands_out() -> None:
    """The rule that decides is named with its kind, number, priority and place, and marked."""
    (lane, *rest) = ingress_of(world(ADMIN_DENIES))
    assert lane.rule == "rule 1 of ClusterNetworkPolicy top (priority 10)"
    assert lane.because[0] == "spec.ingress[0]"
    assert not any(each.rule for each in rest)
    shown = picture_of(verdict_of(world(ADMIN_DENIES))).groups[1].boxes
    assert [line for box in shown for line in box.lines if line.startswith("▶")] == [
        "▶ rule 1 of ClusterNetworkPolicy top"
    ]


def test_a_rule_that_fails_closed_says_so() -> None:
    """A Deny for domain names denies everything, and the lane says why."""
    names = decision("Deny", DomainNames(names=("example.com",)))
    verdict = verdict_of(world(admin("top", egress=[names])))
    (first, *_) = lanes.of_end(Scene.of(verdict), verdict.egress)
    assert first.standing is D
    assert "denies everything" in first.because[-1]


@pytest.mark.parametrize("asked", ["team/a -> team/local:80", "team/a -> 203.0.113.7:80"])
def test_what_is_outside_of_all_lanes_has_one_box(asked: str) -> None:
    """A pod on its node's network and an address outside go through no lane, and it is said."""
    (only,) = ingress_of(world(ADMIN_DENIES, BASE_DENIES), asked)
    assert only.standing is Y
    assert only.because[-1] == "no lane is asked"


def test_a_pod_that_reaches_itself_through_a_service_goes_through_the_lanes() -> None:
    """The tiers judge it; NetworkPolicies cannot come between a pod and itself."""
    own = service("team/b", select={"app": "b"}, ports=["80"], ip="10.9.0.1")
    seen = ingress_of(world(ADMIN_PASSES, CLOSED, own), "team/b -> svc:team/b:80")
    assert [lane.standing for lane in seen] == [G, G, G, Y]
    assert seen[1].because == ("a pod always reaches itself",)


def test_a_caveat_stands_below_the_picture() -> None:
    """What the API leaves open, such as equal priorities, is a note."""
    pair = (admin("one", ingress=[decision("Deny")]), admin("two", ingress=[decision("Accept")]))
    picture = picture_of(verdict_of(world(*pair)))
    assert "the same priority" in " ".join(picture.notes)
    assert "the same priority" in picture.description


def test_without_tiers_the_picture_is_as_it_was() -> None:
    """Who has NetworkPolicies only sees no lanes."""
    verdict = verdict_of(world(OPEN))
    assert picture_of(verdict) == path.verdict_picture(verdict)
    unknown = Profile(name="old", cluster_policy_kinds=())
    ignored = verdict_of(world(OPEN, ADMIN_DENIES, profile=unknown))
    assert picture_of(ignored) == path.verdict_picture(ignored)


def test_the_svg_has_its_words(golden: Callable[[str, str], None]) -> None:
    """The SVG has a role, a title, a description, and the bytes that were looked at."""
    made = str(draw(verdict_of(world(ADMIN_DENIES, OPEN, networks_out()))).content)
    read = ET.fromstring(made)  # noqa: S314  our own
    space = {"svg": "http://www.w3.org/2000/svg"}
    assert read.get("role") == "img"
    assert read.findtext("svg:title", namespaces=space) == "team/a -> team/b:80/TCP: denied"
    assert "not asked; the Admin tier has decided" in str(read.findtext("svg:desc", None, space))
    golden(made, "render/lanes.svg")


def test_layout_programs_get_signs_that_they_can_draw() -> None:
    """PNG has the fonts of the machine, so that DOT uses signs that every font has."""
    made = str(draw(verdict_of(world(ADMIN_DENIES)), "dot"))
    assert not set("✓✗▶") & set(made)
    assert all(sign in made for sign in ("√ Egress", "\N{MULTIPLICATION SIGN} Ingress", "► rule 1"))


def networks_out() -> object:
    """A Baseline that keeps everybody from one address."""
    return baseline("base", egress=[decision("Deny", networks("203.0.113.0/24"))])


@settings(max_examples=60)
@given(asked=tiered_questions())
def test_the_lanes_agree_with_the_verdict(asked: tuple[Cluster, Connection]) -> None:
    """On random clusters: one lane decides, as the end does, and after it nobody is asked."""
    verdict = evaluate(*asked)
    assert isinstance(verdict, Verdict)
    for end in verdict.ends:
        _check(end, lanes.of_end(Scene.of(verdict), end))
    picture = lanes.lanes_picture(verdict)
    signs = {Tone.ALLOWED: "✓", Tone.DENIED: "✗", Tone.PLAIN: "↓", Tone.MUTED: "○"}
    assert all(signs[box.tone] in box.lines[0] for box in picture.all_boxes)


def _check(end: EndVerdict, seen: tuple[lanes.Lane, ...]) -> None:
    standings = [lane.standing for lane in seen]
    (final,) = [each for each in standings if each in (Y, D)]
    assert (final is Y) is end.allowed
    assert all(each is N for each in standings[standings.index(final) + 1 :])
    by_tier = {Tier.ADMIN: 0, Tier.BASELINE: 2}
    if end.decided_by is not None:
        assert standings.index(final) == by_tier[end.decided_by.policy.tier]
    elif end.reason in (Reason.RULE_MATCHED, Reason.NO_RULE_MATCHED, Reason.NO_RULE_WRITTEN):
        assert standings.index(final) == 1
