"""The lines of a manifest that decide, quoted with the deciding ones marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.model import Connection
from netpol_sim.origin import Origin
from netpol_sim.policy import NetworkPolicy
from netpol_sim.render import markup
from netpol_sim.render.nearest import nearest_miss
from netpol_sim.rule_steps import ClusterRuleStep, PeerOutcome, PortOutcome, RuleStep
from netpol_sim.verdict import EndVerdict, Reason, Verdict

CONTEXT = 2
"""So many lines are quoted before and after a marked one, within the rule."""

LONGEST = 16
"""A rule of up to so many lines is quoted whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """One line of a file; ``marked`` when it decides."""

    number: int
    text: str
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Lines of one policy's manifest in order, some perhaps left out between."""

    policy: str
    file: str
    lines: tuple[QuotedLine, ...]

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the deciding lines."""
        return tuple(line.number for line in self.lines if line.marked)

    def __str__(self) -> str:
        width = len(str(self.lines[-1].number)) if self.lines else 1
        shown = [f"{self.file} ({self.policy})"]
        before = None
        for line in self.lines:
            if before is not None and line.number > before + 1:
                shown.append("  ...")
            before = line.number
            mark = ">" if line.marked else " "
            shown.append(f"{mark} {line.number:>{width}} | {line.text}".rstrip())
        return "\n".join(shown)


def of_verdict(verdict: Verdict) -> tuple[Quote, ...]:
    """What the ends that decided the verdict rest on: those that agree with it."""
    found = (
        quote
        for end in verdict.ends
        if end.allowed is verdict.allowed
        for quote in of_end(end, verdict.connection)
    )
    return tuple(found)


def of_end(end: EndVerdict, connection: Connection) -> tuple[Quote, ...]:
    """The lines that one end rests on; none when no policy has a say or its file is not known.

    They are those of the first rule that matches, of the rule that nearly did, or, where no rule
    is written, of what isolates the pod.
    """
    if end.reason is Reason.NO_RULE_WRITTEN:
        found = (_isolation(policy) for policy in end.isolated_by)
        return tuple(quote for quote in found if quote is not None)
    quote = None
    if end.decided_by is not None:
        decider = end.decided_by
        quote = _rule(decider, [f"{decider.field}.action", *_matching(decider)])
    elif end.matched:
        step = end.matched[0]
        quote = _rule(step, _matching(step))
    elif (miss := nearest_miss(end, connection)) is not None:
        fields = []
        if miss.peer is not None:
            fields.append(miss.step.peer_field(miss.peer))
        if miss.port is not None:
            fields.append(miss.step.port_field(miss.port))
        quote = _rule(miss.step, fields)
    return (quote,) if quote is not None else ()


def _matching(step: RuleStep | ClusterRuleStep) -> list[str]:
    fields = []
    if PeerOutcome.MATCHED in step.peers:
        fields.append(step.peer_field(step.peers.index(PeerOutcome.MATCHED)))
    if PortOutcome.MATCHED in step.ports:
        fields.append(step.port_field(step.ports.index(PortOutcome.MATCHED)))
    return fields or [step.field]


def _rule(step: RuleStep | ClusterRuleStep, deciding: Iterable[str]) -> Quote | None:
    origin = step.policy.origin
    if origin is None or not origin.text:
        return None
    marked = {number for field in deciding for number in lines_of(origin, field)}
    return _quote(step.policy, origin, set(lines_of(origin, step.field)), marked)


def _isolation(policy: NetworkPolicy) -> Quote | None:
    origin = policy.origin
    if origin is None or not origin.text:
        return None
    fields = [field for field in ("spec.podSelector", "spec.policyTypes") if origin.wrote(field)]
    marked = {number for field in fields or ["spec"] for number in lines_of(origin, field)}
    return _quote(policy, origin, marked, marked)


def _quote(
    policy: NetworkPolicy | ClusterNetworkPolicy, origin: Origin, lines: set[int], marked: set[int]
) -> Quote:
    if len(lines) > LONGEST:
        near = {number + away for number in marked for away in range(-CONTEXT, CONTEXT + 1)}
        lines = lines & near
    return Quote(
        policy=policy.key,
        file=origin.file,
        lines=tuple(
            QuotedLine(
                number=number,
                text=markup.visible(origin.quote(number)),
                marked=number in marked,
            )
            for number in sorted(lines | marked)
        ),
    )


def lines_of(origin: Origin, field: str) -> range:
    """The numbers of the lines that a field and everything in it take."""
    written = list(_within(origin, field))
    if not written:
        first = origin.locate(field).line
        return range(first, first + 1)
    return range(min(written), max(written) + 1)


def _within(origin: Origin, field: str) -> Iterator[int]:
    for path, (line, _) in origin.positions.items():
        if path == field or path.startswith((f"{field}.", f"{field}[")):
            yield line
