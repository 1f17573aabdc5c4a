"""Mistakes that no finding is made of: those the loader refuses, and those we cannot see yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A known mistake, and what becomes of it instead of a finding."""

    id: str
    name: str
    says: str


LOAD_PROBLEMS: tuple[Elsewhere, ...] = (
    Elsewhere(
        id="NP101",
        name="empty-peer",
        says="`from: [{}]`: a peer needs a podSelector, a namespaceSelector or an ipBlock",
    ),
    Elsewhere(
        id="NP102",
        name="unknown-field",
        says="a field that the API does not have, or that stands in the wrong place",
    ),
    Elsewhere(
        id="NP103",
        name="invalid-enum",
        says="`ingress` for `Ingress`, `tcp` for `TCP`, protocols such as ICMP",
    ),
    Elsewhere(
        id="NP104",
        name="removed-api-version",
        says="`extensions/v1beta1`, which has not been served since Kubernetes 1.16",
    ),
    Elsewhere(
        id="NP105",
        name="invalid-ipblock",
        says="no CIDR; an exception that is not within it; an ipBlock beside a selector",
    ),
    Elsewhere(
        id="NP106",
        name="invalid-endport",
        says="`endPort` without a number in `port`, or below it",
    ),
    Elsewhere(
        id="NP107",
        name="numeric-string-port",
        says='`port: "5432"` or `"8000-9000"`: quotes make a name of it, which needs a letter',
    ),
    Elsewhere(
        id="NP108",
        name="fqdn-in-networkpolicy",
        says="a host name as a peer; policies know labels and addresses",
    ),
    Elsewhere(
        id="NP213",
        name="duplicate-yaml-key",
        says="two values for one key, of which plain YAML would keep the last",
    ),
    Elsewhere(
        id="NP905",
        name="named-port-with-networks",
        says="a `destinationNamedPort` or `namedPort` in one rule with `networks`, `nodes` or "
        "`domainNames`: only pods name their ports",
    ),
)
"""What the API server would refuse: the manifest does not load, and the problem is reported."""

NOT_YET: tuple[Elsewhere, ...] = (
    Elsewhere(
        id="NP303",
        name="iac-empty-block",
        says="needs the Terraform source; what it renders to is found by NP302",
    ),
    Elsewhere(
        id="NP507",
        name="api-client-without-api-egress",
        says="needs role bindings and the endpoints of the API server",
    ),
    Elsewhere(
        id="NP510",
        name="metadata-block-hits-dns",
        says="needs a profile that says where the resolver is",
    ),
    Elsewhere(
        id="NP702",
        name="endport-unsupported",
        says="needs a profile that says whether `endPort` is supported",
    ),
    Elsewhere(
        id="NP706",
        name="ingress-backend-unreachable",
        says="needs Ingress, Gateway or Route objects",
    ),
    Elsewhere(
        id="NP707",
        name="scrape-target-unreachable",
        says="needs ServiceMonitor or PodMonitor objects; as a needed connection NP504 sees it",
    ),
    Elsewhere(
        id="NP708",
        name="webhook-backend-isolated",
        says="needs webhook configurations and APIService objects",
    ),
    Elsewhere(
        id="NP710",
        name="icmp-undefined",
        says="nothing in a manifest shows that somebody tests with ping; the API leaves it open",
    ),
    Elsewhere(
        id="NP801",
        name="label-or-policy-write-bypass",
        says="needs roles and role bindings",
    ),
)
"""What lint does not look for yet, and what it would need."""
