"""How two policy sets relate, as text and JSON: one sentence, and a small story for each witness.

JSON, beside what ``json.py`` documents::

    Relation   {outcome, equal, scope, summary, tooOpen?: witness, tooTight?: witness,
                limit?: {steps, undecided: [outcome], perhapsNotSmallest: [outcome]}, enforced,
                caveats?: [baseline-skipped | equal-priorities]}
               and, of ``netpol compare --repair``, repair: Repair
    witness    {connection, pods: [{name, namespace, labels, addresses, ports}],
                namespaces: [{name, labels}], mine: Verdict, reference: Verdict}
    outcome    equal | too-open | too-tight | both | unknown
    scope      any | namespaces | world
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netpol_sim.addresses import IPAddress
from netpol_sim.analysis.compare import Limit, Outcome, Relation, Scope
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.cluster import Cluster
from netpol_sim.model import NAMESPACE_NAME_LABEL, Entity, External, Namespace, Node, Pod
from netpol_sim.render import describe, ends, json, rules
from netpol_sim.render.scene import Scene
from netpol_sim.verdict import Caveat, EndVerdict, Reason, Verdict

_SUMMARIES: Final = {
    Outcome.EQUAL: "{mine} and {reference} mean the same {scope}.",
    Outcome.TOO_OPEN: "{mine} is too open: it allows connections that {reference} denies.",
    Outcome.TOO_TIGHT: "{mine} is too tight: it denies connections that {reference} allows.",
    Outcome.BOTH: (
        "{mine} is too open and too tight: it allows connections that {reference} denies, and "
        "denies some that {reference} allows."
    ),
    Outcome.UNKNOWN: "It is not known whether {mine} and {reference} mean the same {scope}.",
}
_NOT_ENFORCED: Final = (
    "{mine} and {reference} mean the same: nothing, on a network plugin that does not enforce "
    "policies."
)
_SCOPES: Final = {
    Scope.ANY: "on every cluster",
    Scope.NAMESPACES: "for any pods in the given namespaces",
    Scope.WORLD: "in the given cluster",
}
_HEADINGS: Final = {
    True: "Too open: {source} also reaches {destination} on port {port}.",
    False: "Too tight: {source} does not reach {destination} on port {port}.",
}
_SIDES: Final = {True: "{name} allows it: {why}.", False: "{name} denies it: {why}."}
_POD: Final = "{pod} is a pod {labels} in namespace {namespace}{more}."
_LABELLED, _UNLABELLED = "labelled {labels}", "without labels"
_NAMESPACE_LABELLED: Final = "{namespace}, which is labelled {labels}"
_AT: Final = ", at address {address}"
_CALLS: Final = ", where port {number} is called `{name}`"
_OUTSIDE: Final = "{address} is an address outside the cluster."
_NODE: Final = "{node} is a node{labels}{more}."
_NODE_LABELLED: Final = " labelled {labels}"
_ON_NODE: Final = ", on the network of node {name}{labels}"
_RULE_AT: Final = "{why}: {where}"
_POLICY_AT: Final = "{why}; see {where}"
_UNDECIDED: Final = (
    "The search stopped after {steps} steps, so it is not known whether {mine} is {ways}."
)
_PERHAPS_SMALLER: Final = (
    "The search stopped after {steps} steps; there may be a smaller example of {ways}."
)
_CAVEATS: Final = {
    Caveat.BASELINE_SKIPPED: (
        "The answer is another one on a network plugin that settles this the other way: whether a "
        "NetworkPolicy that isolates a pod in one direction keeps the Baseline tier out of the "
        "other. The API leaves it open."
    ),
    Caveat.EQUAL_PRIORITIES: (
        "The order of cluster-scoped policies with one priority matters here. They are asked in "
        "the order given, but a network plugin may take any order."
    ),
}
_WAYS: Final = {Outcome.TOO_OPEN: "too open", Outcome.TOO_TIGHT: "too tight"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the two policy sets are called."""

    mine: str = "mine"
    reference: str = "the reference"


def summary(relation: Relation, sides: Sides | None = None) -> str:
    """How they relate, in one sentence."""
    names = sides or Sides()
    template = _SUMMARIES[relation.outcome] if relation.enforced else _NOT_ENFORCED
    scope = _SCOPES[relation.scope]
    return ends.capital(template.format(mine=names.mine, reference=names.reference, scope=scope))


def text(relation: Relation, sides: Sides | None = None) -> str:
    """How they relate, with a story for each witness and whatever is not known."""
    names = sides or Sides()
    paragraphs = [summary(relation, names)]
    paragraphs += ["\n  ".join(story(witness, names)) for witness in relation.witnesses]
    paragraphs += limits(relation, names)
    return "\n\n".join(paragraphs)


def limits(relation: Relation, sides: Sides | None = None) -> Iterator[str]:
    """What is not known because the search stopped, or the API leaves it open, in sentences."""
    names, limit = sides or Sides(), relation.limit
    yield from (_CAVEATS[each] for each in relation.caveats)
    if limit is None:
        return
    for template, ways in (
        (_UNDECIDED, limit.undecided),
        (_PERHAPS_SMALLER, limit.perhaps_not_smallest),
    ):
        if ways:
            listed = describe.listed((_WAYS[way] for way in ways), "or")
            yield template.format(steps=limit.steps, mine=names.mine, ways=listed)


