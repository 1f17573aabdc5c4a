"""The sentences about one rule: its peers, its ports and its selectors; beside ``words.py``."""

from __future__ import annotations

from typing import Final

from netpol_sim.labels import Operator
from netpol_sim.policy import Direction
from netpol_sim.rule_steps import PeerOutcome, PortOutcome

AND: Final = "and"
OR: Final = "or"

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

TRACE_CLUSTER_POLICY: Final = "{Tier} tier, priority {priority}: {kind} {policy} is about {pods}."
TRACE_CLUSTER_RULE: Final = {
    "decides": "Rule {number}, {where}, matches and says {action}.",
    "silent": "Rule {number}, {where}, says {action} and does not match.",
    "unasked": "Rule {number}, {where}, is not asked: the tier has decided.",
}

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
    PeerOutcome.NOT_A_NODE: "{far} is neither a node nor on the network of one",
    PeerOutcome.NODE_LABELS: "{node} {contrast}",
    PeerOutcome.DOMAIN_NAMES: "the manifests do not say which addresses these names stand for",
}
"""What became of one peer."""

CLUSTER_PEERS: Final = {
    **PEERS,
    PeerOutcome.HOST_NETWORK: (
        "{far} uses the network of its node (hostNetwork: true), and cluster-scoped policies pick "
        "only pods on the pod network"
    ),
    PeerOutcome.ADDRESS_UNKNOWN: (
        "the manifests do not say which address {far} has, so no range can match it"
    ),
}
"""The same for peers of cluster-scoped policies."""

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
    PeerOutcome.EXCEPTED: "{no_exception}{other_peer}",
    PeerOutcome.OTHER_FAMILY: "{other_peer}",
    PeerOutcome.RANGE_SKIPS_PODS: "{other_peer}",
    PeerOutcome.RANGE_SKIPS_NODES: "this network plugin's ipBlocks matched nodes",
    PeerOutcome.ADDRESS_UNKNOWN: "{other_peer}",
    PeerOutcome.NOT_A_NODE: "{other_peer}",
    PeerOutcome.NODE_LABELS: "{other_peer}",
    PeerOutcome.DOMAIN_NAMES: "{other_peer}",
}
"""What would have made a peer match, after "it would match if"."""

NO_EXCEPTION: Final = "`except` did not list {excepted}, or "
LIST_ADDRESS: Final = "the rule listed an ipBlock with {address}"
LIST_NODE: Final = (
    "this network plugin's ipBlocks matched nodes, and the rule listed an ipBlock with {address}"
)
PICK_BY_LABELS: Final = "the rule picked {far} by its labels"
ADD_NAMESPACE_SELECTOR: Final = (
    "the same peer also had a namespaceSelector for namespace {far_namespace} "
    "(kubernetes.io/metadata.name={far_namespace})"
)
POD_FITS: Final = "the labels of {far} fit, but "
NAMESPACE_FITS: Final = "the namespace fits, but "
IN_OTHER_NAMESPACE: Final = "{far} is in namespace {far_namespace}, not in {namespaces}"
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

NODES: Final = {True: "every node", False: "nodes with {terms}"}
DOMAINS: Final = "hosts named {names}"

EXTERNAL: Final = "outside the cluster"
NODE: Final = "a node"
ON_NODE_NETWORK: Final = "on the network of its node"

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

CLUSTER_PORTS: Final = {
    **PORTS,
    PortOutcome.NAME_OTHER_PROTOCOL: (
        "`{name}` of {destination} is {named}, and the connection uses {protocol}"
    ),
}
"""The same for ports of cluster-scoped policies."""

PORT_NEEDS: Final = "the rule's `ports` listed {port}"
PROTOCOL_LEFT_OUT: Final = "; an entry without `protocol` means TCP"
SERVICE_PORT: Final = "; {dialled} is the port of the Service, and policies see the port of the pod"
NO_DECLARED_PORTS: Final = "none"
ONE_PORT: Final = "port {number}/{protocol}"
PORT_RANGE: Final = "ports {first} to {last}/{protocol}"
EVERY_PORT_OF: Final = "every {protocol} port"
NAMED_PORT: Final = "the port named `{name}` ({protocol})"
ANY_NAMED_PORT: Final = "the port named `{name}`"

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
