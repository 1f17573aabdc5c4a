"""The picture of a cluster says what is true, all of it, and stays readable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.table.ports import ALL_PORTS
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.model import Phase
from netpol_sim.plugin import NOT_ENFORCED
from netpol_sim.render import bundle, crowd, graph
from netpol_sim.render.draw import draw, picture_of
from netpol_sim.render.palette import Tone
from netpol_sim.render.parties import outside_parties, pod_parties
from netpol_sim.render.picture import Arrow, Box, Group, Picture, Shape
from netpol_sim.verdict import Verdict
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    cluster,
    labelled,
    namespace,
    namespaces,
    pod,
    pods,
    policy,
    rule,
)
from tests.laws.strategies import clusters

BANK = cluster(
    pod("bank/api", app="api", ip="10.0.0.1"),
    pod("bank/ledger", app="ledger", ip="10.0.0.2"),
    pod("bank/rogue", app="rogue", ip="10.0.0.3"),
    pod("shop/web", app="web", ip="10.0.1.1"),
    policy(
        "bank/ledger", select=labelled(app="ledger"), ingress=[rule(pods(app="api"), ports=[5])]
    ),
    policy(
        "bank/api",
        select=labelled(app="api"),
        types=[EGRESS],
        egress=[rule(pods(app="ledger")), rule(block("203.0.113.0/24"), ports=[443])],
    ),
)


def crowded(teams: int = 6) -> Cluster:
    """Ten pods a team: web, api and cache with three replicas each, and a database."""
    things = []
    for team in range(teams):
        for workload in ("web", "api", "cache", "db"):
            for each in range(1 if workload == "db" else 3):
                ip = f"10.{team}.{ord(workload[0])}.{each + 1}"
                key = f"team-{team}/{workload}-{each}"
                things.append(pod(key, app=workload, ip=ip, workload=f"Deployment/{workload}"))
    policies = []
    for team in range(teams):
        policies += [
            policy(f"team-{team}/deny", types=[INGRESS, EGRESS]),
            policy(f"team-{team}/in", select=labelled(app="web"), ingress=[rule(ports=[443])]),
            policy(f"team-{team}/db", select=labelled(app="db"), ingress=[rule(pods(app="api"))]),
            policy(
                f"team-{team}/out",
                select=labelled(app="api"),
                types=[EGRESS],
                egress=[rule(pods(app="db"), ports=[5432])],
            ),
        ]
    return cluster(*things, *policies)


def expanded(picture: Picture) -> set[tuple[str, str, str, Tone]]:
    """Every arrow of a picture, each bundle and each pair of heads taken apart."""
    members = {item.box.key: item.members for item in bundle.sets_of(_without_bundles(picture))}
    found = set()
    for arrow in picture.arrows:
        ways = [(arrow.source, arrow.target)]
        ways += [(arrow.target, arrow.source)] if arrow.both else []
        for source, target in ways:
            for one in members.get(source, {source}):
                for other in members.get(target, {target}):
                    if one != other or source == target == one:
                        found.add((one, other, arrow.label, arrow.tone))
    return found


def _without_bundles(picture: Picture) -> Picture:
    def kept(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        return tuple(box for box in boxes if box.shape is not Shape.BUNDLE)

    groups = tuple(Group(title=item.title, boxes=kept(item.boxes)) for item in picture.groups)
    return Picture(title="", description="", groups=groups, boxes=kept(picture.boxes))


def arrows(value: Cluster) -> set[str]:
    """The arrows of a picture as texts."""
    return {
        f"{arrow.source} {'<->' if arrow.both else '->'} {arrow.target} {arrow.label}".strip()
        for arrow in picture_of(value).arrows
    }


def boxes(value: Cluster) -> dict[str, tuple[str, ...]]:
    """The lines of each box by its key."""
    return {box.key: box.lines for box in picture_of(value).all_boxes}


def test_pods_say_how_they_are_isolated() -> None:
    """Each pod says in words in which directions it is isolated."""
    found = {key: lines[-1] for key, lines in boxes(BANK).items()}
    assert found["bank/api"] == "isolated: egress"
    assert found["bank/ledger"] == "isolated: ingress"
    assert found["shop/web"] == "open"


def test_arrows_are_what_rules_allow() -> None:
    """A rule's connection is an arrow with its exact ports; open pods have thin arrows."""
    found = arrows(BANK)
    assert "bank/api -> bank/ledger TCP 5" in found
    assert "bank/api -> outside: 203.0.113.0/24 TCP 443" in found
    assert "bank/rogue <-> shop/web" in found
    assert not any("rogue -> bank/ledger" in arrow for arrow in found)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (cluster(pod("a/x", host_network=True, node="n")), "on its node's network"),
        (cluster(pod("a/x", phase=Phase.SUCCEEDED)), "Succeeded: no network"),
        (cluster(pod("a/x"), policy("a/p"), profile=NOT_ENFORCED), "open"),
    ],
)
def test_what_policies_do_not_touch_says_so(value: Cluster, line: str) -> None:
    """Pods without a say in policies say why."""
    assert boxes(value)["a/x"][-1] == line


