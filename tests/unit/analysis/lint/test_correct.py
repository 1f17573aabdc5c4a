"""Correct policies, and the traps that linters have fallen into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from netpol_sim import manifest
from netpol_sim.analysis.lint import Finding, Severity, lint
from netpol_sim.cluster import Cluster
from tests.spec import runner
from tests.spec import world as short
from tests.unit.analysis.lint.lint_cases import joined, world

CORRECT = yaml.safe_load((Path(__file__).parent / "correct.yaml").read_text(encoding="utf-8"))
SCENARIOS = {case.id: case for case in runner.scenarios()}
DONE = ("I16", "I17", "I18", "I19")
"""Scenarios whose policies are complete answers to their tasks."""


def loud(cluster: Cluster) -> list[str]:
    """The findings above info."""
    return [str(finding) for finding in lint(cluster) if finding.severity.reaches(Severity.LOW)]


@pytest.mark.parametrize("told", CORRECT, ids=lambda told: told["says"])
def test_a_correct_policy_gets_notes_at_most(told: dict[str, Any]) -> None:
    """By itself a correct policy has no finding above info."""
    assert loud(manifest.loads(told["manifests"], "correct.yaml")) == []


@pytest.mark.parametrize("scenario", DONE)
def test_a_correct_set_gets_notes_at_most(scenario: str) -> None:
    """A complete set has no finding above info, with the whole world around it and without."""
    text = short.policies(SCENARIOS[scenario].told["policies"])
    policies = manifest.loads(text, f"{scenario}.yaml")
    assert loud(joined(world("main"), policies)) == []
    assert loud(policies) == []


def test_a_correct_set_with_tiers_gets_notes_at_most() -> None:
    """Defaults and exceptions for the whole cluster guard pods as NetworkPolicies do."""
    policies = manifest.load(Path(__file__).parent / "correct_tiers.yaml")
    assert loud(joined(world("main"), policies)) == []
    assert loud(policies) == []
    opened = policies.without_policy("ClusterNetworkPolicy/base")
    assert any("NP602" in each for each in loud(joined(world("main"), opened)))


def test_a_tier_that_accepts_first_guards_nobody() -> None:
    """A denial for everybody guards only where no wide rule before it lets all pass."""
    text = (Path(__file__).parent / "correct_tiers.yaml").read_text(encoding="utf-8")
    deny = "- {action: Deny, from: [{namespaces: {}}]}"
    for wide, guards in (("Accept", False), ("Pass", False), ("Deny", True)):
        first = deny.replace("Deny", wide)
        policies = manifest.loads(text.replace(deny, f"{first}\n    {deny}"))
        found = loud(joined(world("main"), policies))
        assert any("NP602" in each for each in found) is not guards


def of(text: str, *, around: str = "main") -> tuple[Finding, ...]:
    """What lint finds in the policies of a text."""
    return lint(joined(world(around), manifest.loads(text, "trap.yaml")))


def policy(spec: str, namespace: str = "bank") -> str:
    """A policy with this spec, in braces."""
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: trap, namespace: {namespace}}}\nspec: {spec}\n"
    )


def ids(findings: tuple[Finding, ...]) -> set[str]:
    """The ids of the rules that found something."""
    return {finding.id for finding in findings}


def test_labels_of_one_selector_hold_together() -> None:
    """Pods with one of two labels each do not make a selector of both match."""
    found = ids(of(policy("{podSelector: {matchLabels: {app: frontend, tier: data}}}")))
    assert {"NP201", "NP214"} <= found


def test_a_peer_looks_in_the_namespaces_it_names() -> None:
    """A peer with a namespaceSelector is not searched in the policy's own namespace."""
    peer = (
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, "
        "podSelector: {matchLabels: {app: prometheus}}}"
    )
    found = ids(of(policy(f"{{podSelector: {{}}, ingress: [{{from: [{peer}]}}]}}")))
    assert not found & {"NP202", "NP206"}


