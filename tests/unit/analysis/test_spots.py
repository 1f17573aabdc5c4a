"""Pieces of a policy: what is put in a place is found there again, and paths stay as written."""

from __future__ import annotations

import pytest

from netpol_sim.analysis.repair.edit import EditKind
from netpol_sim.analysis.repair.spots import (
    Moved,
    entries,
    namespace_selectors,
    peer_lists,
    peers,
    pod_selectors,
    port_lists,
    rule_lists,
    rules,
    subject,
)
from netpol_sim.policy import PolicyPort, Rule
from tests.builders import (
    EGRESS,
    INGRESS,
    block,
    labelled,
    namespaces,
    pods,
    pods_in,
    policy,
    rule,
)

POLICY = policy(
    "bank/api",
    select=labelled(app="api"),
    types=[INGRESS, EGRESS],
    ingress=[rule(pods(app="web"), pods_in(namespaces(team="a"), pods(app="cart")), ports=[80])],
    egress=[rule(block("10.0.0.0/8")), rule(ports=[53])],
)


def test_paths_are_those_of_the_api() -> None:
    """Every piece in force has the path that the API server uses for it."""
    found = {
        "rules": [rule.field for _, rule in rules(POLICY)],
        "peers": [peer.field for peer in peers(POLICY)],
        "ports": [port.field for listed in port_lists(POLICY) for port in entries(listed)],
        "pods": [each.field for each in pod_selectors(POLICY)],
        "namespaces": [each.field for each in namespace_selectors(POLICY)],
        "subject": [subject(POLICY).field],
    }
    assert found == {
        "rules": ["spec.ingress[0]", "spec.egress[0]", "spec.egress[1]"],
        "peers": ["spec.ingress[0].from[0]", "spec.ingress[0].from[1]", "spec.egress[0].to[0]"],
        "ports": ["spec.ingress[0].ports[0]", "spec.egress[1].ports[0]"],
        "pods": ["spec.ingress[0].from[0].podSelector", "spec.ingress[0].from[1].podSelector"],
        "namespaces": ["spec.ingress[0].from[1].namespaceSelector"],
        "subject": ["spec.podSelector"],
    }


def test_rules_out_of_force_are_left_out() -> None:
    """Rules of a direction that policyTypes does not list are no pieces."""
    ingress_only = policy("bank/api", types=[INGRESS], egress=[rule()])
    assert [direction for direction, _ in rule_lists(ingress_only)] == [INGRESS]
    assert list(rules(ingress_only)) == []


def test_what_is_put_is_found_there() -> None:
    """Each piece put in its place gives a policy with that piece there and all else as it was."""
    for listed in peer_lists(POLICY):
        changed = listed.put((pods(app="new"),))
        there = {each.field: each.value for each in peer_lists(changed)}
        before = {each.field: each.value for each in peer_lists(POLICY)}
        assert there == {**before, listed.field: (pods(app="new"),)}
    for selector in (subject(POLICY), *pod_selectors(POLICY), *namespace_selectors(POLICY)):
        new = labelled(app="new")
        after = selector.put(new)
        pieces = (subject(after), *pod_selectors(after), *namespace_selectors(after))
        assert {each.field: each.value for each in pieces}[selector.field] == new
    for _, each in rules(POLICY):
        assert Rule() in [found.value for _, found in rules(each.put(Rule()))]
    for ports in port_lists(POLICY):
        assert (PolicyPort(),) in [found.value for found in port_lists(ports.put((PolicyPort(),)))]


@pytest.mark.parametrize(
    ("moved", "now", "written"),
    [
        (Moved(field="spec.ingress", first=1, gone=True), "spec.ingress[0].from", "same"),
        (Moved(field="spec.ingress", first=1, gone=True), "spec.ingress[1].from[0]", "[2].from[0]"),
        (Moved(field="spec.ingress", first=1, gone=False), "spec.ingress[1].from[0]", None),
        (Moved(field="spec.ingress", first=1, gone=False), "spec.egress[1].to[0]", "same"),
        (Moved(field="spec.ingress", first=0, gone=True), "spec.ingress", "same"),
        (Moved(field="spec.ingress", first=0, gone=True), "spec.podSelector", "same"),
        (Moved(field="spec", first=0, gone=False), "spec.ingress[0]", None),
        (Moved(field="spec", first=0, gone=False), "metadata.namespace", "same"),
    ],
)
def test_paths_after_an_edit(moved: Moved, now: str, written: str | None) -> None:
    """A path after an edit that moved entries is told as it was written, or not at all."""
    expected = {"same": now, None: None}.get(written, f"spec.ingress{written}")
    assert moved.as_written(now) == expected


def test_a_change_says_what_moved() -> None:
    """An entry that goes moves those behind it; one that is added behind all moves none of them."""
    listed = next(iter(peer_lists(POLICY)))
    gone = listed.change(EditKind.REMOVE_PEER, listed.value[1:], field="[0]", moved=0)
    assert gone.moved == Moved(field="spec.ingress[0].from", first=0, gone=True)
    more = listed.change(EditKind.ADD_PEER, (*listed.value, pods()), after=pods(), moved=2)
    assert more.moved == Moved(field="spec.ingress[0].from", first=2, gone=False)
