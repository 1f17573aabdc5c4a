"""What may have been meant by a field that a cluster-scoped policy does not have, in words."""

from __future__ import annotations

_PODS = (
    "to pick pods by labels write `pods:`, and inside it both `namespaceSelector:` and "
    "`podSelector:`"
)
_NAMESPACES = "to pick whole namespaces write `namespaces:` and the selector directly inside it"
_NETWORKS = "ranges are written `networks: [10.0.0.0/8]`, and only an egress rule has them"
_NO_EXCEPTIONS = "there are no exceptions: decide the smaller range in an earlier rule"
_PROTOCOLS = (
    "ports of a ClusterNetworkPolicy are written `protocols: [{tcp: {destinationPort: {number: "
    "80}}}]`"
)
_PORTS = (
    "ports of an AdminNetworkPolicy are written `ports: [{portNumber: {protocol: TCP, port: 80}}]`"
)
_NO_TYPES = "a cluster-scoped policy isolates nobody: a direction without rules is not judged"
_NO_RELATION = "the API dropped it: pick namespaces by their labels"
_DOMAINS = "domain names are written `domainNames: [example.com]`, in egress rules that accept"
_KNOWLEDGE = {
    _PODS: "podSelector pod",
    _NAMESPACES: "namespaceSelector namespace",
    _NETWORKS: "ipBlock ipBlocks cidr cidrs network addresses",
    _NO_EXCEPTIONS: "except",
    _PROTOCOLS: "ports port",
    _NO_TYPES: "policyTypes",
    _NO_RELATION: "sameLabels notSameLabels related notSelf",
    _DOMAINS: "fqdn fqdns toFQDNs host hosts hostnames domains dnsNames",
}
WISHES = {word.lower(): answer for answer, words in _KNOWLEDGE.items() for word in words.split()}
"""What to write instead in a ClusterNetworkPolicy, by the wrong field in small letters."""

ADMIN_WISHES = {name: answer for name, answer in WISHES.items() if answer != _PROTOCOLS} | {
    "protocols": _PORTS
}
"""The same for the kinds that it replaced."""
