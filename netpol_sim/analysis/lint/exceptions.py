"""Exceptions that another rule takes back (NP312)."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.addresses import IPNetwork, contains
from netpol_sim.analysis.lint import phrases
from netpol_sim.analysis.lint.ranges import blocks, overlap
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.subsume import implies
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table.ports import NO_PORTS, numbered_ports
from netpol_sim.peers import IPBlock


@lint_rule(
    id="NP312",
    name="except-re-allowed",
    severity=Severity.MEDIUM,
    meaning="An exception of one range is allowed again by another rule for the same pods.",
    why="`except` cuts its own range only; it denies nothing, and what rules allow adds up.",
    remedy="Except the range in the other rule too, or drop the exception.",
    inputs=(Input.POLICIES,),
)
def except_re_allowed(survey: Survey) -> Iterator[Hit]:
    """An exception and another range that overlap, on a port that both rules have.

    A note where a policy for fewer pods names a range within the exception: that is how to let
    some of them through on purpose.
    """
    for written, index, block in blocks(survey):
        for place, hole in enumerate(block.excluded):
            for other, known in _others(survey, written, block):
                region = _allowed_again(hole, known)
                if region is None or not _share_ports(written, other):
                    continue
                deliberate = contains(hole, known.network) and _selects_fewer(other, written)
                yield hit(
                    written.policy,
                    f"{written.peer_field(index)}.ipBlock.except[{place}]",
                    f"`{hole}` is excepted here, but {_rule_name(other, written)} allows "
                    f"`{known}`, so `{region}` passes",
                    severity=Severity.INFO if deliberate else None,
                )
                break


def _others(
    survey: Survey, written: WrittenRule, block: IPBlock
) -> Iterator[tuple[WrittenRule, IPBlock]]:
    """Other ranges in rules of the same direction, for some of the same pods."""
    mine = {pod.key for pod in survey.selected(written.policy)}
    for other in survey.rules_in(written.policy.namespace, written.direction):
        theirs = {pod.key for pod in survey.selected(other.policy)}
        same = implies(other.policy.pod_selector, written.policy.pod_selector)
        if not same and not mine & theirs:
            continue
        for peer in other.rule.peers:
            if isinstance(peer, IPBlock) and peer is not block:
                yield other, peer


def _allowed_again(hole: IPNetwork, known: IPBlock) -> IPNetwork | None:
    """The part of an exception that another range covers; None when it is excepted there too."""
    region = overlap(hole, known.network)
    if region is None or any(contains(cut, region) for cut in known.excluded):
        return None
    free = int(region.num_addresses) - sum(
        cut.num_addresses for cut in _outermost(known.excluded) if contains(region, cut)
    )
    return region if free > 0 else None


def _outermost(cuts: tuple[IPNetwork, ...]) -> list[IPNetwork]:
    distinct = list(dict.fromkeys(cuts))
    return [
        cut
        for cut in distinct
        if not any(cut != other and contains(other, cut) for other in distinct)
    ]


def _share_ports(first: WrittenRule, second: WrittenRule) -> bool:
    return bool((numbered_ports(first.rule.ports) & numbered_ports(second.rule.ports)) != NO_PORTS)


def _selects_fewer(other: WrittenRule, written: WrittenRule) -> bool:
    mine, theirs = written.policy.pod_selector, other.policy.pod_selector
    return implies(theirs, mine) and not implies(mine, theirs)


def _rule_name(other: WrittenRule, written: WrittenRule) -> str:
    name = f"{other.direction.rules_field} rule {other.index + 1}"
    if other.policy is written.policy:
        return name if other.index != written.index else "another range of the same rule"
    return f"{name} of {phrases.quoted([other.policy.name])}"
