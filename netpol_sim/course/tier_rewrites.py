"""Classic mistakes about cluster-scoped policies: a right set -> the wrong ones a mistake makes.

As ``rewrites`` does for NetworkPolicies.  Whether a variant changes any verdict is not decided
here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netpol_sim.cluster_peers import Networks
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.policy import Direction

ClusterPolicies = tuple[ClusterNetworkPolicy, ...]
TierRewrite = Callable[[ClusterPolicies], Iterator[ClusterPolicies]]
Rules = tuple[ClusterRule, ...]


def never(policies: ClusterPolicies) -> Iterator[ClusterPolicies]:
    """No variant: the mistake is not about tiers."""
    del policies
    yield from ()


def in_each(change: Callable[[ClusterNetworkPolicy], ClusterNetworkPolicy]) -> TierRewrite:
    """A mistake made in one policy after the other."""

    def rewrite(policies: ClusterPolicies) -> Iterator[ClusterPolicies]:
        for index, policy in enumerate(policies):
            changed = change(policy)
            if changed != policy:
                yield (*policies[:index], changed, *policies[index + 1 :])

    return rewrite


def in_rule_lists(change: Callable[[Rules], Rules]) -> TierRewrite:
    """A mistake made in the rules of one direction of one policy."""
    return in_each(
        lambda policy: replace(policy, ingress=change(policy.ingress), egress=change(policy.egress))
    )


def forget_pods_before_networks(rules: Rules) -> Rules:
    """``networks`` is taken for addresses outside: nothing needs to come before it."""
    at = next(
        (
            index
            for index, rule in enumerate(rules)
            if rule.action is Action.DENY and any(isinstance(peer, Networks) for peer in rule.peers)
        ),
        0,
    )
    return rules[at:]


def accept_for_pass(rules: Rules) -> Rules:
    """``Pass`` is taken for a permission."""
    return tuple(
        replace(rule, action=Action.ACCEPT) if rule.action is Action.PASS else rule
        for rule in rules
    )


def reverse(rules: Rules) -> Rules:
    """The order of rules is taken for a matter of style."""
    return rules[::-1]


def other_tier(policy: ClusterNetworkPolicy) -> ClusterNetworkPolicy:
    """The tiers are confused; kinds that belong to one tier cannot be."""
    if policy.kind.tier is not None:
        return policy
    return replace(policy, tier=Tier.BASELINE if policy.tier is Tier.ADMIN else Tier.ADMIN)


def single_edits(policy: ClusterNetworkPolicy) -> Iterator[tuple[str, ClusterNetworkPolicy]]:
    """The policy with one thing changed: its tier, or one rule's action, ports or presence."""
    if other_tier(policy) != policy:
        yield "other tier", other_tier(policy)
    for direction in Direction:
        rules = policy.rules(direction)
        for index, rule in enumerate(rules):
            place = f"spec.{direction.rules_field}[{index}]"
            without, after = rules[:index], rules[index + 1 :]
            yield f"no {place}", _with(policy, direction, (*without, *after))
            for action in policy.kind.actions.values():
                if action is not rule.action:
                    changed = (*without, replace(rule, action=action), *after)
                    yield f"{action} at {place}", _with(policy, direction, changed)
            if rule.ports:
                changed = (*without, replace(rule, ports=()), *after)
                yield f"every port at {place}", _with(policy, direction, changed)


def _with(policy: ClusterNetworkPolicy, direction: Direction, rules: Rules) -> ClusterNetworkPolicy:
    if direction is Direction.INGRESS:
        return replace(policy, ingress=rules)
    return replace(policy, egress=rules)
