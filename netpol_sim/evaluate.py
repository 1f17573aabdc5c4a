"""The NetworkPolicy algorithm, in the order of the specification.  Read this first.

A connection passes when the egress end of its source AND the ingress end of its destination both
let it.  At each end:

1. An end that is no pod has no policies; a pod that no policy selects for the direction is not
   isolated in it.  Both let everything pass.
2. An isolated pod lets pass what at least one rule of at least one isolating policy matches:
   there is no order, no priority and no deny.
3. A rule matches when one of its peers AND one of its ports match; an empty half matches all.

Cluster-scoped policies come before and after that (``_through_tiers``): the Admin tier, then the
NetworkPolicies as above, then the Baseline tier.  In a tier the first rule that matches decides.

Nothing is skipped once a match is found: the verdict keeps every rule that was looked at, because
a learner may ask about any of them.  Sources: [concept] is kubernetes.io/docs/concepts/services-
networking/network-policies, [types] is ``k8s.io/api/networking/v1/types.go``, [cluster] is
``apis/v1alpha2/clusternetworkpolicy_types.go`` of github.com/kubernetes-sigs/network-policy-api.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netpol_sim.caveats import caveats_of
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import Action, Tier
from netpol_sim.matching import (
    counts_as_node,
    far_end,
    match_cluster_peer,
    match_cluster_port,
    match_peer,
    match_port,
    node_of,
)
from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.plugin import BaselineSkipped
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.rule_steps import ClusterRuleStep, RuleStep
from netpol_sim.verdict import EndVerdict, Reason, TierVerdict, Verdict


def evaluate(cluster: Cluster, connection: Connection) -> Verdict:
    """Decide whether a cluster allows a connection, and say why.

    Both ends must allow it.  Replies to an allowed connection are not asked about: they always
    pass.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        connection: Who connects to whom, on which port of the destination itself (a Service has
            been translated before).

    Returns:
        The verdict.  Policies and rules are traced in cluster order, so equal inputs give equal
        verdicts.

    >>> from netpol_sim.model import Connection, Pod
    >>> from netpol_sim.policy import NetworkPolicy
    >>> web, db = Pod(namespace="shop", name="web"), Pod(namespace="shop", name="db")
    >>> deny_all = NetworkPolicy(namespace="shop", name="deny-all")
    >>> cluster = Cluster(pods=(web, db), policies=(deny_all,))
    >>> print(evaluate(cluster, Connection(source=web, destination=db, port=5432)))
    shop/web -> shop/db:5432/TCP: denied (ingress)
    """
    egress = evaluate_end(cluster, connection, Direction.EGRESS)
    ingress = evaluate_end(cluster, connection, Direction.INGRESS)
    return Verdict(
        connection=connection,
        egress=egress,
        ingress=ingress,
        caveats=caveats_of(cluster, connection, (egress, ingress), evaluate_end),
        cluster=cluster,
    )


def evaluate_end(cluster: Cluster, connection: Connection, direction: Direction) -> EndVerdict:
    """Decide what one end says: egress at the source, or ingress at the destination."""
    near, far = connection.near(direction), connection.far(direction)
    if not isinstance(near, Pod):
        return EndVerdict(direction=direction, entity=near, reason=Reason.NOT_A_POD)
    exempt = _exemption(cluster, near, far, direction)
    if cluster.cluster_policies:
        # [cluster] A pod that reaches itself through a Service leaves its own network on the way.
        hairpin = exempt is Reason.SAME_POD and connection.dialled is not None
        if exempt is None or hairpin:
            return _through_tiers(cluster, connection, direction, near, exempt)
    if exempt is not None:
        return EndVerdict(direction=direction, entity=near, reason=exempt)
    return _by_network_policies(cluster, connection, direction, near)


def _by_network_policies(
    cluster: Cluster, connection: Connection, direction: Direction, near: Pod
) -> EndVerdict:
    """What NetworkPolicies say; a pod that they do not isolate is free to them."""
    # [concept] A pod is open in each direction until a policy isolates it in that direction.
    isolated_by = cluster.isolating(near, direction)
    if not isolated_by:
        return EndVerdict(direction=direction, entity=near, reason=Reason.NOT_ISOLATED)

    # [concept] What all applicable policies allow adds up; their order does not matter.
    steps = _steps(cluster, isolated_by, connection, direction)
    if any(step.matched for step in steps):
        reason = Reason.RULE_MATCHED
    else:
        reason = Reason.NO_RULE_MATCHED if steps else Reason.NO_RULE_WRITTEN
    return EndVerdict(
        direction=direction,
        entity=near,
        reason=reason,
        isolated_by=isolated_by,
        steps=steps,
    )


def _through_tiers(
    cluster: Cluster,
    connection: Connection,
    direction: Direction,
    near: Pod,
    exempt: Reason | None,
) -> EndVerdict:
    """What the tiers say, each in turn: Admin, then NetworkPolicies, then Baseline.

    A tier decides or has no opinion; the first decision is final, and without one the connection
    passes.  An end that is ``exempt`` from NetworkPolicies only is free to them.
    """
    # [cluster] What the Admin tier accepts or denies nobody else is asked about.
    admin = _by_tier(cluster, connection, direction, Tier.ADMIN)
    asked = (admin,) if admin.steps else ()
    if reason := _FINAL.get(admin.action):
        return EndVerdict(direction=direction, entity=near, reason=reason, tiers=asked)

    end = _by_network_policies(cluster, connection, direction, near)
    if exempt is not None:
        end = EndVerdict(direction=direction, entity=near, reason=exempt)
    # [cluster] A NetworkPolicy always makes a final decision for the pods it selects.
    if end.isolated_by or _keeps_baseline_out(cluster, near):
        return replace(end, tiers=asked)

    baseline = _by_tier(cluster, connection, direction, Tier.BASELINE)
    asked = (*asked, baseline) if baseline.steps else asked
    if reason := _FINAL.get(baseline.action):
        return EndVerdict(direction=direction, entity=near, reason=reason, tiers=asked)
    # [cluster] What no tier decides is allowed, as in a cluster without policies.
    return replace(end, tiers=asked)


_FINAL: Mapping[Action | None, Reason] = {
    Action.ACCEPT: Reason.TIER_ACCEPTED,
    Action.DENY: Reason.TIER_DENIED,
}
"""The actions after which no further tier is asked."""


def _by_tier(
    cluster: Cluster, connection: Connection, direction: Direction, tier: Tier
) -> TierVerdict:
    """Every rule that a tier has for the near pod, in the order in which they are asked.

    [cluster] That order is by priority, then as written; the first rule that matches decides.
    """
    near, far = connection.near(direction), far_end(cluster, connection, direction)
    policies = cluster.in_tier(tier, near, direction) if isinstance(near, Pod) else ()
    return TierVerdict(
        tier=tier,
        steps=tuple(
            ClusterRuleStep(
                policy=policy,
                direction=direction,
                index=index,
                rule=rule,
                peers=tuple(match_cluster_peer(cluster, peer, far) for peer in rule.peers),
                ports=tuple(
                    match_cluster_port(cluster, entry, connection, far.port) for entry in rule.ports
                ),
            )
            for policy in policies
            for index, rule in enumerate(policy.rules(direction))
        ),
    )


def _keeps_baseline_out(cluster: Cluster, near: Pod) -> bool:
    """Whether a NetworkPolicy that isolates a pod in one direction decides for the other, too."""
    per_pod = cluster.profile.baseline_skipped is BaselineSkipped.PER_POD
    return per_pod and bool(cluster.policies_selecting(near))


def _exemption(cluster: Cluster, near: Pod, far: Entity, direction: Direction) -> Reason | None:
    """Why policies have no say at this end; None when they do."""
    profile = cluster.profile
    if not near.takes_part:
        return Reason.NOT_RUNNING
    if not profile.enforces:
        return Reason.NOT_ENFORCED
    # [concept] No policy can come between a pod and itself.
    if isinstance(far, Pod) and far.key == near.key:
        return Reason.SAME_POD
    if counts_as_node(cluster, near):
        return Reason.HOST_NETWORK
    # [concept] A pod and its own node always reach each other; [types] promises inbound only.
    on_own_node = near.node is not None and near.node == node_of(cluster, far)
    if on_own_node and (direction is Direction.INGRESS or profile.own_node_egress_allowed):
        return Reason.OWN_NODE
    return None


def _steps(
    cluster: Cluster,
    policies: tuple[NetworkPolicy, ...],
    connection: Connection,
    direction: Direction,
) -> tuple[RuleStep, ...]:
    """Every rule of the policies, with what became of each of its peers and ports."""
    far = far_end(cluster, connection, direction)
    return tuple(
        [
            RuleStep(
                policy=policy,
                direction=direction,
                index=index,
                rule=rule,
                peers=tuple([match_peer(policy.namespace, peer, far) for peer in rule.peers]),
                ports=tuple(
                    [match_port(cluster, entry, connection, far.port) for entry in rule.ports]
                ),
            )
            for policy in policies
            for index, rule in enumerate(policy.rules(direction))
        ]
    )
