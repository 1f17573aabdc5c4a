"""Lint: what is probably wrong with policies that the API server accepts.

Each rule is a small function with its texts beside it (``rule.py``); this is the list of them.
Rules that need to know more than was loaded stay silent, and a rule that cannot be sure says so by
a milder severity.  Nothing here decides whether a connection passes: rules ask ``evaluate``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from netpol_sim.analysis.lint import (
    coverage,
    egress,
    exceptions,
    labels,
    overlap,
    peers,
    placement,
    platform,
    portability,
    ports,
    protocols,
    ranges,
    selectors,
    structure,
    tiers,
    workloads,
)
from netpol_sim.analysis.lint.accepted import is_accepted
from netpol_sim.analysis.lint.rule import Finding, Input, LintRule, Severity
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.cluster import Cluster

__all__ = ["RULES", "Finding", "Input", "LintRule", "Severity", "lint"]

RULES: tuple[LintRule, ...] = (
    selectors.policy_selects_no_pods,
    selectors.peer_matches_no_pods,
    workloads.matches_workload_labels,
    selectors.selector_equals_service_name,
    peers.adjacent_ns_and_pod_peers,
    peers.peer_only_matches_in_other_namespace,
    peers.ns_label_missing,
    peers.any_namespace_with_pod_label,
    peers.trust_on_mutable_ns_label,
    labels.empty_selector_note,
    labels.selector_degenerated,
    labels.negative_selector_matches_unlabelled,
    labels.in_list_suggested,
    labels.volatile_label,
    workloads.replicas_cannot_reach_each_other,
    structure.rule_less_policy,
    structure.empty_rule_allows_all,
    structure.empty_peer_list,
    overlap.from_only_rule_beside_ports_only_rule,
    overlap.ports_only_rule,
    structure.implicit_ingress_isolation,
    structure.implicit_egress_open,
    structure.rules_for_unlisted_direction,
    structure.sticky_policytypes,
    overlap.name_says_block_but_allows,
    exceptions.except_re_allowed,
    overlap.policy_voids_others,
    overlap.redundant_rule,
    ports.port_is_service_port,
    ports.port_not_declared,
    ports.named_port_unresolved,
    ports.named_port_ambiguous,
    protocols.protocol_omitted,
    protocols.ephemeral_range_egress,
    egress.dns_blocked,
    protocols.dns_udp_only,
    egress.dns_profile_mismatch,
    egress.half_open_flow,
    ranges.ipblock_covers_pod_cidr,
    ranges.ipblock_covers_service_cidr,
    ranges.any_cidr_egress,
    ranges.metadata_reachable,
    ranges.single_family_cidr,
    coverage.namespace_without_policy,
    coverage.pod_not_isolated,
    coverage.egress_not_isolated,
    coverage.default_deny_only_in_some_namespaces,
    placement.namespace_omitted,
    placement.selects_nothing_here_but_would_elsewhere,
    placement.intent_target_not_isolated,
    placement.dns_backend_ingress_isolated,
    placement.cross_env_reachable,
    platform.no_enforcement,
    platform.hostnetwork_selected,
    platform.probe_exemption_note,
    platform.external_cidr_with_etp_cluster,
    platform.established_flow_note,
    platform.mesh_port_missing,
    portability.meaning_depends_on_plugin,
    tiers.removed_admin_kind,
    tiers.networks_deny_hits_pods,
    tiers.equal_priority_overlap,
    tiers.baseline_shadowed_by_networkpolicy,
)
"""All rules, by id."""


def lint(
    cluster: Cluster,
    *,
    needs: Iterable[str] = (),
    base: Cluster | None = None,
    protected_labels: Collection[str] | None = None,
    rules: Iterable[LintRule] = RULES,
) -> tuple[Finding, ...]:
    """Find what is probably wrong with the policies of a cluster.

    Args:
        cluster: Policies, and as much of what surrounds them as is known.  Without pods, rules
            that need pods stay silent.
        needs: Connections that must work, as connection texts such as
            ``bank/frontend -> bank/api:8080``.
        base: The version that ``cluster`` is going to replace; one without pods is taken to be the
            earlier policies of the same pods.
        protected_labels: Keys of namespace labels that only administrators can set; None when
            nobody says.
        rules: The rules to apply.

    Returns:
        Findings by file, line, column and id; those of values built in Python come last.

    Raises:
        ConnectionTextError: A needed connection cannot be read.
        UnknownNameError: It names what the cluster does not have.
        AmbiguousNameError: It names several different pods.
    """
    if base is not None and not base.pods:
        base = cluster.with_policies(base.policies)
    survey = Survey(
        cluster=cluster,
        needs=tuple(needs),
        base=base,
        protected_labels=None if protected_labels is None else frozenset(protected_labels),
    )
    known = _known(survey)
    found = [
        item for rule in rules if known.issuperset(rule.inputs) for item in rule.findings(survey)
    ]
    kept = (item for item in _most_precise(found) if not is_accepted(item))
    return tuple(sorted(kept, key=_order))


def _known(survey: Survey) -> set[Input]:
    cluster = survey.cluster
    have = {
        Input.POLICIES: True,
        Input.PODS: bool(survey.pods),
        Input.NAMESPACES: bool(cluster.namespaces),
        Input.SERVICES: bool(cluster.services),
        Input.NODES: any(node.ips for node in cluster.nodes),
        Input.PROFILE: True,
        Input.NEEDS: bool(survey.needs),
        Input.BASE: survey.base is not None,
    }
    return {kind for kind, there in have.items() if there}


def _most_precise(found: list[Finding]) -> Iterator[Finding]:
    """The findings, less those that a more precise rule explains at the same place."""
    explained = {
        (vague, finding.object, finding.field)
        for finding in found
        for vague in finding.rule.supersedes
    }
    return (item for item in found if (item.id, item.object, item.field) not in explained)


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.location
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    return (place is None, *where, finding.id, finding.object, finding.field, finding.message)
