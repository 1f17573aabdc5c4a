"""The sentences about a verdict, its ends and Services, in one place: one table for each enum.

A translation replaces this module and ``rule_words.py``.  Names in braces are filled in where a
sentence is used; a test holds each table against its enum.
"""

from __future__ import annotations

from typing import Final

from netpol_sim.policy import Direction
from netpol_sim.services import Lack
from netpol_sim.verdict import Caveat, Reason, ServiceOutcome

# --- the answer ----------------------------------------------------------------------------------

ALLOWED: Final = "allowed"
DENIED: Final = "denied"
ANSWERS: Final = {True: ALLOWED, False: DENIED}
CONNECTIONS: Final = "{source} may connect to {destination}: {ports}."
HEADLINE: Final = "{connection} is {answer}"
END: Final = "{Direction} of {near}: {answer}."

OPEN: Final = {
    Direction.INGRESS: "everything may reach it",
    Direction.EGRESS: "it may connect to everything",
}
CLOSED: Final = {
    Direction.INGRESS: "nothing may reach it",
    Direction.EGRESS: "it may connect to nothing",
}

REASONS: Final = {
    Reason.NOT_A_POD: "It is {what}, and policies apply to pods only.",
    Reason.NOT_ENFORCED: (
        "The network plugin does not enforce policies: the API server stores them, and nothing "
        "happens."
    ),
    Reason.SAME_POD: "A pod always reaches itself; no policy can prevent that.",
    Reason.OWN_NODE: (
        "It runs on {node}{through}, and policies do not stop traffic between a pod and its own "
        "node."
    ),
    Reason.HOST_NETWORK: (
        "It uses the network of its node (hostNetwork: true), and policies do not apply to it."
    ),
    Reason.NOT_ISOLATED: "No policy selects it for {direction}, so {open} (open by default).",
    Reason.RULE_MATCHED: "{Policies} {isolates} it, and a rule allows this connection.",
    Reason.NO_RULE_WRITTEN: (
        "{Policies} {isolates} it and {has} no {direction} rules at all, so {closed}."
    ),
    Reason.NO_RULE_MATCHED: "{Policies} {isolates} it, and {none_matches}.",
    Reason.NOT_RUNNING: "It {phase} and takes part in no connection.",
    Reason.TIER_ACCEPTED: "The {tier} tier accepts this connection, and that is final at this end.",
    Reason.TIER_DENIED: "The {tier} tier denies this connection, and that is final.",
}
"""Why an end allows or denies."""

SHORT_REASONS: Final = {
    Reason.NOT_A_POD: "{near} is {what}",
    Reason.NOT_ENFORCED: "the network plugin does not enforce policies",
    Reason.SAME_POD: "a pod always reaches itself",
    Reason.OWN_NODE: "policies do not stop traffic between {near} and its own node",
    Reason.HOST_NETWORK: "policies do not apply to {near}, which uses the network of its node",
    Reason.NOT_ISOLATED: "no policy isolates {near} for {direction}",
    Reason.RULE_MATCHED: "{rule} matches",
    Reason.NO_RULE_WRITTEN: "{names} {isolates} {near} and {has} no {direction} rules",
    Reason.NO_RULE_MATCHED: "no {direction} rule of {either} matches ({miss})",
    Reason.NOT_RUNNING: "{near} {phase}",
    Reason.TIER_ACCEPTED: "{rule} in the {tier} tier accepts it",
    Reason.TIER_DENIED: "{rule} in the {tier} tier denies it",
}
"""The same in half a sentence."""

