"""Rules that undo or repeat each other (NP305, NP306, NP311 to NP314)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from netpol_sim.analysis.lint import change, edit, effect, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.intent import denied_words, says_open
from netpol_sim.analysis.lint.likeness import demanded
from netpol_sim.analysis.lint.lookups import DNS_PORT
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.subsume import covers
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy

PUBLISHED = ("LoadBalancer", "NodePort")
"""Types of Service that are there to be reached from outside."""


@lint_rule(
    id="NP305",
    name="from-only-rule-beside-ports-only-rule",
    severity=Severity.HIGH,
    meaning="A rule with peers and no ports stands beside one with ports and no peers.",
    why="A dash before `ports` begins a second rule: those peers pass on every port, and everybody "
    "passes on those ports.",
    remedy="Drop the second dash, so that peers and ports stand in one rule.",
    inputs=(Input.POLICIES,),
    supersedes=("NP306",),
)
def from_only_rule_beside_ports_only_rule(survey: Survey) -> Iterator[Hit]:
    """Two adjacent rules that look like one split in two; DNS to everybody is no such half."""
    for first, second in pairwise(survey.rules):
        if (first.policy.key, first.direction) != (second.policy.key, second.direction):
            continue
        halves = {bool(half.rule.peers): half for half in (first, second)}
        if len(halves) < 2 or halves[True].rule.ports or not halves[False].rule.ports:
            continue
        if halves[False].wrote(halves[False].peers_field) or _is_dns(halves[False]):
            continue
        yield _split_rule(survey, first, second, halves[False])


def _is_dns(written: WrittenRule) -> bool:
    """Whether a rule is about name lookups: egress to port 53 and nothing else."""
    entries = written.rule.ports
    names = ("dns", "dns-tcp", DNS_PORT)
    egress = written.direction is Direction.EGRESS
    return egress and bool(entries) and all(entry.port in names for entry in entries)


def _split_rule(
    survey: Survey, first: WrittenRule, second: WrittenRule, everybody: WrittenRule
) -> Hit:
    merged = replace(
        first.rule,
        peers=first.rule.peers + second.rule.peers,
        ports=first.rule.ports + second.rule.ports,
    )
    changed = change.with_rules(first, (first.index, second.index), merged)
    found = effect.of_change(survey, everybody, changed)
    ports = phrases.listed([str(entry) for entry in everybody.rule.ports])
    numbers = found.clause("as one rule")
    alone = len(first.policy.rules(first.direction)) == 2
    return hit(
        everybody.policy,
        everybody.field,
        f"these are two rules: the peers of one pass on every port, and everybody passes on "
        f"{ports}{numbers}",
        evidence=found.gone,
        fix=Fix(
            summary="make the two rules one",
            policy=changed,
            edits=edit.joined(second.policy, second.field),
        )
        if alone
        else None,
    )


@lint_rule(
    id="NP306",
    name="ports-only-rule",
    severity=Severity.MEDIUM,
    meaning="A rule has ports and no peers.",
    why="Without peers everybody matches: every pod, every node, every address that can reach the "
    "pod.",
    remedy="Add the peers; if everybody is meant, say so in the name (`public`) or with a comment "
    "`# netpol-ignore: NP306`.",
    inputs=(Input.POLICIES,),
)
def ports_only_rule(survey: Survey) -> Iterator[Hit]:
    """A rule for everybody; mild for name lookups, a note where a Service publishes the port."""
    for written in survey.rules:
        if written.rule.peers or not written.rule.ports or written.wrote(written.peers_field):
            continue
        found = effect.of_change(survey, written, written.replaced())
        ports = phrases.listed([str(entry) for entry in written.rule.ports])
        numbers = found.clause("without the rule")
        severity = Severity.LOW if _is_dns(written) else None
        if says_open(written.policy) or _is_published(survey, written):
            severity = Severity.INFO
        yield hit(
            written.policy,
            written.field,
            f"everybody passes on {ports}, addresses outside the cluster too{numbers}",
            severity=severity,
            evidence=found.gone,
        )


def _is_published(survey: Survey, written: WrittenRule) -> bool:
    """Whether a Service brings traffic from outside to the pods that the rule opens."""
    if written.direction is Direction.EGRESS:
        return False
    selected = {pod.key for pod in survey.selected(written.policy)}
    return any(
        service.type in PUBLISHED and selected & {pod.key for pod in survey.backends(service)}
        for service in survey.services_in(written.policy.namespace)
    )


@lint_rule(
    id="NP311",
    name="name-says-block-but-allows",
    severity=Severity.MEDIUM,
    meaning="A policy is named after what it should block, and its rules allow just that.",
    why="Rules only ever allow; nothing can be subtracted from what another policy allows.",
    remedy="Delete the rule, and remove the peer wherever it is allowed; a real deny needs a "
    "ClusterNetworkPolicy or a plugin's own policies.",
    inputs=(Input.POLICIES,),
)
def name_says_block_but_allows(survey: Survey) -> Iterator[Hit]:
    """A peer that asks for a label whose value the name says is denied."""
    for written in survey.rules:
        denied = set(denied_words(written.policy)) - {written.policy.namespace}
        for index, peer in enumerate(written.rule.peers):
            if not denied or not isinstance(peer, PodPeer):
                continue
            values = [
                value
                for selector in (peer.namespace_selector, peer.pod_selector)
                if selector is not None
                for _, value in demanded(selector)
            ]
            named = [value for value in values if value.lower() in denied]
            if named:
                picked = survey.peer_pods(written.policy, peer)
                now = f": {phrases.pods(picked)}" if survey.pods else ""
                yield hit(
                    written.policy,
                    written.peer_field(index),
                    f"the name says `{named[0]}` is denied, but this rule allows it{now}",
                    evidence=picked,
                )


@lint_rule(
    id="NP313",
    name="policy-voids-others",
    severity=Severity.HIGH,
    meaning="A policy allows everything to pods for which another policy has rules or a denial.",
    why="What policies allow adds up, so next to an allow-all no other policy can restrict those "
    "pods.",
    remedy="Delete the allow-all, or let it select fewer pods.",
    inputs=(Input.PODS,),
)
def policy_voids_others(survey: Survey) -> Iterator[Hit]:
    """An empty rule whose policy selects every pod that some other policy isolates."""
    for written in survey.rules:
        if not written.is_empty:
            continue
        policy, direction = written.policy, written.direction
        mine = {pod.key for pod in survey.selected(policy)}
        voided = [
            other
            for other in survey.policies
            if other is not policy
            and other.isolates(direction)
            and not _allows_all(other, direction)
            and survey.selected(other)
            and {pod.key for pod in survey.selected(other)} <= mine
        ]
        if voided:
            found = effect.of_change(survey, written, written.replaced(), effect.declared_ports)
            named = phrases.quoted([other.name for other in voided])
            yield hit(
                policy,
                written.field,
                f"this allows all {direction.rules_field}, so {named} can restrict nothing: "
                f"{found.sentence('without the rule')}",
                evidence=found.gone,
            )


def _allows_all(policy: NetworkPolicy, direction: Direction) -> bool:
    return any(not rule.peers and not rule.ports for rule in policy.rules(direction))


@lint_rule(
    id="NP314",
    name="redundant-rule",
    severity=Severity.LOW,
    meaning="A rule allows nothing that another rule for the same pods does not allow already.",
    why="Deleting or tightening it changes nothing, though readers believe that it does.",
    remedy="Delete it, or the wider one.",
    inputs=(Input.POLICIES,),
)
def redundant_rule(survey: Survey) -> Iterator[Hit]:
    """A rule that another one covers on every cluster; of two equal rules, the later."""
    groups: dict[tuple[str, Direction], list[WrittenRule]] = {}
    for written in survey.rules:
        groups.setdefault((written.policy.namespace, written.direction), []).append(written)
    for group in groups.values():
        for place, narrow in enumerate(group):
            wide = next(
                (
                    other
                    for number, other in enumerate(group)
                    if other is not narrow
                    and covers(other, narrow)
                    and (number < place or not covers(narrow, other))
                ),
                None,
            )
            if wide is not None:
                yield hit(
                    narrow.policy, narrow.field, f"{_name(wide, narrow)} allows all of this already"
                )


def _name(wide: WrittenRule, narrow: WrittenRule) -> str:
    rule = f"{wide.direction.rules_field} rule {wide.index + 1}"
    return rule if wide.policy is narrow.policy else f"{rule} of `{wide.policy.name}`"
