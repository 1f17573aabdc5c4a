"""A repair as text and JSON: what to change, and where.

JSON, beside what ``json.py`` documents::

    Repair     {outcome, summary, edits: [{kind, policy, field, location?, message}]}
    outcome    repaired | nothing-to-repair | too-far | limit-reached
"""

from __future__ import annotations

from typing import Final, assert_never

from netpol_sim.analysis.repair import Repair, RepairOutcome
from netpol_sim.analysis.repair.edit import Edit, EditKind, Part
from netpol_sim.labels import LabelSelector, Requirement
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Rule
from netpol_sim.render import describe, ends, html, json, rule_words
from netpol_sim.render.markup import Markup

_SUMMARIES: Final = {
    RepairOutcome.NOTHING_TO_REPAIR: "There is nothing to repair.",
    RepairOutcome.TOO_FAR: "No repair of one or two small edits makes both mean the same.",
    RepairOutcome.TIERS_DIFFER: (
        "No repair of one or two small edits of NetworkPolicies makes both mean the same, and the "
        "cluster-scoped policies of both sides mean different things. A repair never edits those."
    ),
    RepairOutcome.LIMIT_REACHED: "No repair was found among the edits that could be tried.",
}
_ONE, _SEVERAL = "One edit makes both mean the same:", "{count} edits make both mean the same:"

_SENTENCES: Final = {
    EditKind.CHANGE_NAMESPACE: "move policy {policy} from namespace {before} to {after}",
    EditKind.ADD_POLICY_TYPE: "add {after} to the policyTypes of policy {policy}",
    EditKind.REMOVE_POLICY_TYPE: "take {before} out of the policyTypes of policy {policy}",
    EditKind.SWAP_DIRECTIONS: "turn ingress into egress and egress into ingress in policy {policy}",
    EditKind.ADD_LABEL: "also require {after} in {where}",
    EditKind.REMOVE_LABEL: "do not require {before} in {where}",
    EditKind.CHANGE_LABEL: "require {after} instead of {before} in {where}",
    EditKind.CHANGE_OPERATOR: "require {after} instead of {before} in {where}",
    EditKind.USE_NAME_LABEL: "pick the namespace by {after} instead of {before} in {where}",
    EditKind.JOIN_PEERS: "remove the dash before {where}, so that both selectors must match",
    EditKind.SPLIT_PEER: "put each selector of {where} under a dash of its own",
    EditKind.ADD_SELECTOR: "add {where}: {after}",
    EditKind.REMOVE_SELECTOR: "remove {where}: {before}",
    EditKind.CHANGE_RANGE: "write {after} instead of {before} in {where}",
    EditKind.ADD_PEER: "add to {where}: {after}",
    EditKind.REMOVE_PEER: "remove {where}: {before}",
    EditKind.CHANGE_PEER: "write {after} instead of {before} in {where}",
    EditKind.ADD_PORT: "add to {where}: {after}",
    EditKind.REMOVE_PORT: "remove {where}: {before}",
    EditKind.CHANGE_PORT: "write {after} instead of {before} in {where}",
    EditKind.SWAP_PORTS: "swap {where} with those of the rule after it",
    EditKind.JOIN_RULES: "join {where} with the rule before it",
    EditKind.ADD_RULE: "add a rule to {where}: {after}",
    EditKind.REMOVE_RULE: "remove {where}: {before}",
    EditKind.EMPTY_RULES: "remove all rules of {where}",
    EditKind.ADD_POLICY: "add a policy such as {after}",
    EditKind.REMOVE_POLICY: "remove policy {policy}",
}


def text(repair: Repair) -> str:
    """A repair as lines: a sentence for each edit."""
    if repair.outcome is not RepairOutcome.REPAIRED:
        return _SUMMARIES[repair.outcome]
    return "\n".join(
        [_summary(repair), *(f"  {ends.sentence(edit(each))}" for each in repair.edits)]
    )


as_text = text


def as_html(repair: Repair) -> Markup:
    """A repair as HTML, with the same content."""
    summary, *edits = map(str.strip, text(repair).splitlines())
    numbered = [f"{number}. {each}" for number, each in enumerate(edits, start=1)]
    return html.block(html.paragraph(summary), *map(html.paragraph, numbered))


def edit(made: Edit) -> str:
    """One edit in words: what to change, and where."""
    template = _SENTENCES[made.kind]
    own = made.policy.namespace
    return template.format(
        policy=describe.where(str(made.policy), made.location),
        where=describe.where(f"{made.field} of policy {made.policy}", made.location),
        before="" if made.before is None else part(made.before, own),
        after="" if made.after is None else part(made.after, own),
    )


def part(piece: Part, own_namespace: str) -> str:
    """A piece of a policy in words."""
    match piece:
        case Direction():
            return piece.value
        case str():
            return piece
        case Requirement():
            return describe.term(piece)
        case LabelSelector():
            return describe.terms(piece) or "{}"
        case PodPeer() | IPBlock():
            return describe.peer(piece, own_namespace)
        case PolicyPort():
            return describe.port(piece)
        case Rule():
            return _rule(piece, own_namespace)
        case NetworkPolicy():
            return str(piece)
        case tuple():
            return describe.listed(part(each, own_namespace) for each in piece)
        case _:
            assert_never(piece)


def _rule(rule: Rule, own_namespace: str) -> str:
    peers = [describe.peer(peer, own_namespace) for peer in rule.peers]
    ports = [describe.port(entry) for entry in rule.ports]
    return ", ".join(
        (
            describe.listed(peers, rule_words.OR) or rule_words.EVERYBODY,
            describe.listed(ports, rule_words.OR) or rule_words.EVERY_PORT,
        )
    )


def _summary(repair: Repair) -> str:
    count = len(repair.edits)
    return _ONE if count == 1 else _SEVERAL.format(count=count)


def document(repair: Repair) -> json.Document:
    """A repair as a JSON document of kind ``Repair``."""
    return json.envelope(
        "Repair",
        {
            "outcome": repair.outcome.value,
            "summary": text(repair).splitlines()[0],
            "edits": [
                {
                    "kind": each.kind.value,
                    "policy": each.policy.key,
                    "field": each.field,
                    "location": json.location(each.location),
                    "message": edit(each),
                }
                for each in repair.edits
            ],
        },
    )
