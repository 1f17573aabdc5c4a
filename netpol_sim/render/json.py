"""Values as JSON documents of a documented, versioned shape.

Every document is an object with ``apiVersion`` ("netpol-sim/v1") and ``kind``.  Within one version
fields are only added.  A ``?`` marks what may be null; a field is never left out.  Codes are the
values of the enums in ``verdict.py`` and ``errors.py``; messages are for people and may change.
::

    Verdict         {allowed, summary, connection, deniedBy: [direction], ends: [end, end],
                     caveats: [{code, message}], facts: [fact]}
    ServiceVerdict  {allowed, outcome, summary, source: entity, service, port, protocol, dialled?,
                     backends: [Verdict], caveats: [{code, message}]}
    VerdictList     {allowed, items: [Verdict or ServiceVerdict]}; allowed means all of them
    Error           {message, problems: [{kind, file?, line?, column?, object?, field, value?,
                     message, help}]}

    connection      {text, source: entity, destination: entity, port, protocol,
                     dialled?: {address?, port}}; dialled is the Service address that was used
    entity          {kind: Pod | Node | External, name}
    end             {direction, entity, allowed, reason, message, isolatedBy: [{policy, location?}],
                     rules: [rule], tiers: [tier]}; the first end is Egress, the second Ingress;
                     ``tiers`` is there when cluster-scoped policies have rules for the end
    tier            {tier: Admin | Baseline, action?, rules: [rule]}; action is Accept, Deny or
                     Pass, null when no rule matches; its rules have action, priority and asked, too
    rule            {policy, field, location?, matched, peerMatched, portMatched, peers: [entry],
                     ports: [entry]}; an empty list is a half that matches everything
    entry           {field, location?, text, outcome, message}
    range           {protocol, first, last}
    fact            {profile, field, says, source}: what the plugin does; ``facts`` are those by
                     which it answers otherwise than the documentation
    location        {file, line, column}; lines and columns count from 1
    direction       Ingress | Egress
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from netpol_sim.analysis.plugins import causes
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.errors import NetpolError, Problem
from netpol_sim.model import Connection, Entity
from netpol_sim.origin import Location
from netpol_sim.plugin import DOCUMENTATION
from netpol_sim.render import describe, ends, facts, rules
from netpol_sim.render.scene import Scene
from netpol_sim.render.text import caveat_sentence, explain
from netpol_sim.rule_steps import ClusterRuleStep, RuleStep
from netpol_sim.verdict import Answer, EndVerdict, ServiceVerdict, TierVerdict, Verdict

API_VERSION = "netpol-sim/v1"

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Document = dict[str, Json]


def envelope(kind: str, fields: Mapping[str, Json]) -> Document:
    """A document of a kind: ``apiVersion`` and ``kind`` first, then its fields."""
    return {"apiVersion": API_VERSION, "kind": kind, **fields}


def dumps(document: Mapping[str, object]) -> str:
    """A document as text in ASCII, two blanks of indentation, with an end of line."""
    return json.dumps(document, indent=2) + "\n"


def answer(value: Answer) -> Document:
    """A Verdict or a ServiceVerdict."""
    match value:
        case Verdict():
            return _verdict(value)
        case ServiceVerdict():
            return _service_verdict(value)


def answers(values: Sequence[Answer]) -> Document:
    """The answer itself when there is one, else a VerdictList."""
    items = [answer(value) for value in values]
    if len(items) == 1:
        return items[0]
    allowed = all(value.allowed for value in values)
    return envelope("VerdictList", {"allowed": allowed, "items": items})


def error(raised: NetpolError) -> Document:
    """Why something could not be answered: an Error."""
    problems: tuple[Problem, ...] = getattr(raised, "problems", ())
    return envelope("Error", {"message": str(raised), "problems": [_problem(p) for p in problems]})


def location(place: Location | None) -> Json:
    """A place in a file; null when it is not known."""
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


def policy(value: AnyPolicy) -> Document:
    """A policy by its name and place."""
    place = value.origin.locate() if value.origin else None
    return {"policy": value.key, "location": location(place)}


def port_ranges(ports: PortSet) -> Json:
    """The exact ports of a set."""
    return [
        {"protocol": each.protocol.value, "first": each.first, "last": each.last}
        for each in ports.ranges
    ]


def _verdict(verdict: Verdict) -> Document:
    scene = Scene.of(verdict)
    return envelope(
        "Verdict",
        {
            "allowed": verdict.allowed,
            "summary": explain(verdict, "line"),
            "connection": _connection(verdict.connection),
            "deniedBy": [direction.value for direction in verdict.denied_by],
            "ends": [_end(scene, end) for end in verdict.ends],
            "caveats": _caveats(verdict),
            "facts": facts.as_json(causes(verdict, DOCUMENTATION)),
        },
    )


def _service_verdict(verdict: ServiceVerdict) -> Document:
    found = {
        caveat.value: caveat_sentence(caveat, backend)
        for backend in verdict.backends
        for caveat in backend.caveats
    }
    return envelope(
        "ServiceVerdict",
        {
            "allowed": verdict.allowed,
            "outcome": verdict.outcome.value,
            "summary": explain(verdict, "line"),
            "source": _entity(verdict.source),
            "service": verdict.service.key,
            "port": verdict.port,
            "protocol": verdict.protocol.value,
            "dialled": None if verdict.dialled is None else str(verdict.dialled),
            "backends": [_verdict(backend) for backend in verdict.backends],
            "caveats": [{"code": code, "message": message} for code, message in found.items()],
        },
    )


def _caveats(verdict: Verdict) -> Json:
    return [
        {"code": caveat.value, "message": caveat_sentence(caveat, verdict)}
        for caveat in verdict.caveats
    ]


def _connection(connection: Connection) -> Json:
    dialled: Json = None
    if connection.dialled is not None:
        address, port = connection.dialled
        dialled = {"address": None if address is None else str(address), "port": port}
    return {
        "text": str(connection),
        "source": _entity(connection.source),
        "destination": _entity(connection.destination),
        "port": connection.port,
        "protocol": connection.protocol.value,
        "dialled": dialled,
    }


def _entity(entity: Entity) -> Json:
    return {"kind": type(entity).__name__, "name": entity.key}


def _end(scene: Scene, end: EndVerdict) -> Json:
    return {
        "direction": end.direction.value,
        "entity": _entity(end.entity),
        "allowed": end.allowed,
        "reason": end.reason.value,
        "message": ends.short(scene, end),
        "isolatedBy": [policy(each) for each in end.isolated_by],
        "rules": [_rule(scene, step) for step in end.steps],
        **({"tiers": [_tier(scene, tier) for tier in end.tiers]} if end.tiers else {}),
    }


def _tier(scene: Scene, tier: TierVerdict) -> Json:
    asked = tier.asked
    return {
        "tier": tier.tier.value,
        "action": None if tier.action is None else tier.action.value,
        "rules": [
            {
                **_rule(scene, step),
                "action": step.rule.action.value,
                "priority": step.policy.priority,
                "asked": step in asked,
            }
            for step in tier.steps
        ],
    }


def _rule(scene: Scene, step: RuleStep | ClusterRuleStep) -> Document:
    return {
        "policy": step.policy.key,
        "field": step.field,
        "location": location(step.locate()),
        "matched": step.matched,
        "peerMatched": step.peer_matched,
        "portMatched": step.port_matched,
        "peers": [_peer(scene, step, index) for index in range(len(step.peers))],
        "ports": [_port(scene, step, index) for index in range(len(step.ports))],
    }


def _peer(scene: Scene, step: RuleStep | ClusterRuleStep, index: int) -> Json:
    field = step.peer_field(index)
    return {
        "field": field,
        "location": location(step.locate(field)),
        "text": rules.peer(step, index),
        "outcome": step.peers[index].value,
        "message": rules.peer_sentence(scene, step, index),
    }


def _port(scene: Scene, step: RuleStep | ClusterRuleStep, index: int) -> Json:
    field = step.port_field(index)
    return {
        "field": field,
        "location": location(step.locate(field)),
        "text": describe.port(step.rule.ports[index]),
        "outcome": step.ports[index].value,
        "message": rules.port_sentence(scene, step, index),
    }


def _problem(problem: Problem) -> Json:
    return {
        "kind": problem.kind.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "object": problem.object,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "help": problem.help,
    }
