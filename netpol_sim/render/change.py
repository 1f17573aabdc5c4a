"""What a change opens and closes, as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netpol_sim.analysis.diff import Diff
from netpol_sim.analysis.table.ports import NO_PORTS
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction
from netpol_sim.render import graph
from netpol_sim.render.palette import Tone
from netpol_sim.render.parties import Party, isolation, outside_parties, pod_parties
from netpol_sim.render.picture import Arrow, Box, Picture

MOST = 40
"""Of more arrows than these, those of what disappears are left out."""

NOTES = (
    "Blue arrows with +: newly allowed. Orange dashed arrows with -: no longer allowed.",
    "Grey arrows: what rules allowed before and still allow.",
)


def change_picture(change: Diff) -> Picture:
    """Both clusters in one picture: what appears, what disappears, and what rules still allow."""
    before, after = change.before, change.after
    both = after.with_pod(*(pod for pod in before.pods if after.find_pod(pod.key) is None))
    pods, outside = pod_parties(both, before, after), outside_parties(both, before, after)
    arrows = tuple(_arrows(before, after, pods, outside))
    notes: tuple[str, ...] = NOTES
    if len(arrows) > MOST:
        # After "deny everything" nearly all is gone; what is left is what there is to see.
        kept = tuple(arrow for arrow in arrows if arrow.tone is not Tone.REMOVED)
        gone = f"Not drawn: {len(arrows) - len(kept)} pairs lose connections; see the table."
        arrows, notes = kept, (*NOTES, gone)
    picture = Picture(
        title=f"Change: {change}",
        description="",
        groups=graph.groups(both, pods, lambda party: _box(before, after, party)),
        boxes=graph.places(outside, arrows),
        arrows=arrows,
        notes=notes,
    )
    return graph.finished(picture)


def _arrows(
    before: Cluster, after: Cluster, pods: Sequence[Party], outside: Sequence[Party]
) -> Iterator[Arrow]:
    old, new = (graph.flows(cluster, pods, outside) for cluster in (before, after))
    isolated = {party.key: _isolation(after, party) for party in pods}
    for source, target in dict.fromkeys((*old, *new)):
        was, now = old.get((source, target), NO_PORTS), new.get((source, target), NO_PORTS)
        if opened := now - was:
            label = f"+ {opened}"
            yield Arrow(source=source, target=target, label=label, tone=Tone.ADDED)
        if closed := was - now:
            label = f"- {closed}"
            yield Arrow(source=source, target=target, label=label, tone=Tone.REMOVED)
        if (same := was & now) and graph.by_rule(isolated, source, target):
            yield Arrow(source=source, target=target, label=str(same), tone=Tone.PLAIN)


def _isolation(cluster: Cluster, party: Party) -> tuple[Direction, ...]:
    pod = cluster.find_pod(party.key)
    return isolation(cluster, pod) if pod is not None else ()


def _box(before: Cluster, after: Cluster, party: Party) -> Box:
    """A pod as it is after the change; how it was before, where that differs."""
    was, now = (cluster.find_pod(party.key) for cluster in (before, after))
    lines = graph.lines_of(party, _isolation(after, party))
    if was is None:
        return Box(key=party.key, lines=(*lines, "new"), tone=Tone.ADDED)
    if now is None:
        return Box(key=party.key, lines=(*lines[:-1], "gone"), tone=Tone.REMOVED)
    tone = Tone.ISOLATED if _isolation(after, party) else Tone.PLAIN
    past = graph.state(was, _isolation(before, party))
    if past != lines[-1]:
        lines = (*lines, f"before: {past}")
    return Box(key=party.key, lines=lines, tone=tone)
