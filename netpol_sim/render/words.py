"""Every sentence that explains a verdict, in one place: one table for each enum.

A translation replaces this module.  ``text.py``, ``rules.py`` and ``describe.py`` fill in the names
in braces; a test holds each table against its enum.
"""

from __future__ import annotations

from typing import Final

from netpol_sim.labels import Operator
from netpol_sim.policy import Direction
from netpol_sim.verdict import Caveat, PeerOutcome, PortOutcome, Reason, ServiceOutcome

AND: Final = "and"
OR: Final = "or"

# --- the answer ----------------------------------------------------------------------------------

ALLOWED: Final = "allowed"
DENIED: Final = "denied"
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
}
"""The same in half a sentence."""

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

EXTERNAL: Final = "outside the cluster"
NODE: Final = "a node"
ON_NODE_NETWORK: Final = "on the network of its node"

# --- rules ---------------------------------------------------------------------------------------

RULE: Final = "rule {number} of policy {policy}"
SHORT_RULE: Final = "{direction} rule {number} of policy {policy}"
ALLOWS: Final = {
    Direction.INGRESS: "allows connections from {peers}, on {ports}",
    Direction.EGRESS: "allows connections to {peers}, on {ports}",
}
EVERYBODY: Final = "everybody"
EVERY_PORT: Final = "every port"

RULE_MATCHES: Final = "{rule} matches: {peer}, and {port}"
PEER_ALLOWS: Final = "{where} allows {peer}"
NO_PEERS: Final = "{where} lists no `{field}`, which allows everybody, outside the cluster too"
PORT_ALLOWS: Final = "{where} allows {port}"
NO_PORTS: Final = "the rule lists no `ports`, which allows every port"
ONE_MORE_MATCHES: Final = "{rules} matches too"
MORE_MATCH: Final = "{rules} match too"

ONLY: Final = "{Rule}, {where}, {allows}."
NEAREST: Final = "The nearest is {rule}, {where}, which {allows}."
SHORT_NEAREST: Final = "the nearest is {rule}: {miss}"
ONLY_PEER_FAILS: Final = "Its ports match; {where} does not: {sentence}."
ONLY_PORT_FAILS: Final = "Its peers match; {where} does not: {sentence}."
PART_FAILS: Final = "{where} does not match: {sentence}."
WOULD_MATCH: Final = "It would match if {needs}."

TRACE_POLICY: Final = "Policy {policy} selects {pods} for {direction}."
TRACE_NO_RULES: Final = "It has no {direction} rules, so it allows nothing."
TRACE_RULE: Final = {
    True: "Rule {number}, {where}, matches.",
    False: "Rule {number}, {where}, does not match.",
}
TRACE_PART: Final = {
    True: "{where} is {described}. Yes, {sentence}.",
    False: "{where} is {described}. No: {sentence}.",
}
TRACE_NEAREST: Final = "The nearest is {rule}."
TRACE_NO_PEERS: Final = "It lists no `{field}`, which allows everybody, outside the cluster too."
TRACE_NO_PORTS: Final = "It lists no `ports`, which allows every port."

# --- peers ---------------------------------------------------------------------------------------

PEERS: Final = {
    PeerOutcome.MATCHED: "it covers {far}",
    PeerOutcome.OTHER_NAMESPACE: (
        "the labels of {far} fit, but it is in namespace {far_namespace}; a podSelector alone "
        "looks only in the policy's own namespace, {own_namespace}"
    ),
    PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS: (
        "{far} {contrast}, and is in namespace {far_namespace}; a podSelector alone looks only in "
        "the policy's own namespace, {own_namespace}"
    ),
    PeerOutcome.NAMESPACE_LABELS: "{pod_fits}{namespace_contrast}",
    PeerOutcome.NAMESPACE_AND_POD_LABELS: "{namespace_contrast}, and {far} {contrast}",
    PeerOutcome.POD_LABELS: "{namespace_fits}{far} {contrast}",
    PeerOutcome.NOT_A_POD: "{far} is {what}, and selectors pick pods only",
    PeerOutcome.HOST_NETWORK: (
        "{far} uses the network of its node (hostNetwork: true), and selectors pick only pods "
        "on the pod network"
    ),
    PeerOutcome.OUTSIDE_RANGE: "{address} is outside {cidr}",
    PeerOutcome.EXCEPTED: "{address} is in {cidr}, but `except` cuts out {excepted}",
    PeerOutcome.OTHER_FAMILY: (
        "{cidr} holds {family} addresses only, and {address} is not one of those"
    ),
    PeerOutcome.RANGE_SKIPS_PODS: "{far} is a pod, and this network plugin's ipBlocks skip pods",
    PeerOutcome.RANGE_SKIPS_NODES: (
        "{far} is on the network of a node, and this network plugin's ipBlocks skip nodes"
    ),
    PeerOutcome.ADDRESS_UNKNOWN: (
        "the manifests do not say which address {far} has, so no ipBlock can match it"
    ),
}
"""What became of one peer."""

