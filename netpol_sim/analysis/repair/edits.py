"""Every edit of a policy that may bring it nearer to a reference.

What is added, or put in the place of something else, is taken from the reference: so the edits are
few, and still enough to write its meaning in the shape that a policy has already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from netpol_sim.analysis.compare.atoms import requirements
from netpol_sim.analysis.repair.edit import EditKind
from netpol_sim.analysis.repair.selector_edits import selector_edits
from netpol_sim.analysis.repair.spots import (
    Change,
    Spot,
    entries,
    namespace_selectors,
    peer_lists,
    peers,
    pod_selectors,
    port_lists,
    rule_lists,
    rules,
    subject,
)
from netpol_sim.labels import LabelSelector, Requirement
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule

_T = TypeVar("_T", bound=Peer | PolicyPort | Rule)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The pieces of a reference, each once and in its order."""

    policies: tuple[NetworkPolicy, ...]
    namespaces: tuple[str, ...]
    rules: dict[Direction, tuple[Rule, ...]]
    peers: tuple[Peer, ...]
    ports: tuple[PolicyPort, ...]
    pod_selectors: tuple[LabelSelector, ...]
    namespace_selectors: tuple[LabelSelector, ...]
    pod_requirements: tuple[Requirement, ...]
    namespace_requirements: tuple[Requirement, ...]

    @classmethod
    def of(cls, policies: Sequence[NetworkPolicy]) -> Pool:
        """Everything in force in some policies."""
        found = [each for policy in policies for each in rules(policy)]
        listed = [peer for _, rule in found for peer in rule.value.peers]
        picked = _once(each.value for policy in policies for each in pod_selectors(policy))
        spaces = _once(each.value for policy in policies for each in namespace_selectors(policy))
        subjects = [policy.pod_selector for policy in policies]
        return cls(
            policies=tuple(policies),
            namespaces=_once(policy.namespace for policy in policies),
            rules={
                direction: _once(rule.value for way, rule in found if way is direction)
                for direction in Direction
            },
            peers=_once(listed),
            ports=_once(entry for _, rule in found for entry in rule.value.ports),
            pod_selectors=picked,
            namespace_selectors=spaces,
            pod_requirements=_once(
                each for selector in (*picked, *subjects) for each in requirements(selector)
            ),
            namespace_requirements=_once(
                each for selector in spaces for each in requirements(selector)
            ),
        )


def _once(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))


def edits(policy: NetworkPolicy, pool: Pool) -> Iterator[Change]:
    """Every edit of a policy, those that are easiest to follow first."""
    yield from _of_policy(policy, pool)
    yield from selector_edits(subject(policy), pool.pod_requirements)
    for listed in peer_lists(policy):
        yield from _joined_and_split(listed)
    for selector in pod_selectors(policy):
        yield from selector_edits(selector, pool.pod_requirements)
    for selector in namespace_selectors(policy):
        yield from selector_edits(selector, pool.namespace_requirements)
    for peer in peers(policy):
        yield from _of_peer(peer, pool)
    for ports in port_lists(policy):
        for entry in entries(ports):
            yield from _changed(EditKind.CHANGE_PORT, entry, pool.ports)
        yield from _added_and_removed(EditKind.ADD_PORT, EditKind.REMOVE_PORT, ports, pool.ports)
    for listed in peer_lists(policy):
        yield from _added_and_removed(EditKind.ADD_PEER, EditKind.REMOVE_PEER, listed, pool.peers)
    for direction, listed_rules in rule_lists(policy):
        yield from _of_rules(listed_rules, pool.rules[direction])


def _of_policy(policy: NetworkPolicy, pool: Pool) -> Iterator[Change]:
    whole = Spot(field="", value=policy, put=lambda new: new)
    for namespace in pool.namespaces:
        if namespace != policy.namespace:
            yield whole.change(
                EditKind.CHANGE_NAMESPACE,
                replace(policy, namespace=namespace),
                field="metadata.namespace",
                before=policy.namespace,
                after=namespace,
            )
    types = tuple(dict.fromkeys(policy.policy_types))
    for direction in Direction:
        if direction not in types:
            yield whole.change(
                EditKind.ADD_POLICY_TYPE,
                replace(policy, policy_types=(*types, direction)),
                field="spec.policyTypes",
                after=direction,
            )
        elif set(types) != {direction}:
            left = tuple(each for each in types if each is not direction)
            yield whole.change(
                EditKind.REMOVE_POLICY_TYPE,
                replace(policy, policy_types=left),
                field="spec.policyTypes",
                before=direction,
            )
    swapped = tuple(each for each in Direction if policy.isolates(_other(each)))
    spec = Spot(field="spec", value=policy, put=lambda new: new)
    yield spec.change(
        EditKind.SWAP_DIRECTIONS,
        replace(policy, policy_types=swapped, ingress=policy.egress, egress=policy.ingress),
        moved=0,
    )


def _other(direction: Direction) -> Direction:
    return Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS


def _changed(kind: EditKind, spot: Spot[_T], known: Iterable[_T]) -> Iterator[Change]:
    """Each known piece in the place of one."""
    for wanted in known:
        if wanted != spot.value:
            yield spot.change(kind, wanted, before=spot.value, after=wanted)


