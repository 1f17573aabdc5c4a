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
from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.search import Conjunction, Domains
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPeer, ClusterPort
from netpol_sim.model import Connection
from netpol_sim.peers import Peer
from netpol_sim.plugin import Profile
from netpol_sim.policy import Direction, NetworkPolicy


class PlaceKind(StrEnum):
    """What is at an end."""

    PODS = "pods"
    OUTSIDE = "outside"
    NODES = "nodes"
    HOST_PODS = "pods on their node's network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an end lies; ``namespace`` None means in any."""

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

    profile: Profile
    variables: Variables
    port: int
    """The variable of the port."""

    def pairs(self, direction: Direction, denying: PolicySet) -> Iterable[Pair]:
        """The pairs of ends that policies can tell apart, where these may deny at the near end."""

    def subject(self, policy: NetworkPolicy, end: End) -> Conjunction | None:
        """When a policy selects the pod at an end; None for never."""

    def peer(self, policy: NetworkPolicy, peer: Peer, end: End) -> Conjunction | None:
        """When a peer of a NetworkPolicy matches the far end; None for never."""

    def cluster_peer(self, peer: ClusterPeer, end: End) -> Conjunction | None:
        """When a peer, or the subject, of a cluster-scoped policy is at an end; None for never."""

    def ports(self, entry: ClusterPort, destination: End) -> Iterable[Conjunction]:
        """When a port entry matches: in any of these cases."""

    def accepts(self, pair: Pair, domains: Domains) -> bool:
        """Whether some choice from the domains is a connection."""

    def concrete(self, pair: Pair, domains: Domains) -> tuple[Cluster, Connection]:
        """A cluster without policies, and a connection in it, that the domains stand for."""