PEER_NEEDS: Final = {
    PeerOutcome.MATCHED: "",
    PeerOutcome.OTHER_NAMESPACE: "{add_namespace_selector}",
    PeerOutcome.OTHER_NAMESPACE_AND_POD_LABELS: "{add_namespace_selector}, and {needs}",
    PeerOutcome.NAMESPACE_LABELS: "{namespace_needs}",
    PeerOutcome.NAMESPACE_AND_POD_LABELS: "{namespace_needs}, and {needs}",
    PeerOutcome.POD_LABELS: "{needs}",
    PeerOutcome.NOT_A_POD: "{other_peer}",
    PeerOutcome.HOST_NETWORK: "{other_peer}",
    PeerOutcome.OUTSIDE_RANGE: "{other_peer}",
    PeerOutcome.EXCEPTED: "`except` did not list {excepted}, or {other_peer}",
    PeerOutcome.OTHER_FAMILY: "{other_peer}",
    PeerOutcome.RANGE_SKIPS_PODS: "{other_peer}",
    PeerOutcome.RANGE_SKIPS_NODES: "this network plugin's ipBlocks matched nodes",
    PeerOutcome.ADDRESS_UNKNOWN: "{other_peer}",
}
"""What would have made a peer match, after "it would match if"."""

LIST_ADDRESS: Final = "the rule listed an ipBlock with {address}"
PICK_BY_LABELS: Final = "the rule picked {far} by its labels"
ADD_NAMESPACE_SELECTOR: Final = (
    "the same peer also had a namespaceSelector for namespace {far_namespace} "
    "(kubernetes.io/metadata.name={far_namespace})"
)
POD_FITS: Final = "the labels of {far} fit, but "
NAMESPACE_FITS: Final = "the namespace fits, but "
IN_OTHER_NAMESPACE: Final = "{far} is in namespace {far_namespace}, not in {namespaces}"
NAMESPACE_WITHOUT: Final = "namespace {far_namespace} does not have {wanted}"
NAMESPACE_CONTRAST: Final = "namespace {far_namespace} {contrast}"
NAMED_NAMESPACE_NEEDS: Final = "the namespaceSelector also picked namespace {far_namespace}"
NAMESPACE_OF: Final = "namespace {far_namespace}"
NAMESPACE_NEEDS: Final = "namespace {far_namespace} had {terms}"

PODS: Final = "pods"
EVERY_POD: Final = "every pod"
WITH: Final = "{pods} with {terms}"
IN: Final = "{pods} in {namespaces}"
NAMESPACE: Final = "namespace {names}"
NAMESPACES: Final = "namespaces {names}"
EVERY_NAMESPACE: Final = "every namespace"
NAMESPACES_WITH: Final = "namespaces with {terms}"
ADDRESSES: Final = "addresses in {cidr}"
ADDRESSES_EXCEPT: Final = "addresses in {cidr} except {excepted}"
ADDRESS_OF: Final = "the address of {far}"
ADDRESS_WITH_OWNER: Final = "{address} ({far})"

# --- ports ---------------------------------------------------------------------------------------

PORTS: Final = {
    PortOutcome.MATCHED: "it covers port {port}",
    PortOutcome.OTHER_PROTOCOL: "the connection uses {protocol}{protocol_left_out}",
    PortOutcome.OTHER_NUMBER: "the connection goes to port {port}{service_port}",
    PortOutcome.NAME_UNKNOWN: "{destination} declares no port of that name; it declares {declared}",
    PortOutcome.NAME_OTHER_PROTOCOL: (
        "`{name}` of {destination} is {named}, and the entry says {entry_protocol}"
    ),
    PortOutcome.NAME_OTHER_NUMBER: (
        "`{name}` of {destination} is {named}, and the connection goes to port {port}"
    ),
    PortOutcome.NAME_NEEDS_POD: (
        "{destination} is {what}, and only pods on the pod network give names to ports"
    ),
}
"""What became of one port entry."""

PORT_NEEDS: Final = "its `ports` listed {port}"
PROTOCOL_LEFT_OUT: Final = "; an entry without `protocol` means TCP"
SERVICE_PORT: Final = "; {dialled} is the port of the Service, and policies see the port of the pod"
NO_DECLARED_PORTS: Final = "none"
ONE_PORT: Final = "port {number}/{protocol}"
PORT_RANGE: Final = "ports {first} to {last}/{protocol}"
EVERY_PORT_OF: Final = "every {protocol} port"
NAMED_PORT: Final = "the port named `{name}` ({protocol})"

# --- labels --------------------------------------------------------------------------------------

TERMS: Final = {
    Operator.IN: "{key} in ({values})",
    Operator.NOT_IN: "{key} not in ({values})",
    Operator.EXISTS: "a label {key}",
    Operator.DOES_NOT_EXIST: "no label {key}",
}
EQUALS: Final = "{key}={value}"

CONTRASTS: Final = {
    Operator.IN: "has {key}={found}, not {term}",
    Operator.NOT_IN: "has {key}={found}, which the selector leaves out",
    Operator.EXISTS: "has no label {key}",
    Operator.DOES_NOT_EXIST: "has a label {key}",
}
ABSENT: Final = "lacks the label {term}"

NEEDS: Final = {
    Operator.IN: "had {term}",
    Operator.NOT_IN: "did not have {key}={found}",
    Operator.EXISTS: "had a label {key}",
    Operator.DOES_NOT_EXIST: "had no label {key}",
}
NEEDS_OTHER: Final = "had a label {key} other than {values}"
NO_CONTRADICTION: Final = "its selector did not contradict itself, as no label can meet it"
COVERS_ABSENT: Final = "`{term}` also covers {subject}, which has no label {key} at all."

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
    ServiceOutcome.NO_BACKEND: (
        "no ready pod with {selector} in namespace {namespace} takes this port, so policies have "
        "nothing to judge"
    ),
    ServiceOutcome.UNKNOWN: (
        "the Service has no selector, so its manifest does not say what is behind it, and policies "
        "are judged on what is behind it"
    ),
}
"""What a connection to a Service comes to, and why."""

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
