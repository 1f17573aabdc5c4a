"""A verdict as a small step diagram: source, egress end, ingress end, destination, and the rules.

It is made of tables, so that it survives where pictures and styles do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.cluster_policy import Action
from netpol_sim.render import describe, ends, html, quotes, rule_words, rules, text, tiers, words
from netpol_sim.render.markup import Markup, element, join
from netpol_sim.render.palette import LIGHT, Tone
from netpol_sim.render.scene import Scene
from netpol_sim.rule_steps import ClusterRuleStep, PeerOutcome, PortOutcome, RuleStep
from netpol_sim.verdict import (
    Answer,
    EndVerdict,
    ServiceOutcome,
    ServiceVerdict,
    TierVerdict,
    Verdict,
)

_ONE_LINE = ";white-space:nowrap"
_ANSWERS = {True: "matches", False: "does not match"}
_STANDINGS = {
    "decides": "{action}: decides",
    "silent": "{action}: does not match",
    "unasked": "{action}: not asked",
}
_ACTION_TONES = {
    Action.ACCEPT: Tone.ALLOWED,
    Action.DENY: Tone.DENIED,
    Action.PASS: Tone.DEPENDS,
}
_SERVICE_TONES = {
    ServiceOutcome.ALLOWED: Tone.ALLOWED,
    ServiceOutcome.DENIED: Tone.DENIED,
    ServiceOutcome.DEPENDS: Tone.DEPENDS,
    ServiceOutcome.NO_BACKEND: Tone.DENIED,
    ServiceOutcome.UNKNOWN: Tone.DEPENDS,
}


def as_html(value: Answer) -> Markup:
    """A verdict as HTML: the steps, the reasons, every rule, and the lines that decide."""
    if isinstance(value, ServiceVerdict):
        return _service(value)
    return html.block(*_verdict(value))


def as_text(value: Answer) -> str:
    """The same as plain text: the sentences, then the lines that decide."""
    verdicts = value.backends if isinstance(value, ServiceVerdict) else (value,)
    quoted = dict.fromkeys(str(quote) for item in verdicts for quote in quotes.of_verdict(item))
    return "\n\n".join([text.explain(value), *quoted])


def remark(sentence: str) -> Markup:
    """A sentence that stands out above a verdict."""
    ink = LIGHT[Tone.DEPENDS]
    style = f"{ink.style};border-left:4px solid {ink.line};padding:4px 8px;margin:4px 0"
    return element("p", sentence, style=style)


def _verdict(verdict: Verdict) -> Iterator[Markup]:
    scene = Scene.of(verdict)
    word = words.ANSWERS[verdict.allowed]
    name = element("b", verdict.connection)
    yield html.paragraph(name, " ", html.chip(html.tone_of(verdict.allowed), word))
    yield strip(verdict)
    for end in verdict.ends:
        for tier in end.tiers:
            yield _tier(scene, end, tier)
        if end.steps:
            yield _rules(scene, end)
    yield from map(html.quoted, quotes.of_verdict(verdict))
    notes = list(text.notes(verdict))
    yield from map(html.paragraph, notes)
    sentences = [each for each in text.explain(verdict).splitlines()[1:] if each not in notes]
    yield html.folded("In sentences", *map(html.paragraph, sentences))


def strip(verdict: Verdict) -> Markup:
    """The way of the connection: from left to right, through both ends."""
    scene = Scene.of(verdict)
    arrow = html.cell("→", more=";border:0")
    connection = verdict.connection
    port = f"port {connection.port}/{connection.protocol}"
    cells = [
        html.cell(element("b", connection.source), element("br"), "source", more=_ONE_LINE),
        arrow,
    ]
    for end in verdict.ends:
        cells += [_gate(scene, end), arrow]
    cells.append(
        html.cell(element("b", connection.destination), element("br"), port, more=_ONE_LINE)
    )
    return html.chain(*cells)


def _gate(scene: Scene, end: EndVerdict) -> Markup:
    answer = words.ANSWERS[end.allowed]
    tone = html.tone_of(end.allowed)
    head = element("b", f"{html.SYMBOLS[tone]} {end.direction.value}: {answer}")
    # What came nearest to matching stands in the table of rules.
    because = ends.short(scene, end).partition(" (")[0]
    return html.cell(head, element("br"), because, tone=tone, more=";min-width:9em")


def _rules(scene: Scene, end: EndVerdict) -> Markup:
    """Every rule that was looked at, with what became of its two halves."""
    head = html.row(
        *(
            html.heading(word, scope="col")
            for word in ("policy and rule", end.direction.peers_field, "ports", "rule")
        )
    )
    return html.table(
        *(_rule(scene, step) for step in end.steps),
        caption=f"{end.direction.value} rules for {end.entity}",
        head=head,
    )


def _tier(scene: Scene, end: EndVerdict, tier: TierVerdict) -> Markup:
    """The rules of a tier in the order in which they are asked, up to the one that decides."""
    head = html.row(
        *(
            html.heading(word, scope="col")
            for word in ("policy and rule", end.direction.peers_field, "ports", "action")
        )
    )
    return html.table(
        *(_cluster_rule(scene, step, asked=step in tier.asked) for step in tier.steps),
        caption=f"{tier.tier} tier: {end.direction.lower()} rules for {end.entity}",
        head=head,
    )


def _cluster_rule(scene: Scene, step: ClusterRuleStep, *, asked: bool) -> Markup:
    standing = tiers.standing(step, asked=asked)
    word = step.policy.word(step.rule.action)
    tone = _ACTION_TONES[step.action] if standing == "decides" else Tone.MUTED
    result = html.chip(tone, _STANDINGS[standing].format(action=word))
    return _row(scene, step, result)


def _rule(scene: Scene, step: RuleStep) -> Markup:
    return _row(scene, step, html.chip(html.tone_of(step.matched), _ANSWERS[step.matched]))


def _row(scene: Scene, step: RuleStep | ClusterRuleStep, result: Markup) -> Markup:
    name = html.lines([step.policy.key, rules.where(step)])
    peers = [_peer(scene, step, index) for index in range(len(step.peers))]
    ports = [_port(scene, step, index) for index in range(len(step.ports))]
    everybody = _entry(rule_words.EVERYBODY, "", matched=True)
    every_port = _entry(rule_words.EVERY_PORT, "", matched=True)
    return html.row(
        html.heading(name, scope="row", more=";font-weight:normal"),
        _half(peers or [everybody], matched=step.peer_matched),
        _half(ports or [every_port], matched=step.port_matched),
        html.cell(result),
    )


def _half(entries: list[Markup], *, matched: bool) -> Markup:
    return html.cell(html.lines(entries), tone=None if matched else Tone.DENIED)


def _peer(scene: Scene, step: RuleStep | ClusterRuleStep, index: int) -> Markup:
    described = rules.peer(step, index)
    matched = step.peers[index] is PeerOutcome.MATCHED
    return _entry(described, rules.peer_sentence(scene, step, index), matched=matched)


def _port(scene: Scene, step: RuleStep | ClusterRuleStep, index: int) -> Markup:
    described = describe.port(step.rule.ports[index])
    matched = step.ports[index] is PortOutcome.MATCHED
    return _entry(described, rules.port_sentence(scene, step, index), matched=matched)


def _entry(described: str, sentence: str, *, matched: bool) -> Markup:
    because = f": {sentence}" if sentence and not matched else ""
    return join(f"{html.SYMBOLS[html.tone_of(matched)]} ", element("b", described), because)


def _service(verdict: ServiceVerdict) -> Markup:
    name = f"{verdict.source} -> {verdict.service}:{verdict.port}/{verdict.protocol}"
    chip = html.chip(_SERVICE_TONES[verdict.outcome], verdict.outcome.value)
    said = text.explain(verdict, text.Length.LINE)
    parts = [html.paragraph(element("b", name), " ", chip), html.paragraph(said)]
    for backend in verdict.backends:
        parts += _verdict(backend)
    return html.block(*parts)
