"""Few words for many places, that mean exactly these places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.choice import workload_key
from netpol_sim.model import Pod
from netpol_sim.render.everyone import Everyone
from tests.builders import block, cluster, labelled, node, pod, policy, rule

WORLD = Table(
    cluster(
        pod("bank/api-1", workload="Deployment/api"),
        pod("bank/api-2", workload="Deployment/api"),
        pod("bank/db"),
        pod("shop/web-1", workload="Deployment/web"),
        pod("shop/web-2", workload="Deployment/web"),
        pod("shop/cart"),
        pod("shop/old"),
        pod("lone/pod"),
        node("n1"),
        policy("bank/p", select=labelled(), ingress=[rule(block("203.0.113.0/24"))]),
    )
)
PLACES = WORLD.places
PODS = [place for place in PLACES if isinstance(place, Pod)]
BY_KEY = {place.key: place for place in PLACES}


def named(*keys: str) -> list[Place]:
    """The places of these keys."""
    return [BY_KEY[key] for key in keys]


def meant(words: tuple[str, ...], alone: Pod | None) -> set[str]:
    """The keys of the places that words mean: what a reader makes of them."""
    found: set[str] = set()
    for word in words:
        if word == "everything outside":
            found |= {each.key for each in PLACES[len(PODS) + 1 :]}
            continue
        everybody = re.fullmatch(r"all (other )?pods(?: of (\w+))?(?: but (.+?))? \((\d+)\)", word)
        workload = re.fullmatch(r"(\S+) \((\d+) pods\)", word)
        count: str | None = None
        if everybody:
            other, space, left, count = everybody.groups()
            without = set(re.split(r", | and ", left or "")) | (
                {alone.key} if other and alone else set()
            )
            own = {p.key for p in PODS if p.namespace == (space or p.namespace)} - without
        elif workload:
            own, count = {p.key for p in PODS if workload_key(p) == workload[1]}, workload[2]
        else:
            own = {word}
        assert count is None or int(count) == len(own)
        found |= own
    return found


@given(st.sets(st.sampled_from(range(len(PLACES)))), st.none() | st.sampled_from(PODS))
def test_words_mean_exactly_the_places(chosen: set[int], alone: Pod | None) -> None:
    """Whoever reads the words finds the places that were named, and no others."""
    places = [PLACES[number] for number in sorted(chosen)]
    words = Everyone(PLACES).called(places, () if alone is None else (alone,))
    assert meant(words, alone) == {place.key for place in places}
    assert len(set(words)) == len(words)


CASES = [
    (["bank/db"], [], "bank/db"),
    (["bank/api-1", "bank/api-2"], [], "bank/api (2 pods)"),
    (["bank/db", "bank/api-1", "bank/api-2"], [], "all pods of bank (3)"),
    (["bank/db", "bank/api-1"], ["bank/api-2"], "all other pods of bank (2)"),
    (["bank/db", "bank/api-1"], ["bank/api-2", "shop/old"], "bank/api-1, bank/db"),
    ([each.key for each in PODS], [], "all pods (8)"),
    ([each.key for each in PODS[1:]], ["bank/api-1"], "all other pods (7)"),
    ([each.key for each in PODS[2:]], ["bank/api-1"], "all other pods but bank/api-2 (6)"),
    ([each.key for each in PODS[1:]], [], "all pods but bank/api-1 (7)"),
    (["node/n1", "203.0.113.0/24"], [], "node/n1, 203.0.113.0/24"),
    ([each.key for each in PLACES[9:]], [], "everything outside"),
]


@pytest.mark.parametrize(("keys", "opposite", "words"), CASES)
def test_few_words(keys: list[str], opposite: list[str], words: str) -> None:
    """Whole namespaces and workloads are named as such; so is everybody, up to a few."""
    assert ", ".join(Everyone(PLACES).called(named(*keys), named(*opposite))) == words
