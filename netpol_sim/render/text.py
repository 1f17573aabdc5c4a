"""A value as plain sentences: ``explain``, in three lengths.

``line`` is one sentence: the answer and what decided it.  ``paragraph`` says for both ends who
isolates whom, which rule matches, or the nearest miss and what it would have needed.  ``trace``
adds every policy, rule, peer and port that was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from netpol_sim import services
from netpol_sim.analysis.connections import Connections
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import LabelSelector
from netpol_sim.plugin import EgressJudged
from netpol_sim.render import describe, ends, rule_words, words
from netpol_sim.render.scene import Scene
from netpol_sim.verdict import Answer, Caveat, Reason, ServiceOutcome, ServiceVerdict, Verdict


class Length(StrEnum):
    """How much ``explain`` says."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    TRACE = "trace"


def explain(value: Answer | Connections, length: Length | str = Length.PARAGRAPH) -> str:
    """Say in plain sentences why a connection, or a range of ports, is allowed or denied.

    Args:
        value: What ``evaluate`` or ``connections`` returned.
        length: ``line``, ``paragraph`` or ``trace``.

    Returns:
        Sentences, one on each line, without an end of line at the end.

    Raises:
        InvalidValueError: ``length`` is none of the three.
    """
    chosen = _length(length)
    match value:
        case Verdict():
            return "\n".join(_verdict(Scene.of(value), value, chosen))
        case ServiceVerdict():
            return "\n".join(_service(value, chosen))
        case Connections():
            return "\n".join(_connections(value, chosen))
        case _:
            assert_never(value)


def _length(text: str) -> Length:
    if text in list(Length):
        return Length(text)
    problem = Problem(
        kind=ProblemKind.NOT_SUPPORTED,
        field="length",
        value=str(text),
        message=f"supported are {', '.join(Length)}",
    )
    raise InvalidValueError([problem])


def _verdict(scene: Scene, verdict: Verdict, length: Length) -> Iterator[str]:
    headline = words.HEADLINE.format(
        connection=verdict.connection, answer=words.ANSWERS[verdict.allowed]
    )
    if length is Length.LINE:
        yield f"{headline}: {reason(verdict)}"
    else:
        yield f"{headline}."
        yield from _body(scene, verdict, length)


def reason(value: Answer) -> str:
    """What decided an answer, in one sentence that does not say which connection it is about."""
    match value:
        case Verdict():
            said = _reasons(Scene.of(value), value)
        case ServiceVerdict(backends=(backend,)):
            return reason(backend)
        case ServiceVerdict():
            said = _service_reason(value)
    return f"{said}."


def _reasons(scene: Scene, verdict: Verdict) -> str:
    """What decided a verdict: the ends that refuse, or the ends that might have."""
    reasons = {end.reason for end in verdict.ends}
    if reasons == {Reason.NOT_ISOLATED}:
        return words.NEITHER_ISOLATED
    if reasons == {Reason.NOT_A_POD}:
        return words.NEITHER_A_POD
    deciding = [
        end
        for end in verdict.ends
        if end.allowed is verdict.allowed and end.reason is not Reason.NOT_A_POD
    ]
    return "; ".join(dict.fromkeys(ends.short(scene, end) for end in deciding))


def _body(scene: Scene, verdict: Verdict, length: Length) -> Iterator[str]:
    tell = ends.trace if length is Length.TRACE else ends.paragraph
    for end in verdict.ends:
        yield from tell(scene, end)
    if len(verdict.denied_by) == 2:
        yield words.BOTH_ENDS_REFUSE
    elif verdict.denied_by:
        other = verdict.egress if verdict.egress.allowed else verdict.ingress
        yield words.ONE_END_REFUSES.format(other=other.direction.lower())
    elif length is Length.TRACE:
        yield words.REPLIES
    yield from _caveats(verdict.caveats, verdict)
    yield from _if_enforced(scene, verdict)


def notes(verdict: Verdict) -> Iterator[str]:
    """What the API leaves open about a verdict, a sentence each."""
    yield from _caveats(verdict.caveats, verdict)


def _caveats(caveats: tuple[Caveat, ...], verdict: Verdict) -> Iterator[str]:
    for caveat in caveats:
        yield words.CAVEAT.format(sentence=caveat_sentence(caveat, verdict))


