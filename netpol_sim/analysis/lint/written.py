"""One entry of ``ingress`` or ``egress``, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netpol_sim.peers import Peer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRule:
    """One entry of ``ingress`` or ``egress``, and where it stands."""

    policy: NetworkPolicy
    direction: Direction
    index: int
    rule: Rule

    @property
    def field(self) -> str:
        """Its field path, such as ``spec.ingress[0]``."""
        return f"spec.{self.direction.rules_field}[{self.index}]"

    @property
    def peers_field(self) -> str:
        """The field path of its list of peers."""
        return f"{self.field}.{self.direction.peers_field}"

    def peer_field(self, index: int) -> str:
        """The field path of one of its peers."""
        return f"{self.peers_field}[{index}]"

    def port_field(self, index: int) -> str:
        """The field path of one of its ports."""
        return f"{self.field}.ports[{index}]"

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything pass."""
        return not self.rule.peers and not self.rule.ports

    def wrote(self, path: str) -> bool:
        """Whether the manifest itself has this field; False for values built in Python."""
        return self.policy.origin is not None and self.policy.origin.wrote(path)

    def replaced(self, *rules: Rule) -> NetworkPolicy:
        """The policy with other rules in the place of this one; without any, it is gone."""
        old = self.policy.rules(self.direction)
        new = (*old[: self.index], *rules, *old[self.index + 1 :])
        if self.direction is Direction.INGRESS:
            return replace(self.policy, ingress=new)
        return replace(self.policy, egress=new)

    def with_peer(self, index: int, *peers: Peer) -> NetworkPolicy:
        """The policy with other peers in the place of one of this rule's."""
        old = self.rule.peers
        new = (*old[:index], *peers, *old[index + 1 :])
        return self.replaced(replace(self.rule, peers=new))

    def with_port(self, index: int, *ports: PolicyPort) -> NetworkPolicy:
        """The policy with other entries in the place of one of this rule's ports."""
        old = self.rule.ports
        new = (*old[:index], *ports, *old[index + 1 :])
        return self.replaced(replace(self.rule, ports=new))