def story(witness: Witness, sides: Sides | None = None) -> Iterator[str]:
    """A witness in sentences: the connection, who its ends are, and why each side decides so."""
    connection = witness.connection
    yield _HEADINGS[witness.too_open].format(
        source=connection.source,
        destination=connection.destination,
        port=f"{connection.port}/{connection.protocol}",
    )
    for entity in (connection.source, connection.destination):
        yield _who(entity, witness.cluster)
    for name, verdict in verdicts(witness, sides):
        why = "; ".join(_causes(witness, verdict))
        yield ends.capital(_SIDES[verdict.allowed].format(name=name, why=why))


def verdicts(witness: Witness, sides: Sides | None = None) -> Iterator[tuple[str, Verdict]]:
    """What each side is called, and what it says about the connection."""
    names = sides or Sides()
    yield names.mine, witness.mine
    yield names.reference, witness.reference


def _who(entity: Entity, cluster: Cluster) -> str:
    """What an end is, as far as policies see it."""
    match entity:
        case External(address=address):
            return _OUTSIDE.format(address=address)
        case Node(ips=ips):
            return _NODE.format(node=entity, labels=_node_labels(entity), more=_at(ips))
        case Pod(ips=ips):
            labels = _labels(entity.labels)
            calls = {port.name: port.port for port in entity.ports if port.name}
            named = (_CALLS.format(number=calls[name], name=name) for name in calls)
            return _POD.format(
                pod=entity,
                labels=_LABELLED.format(labels=labels) if labels else _UNLABELLED,
                namespace=_namespace(cluster.namespace(entity.namespace)),
                more=_on_node(entity, cluster) + _at(ips) + "".join(named),
            )


def _on_node(pod: Pod, cluster: Cluster) -> str:
    if not pod.host_network or pod.node is None:
        return ""
    return _ON_NODE.format(name=pod.node, labels=_node_labels(cluster.node(pod.node)))


def _node_labels(node: Node) -> str:
    return _NODE_LABELLED.format(labels=_labels(node.labels)) if node.labels else ""


def _namespace(namespace: Namespace) -> str:
    others = {key: value for key, value in namespace.labels.items() if key != NAMESPACE_NAME_LABEL}
    if not others:
        return namespace.name
    return _NAMESPACE_LABELLED.format(namespace=namespace, labels=_labels(others))


def _at(addresses: Sequence[IPAddress]) -> str:
    return _AT.format(address=describe.listed(map(str, addresses))) if addresses else ""


def _labels(labels: Mapping[str, str]) -> str:
    return describe.listed(f"{key}={labels[key] or describe.EMPTY}" for key in sorted(labels))


def _causes(witness: Witness, verdict: Verdict) -> Iterator[str]:
    """What decides: the ends at which the two sides part, or those that deny."""
    other = witness.reference if verdict is witness.mine else witness.mine
    deciding = verdict.denied_by or other.denied_by
    scene = Scene.of(verdict)
    for end in verdict.ends:
        if end.direction in deciding:
            yield _cause(scene, end)


def _cause(scene: Scene, end: EndVerdict) -> str:
    """Why an end decides, with the place of the rule or of the policy."""
    why = ends.short(scene, end)
    if end.reason is Reason.RULE_MATCHED:
        step = end.matched[0]
        peer = step.matched_peer
        field = None if peer is None else step.peer_field(step.rule.peers.index(peer))
        return _RULE_AT.format(why=why, where=rules.where(step, field))
    places = [str(each.origin.locate()) for each in end.isolated_by if each.origin]
    return _POLICY_AT.format(why=why, where=describe.listed(places)) if places else why


def document(relation: Relation, sides: Sides | None = None) -> json.Document:
    """A relation as a JSON document of kind ``Relation``."""
    return json.envelope(
        "Relation",
        {
            "outcome": relation.outcome.value,
            "equal": relation.equal,
            "scope": relation.scope.value,
            "summary": summary(relation, sides),
            "tooOpen": _witness(relation.too_open),
            "tooTight": _witness(relation.too_tight),
            "limit": _limit(relation.limit),
            "enforced": relation.enforced,
            **({"caveats": list(relation.caveats)} if relation.caveats else {}),
        },
    )


def _witness(witness: Witness | None) -> json.Json:
    if witness is None:
        return None
    names = dict.fromkeys(pod.namespace for pod in witness.pods)
    return {
        "connection": str(witness.connection),
        "pods": [
            {
                "name": pod.name,
                "namespace": pod.namespace,
                "labels": dict(pod.labels),
                "addresses": [str(address) for address in pod.ips],
                "ports": [str(port) for port in pod.ports],
            }
            for pod in witness.pods
        ],
        "namespaces": [
            {"name": name, "labels": dict(witness.cluster.namespace_labels(name))} for name in names
        ],
        "mine": json.answer(witness.mine),
        "reference": json.answer(witness.reference),
    }


def _limit(limit: Limit | None) -> json.Json:
    if limit is None:
        return None
    return {
        "steps": limit.steps,
        "undecided": [way.value for way in limit.undecided],
        "perhapsNotSmallest": [way.value for way in limit.perhaps_not_smallest],
    }