def caveat_sentence(caveat: Caveat, verdict: Verdict) -> str:
    """What the API leaves open about a verdict."""
    return words.CAVEATS[caveat].format(
        destination=verdict.connection.destination,
        ignored=", ".join(policy.key for policy in verdict.cluster.ignored_policies),
    )


def _if_enforced(scene: Scene, verdict: Verdict) -> Iterator[str]:
    """What the same policies would do on a plugin that enforces them."""
    reasons = {end.reason for end in verdict.ends}
    if Reason.NOT_ENFORCED not in reasons:
        return
    profile = replace(scene.cluster.profile, enforces=True)
    other = evaluate(scene.cluster.with_profile(profile), scene.connection)
    if other.allowed:
        yield words.WOULD_ALSO_BE_ALLOWED
    else:
        yield words.WOULD_BE
        yield from (f"  {line}" for line in _verdict(Scene.of(other), other, Length.LINE))


def _service(verdict: ServiceVerdict, length: Length) -> Iterator[str]:
    told = [(Scene.of(backend), backend) for backend in verdict.backends]
    name, _, _ = str(verdict).rpartition(": ")
    headline = f"{name} {words.SERVICE_OUTCOMES[verdict.outcome]}"
    if length is Length.LINE:
        yield f"{headline}: {reason(verdict)}"
        return
    yield f"{headline}."
    if len(told) != 1:
        yield ends.sentence(_service_reason(verdict))
    yield from _translations(verdict)
    if len(told) == 1:
        yield from _body(*told[0], length)
        return
    for scene, backend in told:
        if length is Length.TRACE:
            yield ""
        yield from _verdict(scene, backend, Length.LINE if length is Length.PARAGRAPH else length)
    if length is Length.PARAGRAPH and told:
        yield from _caveats(verdict.caveats, told[0][1])


def _connections(found: Connections, length: Length) -> Iterator[str]:
    yield words.CONNECTIONS.format(
        source=found.source.key, destination=found.destination.key, ports=found.ports
    )
    for group in found.groups if length is not Length.LINE else ():
        heading = f"{group.ports}: {words.ANSWERS[group.allowed]}"
        if length is Length.PARAGRAPH:
            yield f"  {heading}: {reason(group.answer)}"
        else:
            yield ""
            yield f"{heading}; for example"
            said = explain(group.answer, length)
            yield from (f"  {line}".rstrip() for line in said.splitlines())


def _service_reason(verdict: ServiceVerdict) -> str:
    service = verdict.service
    template = words.SERVICE_REASONS[verdict.outcome]
    if service.external_name is not None:
        allowed = verdict.outcome is ServiceOutcome.ALLOWED
        template = words.EXTERNAL_NAME_ALLOWED if allowed else words.EXTERNAL_NAME_UNKNOWN
    return template.format(
        lack=_lack(verdict) if verdict.outcome is ServiceOutcome.NO_BACKEND else "",
        count=len(verdict.backends),
        allowed=sum(backend.allowed for backend in verdict.backends),
        selector=describe.terms(LabelSelector(match_labels=service.selector or {})),
        namespace=service.namespace,
        source=verdict.source,
        external_name=service.external_name,
    )


def _lack(verdict: ServiceVerdict) -> str:
    service = verdict.service
    targets = (each.target_port for each in service.ports if each.port == verdict.port)
    return words.LACKS[services.lack(verdict.cluster, service)].format(
        selector=describe.terms(LabelSelector(match_labels=service.selector or {})),
        namespace=service.namespace,
        target=next(targets, None),
        protocol=verdict.protocol,
    )


def _translations(verdict: ServiceVerdict) -> Iterator[str]:
    """Which pod connection stands for the Service, for each of its pods."""
    if not verdict.backends:
        return
    if verdict.service.headless:
        yield words.HEADLESS
    targets = [
        f"{backend.connection.destination}:{backend.connection.port}"
        for backend in verdict.backends
    ]
    yield words.TRANSLATED.format(
        service=verdict.service, port=verdict.port, backends=describe.listed(targets, rule_words.OR)
    )
    judged = verdict.cluster.profile.egress_judged
    dialled = any(backend.connection.dialled for backend in verdict.backends)
    before = dialled and judged is EgressJudged.BEFORE_TRANSLATION
    yield words.JUDGED_BEFORE if before else words.JUDGED_ON_PODS
