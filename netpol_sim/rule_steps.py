"""The rules that were looked at for a verdict, and what became of each of their entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.cluster_peers import ClusterPeer, ClusterPort
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule
from netpol_sim.origin import Location
from netpol_sim.peers import Peer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule


class PeerOutcome(StrEnum):
    """What became of one peer of a rule."""

    MATCHED = "matched"
    OTHER_NAMESPACE = "other-namespace"
    OTHER_NAMESPACE_AND_POD_LABELS = "other-namespace-and-pod-labels"
    NAMESPACE_LABELS = "namespace-labels"
    NAMESPACE_AND_POD_LABELS = "namespace-and-pod-labels"
    POD_LABELS = "pod-labels"
    NOT_A_POD = "not-a-pod"
    HOST_NETWORK = "host-network"
    OUTSIDE_RANGE = "outside-range"
    EXCEPTED = "excepted"
    OTHER_FAMILY = "other-family"
    RANGE_SKIPS_PODS = "range-skips-pods"
    RANGE_SKIPS_NODES = "range-skips-nodes"
    ADDRESS_UNKNOWN = "address-unknown"
    NOT_A_NODE = "not-a-node"
    NODE_LABELS = "node-labels"
    DOMAIN_NAMES = "domain-names"


class PortOutcome(StrEnum):
    """What became of one port entry of a rule."""

    MATCHED = "matched"
    OTHER_PROTOCOL = "other-protocol"
    OTHER_NUMBER = "other-number"
    NAME_UNKNOWN = "name-unknown"
    NAME_OTHER_PROTOCOL = "name-other-protocol"
    NAME_OTHER_NUMBER = "name-other-number"
    NAME_NEEDS_POD = "name-needs-pod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rule that was looked at, of whatever kind of policy.

    ``peers`` and ``ports`` hold one outcome for each entry of the rule; an empty rule half
    matches everything.  ``index`` counts from 0 within the direction's rules.
    """

    direction: Direction
    index: int
    peers: tuple[PeerOutcome, ...]
    ports: tuple[PortOutcome, ...]

    @property
    def peer_matched(self) -> bool:
        """Whether the far end is one of the rule's peers."""
        return not self.peers or PeerOutcome.MATCHED in self.peers

    @property
    def port_matched(self) -> bool:
        """Whether port and protocol are among the rule's ports."""
        return not self.ports or PortOutcome.MATCHED in self.ports

    @property
    def field(self) -> str:
        """The rule's field path, such as ``spec.ingress[0]``."""
        return f"spec.{self.direction.rules_field}[{self.index}]"

    def peer_field(self, index: int) -> str:
        """The field path of one of its peers."""
        return f"{self.field}.{self.direction.peers_field}[{index}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStep(Step):
    """One rule of a NetworkPolicy that was looked at."""

    policy: NetworkPolicy
    rule: Rule

    @property
    def matched(self) -> bool:
        """Whether the rule allows the connection."""
        return self.peer_matched and self.port_matched

    def port_field(self, index: int) -> str:
        """The field path of one of its ports."""
        return f"{self.field}.ports[{index}]"

    def locate(self, field: str | None = None) -> Location | None:
        """Where the rule, or a field of its policy, was written."""
        origin = self.policy.origin
        return origin.locate(self.field if field is None else field) if origin else None

    @property
    def matched_peer(self) -> Peer | None:
        """The first peer that matched; None when the rule has no peers or none matched."""
        pairs = zip(self.rule.peers, self.peers, strict=True)
        return next((peer for peer, outcome in pairs if outcome is PeerOutcome.MATCHED), None)

    @property
    def matched_port(self) -> PolicyPort | None:
        """The first port entry that matched; None when there are none or none matched."""
        pairs = zip(self.rule.ports, self.ports, strict=True)
        return next((port for port, outcome in pairs if outcome is PortOutcome.MATCHED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRuleStep(Step):
    """One rule of a cluster-scoped policy that was looked at."""

    policy: ClusterNetworkPolicy
    rule: ClusterRule

    @property
    def fails_closed(self) -> bool:
        """Whether a peer that nobody can judge makes the rule deny everything."""
        return self.rule.action is not Action.ACCEPT and PeerOutcome.DOMAIN_NAMES in self.peers

    @property
    def matched(self) -> bool:
        """Whether the rule has something to say about the connection."""
        return self.fails_closed or (self.peer_matched and self.port_matched)

    @property
    def action(self) -> Action:
        """What becomes of what it matches."""
        return Action.DENY if self.fails_closed else self.rule.action

    def port_field(self, index: int) -> str:
        """The field path of one of its ports."""
        return f"{self.field}.{self.policy.kind.ports_field}[{index}]"

    def locate(self, field: str | None = None) -> Location | None:
        """Where the rule, or a field of its policy, was written."""
        origin = self.policy.origin
        return origin.locate(self.field if field is None else field) if origin else None

    @property
    def matched_peer(self) -> ClusterPeer | None:
        """The first peer that matched; None when none did."""
        pairs = zip(self.rule.peers, self.peers, strict=True)
        return next((peer for peer, outcome in pairs if outcome is PeerOutcome.MATCHED), None)

    @property
    def matched_port(self) -> ClusterPort | None:
        """The first port entry that matched; None when there are none or none matched."""
        pairs = zip(self.rule.ports, self.ports, strict=True)
        return next((port for port, outcome in pairs if outcome is PortOutcome.MATCHED), None)
