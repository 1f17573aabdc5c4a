"""Cluster-scoped policies: what their authors seldom expect of the tiers (NP901 to NP904)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from netpol_sim.analysis.diff import Change, diff
from netpol_sim.analysis.lint import phrases
from netpol_sim.analysis.lint.ranges import is_narrow
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import Networks
from netpol_sim.cluster_policy import (
    Action,
    ClusterNetworkPolicy,
    ClusterPolicyKind,
    ClusterRule,
    Tier,
)
from netpol_sim.model import Pod
from netpol_sim.peers import PodPeer
from netpol_sim.verdict import EndVerdict, Verdict

_LAST = 1000
"""The priority of a policy that its tier asks last."""


@lint_rule(
    id="NP901",
    name="removed-admin-kind",
    severity=Severity.INFO,
    meaning="An AdminNetworkPolicy or a BaselineAdminNetworkPolicy.",
    why="ClusterNetworkPolicy has replaced both kinds; a cluster that serves only the new API does "
    "not store them, and a plugin that does not know them ignores them.",
    remedy="Let `netpol convert` write the ClusterNetworkPolicy that means the same.",
    inputs=(Input.POLICIES,),
)
def removed_admin_kind(survey: Survey) -> Iterator[Hit]:
    """A policy of an old kind, with what passes on a cluster that ignores it."""
    for policy in survey.cluster.cluster_policies:
        if policy.kind is ClusterPolicyKind.CLUSTER:
            continue
        changes = _changes(survey.cluster, survey.cluster.without_policy(policy.key))
        effect = f"; where it is ignored, {_differ(changes)}" if changes else ""
        yield hit(
            policy,
            "kind",
            f"`{policy.kind}` was replaced by `{ClusterPolicyKind.CLUSTER}`{effect}",
            evidence=(change.example for change in changes),
        )


@lint_rule(
    id="NP902",
    name="networks-deny-hits-pods",
    severity=Severity.HIGH,
    meaning="A rule denies `networks` that hold the addresses of pods.",
    why="`networks` matches every address, also those of pods: a rule against the internet cuts "
    "off the pods of the cluster, and no NetworkPolicy can allow them again.",
    remedy="Before this rule, let the pods that are needed pass: `action: Pass` for "
    "`namespaces: {}` leaves them to the NetworkPolicies.",
    inputs=(Input.PODS,),
)
def networks_deny_hits_pods(survey: Survey) -> Iterator[Hit]:
    """Denied ranges that decide about pods; a note where the policy shows that it means pods."""
    for policy in _in_force(survey.cluster):
        for index, rule in enumerate(policy.egress):
            for place, peer in enumerate(rule.peers):
                if rule.action is not Action.DENY or not isinstance(peer, Networks):
                    continue
                spared = _without_peer(survey.cluster, policy, index, place)
                changes = _between_pods(_changes(survey.cluster, spared))
                if changes:
                    yield _pods_hit(policy, index, place, peer, changes)


def _pods_hit(
    policy: ClusterNetworkPolicy,
    index: int,
    place: int,
    networks: Networks,
    changes: list[Change],
) -> Hit:
    meant = (
        policy.tier is Tier.BASELINE
        or all(is_narrow(block) for block in networks.blocks)
        or any(_speaks_of_pods(rule) for rule in policy.egress[:index])
    )
    pairs = sum(1 for change in changes for _ in _pod_pairs(change))
    field = f"spec.egress[{index}].to[{place}].networks"
    return hit(
        policy,
        field,
        f"{phrases.quoted(networks.cidrs)} "
        f"{phrases.agreeing(networks.cidrs, 'holds', 'hold')} addresses of pods, too: without "
        f"this, {phrases.counted(pairs, 'more pair')} of pods may connect, such as "
        f"{changes[0].example}",
        severity=Severity.INFO if meant else None,
        evidence=(change.example for change in changes),
    )


def _speaks_of_pods(rule: ClusterRule) -> bool:
    """Whether an earlier rule lets pods pass, so that the author has thought of pods.

    One that lets name lookups alone pass does not show that.
    """
    lets_pass = rule.action is not Action.DENY
    only_lookups = bool(rule.ports) and all(getattr(port, "port", 0) == 53 for port in rule.ports)
    return lets_pass and not only_lookups and any(isinstance(p, PodPeer) for p in rule.peers)


def _without_peer(
    cluster: Cluster, policy: ClusterNetworkPolicy, index: int, place: int
) -> Cluster:
    rule = policy.egress[index]
    peers = (*rule.peers[:place], *rule.peers[place + 1 :])
    kept = (replace(rule, peers=peers),) if peers else ()
    egress = (*policy.egress[:index], *kept, *policy.egress[index + 1 :])
    return _replaced(cluster, policy, replace(policy, egress=egress))


def _between_pods(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if next(_pod_pairs(change), None) is not None]


def _pod_pairs(change: Change) -> Iterator[tuple[Pod, Pod]]:
    for source, destination in change.pairs:
        if isinstance(source, Pod) and isinstance(destination, Pod):
            yield source, destination


@lint_rule(
    id="NP903",
    name="equal-priority-overlap",
    severity=Severity.HIGH,
    meaning="Two policies of a tier have one priority, and disagree about a connection.",
    why="The API leaves it to the plugin which of them is asked first, so nobody knows what "
    "becomes of the connection.",
    remedy="Give every policy of a tier a priority of its own; the lowest number is asked first.",
    inputs=(Input.PODS,),
)
def equal_priority_overlap(survey: Survey) -> Iterator[Hit]:
    """Two policies whose order changes a verdict; found at the one that we ask second."""
    for first, second in combinations(_in_force(survey.cluster), 2):
        if (first.tier, first.priority) != (second.tier, second.priority):
            continue
        orders = (
            _asked_first(survey.cluster, *pair) for pair in ((first, second), (second, first))
        )
        changes = _changes(*orders)
        if changes:
            example = changes[0]
            yield hit(
                second,
                "spec.priority",
                f"{first.kind} `{first.name}` has priority {first.priority}, too, and the order "
                f"of the two decides between {_pairs(changes)}: {example.example} is "
                f"{phrases.answer(example.before)} when `{first.name}` is asked first, and "
                f"{phrases.answer(example.after)} when `{second.name}` is",
                evidence=(change.example for change in changes),
            )


def _asked_first(cluster: Cluster, *policies: ClusterNetworkPolicy) -> Cluster:
    others = (each for each in cluster.cluster_policies if each not in policies)
    return cluster.with_cluster_policies((*policies, *others))


@lint_rule(
    id="NP904",
    name="baseline-shadowed-by-networkpolicy",
    severity=Severity.INFO,
    meaning="NetworkPolicies isolate pods that a Baseline policy would decide differently about.",
    why="The Baseline tier is asked only where no NetworkPolicy isolates the pod: it is a default, "
    "and adds nothing to what a NetworkPolicy says.",
    remedy="Write what must hold everywhere in the Admin tier.",
    inputs=(Input.PODS,),
)
def baseline_shadowed_by_networkpolicy(survey: Survey) -> Iterator[Hit]:
    """A Baseline policy that would answer otherwise, were it asked before NetworkPolicies."""
    cluster = survey.cluster
    for policy in cluster.tier(Tier.BASELINE):
        changes = [
            change
            for change in _changes(cluster, _replaced(cluster, policy, _as_admin(cluster, policy)))
            if change.before is not None and _shadowed(change.before, policy)
        ]
        if changes:
            first = changes[0]
            pairs = f"about {_pairs(changes)}"
            yield hit(
                policy,
                "spec.tier" if policy.kind.tier is None else "kind",
                f"NetworkPolicies decide in its place {pairs}: {first.example} is "
                f"{phrases.answer(first.before)}, and would be {phrases.answer(first.after)} by "
                "this policy",
                evidence=(change.example for change in changes),
            )


def _shadowed(verdict: Verdict, policy: ClusterNetworkPolicy) -> bool:
    return any(_is_shadowed(end, policy) for end in verdict.ends)


def _is_shadowed(end: EndVerdict, policy: ClusterNetworkPolicy) -> bool:
    return bool(end.isolated_by) and bool(policy.rules(end.direction))


def _as_admin(cluster: Cluster, policy: ClusterNetworkPolicy) -> ClusterNetworkPolicy:
    """The policy as the last of the Admin tier."""
    of_cluster = policy.kind is ClusterPolicyKind.CLUSTER
    kind = ClusterPolicyKind.CLUSTER if of_cluster else ClusterPolicyKind.ADMIN
    taken = {each.name for each in cluster.cluster_policies if each is not policy}
    name = next(
        name
        for name in (policy.name, *(f"{policy.name[:240]}-{n}" for n in range(len(taken) + 1)))
        if name not in taken
    )
    return replace(policy, name=name, kind=kind, tier=Tier.ADMIN, priority=_LAST)


# -- What a change does --------------------------------------------------------------------------


def _in_force(cluster: Cluster) -> tuple[ClusterNetworkPolicy, ...]:
    return tuple(policy for tier in Tier for policy in cluster.tier(tier))


def _replaced(
    cluster: Cluster, policy: ClusterNetworkPolicy, changed: ClusterNetworkPolicy
) -> Cluster:
    """The cluster with another policy in the place of one, also among those of equal priority."""
    return cluster.with_cluster_policies(
        changed if each is policy else each for each in cluster.cluster_policies
    )


def _changes(before: Cluster, after: Cluster) -> list[Change]:
    if not before.pods:
        return []
    found = diff(before, after)
    return [*found.added, *found.removed]


def _pairs(changes: Iterable[Change]) -> str:
    return phrases.counted(sum(change.count for change in changes), "pair of ends", "pairs of ends")


def _differ(changes: list[Change]) -> str:
    first = changes[0]
    return (
        f"connections between {_pairs(changes)} differ: {first.example} is "
        f"{phrases.answer(first.before)} with it, and {phrases.answer(first.after)} without"
    )
