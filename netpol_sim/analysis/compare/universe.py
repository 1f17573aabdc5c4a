"""What may vary between clusters, and what policies say in terms of it.

A search looks at one pair of ends at a time: ``near``, where policies judge, and ``far``, whom
their rules speak about.  Each end lies in a place: the pods of a namespace, or something that is no
pod for a policy.  A ``Universe`` translates subjects, peers and ports into conjunctions over the
cases of those ends, and turns an answer of the search back into a cluster and a connection.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from netpol_sim.analysis.compare.atoms import Mask
from netpol_sim.analysis.compare.search import Conjunction, Domains, conjoin
from netpol_sim.cluster import Cluster
from netpol_sim.model import Connection
from netpol_sim.policy import Direction, NetworkPolicy, Peer, PolicyPort, Rule


class PlaceKind(StrEnum):
    """What is at an end."""

    PODS = "pods"
    OUTSIDE = "outside"
    NODES = "nodes"
    HOST_PODS = "pods on their node's network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an end lies.  ``namespace`` None is any that no policy of the question mentions."""

    kind: PlaceKind
    namespace: str | None = None

    @property
    def pods(self) -> int:
        """How many pods it takes to have somebody in this place."""
        return 1 if self.kind in (PlaceKind.PODS, PlaceKind.HOST_PODS) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of the connection that is searched for."""

    place: Place
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two ends, and the direction in which the near one judges."""

    direction: Direction
    near: End
    far: End

    @property
    def destination(self) -> End:
        """The end that the connection goes to."""
        return self.near if self.direction is Direction.INGRESS else self.far

    @property
    def source(self) -> End:
        """The end that the connection comes from."""
        return self.far if self.direction is Direction.INGRESS else self.near

    @property
    def reversed(self) -> Pair:
        """The same connection as the far end judges it."""
        other = Direction.EGRESS if self.direction is Direction.INGRESS else Direction.INGRESS
        return Pair(direction=other, near=self.far, far=self.near)


@dataclass(slots=True)
class Variables:
    """The variables of a universe, numbered as they are first mentioned.

    ``full`` has all cases of each, ``labels`` what it costs each label to be there.
    """

    full: list[Mask] = field(default_factory=list)
    labels: dict[int, int] = field(default_factory=dict)
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, key: Hashable, full: Mask, label: int = 0) -> int:
        """The number of a variable, which has these cases; ``label`` is its cost if it is one."""
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self.full)
            self.full.append(full)
            if label:
                self.labels[known] = label
        return known

    def find(self, key: Hashable) -> int:
        """The number of a variable; -1 when nothing mentioned it."""
        return self._numbers.get(key, -1)


class Universe(Protocol):
    """What may vary, and what policies say in terms of it."""

    variables: Variables
    port: int
    """The variable of the port."""

    def pairs(self, direction: Direction, namespace: str) -> Iterable[Pair]:
        """The pairs of ends that the policies of a namespace can tell apart, near end there."""

    def subject(self, policy: NetworkPolicy, end: End) -> Conjunction | None:
        """When a policy selects the pod at an end; None for never."""

    def peer(self, policy: NetworkPolicy, peer: Peer, end: End) -> Conjunction | None:
        """When a peer matches the far end; None for never."""

    def ports(self, entry: PolicyPort, destination: End) -> Iterable[Conjunction]:
        """When a port entry matches: in any of these cases."""

    def accepts(self, pair: Pair, domains: Domains) -> bool:
        """Whether some choice from the domains is a connection."""

    def concrete(self, pair: Pair, domains: Domains) -> tuple[Cluster, Connection]:
        """A cluster without policies, and a connection in it, that the domains stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What policies say at the near end of a pair.

    ``subjects`` are the cases in which the pod is isolated.  ``allows`` maps the cases in which it
    is isolated and a rule matches, but for the port, to the ports.
    """

    subjects: tuple[Conjunction, ...]
    allows: dict[Conjunction, Mask]


def meaning(universe: Universe, policies: Iterable[NetworkPolicy], pair: Pair) -> Meaning:
    """What policies say at the near end of a pair, in a form in which idioms no longer differ."""
    subjects: dict[Conjunction, None] = {}
    allows: dict[Conjunction, Mask] = {}
    for policy in policies:
        if not policy.isolates(pair.direction):
            continue
        subject = universe.subject(policy, pair.near)
        if subject is None:
            continue
        subjects[subject] = None
        for rule in policy.rules(pair.direction):
            ports = _ports(universe, rule, pair)
            for peer in _peers(universe, policy, rule, pair):
                for condition, mask in ports.items():
                    together = conjoin((subject, peer, condition))
                    if together is not None:
                        allows[together] = allows.get(together, 0) | mask
    return Meaning(subjects=tuple(subjects), allows=allows)


def _peers(
    universe: Universe, policy: NetworkPolicy, rule: Rule, pair: Pair
) -> Iterable[Conjunction]:
    if not rule.peers:
        return [()]
    found = (universe.peer(policy, peer, pair.far) for peer in rule.peers)
    return dict.fromkeys(peer for peer in found if peer is not None)


def _ports(universe: Universe, rule: Rule, pair: Pair) -> dict[Conjunction, Mask]:
    """The ports of a rule, under the condition (a declared name) that each needs."""
    full = universe.variables.full[universe.port]
    if not rule.ports:
        return {(): full}
    found: dict[Conjunction, Mask] = {}
    for entry in rule.ports:
        for alternative in universe.ports(entry, pair.destination):
            condition = tuple(literal for literal in alternative if literal[0] != universe.port)
            mask = dict(alternative).get(universe.port, full)
            found[condition] = found.get(condition, 0) | mask
    return found
