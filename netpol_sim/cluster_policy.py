"""What a cluster-scoped policy says, in the API's words; each constructor enforces the API's rules.

One form for three kinds.  ClusterNetworkPolicy is the current one; AdminNetworkPolicy and
BaselineAdminNetworkPolicy are the two that it replaced, and are read as the ClusterNetworkPolicies
that mean the same.  Problems come in the order of the fields, with the paths of the kind's own
schema.  Sources: ``apis/v1alpha2/clusternetworkpolicy_types.go`` and ``apis/v1alpha1`` of
github.com/kubernetes-sigs/network-policy-api.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeGuard

from netpol_sim import names
from netpol_sim.cluster_peers import ClusterPeer, ClusterPort, DomainNames, NamedPort, too_many
from netpol_sim.errors import Problem, ProblemKind, invalid, raise_if_any, unsupported
from netpol_sim.origin import Origin
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy


class Tier(StrEnum):
    """The tiers of cluster-scoped policies; between the two come the NetworkPolicies."""

    ADMIN = "Admin"
    BASELINE = "Baseline"


class Action(StrEnum):
    """What becomes of a connection that a rule matches.

    ACCEPT and DENY are final for the direction.  PASS skips the rest of the tier.
    """

    ACCEPT = "Accept"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105  no password


class ClusterPolicyKind(StrEnum):
    """The API that a policy was written for."""

    CLUSTER = "ClusterNetworkPolicy"
    ADMIN = "AdminNetworkPolicy"
    BASELINE = "BaselineAdminNetworkPolicy"

    @property
    def ports_field(self) -> str:
        """The field of a rule that lists its ports."""
        return "protocols" if self is ClusterPolicyKind.CLUSTER else "ports"

    @property
    def egress_only_peers(self) -> tuple[str, ...]:
        """The fields of a peer that egress rules have beside those of ingress rules."""
        peers = ("nodes", "networks")
        return peers if self is ClusterPolicyKind.BASELINE else (*peers, "domainNames")

    @property
    def most(self) -> int:
        """How many rules a direction, peers a rule and ports a rule may have at most."""
        return 25 if self is ClusterPolicyKind.CLUSTER else 100

    @property
    def tier(self) -> Tier | None:
        """The tier that every policy of this kind is in; None where each says its own."""
        tiers = {ClusterPolicyKind.ADMIN: Tier.ADMIN, ClusterPolicyKind.BASELINE: Tier.BASELINE}
        return tiers.get(self)

    @property
    def actions(self) -> dict[str, Action]:
        """The actions of a rule, by the words of this kind."""
        accept = "Accept" if self is ClusterPolicyKind.CLUSTER else "Allow"
        actions = {accept: Action.ACCEPT, "Deny": Action.DENY}
        return actions if self is ClusterPolicyKind.BASELINE else {**actions, "Pass": Action.PASS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRule:
    """One entry of ``ingress`` or ``egress``: what becomes of what it matches.

    It matches any of the peers AND any of the ports; no ports mean every port of every protocol.

    Raises:
        InvalidValueError: No peer; a name of more than 100 characters; a named port beside a peer
            that has no port names.
    """

    action: Action
    peers: tuple[ClusterPeer, ...]
    ports: tuple[ClusterPort, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "peers", tuple(self.peers))
        object.__setattr__(self, "ports", tuple(self.ports))
        object.__setattr__(self, "action", Action(self.action))
        raise_if_any(list(self._problems()))

    def _problems(self) -> Iterator[Problem]:
        yield from problems_of_rule_name(self.name)
        if not self.peers:
            yield invalid("", "[]", "a rule must list at least one peer")
        if not all(isinstance(peer, PodPeer) for peer in self.peers):
            yield from _named_ports(self.ports)


def problems_of_priority(priority: int) -> Iterator[Problem]:
    """What is wrong with the priority of a policy."""
    if not 0 <= priority <= 1000:
        yield invalid("spec.priority", priority, "must be between 0 and 1000")


def problems_of_rule_name(name: str) -> Iterator[Problem]:
    """What is wrong with the name of a rule."""
    if len(name) > 100:
        yield Problem(
            kind=ProblemKind.TOO_LONG,
            field="name",
            value=name,
            message="may not be longer than 100 characters",
        )


def _named_ports(ports: Sequence[ClusterPort]) -> Iterator[Problem]:
    for port in ports:
        if isinstance(port, NamedPort):
            yield invalid(
                "",
                port.name,
                "a named port may not stand in one rule with networks, nodes or domainNames: only "
                "pods name their ports",
                "write the number, or make it two rules",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterNetworkPolicy:
    """Decides about connections of the pods in its subject, before or after NetworkPolicies.

    Policies of a tier are asked in the order of ``priority`` (0-1000, the lowest first), rules in
    the order written; the first that matches decides.  A policy isolates nobody: what no rule
    matches goes on to the next tier.  ``subject`` picks ordinary pods; pods on the network of
    their node are never in it.

    ``kind`` says which API it was written for; a BaselineAdminNetworkPolicy has no priority of its
    own and gets 1000.

    Raises:
        InvalidValueError: A malformed name, a priority out of range, too many rules, peers or
            ports, a peer or action that the kind does not have.
    """

    name: str
    tier: Tier
    priority: int
    subject: PodPeer
    ingress: tuple[ClusterRule, ...] = ()
    egress: tuple[ClusterRule, ...] = ()
    kind: ClusterPolicyKind = ClusterPolicyKind.CLUSTER
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ingress", tuple(self.ingress))
        object.__setattr__(self, "egress", tuple(self.egress))
        object.__setattr__(self, "kind", ClusterPolicyKind(self.kind))
        raise_if_any(list(self._problems()))
        object.__setattr__(self, "tier", Tier(self.tier))

    def _problems(self) -> Iterator[Problem]:
        yield from self._problems_of_frame()
        for direction in Direction:
            path, rules = f"spec.{direction.rules_field}", self.rules(direction)
            if len(rules) > self.kind.most:
                yield too_many(path, len(rules), self.kind.most)
            for index, rule in enumerate(rules):
                yield from self._problems_of(rule, direction, f"{path}[{index}]")
        if self.kind is ClusterPolicyKind.BASELINE and self.name not in ("", "default"):
            yield invalid(
                "metadata.name",
                self.name,
                "there is one BaselineAdminNetworkPolicy, and its name must be default",
                "write `name: default`",
            )

    def _problems_of_frame(self) -> Iterator[Problem]:
        if not self.name:
            message = "a name is required"
            yield Problem(kind=ProblemKind.REQUIRED, field="metadata.name", message=message)
        for message in names.dns_subdomain(self.name) if self.name else ():
            yield invalid("metadata.name", self.name, message)
        if self.tier not in list(Tier):
            yield unsupported("spec.tier", str(self.tier), Tier)
        elif self.kind.tier not in (None, self.tier):
            yield invalid("spec.tier", self.tier, f"{self.kind} is in tier {self.kind.tier}")
        yield from problems_of_priority(self.priority)
        if self.subject.namespace_selector is None:
            yield invalid("spec.subject", "", "must pick namespaces")

    def _problems_of(self, rule: ClusterRule, direction: Direction, path: str) -> Iterator[Problem]:
        if rule.action not in self.kind.actions.values():
            yield unsupported(f"{path}.action", rule.action, self.kind.actions)
        lists = ((direction.peers_field, rule.peers), (self.kind.ports_field, rule.ports))
        for name, entries in lists:
            if len(entries) > self.kind.most:
                yield too_many(f"{path}.{name}", len(entries), self.kind.most)
        for index, peer in enumerate(rule.peers):
            if not isinstance(peer, PodPeer) and direction is Direction.INGRESS:
                message = "an ingress peer picks namespaces or pods"
                yield invalid(f"{path}.from[{index}]", peer, message)
            elif isinstance(peer, DomainNames) and self.kind is ClusterPolicyKind.BASELINE:
                yield invalid(f"{path}.to[{index}]", peer, f"{self.kind} knows no domain names")
            elif isinstance(peer, PodPeer) and peer.namespace_selector is None:
                yield invalid(
                    f"{path}.{direction.peers_field}[{index}]", peer, "must pick namespaces"
                )

    @property
    def key(self) -> str:
        """``Kind/name``; no namespace has a name with capital letters."""
        return f"{self.kind}/{self.name}"

    def rules(self, direction: Direction) -> tuple[ClusterRule, ...]:
        """The rules for a direction, in the order in which they are asked."""
        return self.ingress if direction is Direction.INGRESS else self.egress

    def word(self, action: Action) -> str:
        """An action in the words of the policy's kind: ``Allow`` before there was ``Accept``."""
        return next((word for word, each in self.kind.actions.items() if each is action), action)

    def __str__(self) -> str:
        return self.key


AnyPolicy = NetworkPolicy | ClusterNetworkPolicy
"""A policy of either scope."""


def by_scope(
    policies: Iterable[AnyPolicy],
) -> tuple[tuple[NetworkPolicy, ...], tuple[ClusterNetworkPolicy, ...]]:
    """The policies of namespaces, and those of the cluster, each in their order."""
    every = tuple(policies)
    return (
        tuple(each for each in every if isinstance(each, NetworkPolicy)),
        tuple(filter(of_cluster, every)),
    )


def of_cluster(policy: AnyPolicy) -> TypeGuard[ClusterNetworkPolicy]:
    """Whether a policy is cluster-scoped."""
    return isinstance(policy, ClusterNetworkPolicy)
