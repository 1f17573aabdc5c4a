"""What holds for lint on every cluster: it answers, its numbers are true, its repairs are too."""

from __future__ import annotations

import json
from itertools import product

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim import manifest
from netpol_sim.analysis.lint import RULES, lint
from netpol_sim.analysis.lint.effect import flows
from netpol_sim.analysis.lint.patch import diff, proven, repaired
from netpol_sim.analysis.lint.subsume import implies
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import Labels, LabelSelector
from netpol_sim.model import Connection, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Protocol
from netpol_sim.rule_steps import PeerOutcome
from tests.laws import strategies


def read_back(cluster: Cluster, style: str = "lines") -> Cluster:
    """The same cluster, read from manifests: in lines as we write them, in braces, as JSON."""
    text = manifest.dump(cluster)
    documents = list(yaml.safe_load_all(text))
    if style == "braces":
        text = yaml.safe_dump_all(documents, default_flow_style=True, width=10**6)
    if style == "json":
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": documents}, indent=1)
    return manifest.loads(text, "cluster.yaml").with_profile(cluster.profile)


@given(strategies.clusters())
def test_lint_answers_for_every_cluster_and_always_the_same(cluster: Cluster) -> None:
    """Values and manifests alike; the findings stand in the order of their places."""
    for each in (cluster, read_back(cluster)):
        found = lint(each, base=cluster.with_policies(cluster.policies[:1]))
        again = lint(each, base=cluster.with_policies(cluster.policies[:1]))
        assert found == again
        assert [str(finding) for finding in found] == [str(finding) for finding in again]
        places = [finding.location for finding in found if finding.location]
        assert places == sorted(places)


@given(strategies.clusters(), st.sampled_from(strategies.PORTS), st.sampled_from(Protocol))
def test_flows_are_what_evaluate_allows(cluster: Cluster, port: int, protocol: Protocol) -> None:
    """Between pods that policies have a say about, flows and verdicts agree on every pair."""
    survey = Survey(cluster=cluster)
    pods = survey.all_subjects
    found = flows(survey.table, pods, pods, lambda _: ((port, protocol),))
    expected = {
        (source.key, destination.key)
        for source, destination in product(pods, pods)
        if source is not destination
        and evaluate(cluster, _connection(source, destination, port, protocol)).allowed
    }
    assert {(source.key, target.key) for source, target in found.pairs()} == expected
    assert {str(item) for item in found} == {
        f"{source} -> {target}:{port}/{protocol}" for source, target in expected
    }


def _connection(source: Pod, destination: Pod, port: int, protocol: Protocol) -> Connection:
    return Connection(source=source, destination=destination, port=port, protocol=protocol)


@given(strategies.clusters())
def test_peers_mean_whom_evaluate_matches(cluster: Cluster) -> None:
    """The pods of a peer are those that a trace of evaluate marks as matched."""
    survey = Survey(cluster=cluster)
    for written in survey.rules:
        for near in survey.subjects(written.policy)[:1]:
            for far in survey.all_subjects:
                if far is near:
                    continue
                ends = (far, near) if written.direction == "Ingress" else (near, far)
                verdict = evaluate(cluster, _connection(*ends, 80, Protocol.TCP))
                end = next(end for end in verdict.ends if end.direction is written.direction)
                for step in end.steps:
                    if step.policy is written.policy and step.index == written.index:
                        for peer, outcome in zip(step.rule.peers, step.peers, strict=True):
                            if isinstance(peer, PodPeer):
                                picked = far in survey.peer_subjects(written.policy, peer)
                                assert picked == (outcome is PeerOutcome.MATCHED)


@given(strategies.selectors(), strategies.selectors(), strategies.labels())
def test_what_implies_a_selector_never_matches_without_it(
    narrow: LabelSelector, wide: LabelSelector, labels: Labels
) -> None:
    """Labels that meet the narrow selector meet the wide one."""
    if implies(narrow, wide) and narrow.matches(labels):
        assert wide.matches(labels)


@given(strategies.clusters(), st.data())
def test_a_redundant_rule_can_go(cluster: Cluster, data: st.DataObject) -> None:
    """Without a rule that NP314 finds, every verdict stays as it was."""
    survey = Survey(cluster=cluster)
    rules = {(written.policy.key, written.field): written for written in survey.rules}
    (rule,) = (rule for rule in RULES if rule.id == "NP314")
    for finding in rule.findings(survey):
        written = rules[finding.object.removeprefix("NetworkPolicy "), finding.field]
        without = cluster.with_policy(written.replaced())
        for _ in range(5):
            connection = data.draw(strategies.connections(cluster))
            before, after = evaluate(cluster, connection), evaluate(without, connection)
            assert before.allowed == after.allowed


@given(strategies.clusters(), st.data())
def test_fixes_that_only_spell_out_change_nothing(cluster: Cluster, data: st.DataObject) -> None:
    """`policyTypes: [Ingress]` for a policy without rules, and `protocol: TCP`, say what holds."""
    cluster = read_back(cluster)
    for finding in lint(cluster):
        if finding.fix and (finding.id == "NP301" or finding.fix.summary.endswith("TCP`")):
            fixed = cluster.with_policy(finding.fix.policy)
            connection = data.draw(strategies.connections(cluster))
            assert evaluate(cluster, connection) == evaluate(fixed, connection)


@settings(max_examples=50)
@given(strategies.clusters(), st.sampled_from(("lines", "braces", "json")))
def test_every_edit_makes_the_policy_that_its_fix_promises(cluster: Cluster, style: str) -> None:
    """Whatever edit we make of a manifest reads back as the fixed policy."""
    cluster = read_back(cluster, style)
    found = [finding for finding in lint(cluster) if finding.fix]
    for finding in found:
        assert finding.fix is not None
        if finding.fix.edits():
            assert proven(finding.fix), (finding, diff(finding))
    for text in repaired(found).values():
        assert manifest.loads(text).policies
