"""What ``explain`` says, word for word, about clusters that learners meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_sim import evaluate, explain, manifest
from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError
from netpol_sim.plugin import DOCUMENTATION, NOT_ENFORCED, Profile
from netpol_sim.render.text import Length

ROOT = Path(__file__).parents[3]
WORLD = ROOT / "exercises" / "worlds" / "bank-and-shop.yaml"
SCENARIOS = ROOT / "tests" / "golden" / "explain"

# golden file, manifests besides the world (None: the world alone), connection
CASES: list[tuple[str, str | None, str]] = [
    ("open-by-default", None, "bank/rogue -> bank/ledger-db:5432"),
    ("rule-matches", "shop", "ecommerce/frontend -> ecommerce/backend:8080"),
    ("other-labels", "shop", "ecommerce/rogue -> ecommerce/backend:8080"),
    ("other-namespace", "shop", "bank/frontend -> ecommerce/backend:8080"),
    ("outside-meets-selectors", "shop", "203.0.113.7 -> ecommerce/backend:8080"),
    ("host-network", "shop", "edge/hostproxy -> ecommerce/backend:8080"),
    ("own-node", "shop", "node/n2 -> ecommerce/backend:8080"),
    ("same-pod", "bank", "bank/api -> bank/api:9090"),
    ("both-ends-allow", "bank", "bank/frontend -> bank/api:8080"),
    ("both-ends-refuse", "bank", "bank/rogue -> bank/ledger-db:5432"),
    ("one-end-refuses", "bank", "bank/api -> ecommerce/db:5432"),
    ("no-rules-at-all", "bank", "monitoring/prometheus -> bank/batch:8080"),
    ("several-policies", "bank", "monitoring/prometheus -> bank/api:9090"),
    ("other-port", "bank", "bank/frontend -> bank/api:9090"),
    ("service", "bank", "bank/frontend -> svc:bank/api:80"),
    ("service-port-in-policy", "service-port", "bank/frontend -> svc:bank/api:80"),
    ("two-dashes", "two-dashes", "prod/web -> monitoring/prometheus:9090"),
    ("protocol-left-out", "dns", "dev/client -> kube-system/coredns:53/UDP"),
    ("egress-closes-ingress", "egress-only", "ecommerce/backend -> ecommerce/db:5432"),
    ("ignored-rules", "ignored-rules", "bank/api -> 203.0.113.7:443"),
    ("excepted", "egress-only", "ecommerce/db -> 203.0.113.70:1024"),
    ("port-range", "egress-only", "ecommerce/db -> 203.0.113.7:2049"),
    ("from-outside", "world-open", "198.51.100.9 -> prod/web:8080"),
    ("pod-in-range", "world-open", "prod/client -> prod/web:8080"),
    ("absent-label", "other-tiers", "bank/batch -> bank/frontend:8080"),
    ("left-out-label", "other-tiers", "bank/api -> bank/rogue:8080"),
    ("namespace-labels", "environments", "dev/client -> prod/web:8080"),
    ("allow-all", "allow-all", "203.0.113.7 -> finance/db:5432"),
    ("some-backends", "workloads", "dev/client -> svc:dev/quotes:80"),
    ("no-backend", "workloads", "dev/client -> svc:dev/rates:80"),
    ("external-name", "workloads", "dev/client -> svc:dev/mail:25"),
    ("finished", "workloads", "dev/client -> dev/import-1:80"),
    ("admin-denies", "tiers", "dev/client -> bank/api:8080"),
    ("admin-passes", "tiers", "monitoring/prometheus -> bank/api:8080"),
    ("baseline-denies", "tiers", "monitoring/prometheus -> bank/ledger-db:5432"),
    ("tiers-are-silent", "tiers", "203.0.113.7 -> bank/ledger-db:5432"),
    ("networks-cover-pods", "no-internet", "dev/client -> prod/web:8080"),
    ("domain-names", "no-internet", "dev/client -> 203.0.113.7:443"),
    ("admin-accepts", "no-internet", "dev/client -> svc:kube-system/kube-dns:53/UDP"),
]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cluster]:
    """Read the world and more manifests, named without their folder as a learner would."""
    monkeypatch.chdir(SCENARIOS)

    def _load(more: str | None = None, profile: Profile = DOCUMENTATION) -> Cluster:
        files = [WORLD] if more is None else [WORLD, Path(f"{more}.yaml")]
        return manifest.load(*files).with_profile(profile)

    return _load


def in_three_lengths(asked: Cluster, question: str) -> str:
    """What a golden file of this module holds."""
    answer = evaluate(asked, question)
    said = (f"# {length}\n{explain(answer, length)}\n" for length in Length)
    return "\n".join(said)


@pytest.mark.parametrize(("name", "more", "question"), CASES, ids=[case[0] for case in CASES])
def test_scenarios(
    load: Callable[..., Cluster],
    golden: Callable[[str, str], None],
    name: str,
    more: str | None,
    question: str,
) -> None:
    """An explanation reads as its golden file, in three lengths."""
    cluster = load(more)
    golden(in_three_lengths(cluster, question), f"explain/{name}.txt")


def test_a_plugin_that_does_not_enforce(
    load: Callable[..., Cluster], golden: Callable[[str, str], None]
) -> None:
    """Where nothing is enforced, the explanation says so, and what would be denied elsewhere."""
    cluster = load("bank", NOT_ENFORCED)
    question = "bank/rogue -> bank/ledger-db:5432"
    golden(in_three_lengths(cluster, question), "explain/not-enforced.txt")


def test_paragraph_is_the_length_when_none_is_named(load: Callable[..., Cluster]) -> None:
    """``explain(verdict)`` is a paragraph."""
    verdict = evaluate(load("shop"), "ecommerce/rogue -> ecommerce/backend:8080")
    assert explain(verdict) == explain(verdict, "paragraph") == explain(verdict, Length.PARAGRAPH)


def test_an_unknown_length_is_refused(load: Callable[..., Cluster]) -> None:
    """A length that does not exist is refused with the three that do."""
    verdict = evaluate(load(), "bank/rogue -> bank/api:80")
    with pytest.raises(InvalidValueError) as refused:
        explain(verdict, "novel")
    assert str(refused.value) == (
        "length: Unsupported value: `novel`: supported are line, paragraph, trace"
    )