UNDECIDED: Final = (
    "No NetworkPolicy selects it for {direction} and no tier decides, so {open} (open by default)."
)
SHORT_UNDECIDED: Final = "no policy decides about the {direction} of {near}"
THROUGH: Final = ", whose network {far} uses"
NEITHER_ISOLATED: Final = "no policy isolates either end"
NEITHER_A_POD: Final = "neither end is a pod, and policies apply to pods only"
EITHER_POLICY: Final = "policy {names}"
POLICIES: Final = {False: "policy {names}", True: "policies {names}"}
ISOLATES: Final = {False: "isolates", True: "isolate"}
HAS: Final = {False: "has", True: "have"}
ITS: Final = {False: "its", True: "their"}
ONLY_RULE: Final = "{its} only {direction} rule does not match"
NO_RULE: Final = "none of {its} {count} {direction} rules matches"
FINISHED: Final = "has finished ({phase})"
PENDING: Final = "is pending, has no address yet"
ADD_A_RULE: Final = (
    "Policies add up: a rule in any policy that selects {near} for {direction} can allow it."
)
TYPES_LEFT_OUT: Final = (
    "Policy {policy} leaves out `policyTypes`, which means Ingress, plus Egress when it has "
    "egress rules."
)
RULES_IGNORED: Final = (
    "Policy {policy} has {direction} rules, but its `policyTypes` does not list {Direction}: they "
    "have no effect."
)
ONE_END_REFUSES: Final = "Both ends must allow a connection; here only the {other} end does."
BOTH_ENDS_REFUSE: Final = "Both ends refuse, and each needs a rule of its own."
REPLIES: Final = "Replies pass without a rule of their own."

WOULD_BE: Final = "With a network plugin that enforces policies:"
WOULD_ALSO_BE_ALLOWED: Final = (
    "A network plugin that enforces policies would allow this connection too."
)

# --- tiers of cluster-scoped policies ------------------------------------------------------------

TIER_DECIDES: Final = "{Tier} tier: {rule}, {where}, says {action} for {connections}."
TIER_FAILS_CLOSED: Final = (
    "{Tier} tier: {rule}, {where}, says {action} for domain names; what they stand for is not in "
    "the manifests, so it denies everything."
)
TIER_PASSES: Final = (
    "{Tier} tier: {rule}, {where}, says {action} for {connections}, so the rest of the tier is "
    "skipped."
)
TIER_SILENT: Final = {
    False: "{Tier} tier: its only {direction} rule for {near} does not match.",
    True: "{Tier} tier: none of its {count} {direction} rules for {near} matches.",
}
CLUSTER_RULE: Final = "rule {number} of {kind} {name} (priority {priority})"
SHORT_CLUSTER_RULE: Final = "{direction} rule {number} of {kind} {name}"
TIER_CONNECTIONS: Final = {
    Direction.INGRESS: "connections from {peers}, on {ports}",
    Direction.EGRESS: "connections to {peers}, on {ports}",
}
BASELINE_NOT_ASKED: Final = (
    "This network plugin does not ask the Baseline tier about a pod that a NetworkPolicy selects."
)

# --- caveats -------------------------------------------------------------------------------------

