"""What the tiers of cluster-scoped policies say about one end, in words."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy
from netpol_sim.labels import EVERYTHING
from netpol_sim.render import describe, rule_words, rules, words
from netpol_sim.render.scene import Scene
from netpol_sim.rule_steps import ClusterRuleStep, PeerOutcome, PortOutcome
from netpol_sim.verdict import EndVerdict, TierVerdict


def facts(end: EndVerdict) -> dict[str, str]:
    """What the sentence about a reason may say of the tier that decided."""
    decider = end.decided_by
    if decider is None:
        return {}
    return {"tier": decider.policy.tier, "rule": short_rule(decider)}


def short_rule(step: ClusterRuleStep) -> str:
    """A rule by its number and policy."""
    return words.SHORT_CLUSTER_RULE.format(
        direction=step.direction.lower(),
        number=step.index + 1,
        kind=step.policy.kind,
        name=step.policy.name,
    )


def sentences(end: EndVerdict) -> Iterator[str]:
    """What each tier that was asked says, in one sentence each."""
    for tier in end.tiers:
        step = tier.decided_by
        if step is None:
            yield words.TIER_SILENT[len(tier.steps) > 1].format(
                Tier=tier.tier,
                count=len(tier.steps),
                direction=end.direction.lower(),
                near=end.entity,
            )
            continue
        template = words.TIER_PASSES if step.action is Action.PASS else words.TIER_DECIDES
        if step.fails_closed:
            template = words.TIER_FAILS_CLOSED
        yield template.format(
            Tier=tier.tier,
            rule=words.CLUSTER_RULE.format(
                number=step.index + 1,
                kind=step.policy.kind,
                name=step.policy.name,
                priority=step.policy.priority,
            ),
            where=rules.where(step),
            action=step.policy.word(step.rule.action),
            connections=connections(step),
        )


def connections(step: ClusterRuleStep) -> str:
    """What a rule is about: ``connections from every pod in every namespace, on every port``."""
    peers = [describe.peer(peer) for peer in step.rule.peers]
    ports = [describe.port(entry) for entry in step.rule.ports]
    return words.TIER_CONNECTIONS[step.direction].format(
        peers=describe.listed(peers, rule_words.OR),
        ports=describe.listed(ports, rule_words.OR) if ports else rule_words.EVERY_PORT,
    )


def trace(scene: Scene, tier: TierVerdict) -> Iterator[str]:
    """Every policy and rule of a tier, with what became of each peer and port."""
    asked = tier.asked
    for policy in dict.fromkeys(step.policy for step in tier.steps):
        yield rule_words.TRACE_CLUSTER_POLICY.format(
            Tier=tier.tier,
            priority=policy.priority,
            kind=policy.kind,
            policy=describe.where(policy.name, policy.origin.locate() if policy.origin else None),
            pods=subject(policy),
        )
        for step in tier.steps:
            if step.policy is policy:
                yield from (f"  {line}" for line in _rule(scene, step, asked=step in asked))


def subject(policy: ClusterNetworkPolicy) -> str:
    """The pods that a policy is about: ``every pod in namespaces with env=dev``."""
    picked = policy.subject.namespace_selector or EVERYTHING
    return describe.pods(policy.subject.pod_selector, describe.namespaces(picked))


def standing(step: ClusterRuleStep, *, asked: bool) -> str:
    """What became of a rule: it ``decides``, is ``silent``, or is ``unasked``."""
    if not asked:
        return "unasked"
    return "decides" if step.matched else "silent"


def _rule(scene: Scene, step: ClusterRuleStep, *, asked: bool) -> Iterator[str]:
    yield rule_words.TRACE_CLUSTER_RULE[standing(step, asked=asked)].format(
        number=step.index + 1,
        where=rules.where(step),
        action=step.policy.word(step.rule.action),
    )
    if not asked:
        return
    for index, peer in enumerate(step.rule.peers):
        yield "  " + rule_words.TRACE_PART[step.peers[index] is PeerOutcome.MATCHED].format(
            where=_entry(step, step.peer_field(index)),
            described=describe.peer(peer),
            sentence=rules.peer_sentence(scene, step, index),
        )
    for index, entry in enumerate(step.rule.ports):
        yield "  " + rule_words.TRACE_PART[step.ports[index] is PortOutcome.MATCHED].format(
            where=_entry(step, step.port_field(index)),
            described=describe.port(entry),
            sentence=rules.port_sentence(scene, step, index),
        )


def _entry(step: ClusterRuleStep, field: str) -> str:
    return describe.where(field.removeprefix(f"{step.field}."), step.locate(field))
