"""Whom a rule of a NetworkPolicy is about, in the API's words: pods, or a range of addresses.

Sources: ``NetworkPolicyPeer`` and ``IPBlock`` in ``k8s.io/api/networking/v1/types.go``, and
``pkg/apis/networking/validation/validation.go``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netpol_sim.addresses import IPAddress, IPNetwork, contains, parse_network
from netpol_sim.errors import Problem, ProblemKind, invalid, raise_if_any
from netpol_sim.labels import LabelSelector


@dataclass(frozen=True, slots=True, kw_only=True)
class PodPeer:
    """A peer that picks pods.  None is an absent selector; an empty one matches everything.

    Only ``pod_selector``: pods of the policy's own namespace.  Only ``namespace_selector``: every
    pod of the namespaces it picks.  Both: those pods of those namespaces.

    Raises:
        InvalidValueError: Neither selector is given.
    """

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None

    def __post_init__(self) -> None:
        if self.pod_selector is None and self.namespace_selector is None:
            raise_if_any([_no_peer()])

    def __str__(self) -> str:
        parts = []
        if self.namespace_selector is not None:
            parts.append(f"namespaces {self.namespace_selector}")
        if self.pod_selector is not None:
            parts.append(f"pods {self.pod_selector}")
        return " and ".join(parts)


def _no_peer() -> Problem:
    return Problem(
        kind=ProblemKind.REQUIRED,
        field="",
        message="must specify a peer: `podSelector`, `namespaceSelector` or `ipBlock`",
        help="an empty selector is written `podSelector: {}`; to let everybody pass, leave the "
        "list of peers out",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IPBlock:
    """A peer that is a range of addresses, less the ranges in ``except_``.

    ``cidr`` and ``except_`` are kept as written; ``network`` and ``excluded`` are what they mean.

    Raises:
        InvalidValueError: Not a CIDR, or an exception that is no strict subset of ``cidr``.
    """

    cidr: str
    except_: tuple[str, ...] = ()
    network: IPNetwork = field(init=False, repr=False, compare=False)
    excluded: tuple[IPNetwork, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "except_", tuple(self.except_))
        if not self.cidr:
            message = "must be a range such as `10.0.0.0/8`"
            raise_if_any([Problem(kind=ProblemKind.REQUIRED, field="cidr", message=message)])
        network = _network("cidr", self.cidr)
        if isinstance(network, Problem):
            raise_if_any([network])
            return
        excluded: list[IPNetwork] = []
        problems: list[Problem] = []
        for index, text in enumerate(self.except_):
            path = f"except[{index}]"
            inner = _network(path, text)
            if isinstance(inner, Problem):
                problems.append(inner)
            elif not contains(network, inner) or network.prefixlen >= inner.prefixlen:
                problems.append(
                    invalid(
                        path,
                        text,
                        f"must lie within `{self.cidr}` and be smaller than it",
                    )
                )
            else:
                excluded.append(inner)
        raise_if_any(problems)
        object.__setattr__(self, "network", network)
        object.__setattr__(self, "excluded", tuple(excluded))

    def contains(self, address: IPAddress) -> bool:
        """Whether the block covers an address; IPv4 and IPv6 never mix."""
        return address in self.network and not any(address in cut for cut in self.excluded)

    def __str__(self) -> str:
        return f"{self.cidr} except {', '.join(self.except_)}" if self.except_ else self.cidr


def _network(path: str, text: str) -> IPNetwork | Problem:
    try:
        return parse_network(text)
    except ValueError:
        bare = text.partition("/")[1] == ""
        bits = 128 if ":" in text else 32
        help_text = f"for a single address write `{text}/{bits}`" if bare else ""
        return invalid(path, text, "must be a range such as `10.0.0.0/8` or `fd00::/8`", help_text)


Peer = PodPeer | IPBlock
