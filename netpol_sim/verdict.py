"""The answer to one question and the reasons for it.  Data only: words are made in ``render``.

A verdict has two ends: egress at the source, ingress at the destination.  Each end keeps every
policy that isolates the pod there and every rule that was looked at, with the half that failed
(peer or port), so that a sentence, a picture, a hint and a quiz key can all be drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import Action, Tier
from netpol_sim.model import Connection, Entity, Service
from netpol_sim.policy import Direction, NetworkPolicy, Protocol
from netpol_sim.rule_steps import ClusterRuleStep, RuleStep


class Reason(StrEnum):
    """Why an end allows or denies."""

    NOT_A_POD = "not-a-pod"
    NOT_ENFORCED = "not-enforced"
    SAME_POD = "same-pod"
    OWN_NODE = "own-node"
    HOST_NETWORK = "host-network"
    NOT_ISOLATED = "not-isolated"
    RULE_MATCHED = "rule-matched"
    NO_RULE_WRITTEN = "no-rule-written"
    NO_RULE_MATCHED = "no-rule-matched"
    NOT_RUNNING = "not-running"
    TIER_ACCEPTED = "tier-accepted"
    TIER_DENIED = "tier-denied"

    @property
    def allows(self) -> bool:
        """Whether an end with this reason lets the connection pass."""
        return self not in (
            Reason.NO_RULE_WRITTEN,
            Reason.NO_RULE_MATCHED,
            Reason.NOT_RUNNING,
            Reason.TIER_DENIED,
        )


class Caveat(StrEnum):
    """Something the API leaves open and this verdict depends on."""

    HOST_NETWORK = "host-network"
    IP_BLOCK_ON_POD = "ip-block-on-pod"
    IP_BLOCK_ON_NODE = "ip-block-on-node"
    OWN_NODE_EGRESS = "own-node-egress"
    SOURCE_ADDRESS_MAY_BE_REWRITTEN = "source-address-may-be-rewritten"
    SERVICE_HAIRPIN = "service-hairpin"
    EGRESS_BEFORE_TRANSLATION = "egress-before-translation"
    ADDRESS_UNKNOWN = "address-unknown"
    NODE_UNKNOWN = "node-unknown"
    OTHER_FAMILY_DIFFERS = "other-family-differs"
    PORT_NAME_REPEATED = "port-name-repeated"
    EQUAL_PRIORITIES = "equal-priorities"
    BASELINE_SKIPPED = "baseline-skipped"
    DOMAIN_NAMES = "domain-names"
    POLICY_KIND_UNKNOWN = "policy-kind-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierVerdict:
    """What one tier of cluster-scoped policies says at one end.

    ``steps`` holds every rule of the policies that have the pod in their subject, in the order in
    which they are asked.
    """

    tier: Tier
    steps: tuple[ClusterRuleStep, ...]

    @property
    def decided_by(self) -> ClusterRuleStep | None:
        """The first rule that matches: it decides for the tier; None when the tier is silent."""
        return next((step for step in self.steps if step.matched), None)

    @property
    def asked(self) -> tuple[ClusterRuleStep, ...]:
        """The rules that were asked: up to the one that decides."""
        decider = self.decided_by
        return self.steps[: self.steps.index(decider) + 1] if decider else self.steps

    @property
    def action(self) -> Action | None:
        """What the tier says; None and PASS both leave it to the next."""
        decider = self.decided_by
        return decider.action if decider else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndVerdict:
    """What one end says: egress at the source, or ingress at the destination.

    ``isolated_by`` holds the policies that isolate the pod in this direction, ``steps`` every rule
    of theirs; both in cluster order, both empty unless the pod is isolated.  ``tiers`` holds the
    tiers of cluster-scoped policies that were asked and have rules for the pod; NetworkPolicies
    come after Admin and before Baseline, and are not asked once Admin has decided.
    """

    direction: Direction
    entity: Entity
    reason: Reason
    isolated_by: tuple[NetworkPolicy, ...] = ()
    steps: tuple[RuleStep, ...] = ()
    tiers: tuple[TierVerdict, ...] = ()

    @property
    def decided_by(self) -> ClusterRuleStep | None:
        """The rule of a tier that decided the end; None when no tier did."""
        by_tier = self.reason in (Reason.TIER_ACCEPTED, Reason.TIER_DENIED)
        return self.tiers[-1].decided_by if by_tier else None

    @property
    def allowed(self) -> bool:
        """Whether this end lets the connection pass."""
        return self.reason.allows

    @property
    def matched(self) -> tuple[RuleStep, ...]:
        """The rules that allow the connection."""
        return tuple(step for step in self.steps if step.matched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a connection passes, and why; ``cluster`` is where it was asked."""

    connection: Connection
    egress: EndVerdict
    ingress: EndVerdict
    caveats: tuple[Caveat, ...] = ()
    cluster: Cluster = field(compare=False, repr=False)

    @property
    def allowed(self) -> bool:
        """Whether both ends let the connection pass."""
        return self.egress.reason.allows and self.ingress.reason.allows

    @property
    def ends(self) -> tuple[EndVerdict, EndVerdict]:
        """Egress first, then ingress: the order in which a packet meets them."""
        return (self.egress, self.ingress)

    @property
    def denied_by(self) -> tuple[Direction, ...]:
        """The directions that refuse: none, one or both."""
        return tuple(end.direction for end in self.ends if not end.allowed)

    def __str__(self) -> str:
        if self.allowed:
            return f"{self.connection}: allowed"
        return f"{self.connection}: denied ({' and '.join(self.denied_by).lower()})"


class ServiceOutcome(StrEnum):
    """What a connection to a Service comes to."""

    ALLOWED = "allowed"
    DENIED = "denied"
    DEPENDS = "depends on the backend"
    NO_BACKEND = "no backend"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceVerdict:
    """What happens to a connection to a Service: one verdict for each pod it may be sent to.

    ``port`` is the Service's port as dialled.  ``outcome`` is ALLOWED or DENIED when all backends
    agree, DEPENDS when they do not, NO_BACKEND when no ready pod is behind the Service, UNKNOWN
    when what is behind it cannot be known from manifests (an external name, no selector).
    ``cluster`` is where it was asked.
    """

    source: Entity
    service: Service
    port: int
    protocol: Protocol
    outcome: ServiceOutcome
    backends: tuple[Verdict, ...] = ()
    dialled: IPAddress | None = None
    cluster: Cluster = field(compare=False, repr=False)

    @property
    def allowed(self) -> bool:
        """Whether the connection passes whichever backend is chosen."""
        return self.outcome is ServiceOutcome.ALLOWED

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """The caveats of all backends, each once."""
        found = (caveat for verdict in self.backends for caveat in verdict.caveats)
        return tuple(dict.fromkeys(found))

    def __str__(self) -> str:
        name = f"{self.source.key} -> {self.service.key}:{self.port}/{self.protocol}"
        return f"{name}: {self.outcome}"


Answer = Verdict | ServiceVerdict
"""What ``netpol_sim.evaluate`` returns."""