def test_a_plugin_that_does_not_enforce_is_named() -> None:
    """A cluster whose plugin ignores policies says so below the picture."""
    assert any("does not enforce" in note for note in picture_of(BANK).notes) is False
    ignoring = BANK.with_profile(NOT_ENFORCED)
    assert any("does not enforce" in note for note in picture_of(ignoring).notes)


def test_pods_that_are_alike_share_a_box() -> None:
    """Replicas are one box with their number; one that a range tells apart is its own."""
    alike = cluster(
        pod("a/w-1", app="w", ip="10.0.0.1", workload="Deployment/w"),
        pod("a/w-2", app="w", ip="10.0.0.2", workload="Deployment/w"),
        pod("a/w-3", app="w", ip="10.9.0.3", workload="Deployment/w"),
    )
    assert [party.name for party in pod_parties(alike)] == ["w"]
    ranged = cluster(*alike.pods, policy("a/p", ingress=[rule(block("10.9.0.0/16"))]))
    assert [(party.name, len(party.pods)) for party in pod_parties(ranged)] == [
        ("w", 2),
        ("w-3", 1),
    ]


def test_a_whole_namespace_is_one_arrow() -> None:
    """What every pod of a namespace, every pod, or everybody may do is drawn once."""
    things = [pod(f"a/p{number}", app=f"p{number}") for number in range(4)]
    far = pod("b/dns", app="dns")
    to_dns = policy("a/dns", egress=[rule(namespaces(team="b"), ports=["53/UDP"])], types=[EGRESS])
    labelled_b = namespace("b", team="b")
    assert arrows(cluster(*things, far, pod("c/x"), labelled_b, to_dns)) >= {
        "every pod in namespace a -> b/dns UDP 53"
    }
    every = cluster(*things, far, policy("b/in", ingress=[rule(namespaces(), ports=[80])]))
    assert "every pod -> b/dns TCP 80" in arrows(every)
    everybody = cluster(*things, far, policy("b/in", ingress=[rule(ports=[80])]))
    assert "everybody -> b/dns TCP 80" in arrows(everybody)


@settings(max_examples=60)
@given(clusters())
def test_every_arrow_is_true_and_none_is_missing(value: Cluster) -> None:
    """Taken apart, the arrows are the exact ports of each pair that a policy has a say about."""
    picture = picture_of(value)
    if len(picture.arrows) == crowd.MOST_ARROWS:
        return  # some are left out, and a note says how many
    parties, outside = pod_parties(value), outside_parties(value)
    isolated = {party.key: party.isolated for party in parties}
    wanted = {
        (source, target, crowd.shortened(str(ports)))
        for (source, target), ports in graph.flows(value, parties, outside).items()
        if ports and graph.by_rule(isolated, source, target)
    }
    drawn = {
        (source, target, str(ALL_PORTS) if label == "same node" else label)
        for source, target, label, _ in expanded(picture)
        if label
    }
    assert drawn == wanted


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))), st.booleans())
def test_bundles_say_the_same_as_the_arrows_they_stand_for(
    pairs: set[tuple[int, int]],
    outside: bool,  # noqa: FBT001  with a place outside or without
) -> None:
    """A picture with bundles, taken apart, has the arrows of the picture without."""
    names = [f"{'ab'[number > 2]}/{number}" for number in range(6)] + ["outside"]
    groups = (
        Group(title="a", boxes=tuple(Box(key=name, lines=(name,)) for name in names[:3])),
        Group(title="b", boxes=tuple(Box(key=name, lines=(name,)) for name in names[3:6])),
    )
    chosen = tuple(
        Arrow(source=names[one], target=names[other], label="TCP 1", tone=Tone.ALLOWED)
        for one, other in sorted(pairs)
        if outside or 6 not in (one, other)
    )
    lone = (Box(key="outside", lines=("outside",)),) if outside else ()
    plain = Picture(title="", description="", groups=groups, boxes=lone, arrows=chosen)
    bundled = bundle.bundled(plain)
    assert expanded(bundled) == expanded(plain)
    assert len(bundled.arrows) <= len(plain.arrows)


