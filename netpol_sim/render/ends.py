"""One end of a verdict in words: why it allows or denies, in half a sentence, in a few, in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netpol_sim.cluster_policy import Tier
from netpol_sim.labels import EVERYTHING
from netpol_sim.model import Phase, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import NetworkPolicy
from netpol_sim.render import describe, rule_words, rules, tiers, words
from netpol_sim.render.nearest import Miss, nearest_miss
from netpol_sim.render.scene import Scene
from netpol_sim.rule_steps import PeerOutcome, PortOutcome, RuleStep
from netpol_sim.verdict import EndVerdict, Reason


def short(scene: Scene, end: EndVerdict) -> str:
    """Why an end allows or denies, in half a sentence."""
    facts = _facts(scene, end)
    if end.matched:
        facts["rule"] = _rule(end.matched[0], rule_words.SHORT_RULE)
    miss = nearest_miss(end, scene.connection)
    if miss is not None:
        facts["miss"] = _short_miss(scene, end, miss)
    if _is_undecided(end):
        return words.SHORT_UNDECIDED.format_map(facts)
    return words.SHORT_REASONS[end.reason].format_map(facts)


def paragraph(scene: Scene, end: EndVerdict) -> list[str]:
    """Why an end allows or denies: who isolates the pod, and which rule matches or nearly does."""
    lines = [_answer(scene, end), *tiers.sentences(end)]
    if end.matched:
        lines += _matches(end.matched)
    miss = nearest_miss(end, scene.connection)
    if miss is not None:
        lines += _nearest(scene, end, miss)
    return [*lines, *_remarks(scene, end)]


def trace(scene: Scene, end: EndVerdict) -> list[str]:
    """Why an end allows or denies, with every policy, rule, peer and port that was looked at."""
    lines: list[str] = []
    before, after = (_trace_tier(scene, end, tier) for tier in Tier)
    lines += before
    for policy in end.isolated_by:
        lines += _trace_policy(scene, end, policy)
    lines += after
    miss = nearest_miss(end, scene.connection)
    if miss is not None and len(end.steps) > 1:
        lines.append(rule_words.TRACE_NEAREST.format(rule=_rule(miss.step)))
    if miss is not None:
        lines.append(rules.would_match(scene, miss))
    lines += _remarks(scene, end)
    return [_answer(scene, end), *(f"  {line}" for line in lines)]


def _answer(scene: Scene, end: EndVerdict) -> str:
    facts = _facts(scene, end)
    reason = words.UNDECIDED if _is_undecided(end) else words.REASONS[end.reason]
    return f"{words.END.format_map(facts)} {reason.format_map(facts)}"


def _is_undecided(end: EndVerdict) -> bool:
    """Whether tiers were asked, and neither they nor a NetworkPolicy decided."""
    return bool(end.tiers) and end.reason is Reason.NOT_ISOLATED


def _trace_tier(scene: Scene, end: EndVerdict, tier: Tier) -> list[str]:
    return [line for found in end.tiers if found.tier is tier for line in tiers.trace(scene, found)]


def _facts(scene: Scene, end: EndVerdict) -> dict[str, str]:
    near, far = end.entity, scene.connection.far(end.direction)
    names = [str(policy) for policy in end.isolated_by]
    many = len(names) > 1
    facts = {
        "near": str(near),
        "far": str(far),
        "what": describe.kind(near),
        "direction": end.direction.lower(),
        "Direction": end.direction.value,
        "answer": words.ANSWERS[end.allowed],
        "open": words.OPEN[end.direction],
        "closed": words.CLOSED[end.direction],
        "Policies": capital(_policies(map(_policy, end.isolated_by))),
        "names": _policies(names),
        "either": words.EITHER_POLICY.format(names=describe.listed(names, rule_words.OR)),
        "isolates": words.ISOLATES[many],
        "has": words.HAS[many],
        **tiers.facts(end),
    }
    if isinstance(near, Pod):
        pending = near.phase is Phase.PENDING
        phase = words.PENDING if pending else words.FINISHED.format(phase=near.phase)
        through = words.THROUGH.format(far=far) if isinstance(far, Pod) else ""
        facts |= {"node": f"node/{near.node}", "through": through, "phase": phase}
    template = words.ONLY_RULE if len(end.steps) == 1 else words.NO_RULE
    facts["none_matches"] = template.format(
        its=words.ITS[many], count=len(end.steps), direction=facts["direction"]
    )
    return facts


def _policies(names: Iterable[str]) -> str:
    listed = tuple(names)
    return words.POLICIES[len(listed) > 1].format(names=describe.listed(listed))


def _policy(policy: NetworkPolicy) -> str:
    return describe.where(policy.key, policy.origin.locate() if policy.origin else None)


def _rule(step: RuleStep, template: str = rule_words.RULE) -> str:
    return template.format(
        number=step.index + 1, policy=step.policy, direction=step.direction.lower()
    )


def _matches(steps: Sequence[RuleStep]) -> Iterator[str]:
    """Which rules match: the first with the entries that do, the others by number."""
    step, *others = steps
    yield sentence(
        rule_words.RULE_MATCHES.format(
            rule=_rule(step), peer=_matching_peer(step), port=_matching_port(step)
        )
    )
    if others:
        template = rule_words.ONE_MORE_MATCHES if len(others) == 1 else rule_words.MORE_MATCH
        yield sentence(template.format(rules=describe.listed(map(_rule, others))))


def _matching_peer(step: RuleStep) -> str:
    if step.matched_peer is None:
        field = step.direction.peers_field
        return rule_words.NO_PEERS.format(where=rules.where(step), field=field)
    field = step.peer_field(step.peers.index(PeerOutcome.MATCHED))
    peer = describe.peer(step.matched_peer, step.policy.namespace)
    return rule_words.PEER_ALLOWS.format(where=rules.where(step, field), peer=peer)


def _matching_port(step: RuleStep) -> str:
    if step.matched_port is None:
        return rule_words.NO_PORTS
    field = step.port_field(step.ports.index(PortOutcome.MATCHED))
    port = describe.port(step.matched_port)
    return rule_words.PORT_ALLOWS.format(where=rules.where(step, field), port=port)


def _short_miss(scene: Scene, end: EndVerdict, miss: Miss) -> str:
    _, why = next(_misses(scene, miss))
    if len(end.steps) == 1:
        return why
    return rule_words.SHORT_NEAREST.format(rule=_rule(miss.step), miss=why)


def _nearest(scene: Scene, end: EndVerdict, miss: Miss) -> Iterator[str]:
    """The nearest miss: what the rule allows, which half failed, what it would have needed."""
    step = miss.step
    template = rule_words.ONLY if len(end.steps) == 1 else rule_words.NEAREST
    rule = _rule(step)
    allows = rules.allows(step.rule, step.direction, step.policy.namespace)
    yield template.format(rule=rule, Rule=capital(rule), where=rules.where(step), allows=allows)
    template = rule_words.PART_FAILS
    if miss.port is None and step.ports:
        template = rule_words.ONLY_PEER_FAILS
    if miss.peer is None and step.peers:
        template = rule_words.ONLY_PORT_FAILS
    for field, sentence in _misses(scene, miss):
        yield template.format(where=rules.where(step, field), sentence=sentence)
    yield rules.would_match(scene, miss)


def _misses(scene: Scene, miss: Miss) -> Iterator[tuple[str, str]]:
    """The field of each entry that came nearest, and why it does not match."""
    step = miss.step
    if miss.peer is not None:
        yield step.peer_field(miss.peer), rules.peer_sentence(scene, step, miss.peer)
    if miss.port is not None:
        yield step.port_field(miss.port), rules.port_sentence(scene, step, miss.port)


def _remarks(scene: Scene, end: EndVerdict) -> list[str]:
    """What surprises many: rules in other policies would do, ``NotIn`` covers the absent label."""
    near, far = end.entity, scene.connection.far(end.direction)
    lines: list[str] = []
    if end.reason is Reason.NO_RULE_WRITTEN:
        lines += [
            words.TYPES_LEFT_OUT.format(policy=policy)
            for policy in end.isolated_by
            if policy.origin is not None and not policy.origin.wrote("spec.policyTypes")
        ]
        lines.append(words.ADD_A_RULE.format_map(_facts(scene, end)))
    if end.reason is Reason.NOT_ISOLATED:
        lines += [
            words.RULES_IGNORED.format(
                policy=policy, Direction=end.direction, direction=end.direction.lower()
            )
            for policy in scene.ignored(end.entity, end.direction)
        ]
        if scene.baseline_not_asked(end):
            lines.append(words.BASELINE_NOT_ASKED)
    if isinstance(near, Pod):
        for policy in end.isolated_by:
            lines += describe.covers_absent(policy.pod_selector, str(near), near.labels)
    if isinstance(far, Pod):
        for step in end.matched[:1]:
            if isinstance(step.matched_peer, PodPeer):
                selector = step.matched_peer.pod_selector or EVERYTHING
                lines += describe.covers_absent(selector, str(far), far.labels)
    return list(dict.fromkeys(lines))


def _trace_policy(scene: Scene, end: EndVerdict, policy: NetworkPolicy) -> Iterator[str]:
    own = rule_words.NAMESPACE.format(names=policy.namespace)
    direction = end.direction.lower()
    yield rule_words.TRACE_POLICY.format(
        policy=_policy(policy), pods=describe.pods(policy.pod_selector, own), direction=direction
    )
    steps = [step for step in end.steps if step.policy is policy]
    if not steps:
        yield f"  {rule_words.TRACE_NO_RULES.format(direction=direction)}"
    for step in steps:
        template = rule_words.TRACE_RULE[step.matched]
        yield f"  {template.format(number=step.index + 1, where=rules.where(step))}"
        yield from (f"    {line}" for line in _trace_rule(scene, step))


def _trace_rule(scene: Scene, step: RuleStep) -> Iterator[str]:
    if not step.peers:
        yield rule_words.TRACE_NO_PEERS.format(field=step.direction.peers_field)
    for index, peer in enumerate(step.rule.peers):
        yield rule_words.TRACE_PART[step.peers[index] is PeerOutcome.MATCHED].format(
            where=_entry(step, step.peer_field(index)),
            described=describe.peer(peer, step.policy.namespace),
            sentence=rules.peer_sentence(scene, step, index),
        )
    if not step.ports:
        yield rule_words.TRACE_NO_PORTS
    for index, entry in enumerate(step.rule.ports):
        yield rule_words.TRACE_PART[step.ports[index] is PortOutcome.MATCHED].format(
            where=_entry(step, step.port_field(index)),
            described=describe.port(entry),
            sentence=rules.port_sentence(scene, step, index),
        )


def _entry(step: RuleStep, field: str) -> str:
    """The path of an entry within its rule, with its place in a file if known."""
    return describe.where(field.removeprefix(f"{step.field}."), step.locate(field))


def sentence(text: str) -> str:
    """A text as a sentence: a capital at its start, a full stop at its end."""
    return f"{capital(text)}."


def capital(text: str) -> str:
    """A text with a capital at its start."""
    return f"{text[:1].upper()}{text[1:]}"