def _added_and_removed(
    adding: EditKind, removing: EditKind, listed: Spot[tuple[_T, ...]], known: Iterable[_T]
) -> Iterator[Change]:
    """The list with each known piece more, and without each of its own.

    A list of peers or ports that is left empty matches everything, which ``after`` then says.
    """
    for wanted in known:
        if wanted not in listed.value:
            more = (*listed.value, wanted)
            yield listed.change(adding, more, after=wanted, moved=len(listed.value))
    for index, present in enumerate(listed.value):
        left = (*listed.value[:index], *listed.value[index + 1 :])
        opened = () if not left and removing is not EditKind.REMOVE_RULE else None
        yield listed.change(
            removing, left, field=f"[{index}]", before=present, after=opened, moved=index
        )


def _joined_and_split(listed: Spot[tuple[Peer, ...]]) -> Iterator[Change]:
    """Two selectors of two neighbouring peers in one, and those of one peer in two."""
    for index, (one, next_) in enumerate(pairwise(listed.value)):
        joined = _join(one, next_) or _join(next_, one)
        if joined is not None:
            yield listed.change(
                EditKind.JOIN_PEERS,
                (*listed.value[:index], joined, *listed.value[index + 2 :]),
                field=f"[{index + 1}]",
                before=(one, next_),
                after=joined,
                moved=index + 1,
            )
    for index, peer in enumerate(listed.value):
        if isinstance(peer, PodPeer) and None not in (peer.pod_selector, peer.namespace_selector):
            parts = (
                PodPeer(namespace_selector=peer.namespace_selector),
                PodPeer(pod_selector=peer.pod_selector),
            )
            yield listed.change(
                EditKind.SPLIT_PEER,
                (*listed.value[:index], *parts, *listed.value[index + 1 :]),
                field=f"[{index}]",
                before=peer,
                after=parts,
                moved=index,
            )


def _join(namespaces: Peer, pods: Peer) -> PodPeer | None:
    """One peer with the selectors of two, if one has only the one and one only the other."""
    if not isinstance(namespaces, PodPeer) or not isinstance(pods, PodPeer):
        return None
    if namespaces.pod_selector is not None or pods.namespace_selector is not None:
        return None
    return PodPeer(namespace_selector=namespaces.namespace_selector, pod_selector=pods.pod_selector)


def _of_peer(spot: Spot[Peer], pool: Pool) -> Iterator[Change]:
    peer = spot.value
    if isinstance(peer, IPBlock):
        yield from _of_range(spot, peer, pool)
    else:
        yield from _of_selectors(spot, peer, pool)
    yield from _changed(EditKind.CHANGE_PEER, spot, pool.peers)


def _of_selectors(spot: Spot[Peer], peer: PodPeer, pool: Pool) -> Iterator[Change]:
    """A peer with a selector more or less."""
    pods, spaces = peer.pod_selector, peer.namespace_selector
    adding, removing = EditKind.ADD_SELECTOR, EditKind.REMOVE_SELECTOR
    if pods is not None and spaces is not None:
        yield spot.change(
            removing,
            replace(peer, namespace_selector=None),
            field=".namespaceSelector",
            before=spaces,
        )
        yield spot.change(
            removing, replace(peer, pod_selector=None), field=".podSelector", before=pods
        )
    if spaces is None:
        for each in pool.namespace_selectors:
            whole = replace(peer, namespace_selector=each)
            yield spot.change(adding, whole, field=".namespaceSelector", after=each)
    if pods is None:
        for each in pool.pod_selectors:
            whole = replace(peer, pod_selector=each)
            yield spot.change(adding, whole, field=".podSelector", after=each)


def _of_range(spot: Spot[Peer], block: IPBlock, pool: Pool) -> Iterator[Change]:
    """A range with other borders, or with another exception."""
    for wanted in pool.peers:
        if isinstance(wanted, IPBlock) and wanted != block:
            yield spot.change(
                EditKind.CHANGE_RANGE, wanted, field=".ipBlock", before=block, after=wanted
            )


def _of_rules(listed: Spot[tuple[Rule, ...]], known: Sequence[Rule]) -> Iterator[Change]:
    found = listed.value
    for index, (one, following) in enumerate(pairwise(found)):
        yield from _joined_rules(listed, index, one, following)
    yield from _added_and_removed(EditKind.ADD_RULE, EditKind.REMOVE_RULE, listed, known)
    if len(found) > 1:
        yield listed.change(EditKind.EMPTY_RULES, (), before=found, after=(), moved=0)


def _joined_rules(
    listed: Spot[tuple[Rule, ...]], index: int, one: Rule, following: Rule
) -> Iterator[Change]:
    """Two neighbouring rules: as one, if each is half a rule; with each other's ports."""
    found = listed.value
    before, after = found[:index], found[index + 2 :]
    halves = not (one.ports or following.peers) or not (one.peers or following.ports)
    if halves:
        joined = Rule(peers=one.peers or following.peers, ports=one.ports or following.ports)
        yield listed.change(
            EditKind.JOIN_RULES,
            (*before, joined, *after),
            field=f"[{index + 1}]",
            before=(one, following),
            after=joined,
            moved=index + 1,
        )
    if one.ports != following.ports:
        swapped = (replace(one, ports=following.ports), replace(following, ports=one.ports))
        yield listed.change(
            EditKind.SWAP_PORTS,
            (*before, *swapped, *after),
            field=f"[{index}].ports",
            before=(one, following),
            after=swapped,
            moved=index,
        )
