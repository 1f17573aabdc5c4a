"""One small change to a policy, as data: what kind, where, what was there, what comes instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.labels import LabelSelector, Requirement
from netpol_sim.origin import Location
from netpol_sim.peers import Peer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule


class EditKind(StrEnum):
    """The changes that a repair is made of."""

    CHANGE_NAMESPACE = "change-namespace"
    ADD_POLICY_TYPE = "add-policy-type"
    REMOVE_POLICY_TYPE = "remove-policy-type"
    SWAP_DIRECTIONS = "swap-directions"
    ADD_LABEL = "add-label"
    REMOVE_LABEL = "remove-label"
    CHANGE_LABEL = "change-label"
    CHANGE_OPERATOR = "change-operator"
    USE_NAME_LABEL = "use-name-label"
    JOIN_PEERS = "join-peers"
    SPLIT_PEER = "split-peer"
    ADD_SELECTOR = "add-selector"
    REMOVE_SELECTOR = "remove-selector"
    CHANGE_RANGE = "change-range"
    ADD_PEER = "add-peer"
    REMOVE_PEER = "remove-peer"
    CHANGE_PEER = "change-peer"
    ADD_PORT = "add-port"
    REMOVE_PORT = "remove-port"
    CHANGE_PORT = "change-port"
    SWAP_PORTS = "swap-ports"
    JOIN_RULES = "join-rules"
    ADD_RULE = "add-rule"
    REMOVE_RULE = "remove-rule"
    EMPTY_RULES = "empty-rules"
    ADD_POLICY = "add-policy"
    REMOVE_POLICY = "remove-policy"

    @property
    def size(self) -> int:
        """How much one such edit changes: 1 for one thing in one place."""
        return _SIZES.get(self, 1)

    @property
    def removes(self) -> bool:
        """Whether one whole thing goes and nothing comes instead."""
        return self in _REMOVALS


_SIZES = {
    EditKind.SWAP_DIRECTIONS: 2,
    EditKind.CHANGE_PEER: 2,
    EditKind.SWAP_PORTS: 2,
    EditKind.ADD_RULE: 2,
    EditKind.EMPTY_RULES: 2,
    EditKind.ADD_POLICY: 3,
}

_REMOVALS = {
    EditKind.REMOVE_PORT,
    EditKind.REMOVE_PEER,
    EditKind.REMOVE_RULE,
    EditKind.REMOVE_POLICY,
}

Part = (
    str
    | Direction
    | Requirement
    | LabelSelector
    | Peer
    | PolicyPort
    | Rule
    | NetworkPolicy
    | tuple["Part", ...]
)
"""A piece of a policy.  A label is the requirement ``In`` with its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change.

    ``policy`` is the policy as it was written (for ADD_POLICY, the one to add), ``field`` the path
    of what changes in it, such as ``spec.ingress[0].from[1]``; for an entry that is added, of the
    list or map that gets it.  ``before`` is what goes and ``after`` what comes; None for nothing.
    Where the last entry of a list of peers or ports goes, ``after`` is the empty list: it matches
    everything.
    """

    kind: EditKind
    policy: NetworkPolicy
    field: str
    before: Part | None = None
    after: Part | None = None

    @property
    def narrows(self) -> bool:
        """Whether one whole thing goes, and nothing is opened by that."""
        return self.kind.removes and self.after is None

    @property
    def location(self) -> Location | None:
        """Where that was written."""
        return self.policy.origin.locate(self.field) if self.policy.origin else None

    def __str__(self) -> str:
        return f"{self.kind} at {self.policy} {self.field}".rstrip()
