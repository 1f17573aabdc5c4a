"""Ranges of addresses that cover more or less than they seem to (NP312, NP505 to NP511)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from netpol_sim.addresses import IPAddress, IPNetwork, contains
from netpol_sim.analysis.lint import entries, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table.ports import numbered_ports
from netpol_sim.model import Pod
from netpol_sim.peers import IPBlock
from netpol_sim.policy import Direction, Protocol

PRIVATE = {
    4: tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))),
    6: tuple(map(ip_network, ("fc00::/7", "fe80::/10"))),
}
"""Ranges that are not the internet, by IP version."""

METADATA = ip_address("169.254.169.254")
"""Where clouds serve the credentials of a node, on port 80."""

_NARROW_PREFIX = {4: 9, 6: 33}
"""From this length on, a range is too small to be meant for a whole network."""


def blocks(survey: Survey) -> Iterator[tuple[WrittenRule, int, IPBlock]]:
    """Every range, with its rule and index."""
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, IPBlock):
                yield written, index, peer


def is_narrow(block: IPBlock) -> bool:
    """Whether a range is smaller than a whole private network."""
    whole = block.network in PRIVATE[block.network.version]
    return not whole and block.network.prefixlen >= _NARROW_PREFIX[block.network.version]


@lint_rule(
    id="NP505",
    name="ipblock-covers-pod-cidr",
    severity=Severity.HIGH,
    meaning="A range covers addresses of pods.",
    why="Pods get new addresses whenever they are made, and some plugins never match pods by "
    "address: such a rule works today and here at best.",
    remedy="Select the pods by their labels.",
    inputs=(Input.PODS, Input.PROFILE),
)
def ipblock_covers_pod_cidr(survey: Survey) -> Iterator[Hit]:
    """A range that holds known pods; whole private networks may be meant for something else."""
    for written, index, block in blocks(survey):
        pods = survey.addressed.within(block)
        if not pods or block.network.prefixlen == 0:
            continue
        profile = survey.cluster.profile
        how = "matches them" if profile.ip_block_matches_pods else "matches no pod"
        yield hit(
            written.policy,
            f"{written.peer_field(index)}.ipBlock.cidr",
            f"`{block.cidr}` holds the addresses of {phrases.pods(pods)}; on the "
            f"profile `{profile.name}` it {how}, and plugins differ",
            severity=None if is_narrow(block) else Severity.INFO,
            evidence=pods,
        )


def _holds(block: IPBlock, addresses: Iterable[IPAddress]) -> bool:
    return any(block.contains(address) for address in addresses)


@lint_rule(
    id="NP506",
    name="ipblock-covers-service-cidr",
    severity=Severity.HIGH,
    meaning="A range covers the address of a Service.",
    why="Whether a policy sees that address or the pod behind it is left to the plugin; most see "
    "the pod, and the range matches nothing.",
    remedy="Select the pods behind the Service; for the API server allow its endpoints' addresses.",
    inputs=(Input.SERVICES, Input.PROFILE),
)
def ipblock_covers_service_cidr(survey: Survey) -> Iterator[Hit]:
    """An egress range that holds a known Service address."""
    for written, index, block in blocks(survey):
        if written.direction is Direction.INGRESS or not is_narrow(block):
            continue
        services = [
            service.key.removeprefix("svc:")
            for service in survey.cluster.services
            if _holds(block, service.cluster_ips)
        ]
        if services:
            yield hit(
                written.policy,
                f"{written.peer_field(index)}.ipBlock.cidr",
                f"`{block.cidr}` holds the address of Service {phrases.quoted(services)}, which "
                "is translated into that of a pod, before or after the policy looks",
            )


@lint_rule(
    id="NP508",
    name="any-cidr-egress",
    severity=Severity.MEDIUM,
    meaning="Egress is open to every address, without exceptions for private ranges.",
    why="It is not only the internet: most plugins match pods, nodes and the company network too.",
    remedy="Except the private ranges, and allow by label what is needed inside.",
    inputs=(Input.POLICIES,),
)
def any_cidr_egress(survey: Survey) -> Iterator[Hit]:
    """A range of all addresses; a note where no known pod or node is among them."""
    for written, index, block in blocks(survey):
        if written.direction is Direction.INGRESS or block.network.prefixlen > 0:
            continue
        inside = [
            network
            for network in PRIVATE[block.network.version]
            if not any(contains(hole, network) for hole in block.excluded)
        ]
        if not inside:
            continue
        pods = survey.addressed.within(block)
        named = phrases.quoted([str(network) for network in inside])
        among = f", {phrases.pods(pods)} of this cluster among them" if pods else ""
        unknown = not any(pod.ips for pod in survey.pods)
        yield hit(
            written.policy,
            f"{written.peer_field(index)}.ipBlock.cidr",
            f"`{block.cidr}` is also {named}{among}",
            severity=None if pods or unknown else Severity.INFO,
            evidence=pods,
        )


@lint_rule(
    id="NP509",
    name="metadata-reachable",
    severity=Severity.HIGH,
    meaning="An egress range includes 169.254.169.254 on port 80.",
    why="In a cloud that address hands out the credentials of the node to whoever asks.",
    remedy="Except `169.254.169.254/32`; where that address is also the resolver, keep port 53 "
    "open.",
    inputs=(Input.POLICIES,),
)
def metadata_reachable(survey: Survey) -> Iterator[Hit]:
    """A range that holds the metadata address by the way; one of that address alone is meant."""
    for written, index, block in blocks(survey):
        if written.direction is Direction.INGRESS or not block.contains(METADATA):
            continue
        ports = numbered_ports(written.rule.ports)
        if block.network in PRIVATE[4] or block.network.prefixlen >= 16:
            continue
        if (Protocol.TCP, 80) not in ports:
            continue
        narrower = IPBlock(cidr=block.cidr, except_=(*block.except_, f"{METADATA}/32"))
        field = f"{written.peer_field(index)}.ipBlock"
        yield hit(
            written.policy,
            f"{field}.cidr",
            f"`{block}` includes {METADATA}:80, where a cloud hands out a node's credentials",
            fix=Fix(
                summary=f"except {METADATA}",
                policy=written.with_peer(index, narrower),
                edits=entries.excepted(written.policy, field, f"{METADATA}/32"),
            ),
        )


@lint_rule(
    id="NP511",
    name="single-family-cidr",
    severity=Severity.MEDIUM,
    meaning="Pods have addresses of both families, and a rule for every address names one family.",
    why="`0.0.0.0/0` is no IPv6 address and `::/0` no IPv4 address, so the other family stays "
    "closed.",
    remedy="Add the range of the other family.",
    inputs=(Input.PODS,),
)
def single_family_cidr(survey: Survey) -> Iterator[Hit]:
    """A range of all addresses of one family for dual-stack pods, and none of the other."""
    for written, index, block in blocks(survey):
        if block.network.prefixlen > 0:
            continue
        pods = [pod for pod in survey.subjects(written.policy) if _is_dual_stack(pod)]
        lacking = [pod for pod in pods if not _has_other_family(survey, pod, written, block)]
        if lacking:
            other = "::/0" if block.network.version == 4 else "0.0.0.0/0"
            yield hit(
                written.policy,
                f"{written.peer_field(index)}.ipBlock.cidr",
                f"{phrases.pods(lacking)} {phrases.agreeing(lacking, 'has', 'have')} addresses of "
                f"both families; `{block.cidr}` covers one, and no rule has `{other}`",
                evidence=lacking,
            )


def _is_dual_stack(pod: Pod) -> bool:
    return len({address.version for address in pod.ips}) > 1


def _has_other_family(survey: Survey, pod: Pod, written: WrittenRule, block: IPBlock) -> bool:
    """Whether some rule for the pod allows a broad range of the other family, or everybody."""
    policies = survey.isolating(pod, written.direction)
    rules = [rule for policy in policies for rule in policy.rules(written.direction)]
    broad = (
        peer.network.version
        for rule in rules
        for peer in rule.peers
        if isinstance(peer, IPBlock) and not is_narrow(peer)
    )
    everybody = any(not rule.peers and not rule.ports for rule in rules)
    return everybody or any(version != block.network.version for version in broad)


def overlap(first: IPNetwork, second: IPNetwork) -> IPNetwork | None:
    """What two ranges have in common: the smaller of them, or None."""
    if contains(first, second):
        return second
    return first if contains(second, first) else None
