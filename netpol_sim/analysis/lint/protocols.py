"""Protocols left out, and ports of replies (NP405, NP406, NP502)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netpol_sim.analysis.lint import entries, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.lookups import DNS_PORT
from netpol_sim.analysis.lint.ports import port_entries
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.subsume import covers
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.peers import IPBlock, Peer
from netpol_sim.policy import Direction, PolicyPort, Protocol

UDP_FIRST = {DNS_PORT: "DNS", 123: "NTP", 161: "SNMP", 514: "syslog"}
"""Ports that are asked over UDP first."""

EPHEMERAL = range(32768, 61000)
"""The ports that Linux gives to clients."""

_BROAD_PREFIX = 8


def _protocol_omitted(written: WrittenRule, index: int) -> bool:
    path = written.port_field(index)
    return written.policy.origin is not None and not written.wrote(f"{path}.protocol")


@lint_rule(
    id="NP405",
    name="protocol-omitted",
    severity=Severity.HIGH,
    meaning="A port entry has no protocol.",
    why="Then it is TCP.  For ports that are asked over UDP, such as 53, that opens the wrong one.",
    remedy="Spell the protocol out; for DNS list both UDP and TCP.",
    inputs=(Input.POLICIES,),
)
def protocol_omitted(survey: Survey) -> Iterator[Hit]:
    """Ports known for UDP that got TCP by default; a note for each policy with any others."""
    others: dict[str, list[tuple[WrittenRule, int]]] = {}
    for written, index, entry in port_entries(survey):
        if not _protocol_omitted(written, index):
            continue
        alone = entry.port in UDP_FIRST and entry.end_port is None
        if alone and not _also_allowed(survey, written, entry, Protocol.UDP):
            yield _udp_missing(written, index, entry)
        else:
            others.setdefault(written.policy.key, []).append((written, index))
    for places in others.values():
        yield _spelled_out(places)


def _also_allowed(
    survey: Survey, written: WrittenRule, entry: PolicyPort, protocol: Protocol
) -> bool:
    """Whether some rule allows the same to the same in another protocol as well."""
    other = replace(written.rule, ports=(replace(entry, protocol=protocol),))
    wanted = replace(written, rule=other)
    return any(
        covers(known, wanted)
        for known in survey.rules_in(written.policy.namespace, written.direction)
    )


def _udp_missing(written: WrittenRule, index: int, entry: PolicyPort) -> Hit:
    field = written.port_field(index)
    udp = replace(entry, protocol=Protocol.UDP)
    both = (udp, entry) if entry.port == DNS_PORT else (udp,)
    listed = " and ".join(f"{one.protocol}" for one in both)
    return hit(
        written.policy,
        field,
        f"port {entry.port} without `protocol` is TCP; {UDP_FIRST[int(entry.port or 0)]} asks over "
        "UDP first, which stays closed",
        fix=Fix(
            summary=f"write the protocol: {listed}",
            policy=written.with_port(index, *both),
            edits=entries.protocols(written.policy, field, both),
        ),
    )


def _spelled_out(places: list[tuple[WrittenRule, int]]) -> Hit:
    written, index = places[0]
    count = phrases.counted(len(places), "port entry", "port entries")
    leave = "leaves" if len(places) == 1 else "leave"
    return hit(
        written.policy,
        written.port_field(index),
        f"{count} {leave} `protocol` out, which means TCP",
        severity=Severity.INFO,
        fix=Fix(
            summary="write `protocol: TCP`",
            policy=written.policy,
            edits=entries.with_protocols(
                written.policy, [rule.port_field(place) for rule, place in places]
            ),
        ),
    )


@lint_rule(
    id="NP406",
    name="ephemeral-range-egress",
    severity=Severity.MEDIUM,
    meaning="Egress is open to all high ports, as if replies needed them.",
    why="Replies to an allowed connection always pass; the rule lets pods open connections of "
    "their own to those ports.",
    remedy="Delete the range.",
    inputs=(Input.POLICIES,),
)
def ephemeral_range_egress(survey: Survey) -> Iterator[Hit]:
    """An egress range that holds all ephemeral ports, towards broad peers."""
    for written, index, entry in port_entries(survey):
        numbers = entry.ports
        if written.direction is Direction.INGRESS or entry.end_port is None or numbers is None:
            continue
        if numbers[0] > EPHEMERAL[0] or numbers[-1] < EPHEMERAL[-1]:
            continue
        if written.rule.peers and not any(_is_broad(peer) for peer in written.rule.peers):
            continue
        yield hit(
            written.policy,
            written.port_field(index),
            f"{entry} is open for new connections; replies need no rule",
            fix=_without_port(written, index),
        )


def _is_broad(peer: Peer) -> bool:
    if isinstance(peer, IPBlock):
        return peer.network.prefixlen <= _BROAD_PREFIX
    return peer.namespace_selector is not None and peer.namespace_selector.matches_everything


def _without_port(written: WrittenRule, index: int) -> Fix:
    """Delete a port entry; the last one takes its rule along, for without ports all would pass."""
    if len(written.rule.ports) > 1:
        policy, field = written.with_port(index), written.port_field(index)
    else:
        policy, field = written.replaced(), written.field
    return Fix(
        summary="delete the range",
        policy=policy,
        edits=entries.without_item(written.policy, field),
    )


@lint_rule(
    id="NP502",
    name="dns-udp-only",
    severity=Severity.MEDIUM,
    meaning="Egress to port 53 is open in one of UDP and TCP only.",
    why="Lookups go over UDP and fall back to TCP for long answers: with UDP alone some lookups "
    "hang now and then, with TCP alone all of them fail.",
    remedy="Allow 53/UDP and 53/TCP.",
    inputs=(Input.POLICIES,),
)
def dns_udp_only(survey: Survey) -> Iterator[Hit]:
    """A port 53 whose other protocol no rule opens to the same peers."""
    for written, index, entry in port_entries(survey):
        if written.direction is Direction.INGRESS or entry.port != DNS_PORT:
            continue
        if entry.protocol is Protocol.SCTP or _protocol_omitted(written, index):
            continue
        other = Protocol.TCP if entry.protocol is Protocol.UDP else Protocol.UDP
        if entry.end_port is not None or _also_allowed(survey, written, entry, other):
            continue
        missing = replace(entry, protocol=other)
        yield hit(
            written.policy,
            f"{written.port_field(index)}.port",
            f"port 53 is open in {entry.protocol} and closed in {other}",
            severity=None if other is Protocol.TCP else Severity.HIGH,
            fix=Fix(
                summary=f"allow 53/{other} too",
                policy=written.with_port(index, entry, missing),
                edits=entries.added_port(written.policy, written.port_field(index), missing),
            ),
        )