CAVEAT: Final = "Note: {sentence}"
CAVEATS: Final = {
    Caveat.HOST_NETWORK: (
        "The API does not say whether policies treat a pod with hostNetwork as a pod or as its "
        "node; network plugins differ, and so would the answer."
    ),
    Caveat.IP_BLOCK_ON_POD: (
        "The API does not say whether an ipBlock matches pods; network plugins differ, and so "
        "would the answer; selectors are the safe way to pick pods."
    ),
    Caveat.IP_BLOCK_ON_NODE: (
        "The API does not say whether an ipBlock matches nodes; network plugins differ, and so "
        "would the answer."
    ),
    Caveat.OWN_NODE_EGRESS: (
        "A pod's own node always reaches the pod; network plugins differ in whether the pod always "
        "reaches its own node, and so would the answer."
    ),
    Caveat.SOURCE_ADDRESS_MAY_BE_REWRITTEN: (
        "A load balancer or a node may replace the source address on the way; an ipBlock is then "
        "compared with the replaced address."
    ),
    Caveat.SERVICE_HAIRPIN: (
        "The pod reaches itself through a Service; network plugins differ in whether policies "
        "apply to that, and so would the answer."
    ),
    Caveat.EGRESS_BEFORE_TRANSLATION: (
        "Network plugins differ in whether they judge egress before or after a Service address is "
        "translated, and so would the answer."
    ),
    Caveat.ADDRESS_UNKNOWN: (
        "An ipBlock was compared with an address that the manifests do not give; the real cluster "
        "may answer differently."
    ),
    Caveat.NODE_UNKNOWN: (
        "The manifests do not say on which node the pod runs; on this node, policies would not "
        "stop the connection."
    ),
    Caveat.OTHER_FAMILY_DIFFERS: (
        "Both ends can use IPv4 and IPv6, an ipBlock covers one of them only, and the other one "
        "would get another answer."
    ),
    Caveat.PORT_NAME_REPEATED: (
        "Several ports of {destination} share a name that a rule uses; network plugins differ in "
        "which of them it means, and so would the answer."
    ),
    Caveat.EQUAL_PRIORITIES: (
        "Two policies of one tier have the same priority and say different things; the API does "
        "not say which of them decides."
    ),
    Caveat.BASELINE_SKIPPED: (
        "The API does not say whether a NetworkPolicy that selects the pod for the other direction "
        "keeps the Baseline tier out of this one; network plugins differ, and so would the answer."
    ),
    Caveat.DOMAIN_NAMES: (
        "A rule lists domain names; which addresses they stand for is not in the manifests, so the "
        "real cluster may answer differently."
    ),
    Caveat.POLICY_KIND_UNKNOWN: (
        "The network plugin of this profile ignores {ignored}, because it does not know that kind; "
        "a plugin that knows it would answer otherwise."
    ),
}
"""What the API leaves open about the answer."""

# --- Services ------------------------------------------------------------------------------------

SERVICE_OUTCOMES: Final = {
    ServiceOutcome.ALLOWED: "is allowed",
    ServiceOutcome.DENIED: "is denied",
    ServiceOutcome.DEPENDS: "is allowed to some pods and denied to others",
    ServiceOutcome.NO_BACKEND: "reaches nothing",
    ServiceOutcome.UNKNOWN: "is not decided by these manifests",
}
SERVICE_REASONS: Final = {
    ServiceOutcome.ALLOWED: "the Service picks one of {count} pods, and each may be reached",
    ServiceOutcome.DENIED: "the Service picks one of {count} pods, and none may be reached",
    ServiceOutcome.DEPENDS: (
        "the Service picks one of {count} pods for each connection, and only {allowed} may be "
        "reached"
    ),
    ServiceOutcome.NO_BACKEND: "{lack}, so policies have nothing to judge",
    ServiceOutcome.UNKNOWN: (
        "the Service has no selector, so its manifest does not say what is behind it, and policies "
        "are judged on what is behind it"
    ),
}
"""What a connection to a Service comes to, and why."""

LACKS: Final = {
    Lack.NO_POD: "the Service sends to pods with {selector}, and namespace {namespace} has none",
    Lack.NOT_RUNNING: "no pod with {selector} in namespace {namespace} is running",
    Lack.NOT_READY: "no pod with {selector} in namespace {namespace} is ready",
    Lack.NO_PORT_NAME: (
        "the Service sends to the port that a pod calls `{target}`, and no pod with {selector} in "
        "namespace {namespace} declares a {protocol} port of this name"
    ),
}
"""Why nothing is behind a Service."""

EXTERNAL_NAME_ALLOWED: Final = (
    "the Service is another name for {external_name}, and no policy holds back the egress of "
    "{source}"
)
EXTERNAL_NAME_UNKNOWN: Final = (
    "the Service is another name for {external_name}; {source} is isolated for egress, and rules "
    "know addresses, not names"
)
TRANSLATED: Final = "The Service sends it on: {service}:{port} -> {backends}."
HEADLESS: Final = "The Service is headless: its name stands for the pods themselves."
JUDGED_ON_PODS: Final = "Policies are judged on the pod and its own port, never on the Service."
JUDGED_BEFORE: Final = (
    "This network plugin judges egress before that, on the Service's own address and port; ingress "
    "is judged on the pod and its own port."
)
