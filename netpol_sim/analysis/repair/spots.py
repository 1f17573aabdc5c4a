"""The pieces of a policy, each with its field path and a way to put another in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from netpol_sim.analysis.repair.edit import EditKind, Part
from netpol_sim.labels import LabelSelector
from netpol_sim.peers import Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule

_T = TypeVar("_T")
_U = TypeVar("_U")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A list of which the entries have other indexes after an edit than as they were written.

    From ``first`` on: one less than as written when an entry is ``gone``, else none as written.
    """

    field: str
    first: int
    gone: bool

    def as_written(self, field: str) -> str | None:
        """The path as it was written of what has a path now; None when it was not written so."""
        inside = field.removeprefix(self.field) if field.startswith(self.field) else ""
        if not inside.startswith("["):
            return None if inside else field
        index, end, rest = inside[1:].partition("]")
        if int(index) < self.first:
            return field
        return f"{self.field}[{int(index) + 1}{end}{rest}" if self.gone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit of a policy, and the policy after it."""

    kind: EditKind
    field: str
    before: Part | None
    after: Part | None
    policy: NetworkPolicy
    moved: Moved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot(Generic[_T]):
    """A piece of a policy, and the policy with another piece there."""

    field: str
    value: _T
    put: Callable[[_T], NetworkPolicy]

    def inside(self, field: str, value: _U, within: Callable[[_U], _T]) -> Spot[_U]:
        """A piece of this piece; ``within`` makes this piece around another one there."""
        return Spot(field=self.field + field, value=value, put=lambda new: self.put(within(new)))

    def change(
        self,
        kind: EditKind,
        value: _T,
        *,
        field: str = "",
        before: Part | None = None,
        after: Part | None = None,
        moved: int | None = None,
    ) -> Change:
        """Put another piece here; ``field`` is what really changes within it.

        ``moved`` is the index from which on the entries of this piece, a list, have moved.
        """
        gone = kind.removes or kind in (EditKind.JOIN_PEERS, EditKind.JOIN_RULES)
        return Change(
            kind=kind,
            field=self.field + field,
            before=before,
            after=after,
            policy=self.put(value),
            moved=None if moved is None else Moved(field=self.field, first=moved, gone=gone),
        )


def entries(listed: Spot[tuple[_T, ...]]) -> Iterator[Spot[_T]]:
    """Each entry of a list."""
    for index, value in enumerate(listed.value):

        def within(new: _T, index: int = index) -> tuple[_T, ...]:
            return (*listed.value[:index], new, *listed.value[index + 1 :])

        yield listed.inside(f"[{index}]", value, within)


def rule_lists(policy: NetworkPolicy) -> Iterator[tuple[Direction, Spot[tuple[Rule, ...]]]]:
    """The rules of each direction that the policy isolates in."""
    for direction in Direction:
        if policy.isolates(direction):
            yield direction, _rule_list(policy, direction)


def _rule_list(policy: NetworkPolicy, direction: Direction) -> Spot[tuple[Rule, ...]]:
    # Where policyTypes was not written, the API server fills it in anew.
    written = policy.origin is None or policy.origin.wrote("spec.policyTypes")
    types = policy.policy_types if written else ()

    def put(rules: tuple[Rule, ...]) -> NetworkPolicy:
        if direction is Direction.INGRESS:
            return replace(policy, policy_types=types, ingress=rules)
        return replace(policy, policy_types=types, egress=rules)

    return Spot(field=f"spec.{direction.rules_field}", value=policy.rules(direction), put=put)


def rules(policy: NetworkPolicy) -> Iterator[tuple[Direction, Spot[Rule]]]:
    """Each rule in force."""
    for direction, listed in rule_lists(policy):
        yield from ((direction, rule) for rule in entries(listed))


def peer_lists(policy: NetworkPolicy) -> Iterator[Spot[tuple[Peer, ...]]]:
    """The peers of each rule in force."""
    for direction, rule in rules(policy):

        def within(peers: tuple[Peer, ...], rule: Rule = rule.value) -> Rule:
            return replace(rule, peers=peers)

        yield rule.inside(f".{direction.peers_field}", rule.value.peers, within)


def port_lists(policy: NetworkPolicy) -> Iterator[Spot[tuple[PolicyPort, ...]]]:
    """The ports of each rule in force."""
    for _, rule in rules(policy):

        def within(ports: tuple[PolicyPort, ...], rule: Rule = rule.value) -> Rule:
            return replace(rule, ports=ports)

        yield rule.inside(".ports", rule.value.ports, within)


def peers(policy: NetworkPolicy) -> Iterator[Spot[Peer]]:
    """Each peer in force."""
    for listed in peer_lists(policy):
        yield from entries(listed)


def subject(policy: NetworkPolicy) -> Spot[LabelSelector]:
    """The selector of the pods that the policy is for."""
    return Spot(
        field="spec.podSelector",
        value=policy.pod_selector,
        put=lambda new: replace(policy, pod_selector=new),
    )


def pod_selectors(policy: NetworkPolicy) -> Iterator[Spot[LabelSelector]]:
    """The selector of each peer that picks pods."""
    for spot in peers(policy):
        peer = spot.value
        if isinstance(peer, PodPeer) and peer.pod_selector is not None:

            def within(new: LabelSelector, peer: PodPeer = peer) -> Peer:
                return replace(peer, pod_selector=new)

            yield spot.inside(".podSelector", peer.pod_selector, within)


def namespace_selectors(policy: NetworkPolicy) -> Iterator[Spot[LabelSelector]]:
    """The selector of each peer that picks namespaces."""
    for spot in peers(policy):
        peer = spot.value
        if isinstance(peer, PodPeer) and peer.namespace_selector is not None:

            def within(new: LabelSelector, peer: PodPeer = peer) -> Peer:
                return replace(peer, namespace_selector=new)

            yield spot.inside(".namespaceSelector", peer.namespace_selector, within)
