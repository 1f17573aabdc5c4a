"""The way of one connection as a picture: through both ends, as far as it gets."""

from __future__ import annotations

import textwrap

from netpol_sim.model import Entity, Pod
from netpol_sim.render import ends, text, words
from netpol_sim.render.html import tone_of
from netpol_sim.render.palette import Tone
from netpol_sim.render.picture import Arrow, Box, Picture, Shape
from netpol_sim.render.scene import Scene
from netpol_sim.verdict import EndVerdict, ServiceVerdict, Verdict

WIDTH = 30


def verdict_picture(verdict: Verdict) -> Picture:
    """Source, egress end, ingress end, destination; the end that refuses says why."""
    connection = verdict.connection
    scene = Scene.of(verdict)
    egress, ingress = (_gate(scene, end) for end in verdict.ends)
    port = f"port {connection.port}/{connection.protocol}"
    boxes = (
        _end("source", connection.source, "source"),
        egress,
        ingress,
        _end("destination", connection.destination, port),
    )
    passed = (True, verdict.egress.allowed, verdict.allowed)
    arrows = tuple(
        Arrow(
            source=before.key,
            target=after.key,
            label="" if there else "stopped",
            tone=Tone.ALLOWED if there else Tone.DENIED,
        )
        for before, after, there in zip(boxes, boxes[1:], passed, strict=False)
    )
    answer = words.ANSWERS[verdict.allowed]
    return Picture(
        title=f"{connection}: {answer}",
        description=text.explain(verdict).replace("\n", " "),
        boxes=boxes,
        arrows=arrows,
    )


def _end(key: str, entity: Entity, says: str) -> Box:
    shape = Shape.POD if isinstance(entity, Pod) else Shape.PLACE
    return Box(key=key, lines=(str(entity), says), shape=shape)


def _gate(scene: Scene, end: EndVerdict) -> Box:
    answer = words.ANSWERS[end.allowed]
    because = textwrap.wrap(ends.short(scene, end).partition(" (")[0], WIDTH)
    return Box(
        key=end.direction.lower(),
        lines=(f"{end.direction}: {answer}", *because),
        shape=Shape.STEP,
        tone=tone_of(end.allowed),
    )


def service_picture(verdict: ServiceVerdict) -> Picture:
    """Source, Service, and each pod behind it with the answer for it."""
    source = _end("source", verdict.source, "source")
    port = f"port {verdict.port}/{verdict.protocol}"
    service = Box(key="service", lines=(str(verdict.service), port), shape=Shape.BUNDLE)
    pods, arrows = [], [Arrow(source="source", target="service")]
    for backend in verdict.backends:
        pod, number = backend.connection.destination, backend.connection.port
        answer = words.ANSWERS[backend.allowed]
        tone = tone_of(backend.allowed)
        pods.append(Box(key=pod.key, lines=(pod.key, f"port {number}: {answer}"), tone=tone))
        arrows.append(Arrow(source="service", target=pod.key, label=answer, tone=tone))
    return Picture(
        title=str(verdict),
        description=text.explain(verdict).replace("\n", " "),
        boxes=(source, service, *pods),
        arrows=tuple(arrows),
    )
