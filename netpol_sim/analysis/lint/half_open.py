"""Connections that one end allows and the other denies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from netpol_sim.analysis.lint import entries, phrases
from netpol_sim.analysis.lint.effect import Probe, Probes, declared_ports, flows
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.likeness import demanded
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table.ports import numbered_ports
from netpol_sim.evaluate import evaluate_end
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, Connection, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfOpen:
    """A peer of a rule whose connections the other end denies, every one of them."""

    policy: NetworkPolicy
    field: str
    message: str
    denied: tuple[Connection, ...]
    fix: Fix | None


def of_rules(survey: Survey) -> Iterator[HalfOpen]:
    """Peers picked by label, for pods picked by label, that come to nothing at the other end.

    A flow that passes between any two of the pods, on any of the rule's ports, is open: the rule
    does what it can.
    """
    for written in survey.rules:
        if not demanded(written.policy.pod_selector):
            continue
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer) and peer.pod_selector and demanded(peer.pod_selector):
                yield from _of_peer(survey, written, index, peer)


def other_end(direction: Direction) -> Direction:
    """The direction that judges the same connection at its other end."""
    return Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS


def _by_tier(survey: Survey, connection: Connection, direction: Direction) -> bool:
    return (
        bool(survey.cluster.cluster_policies)
        and evaluate_end(survey.cluster, connection, direction).decided_by is not None
    )


def _of_peer(survey: Survey, written: WrittenRule, index: int, peer: PodPeer) -> Iterator[HalfOpen]:
    near = survey.subjects(written.policy)
    far = list(survey.peer_subjects(written.policy, peer))
    direction = other_end(written.direction)
    if not near or not far or not all(survey.isolated(pod, direction) for pod in far):
        return
    probes = _probes(survey, written, far)
    inward = written.direction is Direction.INGRESS
    sources, destinations = (far, near) if inward else (near, far)
    if flows(survey.table, sources, destinations, probes):
        return
    # The rule allows these at its own end, so it is the other end that denies them.
    denied = [
        Connection(source=source, destination=target, port=port, protocol=protocol)
        for source in sources[:1]
        for target in destinations
        if source.key != target.key
        for port, protocol in probes(target)
    ]
    # What a tier denies no NetworkPolicy of the other end can allow.
    if denied and not any(_by_tier(survey, each, direction) for each in denied):
        yield HalfOpen(
            policy=written.policy,
            field=written.peer_field(index),
            message=_message(survey, direction, far, denied),
            denied=tuple(denied),
            fix=_mirrored(survey, written, peer, far),
        )


def _probes(survey: Survey, written: WrittenRule, far: list[Pod]) -> Probes:
    """Where ours and theirs can meet: where one of the ranges begins, and what is declared."""
    direction = other_end(written.direction)
    theirs = {policy.key: policy for pod in far for policy in survey.isolating(pod, direction)}
    rules = [rule for policy in theirs.values() for rule in policy.rules(direction)]
    lists = dict.fromkeys(rule.ports for rule in (written.rule, *rules))
    starts = dict.fromkeys(start for ports in lists for start in _starts(ports))
    allowed = numbered_ports(written.rule.ports)
    names = {entry.port for entry in written.rule.ports if isinstance(entry.port, str)}

    def probes(destination: Pod) -> tuple[Probe, ...]:
        named = {(port.port, port.protocol) for port in destination.ports if port.name in names}
        tried = dict.fromkeys((*declared_ports(destination), *starts))
        return tuple(each for each in tried if each in named or (each[1], each[0]) in allowed)

    return probes


@lru_cache(maxsize=4096)
def _starts(entries: tuple[PolicyPort, ...]) -> tuple[Probe, ...]:
    return tuple((known.first, known.protocol) for known in numbered_ports(entries).ranges)


def _message(survey: Survey, direction: Direction, far: list[Pod], denied: list[Connection]) -> str:
    policies = dict.fromkeys(
        policy.key for pod in far for policy in survey.isolating(pod, direction)
    )
    return (
        f"the other end denies it: {phrases.quoted(policies)} "
        f"{phrases.agreeing(policies, 'isolates', 'isolate')} "
        f"{phrases.listed([pod.key for pod in far])} for {direction.rules_field}, and no rule "
        f"allows {denied[0]}"
    )


def _mirrored(survey: Survey, written: WrittenRule, peer: PodPeer, far: list[Pod]) -> Fix | None:
    """The rule that the other end lacks, as a policy of its own."""
    spaces = {pod.namespace for pod in far}
    direction = other_end(written.direction)
    policy = written.policy
    space = next(iter(spaces))
    name = f"{policy.name}-{direction.rules_field}"
    if len(spaces) > 1 or any(known.key == f"{space}/{name}" for known in survey.policies):
        return None
    home = LabelSelector(match_labels={NAMESPACE_NAME_LABEL: policy.namespace})
    back = PodPeer(
        pod_selector=policy.pod_selector,
        namespace_selector=None if space == policy.namespace else home,
    )
    mirror = NetworkPolicy(
        namespace=space,
        name=name,
        pod_selector=peer.pod_selector or LabelSelector(),
        policy_types=(direction,),
        **{direction.rules_field: (Rule(peers=(back,), ports=written.rule.ports),)},
        origin=policy.origin,
    )
    return Fix(
        summary=f"allow it at the other end, by a policy `{mirror.key}`",
        policy=mirror,
        edits=entries.appended(policy, mirror),
    )


def of_needs(
    survey: Survey,
) -> Iterator[tuple[Pod, str, str, tuple[Connection, ...]]]:
    """Needed connections that exactly one end denies, with the pod at that end."""
    for need, verdict in survey.answers:
        if len(verdict.denied_by) != 1:
            continue
        (direction,) = verdict.denied_by
        pod = verdict.connection.near(direction)
        if isinstance(pod, Pod):
            message = f"{direction.rules_field} of {pod} denies it, and the other end allows it"
            yield pod, need, message, (verdict.connection,)
