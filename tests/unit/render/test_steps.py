"""A verdict as a step diagram: with symbols and words, quoted lines, and nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.manifest import loads
from netpol_sim.render import quotes, steps
from netpol_sim.verdict import Verdict
from tests.unit.render.reading import Reader

BANK = """\
apiVersion: v1
kind: Pod
metadata: {namespace: bank, name: api, labels: {app: api}}
---
apiVersion: v1
kind: Pod
metadata: {namespace: bank, name: rogue, labels: {app: rogue}}
---
apiVersion: v1
kind: Pod
metadata: {namespace: bank, name: ledger-db, labels: {app: ledger-db}}
---
apiVersion: v1
kind: Service
metadata: {namespace: bank, name: ledger}
spec: {selector: {app: ledger-db}, ports: [{port: 80, targetPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: ledger}
spec:
  podSelector:
    matchLabels: {app: ledger-db}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: api}
        - namespaceSelector:
            matchLabels: {team: observability}
      ports:
        - port: 5432
          protocol: TCP
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: no-egress}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [ledger-db]}
  policyTypes: [Egress]
"""


@pytest.fixture(name="bank")
def _bank() -> Cluster:
    return loads(BANK)


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        # the rule that matches: the peer and the port that do
        ("bank/api -> bank/ledger-db:5432", [[27, 28, 32, 33]]),
        # the nearest miss: the peer that fails, with everything in it
        ("bank/rogue -> bank/ledger-db:5432", [[27, 28]]),
        # the nearest miss: the port that fails
        ("bank/api -> bank/ledger-db:80", [[32, 33]]),
        # no rule is written: what isolates the pod
        ("bank/ledger-db -> bank/api:80", [[39, 40, 41, 42]]),
        # no policy has a say
        ("bank/rogue -> bank/api:80", []),
    ],
)
def test_the_deciding_lines_are_marked(bank: Cluster, asked: str, marked: list[list[int]]) -> None:
    """The lines that decide are marked, and no others."""
    verdict = evaluate(bank, asked)
    assert isinstance(verdict, Verdict)
    lines = BANK.splitlines()
    found = quotes.of_verdict(verdict)
    assert [list(quote.marked) for quote in found] == marked
    for quote in found:
        assert all(lines[line.number - 1] == line.text for line in quote.lines)


def test_a_long_rule_is_cut_around_what_decides() -> None:
    """Of a long rule only the lines around the deciding one are quoted."""
    peers = "\n".join(f"        - podSelector: {{matchLabels: {{app: a{n}}}}}" for n in range(40))
    long = BANK.replace("        - podSelector:\n            matchLabels: {app: api}", peers)
    verdict = evaluate(
        loads(long.replace("name: rogue, labels: {app: rogue}", "name: rogue, labels: {app: a20}")),
        "bank/rogue -> bank/ledger-db:5432",
    )
    assert isinstance(verdict, Verdict)
    (quote,) = quotes.of_verdict(verdict)
    numbers = [line.number for line in quote.lines]
    assert numbers == [45, 46, 47, 48, 49, 68, 69, 70, 71]
    assert quote.marked == (47, 70, 71)
    assert "..." in str(quote)


@pytest.mark.parametrize(
    "asked",
    [
        "bank/api -> bank/ledger-db:5432",
        "bank/rogue -> svc:bank/ledger:80",
        "1.1.1.1 -> bank/api:1",
    ],
)
def test_html_survives_without_styles(bank: Cluster, asked: str) -> None:
    """Only plain tags are used, and the symbols and words say it all without a colour."""
    read = Reader(steps.as_html(evaluate(bank, asked)))
    assert read.is_plain
    assert re.search("✓ allowed|✗ denied", read.text)
    assert "Egress: " in read.text
    assert "Ingress: " in read.text


def test_what_the_api_leaves_open_is_not_folded(bank: Cluster) -> None:
    """A caveat stands in the open, once, before what unfolds."""
    shown = str(steps.as_html(evaluate(bank, "bank/rogue -> bank/rogue:80")))
    caveat = "Note: "
    assert caveat not in shown
    shown = str(steps.as_html(evaluate(bank, "bank/ledger-db -> svc:bank/ledger:80")))
    assert shown.count(caveat) == 1
    assert shown.rindex(caveat) < shown.index("<details")


def test_the_text_twin_says_the_same(bank: Cluster) -> None:
    """Every sentence and every quoted line of the text is in the HTML."""
    verdict = evaluate(bank, "bank/rogue -> bank/ledger-db:5432")
    said = Reader(steps.as_html(verdict)).text
    for line in steps.as_text(verdict).splitlines()[1:]:
        words = line.split("|")[-1].strip("> ").partition(" (bank/")[0]
        assert words in said, words


def test_hostile_manifests_stay_text() -> None:
    """A comment in a quoted line can hold anything: it is shown, not obeyed."""
    text = BANK.replace("- port: 5432", "- port: 5432 # <img src=x onerror=alert(1)>")
    html = steps.as_html(evaluate(loads(text), "bank/api -> bank/ledger-db:5432"))
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_steps_look_as_agreed(bank: Cluster, golden: Callable[[str, str], None]) -> None:
    """The bytes of a denied verdict are those that were looked at."""
    verdict = evaluate(bank, "bank/rogue -> bank/ledger-db:5432")
    golden(steps.as_html(verdict) + "\n", "render/denied.html")
    golden(steps.as_text(verdict) + "\n", "render/denied.txt")
