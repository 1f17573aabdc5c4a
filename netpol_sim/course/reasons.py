"""Why an answer decides otherwise than the solution: only the ends where it does, in sentences.

What an end should have said is known, so nothing is told of an end that is right.  Nor is it told
what a rule would have needed: that is for the last hint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.render import ends, quotes, rules, words
from netpol_sim.render.nearest import nearest_miss
from netpol_sim.render.quotes import Quote
from netpol_sim.render.scene import Scene
from netpol_sim.verdict import Answer, EndVerdict, Verdict

Policies = tuple[AnyPolicy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Sentences about a connection, and the lines of the answer that they rest on."""

    sentences: tuple[str, ...]
    quotes: tuple[Quote, ...]


def told(mine: Answer, should: Answer, cluster: Cluster, own: Policies) -> Told:
    """Why ``mine`` is not what the solution makes of the connection.

    Args:
        mine: What the answer makes of it.
        should: What the solution makes of it.
        cluster: What the answer was judged in.
        own: The policies of the answer; all others of the cluster are given.
    """
    for one, other in zip(_verdicts(mine), _verdicts(should), strict=True):
        if one.allowed is not other.allowed:
            scene = Scene(connection=one.connection, cluster=cluster)
            wrong = differing(one, other)
            return Told(
                sentences=tuple(_sentences(scene, one, wrong, own)),
                quotes=tuple(
                    quote for end in wrong for quote in quotes.of_end(end, one.connection)
                ),
            )
    return Told(sentences=(), quotes=())


def differing(mine: Verdict, should: Verdict) -> tuple[EndVerdict, ...]:
    """The ends of a verdict that decide otherwise than they should."""
    pairs = zip(mine.ends, should.ends, strict=True)
    return tuple(one for one, other in pairs if one.allowed is not other.allowed)


def _verdicts(answer: Answer) -> tuple[Verdict, ...]:
    return (answer,) if isinstance(answer, Verdict) else answer.backends


def _sentences(
    scene: Scene, verdict: Verdict, wrong: tuple[EndVerdict, ...], own: Policies
) -> Iterator[str]:
    for end in wrong:
        yield from _end(scene, end, own)
    if len(verdict.denied_by) == 2:
        yield words.BOTH_ENDS_REFUSE
    elif verdict.denied_by:
        other = verdict.egress if verdict.egress.allowed else verdict.ingress
        yield words.ONE_END_REFUSES.format(other=other.direction.lower())


def _end(scene: Scene, end: EndVerdict, own: Policies) -> list[str]:
    lines = ends.paragraph(scene, end)
    if end.matched:
        opening, matches, *others = lines
        where = opening.partition(":")[0]
        return [f"{where}: {matches[:1].lower()}{matches[1:]}", *others]
    if end.decided_by is not None:
        return lines
    if not end.allowed and not any(policy in own for policy in end.isolated_by):
        # Why given rules do not match is beside the point.
        direction = end.direction.lower()
        return [lines[0], f"None of your policies selects {end.entity} for {direction}."]
    miss = nearest_miss(end, scene.connection)
    needed = None if miss is None else rules.would_match(scene, miss)
    return [line for line in lines if line != needed]