def test_ports_belong_to_their_own_rule() -> None:
    """The port of the second rule is found wrong in the second rule."""
    spec = (
        "{podSelector: {matchLabels: {app: api}}, ingress: "
        "[{from: [{podSelector: {}}], ports: [{port: 8080}]}, "
        "{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}"
    )
    fields = [finding.field for finding in of(policy(spec)) if finding.id == "NP401"]
    assert fields == ["spec.ingress[1].ports[0].port"]


def test_a_denial_of_everything_denies() -> None:
    """No pod may connect where there are no rules."""
    found = of(policy("{podSelector: {matchLabels: {app: api}}}"))
    messages = [finding.message for finding in found if finding.id == "NP301"]
    assert len(messages) == 1
    assert "as written no pod may connect" in messages[0]


def test_a_port_name_is_looked_up_with_its_protocol() -> None:
    """The name of a UDP port is no TCP port, and a name that nobody has is not dropped."""
    spec = "{podSelector: {matchLabels: {k8s-app: kube-dns}}, ingress: [{ports: [{port: PORT}]}]}"
    for name in ("dns", "nothing"):
        assert "NP403" in ids(of(policy(spec.replace("PORT", name), "kube-system")))


def test_an_empty_rule_is_more_than_every_namespace() -> None:
    """Every pod does not cover everybody, so an empty rule beside it is not redundant."""
    spec = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}, {}]}"
    redundant = [f.field for f in of(policy(spec)) if f.id == "NP314"]
    assert redundant == ["spec.ingress[0]"]
    assert any("outside the cluster" in f.message for f in of(policy(spec)) if f.id == "NP302")


def test_a_selector_with_expressions_only_is_not_empty() -> None:
    """Neither as a peer, nor as the subject of a default denial."""
    expression = "{matchExpressions: [{key: tier, operator: Exists}]}"
    spec = f"{{podSelector: {expression}, ingress: [{{from: [{{podSelector: {expression}}}]}}]}}"
    assert not ids(of(policy(spec))) & {"NP210", "NP604"}


def test_one_range_on_two_ports_is_two_permissions() -> None:
    """Equal ranges with different ports are neither redundant nor taken for one."""
    spec = (
        "{podSelector: {}, policyTypes: [Egress], egress: ["
        "{to: [{ipBlock: {cidr: 160.0.0.0/4}}], ports: [{port: 443}]}, "
        "{to: [{ipBlock: {cidr: 160.0.0.0/4}}], ports: [{port: 80}]}]}"
    )
    found = of(policy(spec))
    assert "NP314" not in ids(found)
    assert [f.field for f in found if f.id == "NP509"] == ["spec.egress[1].to[0].ipBlock.cidr"]


def test_a_label_in_any_namespace_is_not_every_pod() -> None:
    """The podSelector beside `namespaceSelector: {}` is not dropped."""
    spec = (
        "{podSelector: {}, ingress: [{from: "
        "[{namespaceSelector: {}, podSelector: {matchLabels: {app: client}}}]}]}"
    )
    messages = [finding.message for finding in of(policy(spec)) if finding.id == "NP208"]
    assert len(messages) == 1
    assert "2 pods (dev/client and prod/client)" in messages[0]


def test_no_fix_selects_by_a_volatile_label_or_leaves_types_out() -> None:
    """What lint proposes passes lint: no label that does not last, no policy without a meaning."""
    deployment = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: bank, labels: {part: edge}}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---
"""
    deny = policy("{podSelector: {}, policyTypes: [Ingress, Egress]}").replace("trap", "deny")
    part = policy("{podSelector: {matchLabels: {part: edge}}, policyTypes: [Ingress]}")
    text = f"{deployment}{part}---\n{deny}"
    fixes = [finding.fix for finding in of(text) if finding.fix]
    assert len(fixes) > 1
    for fix in fixes:
        cluster = joined(world("main"), manifest.loads(text)).with_policies([fix.policy])
        assert not ids(lint(cluster)) & {"NP201", "NP202", "NP215", "NP301"}