def test_four_pods_are_readable() -> None:
    """A small picture shows every pod, its labels and every arrow."""
    picture = picture_of(BANK)
    assert len(list(picture.all_boxes)) == 5
    assert boxes(BANK)["bank/api"] == ("api", "app=api", "isolated: egress")


def test_sixty_pods_are_readable() -> None:
    """A large picture has few boxes and arrows, no line is long, and nothing is silently lost."""
    value = crowded()
    assert len(value.pods) == 60
    picture = picture_of(value)
    shown = list(picture.all_boxes)
    assert len(shown) <= 30
    assert len(picture.arrows) <= 20
    assert max(len(line) for box in shown for line in box.lines) <= 40
    assert sum("(3 pods)" in box.lines[0] for box in shown) == 18


def test_a_crowd_is_counted_not_hidden() -> None:
    """Boxes that are merged name some and count the rest; arrows left out are counted."""
    alone = cluster(*(pod(f"a/p{number}", app=f"p{number}") for number in range(40)))
    (box,) = picture_of(alone).all_boxes
    assert box.lines[-2:] == ("and 36 more", "open")
    ports = [
        policy(
            f"a/p{number}", select=labelled(app=f"p{number}"), ingress=[rule(ports=[number + 1])]
        )
        for number in range(40)
    ]
    many = cluster(*alone.pods, pod("b/x"), *ports)
    assert len(picture_of(many).arrows) == 40
    one_each = [
        policy(
            f"a/p{number}",
            select=labelled(app=f"p{number}"),
            ingress=[rule(pods(app=f"p{number - 1}")), rule(pods(app=f"p{number - 2}"))],
        )
        for number in range(40)
    ]
    crowd_of_arrows = picture_of(cluster(*alone.pods, *one_each))
    assert len(crowd_of_arrows.arrows) == crowd.MOST_ARROWS
    assert any("29 more arrows are left out" in note for note in crowd_of_arrows.notes)


def test_the_words_say_what_is_drawn() -> None:
    """The description names every box, every arrow and every note."""
    picture = picture_of(BANK)
    for box in picture.all_boxes:
        assert all(line in picture.description for line in box.lines)
    for arrow in picture.arrows:
        assert arrow.label in picture.description
    assert all(note in picture.description for note in picture.notes)


@pytest.mark.parametrize("kind", ["svg", "dot", "mermaid", "png"])
def test_equal_clusters_give_equal_bytes(kind: str) -> None:
    """A picture's bytes depend on the cluster alone."""
    again = cluster(*BANK.pods, *BANK.policies)
    assert draw(BANK, kind).data == draw(again, kind).data


@pytest.mark.parametrize(
    "asked", ["bank/rogue -> bank/ledger:5", "bank/api -> bank/ledger:5", "bank/api -> shop/web:1"]
)
def test_the_path_of_a_verdict_stops_where_it_is_refused(asked: str) -> None:
    """Each end says its answer, and after the first refusal no arrow is green."""
    verdict = evaluate(BANK, asked)
    assert isinstance(verdict, Verdict)
    picture = picture_of(verdict)
    egress, ingress = picture.boxes[1:3]
    assert egress.lines[0] == f"Egress: {'allowed' if verdict.egress.allowed else 'denied'}"
    assert ingress.lines[0] == f"Ingress: {'allowed' if verdict.ingress.allowed else 'denied'}"
    tones = [arrow.tone for arrow in picture.arrows]
    passed = tones.count(Tone.ALLOWED)
    assert tones == [Tone.ALLOWED] * passed + [Tone.DENIED] * (3 - passed)
    assert passed == 1 + verdict.egress.allowed + verdict.allowed


def test_a_cluster_looks_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The DOT text of a cluster's picture is the one that was looked at."""
    golden(str(draw(BANK, "dot")), "render/bank.dot")
