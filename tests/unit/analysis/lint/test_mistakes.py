"""The classic mistakes, made in a right set of policies: lint sees each that can be seen."""

from __future__ import annotations

import pytest

from netpol_sim import manifest
from netpol_sim.analysis.lint import Severity, lint
from netpol_sim.cluster import Cluster
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from tests.spec import runner
from tests.spec import world as short
from tests.unit.analysis.lint.lint_cases import joined, world

SEEN_BY = {
    "dash-splits-and": {"NP205"},
    "invented-name-label": {"NP207"},
    "own-namespace-needs-a-selector": {"NP208"},
    "dash-splits-ports": {"NP305", "NP306"},
    "empty-peers-mean-nobody": {"NP306"},
    "dns-forgotten": {"NP501"},
    "dns-is-udp-only": {"NP502"},
    "protocol-means-all": {"NP405"},
    "service-port-counts": {"NP401", "NP402"},
    "wrong-end": {"NP504"},
    "empty-rule-is-no-rule": {"NP302", "NP313"},
    "selector-misspelt": {"NP201"},
    "deny-is-the-default": {"NP602"},
    "one-end-is-enough": {"NP501", "NP504"},
    "replies-need-a-rule": {"NP406"},
}
"""What finds a mistake, wherever in the banking policies it is made."""


def banking() -> Cluster:
    """The world with the banking policies."""
    (scenario,) = (case for case in runner.scenarios() if case.id == "I17")
    policies = manifest.loads(short.policies(scenario.told["policies"]))
    return joined(world("main"), policies)


@pytest.mark.parametrize("mistake", SEEN_BY)
def test_lint_sees_a_mistake_wherever_it_is_made(mistake: str) -> None:
    """In every variant of the mistake one of these rules finds something above info."""
    cluster = banking()
    (found,) = (known for known in MISCONCEPTIONS if known.id == mistake)
    variants = list(found.variants(cluster.policies, cluster))
    assert variants
    for policies in variants:
        text = manifest.dump(policies)
        wrong = joined(world("main"), manifest.loads(text, "wrong.yaml"))
        ids = {item.id for item in lint(wrong) if item.severity is not Severity.INFO}
        assert ids & SEEN_BY[mistake], text
