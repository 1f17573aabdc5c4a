"""Whom a rule of a cluster-scoped policy is about, and on which ports, in the API's words.

Each constructor enforces the API's rules.  Sources: ``apis/v1alpha2/clusternetworkpolicy_types.go``
and ``apis/v1alpha1`` of github.com/kubernetes-sigs/network-policy-api.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netpol_sim.errors import Problem, ProblemKind, invalid, raise_if_any
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import PolicyPort


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPort:
    """A port of the destination pod by its name; the pod says the number and the protocol."""

    name: str

    def __str__(self) -> str:
        return self.name


ClusterPort = PolicyPort | NamedPort
"""One entry of ``protocols`` (or ``ports``): a number or a range with its protocol, or a name."""

_CIDR = re.compile(r"[0-9a-fA-F.:]+/(0|[1-9][0-9]*)", re.ASCII)
_LEADING_ZERO = re.compile(r"(^|\.)0[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """A peer that is a list of ranges.  Unlike an ``ipBlock`` it covers pods and nodes for sure.

    Raises:
        InvalidValueError: No range, more than 25, the same text twice, or a text that is no CIDR.
            Host bits are let through; leading zeros and IPv4 mapped into IPv6 are not.
    """

    cidrs: tuple[str, ...]
    blocks: tuple[IPBlock, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cidrs", tuple(self.cidrs))
        problems = [*_count("", self.cidrs, 25), *_repeated(self.cidrs)]
        for index, text in enumerate(self.cidrs):
            if not _is_cidr(text):
                help_text = "" if "/" in text else f"for one address write `{_alone(text)}`"
                message = "must be a range such as `10.0.0.0/8` or `fd00::/8`"
                problems.append(invalid(f"[{index}]", text, message, help_text))
        raise_if_any(problems)
        object.__setattr__(self, "blocks", tuple(IPBlock(cidr=text) for text in self.cidrs))

    def __str__(self) -> str:
        return ", ".join(self.cidrs)


def _is_cidr(text: str) -> bool:
    """Whether the API server's ``isCIDR`` takes a text."""
    if len(text) > 43 or not _CIDR.fullmatch(text) or (":" in text) is ("." in text):
        return False
    try:
        IPBlock(cidr=text)
    except ValueError:
        return False
    return ":" in text or not _LEADING_ZERO.search(text)


def _alone(text: str) -> str:
    return f"{text}/{128 if ':' in text else 32}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """A peer that is the nodes with some labels, and the pods on their network.  Experimental."""

    selector: LabelSelector

    def __str__(self) -> str:
        return f"nodes {self.selector}"


_DOMAIN = re.compile(
    r"(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainNames:
    """A peer that is a list of domain names.  Experimental.

    Which addresses a name stands for cannot be known from manifests.  So a rule with this peer
    fails closed, as on a plugin that does not know the field: an Accept rule matches nothing, any
    other denies everything.

    Raises:
        InvalidValueError: No name, more than 25, the same name twice, or a malformed one.
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        problems = [*_count("", self.names, 25), *_repeated(self.names)]
        for index, text in enumerate(self.names):
            if not _DOMAIN.fullmatch(text):
                message = "must be a domain name such as `example.com` or `*.example.com`"
                problems.append(invalid(f"[{index}]", text, message))
        raise_if_any(problems)

    def __str__(self) -> str:
        return ", ".join(self.names)


ClusterPeer = PodPeer | Networks | Nodes | DomainNames
"""A peer of a rule.  A ``PodPeer`` here always has a ``namespace_selector``."""

ALL_PODS = PodPeer(namespace_selector=EVERYTHING)
"""Every ordinary pod of the cluster, as a subject or a peer: ``namespaces: {}``."""


def too_many(path: str, count: int, most: int) -> Problem:
    """A list that is longer than the API allows."""
    return Problem(
        kind=ProblemKind.TOO_MANY,
        field=path,
        value=str(count),
        message=f"may have at most {most} entries",
    )


def _count(path: str, items: Sequence[object], most: int) -> Iterator[Problem]:
    if not items:
        yield invalid(path, "[]", "must have at least one entry")
    if len(items) > most:
        yield too_many(path, len(items), most)


def _repeated(items: Sequence[str]) -> Iterator[Problem]:
    for index, item in enumerate(items):
        if item in items[:index]:
            message = "this entry is there already"
            yield Problem(
                kind=ProblemKind.DUPLICATE, field=f"[{index}]", value=item, message=message
            )
