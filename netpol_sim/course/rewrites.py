"""Classic mistakes as functions: a right set of policies -> the wrong ones a mistake makes of it.

Each rewrite yields every variant that one mistake produces, whole sets each, in a fixed order.
Whether a variant changes any verdict is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netpol_sim.cluster import Cluster
from netpol_sim.labels import EVERYTHING
from netpol_sim.peers import Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule

Policies = tuple[NetworkPolicy, ...]
Rewrite = Callable[[Policies, Cluster], Iterator[Policies]]
RulesRewrite = Callable[[Rule, NetworkPolicy, Cluster], tuple[Rule, ...]]


def never(policies: Policies, cluster: Cluster) -> Iterator[Policies]:
    """No variant: the mistake is not about NetworkPolicies."""
    del policies, cluster
    yield from ()


def each_policy(
    change: Callable[[NetworkPolicy, Cluster], NetworkPolicy | None],
) -> Rewrite:
    """A mistake made in one policy; ``change`` gives None where it cannot be made."""

    def rewrite(policies: Policies, cluster: Cluster) -> Iterator[Policies]:
        for index, policy in enumerate(policies):
            changed = change(policy, cluster)
            if changed is not None and changed != policy:
                yield (*policies[:index], changed, *policies[index + 1 :])

    return rewrite


def every_policy(change: Callable[[NetworkPolicy, Cluster], NetworkPolicy | None]) -> Rewrite:
    """A mistake made in all policies at once; ``change`` gives None to drop a policy."""

    def rewrite(policies: Policies, cluster: Cluster) -> Iterator[Policies]:
        changed = [change(policy, cluster) for policy in policies]
        kept = tuple(policy for policy in changed if policy is not None)
        if kept != policies:
            yield kept

    return rewrite


def one_or_all(change: Callable[[NetworkPolicy, Cluster], NetworkPolicy | None]) -> Rewrite:
    """A mistake made in all policies at once, or in just one of them."""

    def rewrite(policies: Policies, cluster: Cluster) -> Iterator[Policies]:
        yield from every_policy(lambda policy, world: change(policy, world) or policy)(
            policies, cluster
        )
        if len(policies) > 1:
            yield from each_policy(change)(policies, cluster)

    return rewrite


def in_rules(change: RulesRewrite) -> Callable[[NetworkPolicy, Cluster], NetworkPolicy | None]:
    """A mistake made in rules: ``change`` gives the rules that stand in place of one."""

    def rewrite(policy: NetworkPolicy, cluster: Cluster) -> NetworkPolicy:
        lists = {
            direction: tuple(
                new for rule in policy.rules(direction) for new in change(rule, policy, cluster)
            )
            for direction in Direction
        }
        return replace(policy, ingress=lists[Direction.INGRESS], egress=lists[Direction.EGRESS])

    return rewrite


def in_peers(
    change: Callable[[Peer, NetworkPolicy, Cluster], tuple[Peer, ...]],
) -> Callable[[NetworkPolicy, Cluster], NetworkPolicy | None]:
    """A mistake made in peers; a rule that loses its last peer is lost with it."""

    def rewrite(rule: Rule, policy: NetworkPolicy, cluster: Cluster) -> tuple[Rule, ...]:
        peers = tuple(new for peer in rule.peers for new in change(peer, policy, cluster))
        return () if rule.peers and not peers else (replace(rule, peers=peers),)

    return in_rules(rewrite)


def in_ports(
    change: Callable[[PolicyPort, Cluster], tuple[PolicyPort, ...]],
) -> Callable[[NetworkPolicy, Cluster], NetworkPolicy | None]:
    """A mistake made in ports; a rule that loses its last port is lost with it."""

    def rewrite(rule: Rule, _: NetworkPolicy, cluster: Cluster) -> tuple[Rule, ...]:
        ports = tuple(new for port in rule.ports for new in change(port, cluster))
        return () if rule.ports and not ports else (replace(rule, ports=ports),)

    return in_rules(rewrite)


# --- whole policies


def forget_policy_types(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy:
    """``policyTypes`` is left out, so that the server fills it in."""
    shown = {direction: policy.rules(direction) for direction in Direction}
    return replace(
        policy,
        policy_types=(),
        ingress=shown[Direction.INGRESS],
        egress=shown[Direction.EGRESS],
    )


def swap_directions(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy:
    """Ingress and egress are confused."""
    other = {Direction.INGRESS: Direction.EGRESS, Direction.EGRESS: Direction.INGRESS}
    return replace(
        policy,
        policy_types=tuple(other[direction] for direction in policy.policy_types),
        ingress=policy.rules(Direction.EGRESS),
        egress=policy.rules(Direction.INGRESS),
    )


def police_the_other_end(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy | None:
    """To protect a pod, its clients are policed instead of the pod."""
    if policy.policy_types != (Direction.INGRESS,) or len(policy.ingress) != 1:
        return None
    rule = policy.ingress[0]
    if len(rule.peers) != 1 or not isinstance(rule.peers[0], PodPeer):
        return None
    peer = rule.peers[0]
    if peer.namespace_selector is not None or peer.pod_selector is None:
        return None
    subject = PodPeer(pod_selector=policy.pod_selector)
    return replace(
        policy,
        pod_selector=peer.pod_selector,
        policy_types=(Direction.EGRESS,),
        ingress=(),
        egress=(replace(rule, peers=(subject,)),),
    )


def ignore_egress(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy | None:
    """Only incoming traffic is thought of."""
    if Direction.INGRESS not in policy.policy_types:
        return None
    return replace(policy, policy_types=(Direction.INGRESS,), egress=())


def empty_rule_for_none(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy:
    """``- {}`` is thought to be no rule; it allows everything."""
    allow_all = (Rule(),)
    no_ingress = Direction.INGRESS in policy.policy_types and not policy.ingress
    no_egress = Direction.EGRESS in policy.policy_types and not policy.egress
    return replace(
        policy,
        ingress=allow_all if no_ingress else policy.ingress,
        egress=allow_all if no_egress else policy.egress,
    )


def namespace_omitted(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy:
    """``metadata.namespace`` is left out, and the policy lands in ``default``."""
    return replace(policy, namespace="default")


def misspell(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy | None:
    """Two letters of the label that selects the pods are swapped."""
    pair = next(iter(policy.pod_selector.match_labels.items()), None)
    if pair is None or len(pair[1]) < 3:
        return None
    key, value = pair
    labels = {**policy.pod_selector.match_labels, key: f"{value[:-2]}{value[-1]}{value[-2]}"}
    return replace(policy, pod_selector=replace(policy.pod_selector, match_labels=labels))


def select_everything(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy:
    """What was meant for some pods is written for all of the namespace."""
    return replace(policy, pod_selector=EVERYTHING)


def forget_deny(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy | None:
    """The policy that isolates without allowing is left out."""
    return policy if policy.ingress or policy.egress else None


def forget_one(policies: Policies, cluster: Cluster) -> Iterator[Policies]:
    """One of the policies that allow something is left out: one end of a connection stays shut."""
    there = (*policies, *cluster.policies)
    if not all(any(policy.rules(direction) for policy in there) for direction in Direction):
        return
    for index, policy in enumerate(policies):
        if policy.ingress or policy.egress:
            yield (*policies[:index], *policies[index + 1 :])


def open_reply_ports(policy: NetworkPolicy, _: Cluster) -> NetworkPolicy | None:
    """High ports are opened for replies, which pass anyway."""
    if Direction.EGRESS not in policy.policy_types:
        return None
    replies = Rule(ports=(PolicyPort(port=1024, end_port=65535),))
    return replace(policy, egress=(*policy.egress, replies))
