"""A change as a picture and as a table: exactly what opens and what closes, and why."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings

from netpol_sim.analysis.diff import diff
from netpol_sim.cluster import Cluster
from netpol_sim.policy import NetworkPolicy
from netpol_sim.render import diff as shown
from netpol_sim.render import graph
from netpol_sim.render.change import change_picture
from netpol_sim.render.draw import draw, picture_of
from netpol_sim.render.palette import Tone
from netpol_sim.render.parties import outside_parties, pod_parties
from tests.builders import cluster, labelled, namespaces, pod, pods, policy, rule
from tests.laws.strategies import clusters, policy_sets
from tests.unit.render.reading import Reader
from tests.unit.render.test_graph import expanded

BEFORE = cluster(
    pod("bank/api", app="api"),
    pod("bank/db", app="db"),
    pod("bank/old", app="old"),
    pod("shop/web", app="web"),
    policy(
        "bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"), ports=[5432, 9090])]
    ),
)
AFTER = cluster(
    *(pod for pod in BEFORE.pods if pod.name != "old"),
    policy(
        "bank/db",
        select=labelled(app="db"),
        ingress=[rule(pods(app="api"), ports=[5432]), rule(namespaces(), ports=[80])],
    ),
)
CHANGE = diff(BEFORE, AFTER)


def test_the_picture_shows_both_ways() -> None:
    """What appears, what disappears and what stays are arrows with a sign and a tone each."""
    arrows = {
        (arrow.source, arrow.target, arrow.label, arrow.tone) for arrow in picture_of(CHANGE).arrows
    }
    assert ("bank/api", "bank/db", "+ TCP 80", Tone.ADDED) in arrows
    assert ("shop/web", "bank/db", "+ TCP 80", Tone.ADDED) in arrows
    assert ("bank/api", "bank/db", "- TCP 9090", Tone.REMOVED) in arrows
    assert ("bank/api", "bank/db", "TCP 5432", Tone.PLAIN) in arrows


def test_a_pod_says_what_it_was() -> None:
    """A pod that is new, gone, or isolated otherwise than before says so."""
    lines = {box.key: box.lines for box in picture_of(CHANGE).all_boxes}
    assert lines["bank/old"][-1] == "gone"
    back = {box.key: box.lines for box in picture_of(diff(AFTER, BEFORE)).all_boxes}
    assert back["bank/old"][-1] == "new"
    opened = diff(BEFORE, BEFORE.with_policies(()))
    lines = {box.key: box.lines for box in picture_of(opened).all_boxes}
    assert lines["bank/db"][-2:] == ("open", "before: isolated: ingress")


@settings(max_examples=40)
@given(clusters(), policy_sets())
def test_every_arrow_is_a_change(before: Cluster, policies: tuple[NetworkPolicy, ...]) -> None:
    """Taken apart, the arrows are the exact ports that appear and disappear for each pair."""
    after = before.with_policies(policies)
    picture = change_picture(diff(before, after))
    if any("Not drawn" in note or "left out" in note for note in picture.notes):
        return
    parties = (pod_parties(after, before, after), outside_parties(after, before, after))
    old, new = graph.flows(before, *parties), graph.flows(after, *parties)
    wanted = {(*pair, Tone.ADDED) for pair in new if new[pair] - old[pair]}
    wanted |= {(*pair, Tone.REMOVED) for pair in old if old[pair] - new[pair]}
    drawn = {
        (source, target, tone)
        for source, target, _, tone in expanded(picture)
        if tone in (Tone.ADDED, Tone.REMOVED)
    }
    assert drawn == wanted


def test_a_great_loss_is_counted() -> None:
    """Where nearly everything disappears, the picture shows what is left and counts the rest."""
    many = cluster(*(pod(f"a/p{number}", app=f"p{number}") for number in range(9)))
    closed = picture_of(diff(many, many.with_policy(policy("a/deny"))))
    assert not closed.arrows
    assert any("Not drawn: 81 pairs lose connections" in note for note in closed.notes)


def test_the_table_has_ends_ports_and_reasons() -> None:
    """Each group of connections is a row, in the HTML and in the text alike."""
    read, text = Reader(shown.as_html(CHANGE)), shown.as_text(CHANGE)
    assert read.is_plain
    assert len(read.rows) == 1 + len(CHANGE.added) + len(CHANGE.removed)
    for line in text.splitlines():
        if line[:1] not in ("+", "-"):
            assert line.strip() in read.text
    for item in (*CHANGE.added, *CHANGE.removed):
        assert str(item.example) in text
        assert str(item.ports) in text
        assert str(item.ports) in read.text
    assert "+ appears" in read.text
    assert "after: one of its ends does not exist" in text


def test_no_change_is_said() -> None:
    """Two clusters that allow the same differ in nothing, and that is a sentence."""
    same = diff(BEFORE, BEFORE)
    assert shown.NOTHING in shown.as_html(same)
    assert shown.as_text(same) == shown.NOTHING


def test_a_change_looks_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The DOT text of a change is the one that was looked at."""
    golden(str(draw(CHANGE, "dot")), "render/change.dot")


def test_a_long_difference_unfolds() -> None:
    """Four changes are open; the others are there, one click away."""
    servers = [pod(f"bank/s{number}", app=f"s{number}") for number in range(8)]
    open_ = cluster(*servers, pod("bank/client", app="client"))
    guards = [
        policy(
            f"bank/s{number}",
            select=labelled(app=f"s{number}"),
            ingress=[rule(pods(app="client"), ports=[8000 + number])],
        )
        for number in range(8)
    ]
    change = diff(open_, open_.with_policy(*guards))
    changes = len(change.removed) + len(change.added)
    html = str(shown.as_html(change))
    first, _, rest = html.partition("<details")
    assert changes > 5
    assert f"{changes - 4} more" in rest
    assert [page.count("disappears") for page in (first, rest)] == [4, changes - 4]
