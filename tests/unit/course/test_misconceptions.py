"""The mistakes as data: enough of them, each with words, each one matters somewhere."""

from __future__ import annotations

import pytest

from netpol_sim.analysis.compare import compare
from netpol_sim.cluster import Cluster
from netpol_sim.course import diagnosis
from netpol_sim.course.catalog import read_catalog
from netpol_sim.course.misconceptions import BY_ID, MISCONCEPTIONS, Misconception
from netpol_sim.manifest import loads

CATALOG = read_catalog()
POLICY_TASKS = [task for task in CATALOG.tasks if task.kind.answered_with_policies]


def test_there_are_enough_and_each_has_its_own_id() -> None:
    """At least thirty mistakes, no id twice, and sentences that can be put into a text."""
    assert len(MISCONCEPTIONS) >= 30
    assert len(BY_ID) == len(MISCONCEPTIONS)
    for item in MISCONCEPTIONS:
        assert item.believes
        assert item.truth
        assert not item.believes.endswith(".")
        assert not item.truth.endswith(".")


SAMPLE = loads(
    """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: sample, namespace: bank}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: {matchLabels: {env: dev}}
    - podSelector: {matchLabels: {app: api}}
  - to:
    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}
"""
).policies


@pytest.mark.parametrize("item", MISCONCEPTIONS, ids=lambda item: item.id)
def test_each_changes_a_meaning(item: Misconception) -> None:
    """It turns the solution of some task, or else the sample, into something else."""
    variants = item.variants(SAMPLE, Cluster(policies=SAMPLE))
    assert any(diagnosis.can_show(CATALOG, task, item.id) for task in POLICY_TASKS) or any(
        not compare(variant, SAMPLE).equal for variant in variants
    )
