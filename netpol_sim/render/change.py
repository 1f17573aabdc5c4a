"""What a change opens and closes: as a picture, and as a table with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netpol_sim.analysis.diff import Change, Diff
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.ports import NO_PORTS
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction
from netpol_sim.render import graph, html, text
from netpol_sim.render.markup import Markup
from netpol_sim.render.palette import Tone
from netpol_sim.render.parties import Party, isolation, outside_parties, pod_parties
from netpol_sim.render.picture import Arrow, Box, Picture

NAMES = 6
"""So many names are listed at an end; the rest is counted."""

MOST = 40
"""Of more arrows than these, those of what disappears are left out."""

NOTES = (
    "Blue arrows with +: newly allowed. Orange dashed arrows with -: no longer allowed.",
    "Grey arrows: what rules allowed before and still allow.",
)
NOTHING = "No connection appears or disappears."


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


def as_html(change: Diff) -> Markup:
    """A change as HTML: each group of connections with its ports, and the reason now."""
    if not change:
        return html.block(html.paragraph(NOTHING))
    head = html.row(
        *(html.heading(word, scope="col") for word in ("change", "from", "to", "ports", "why"))
    )
    rows = [_row(item, Tone.ADDED, "appears") for item in change.added]
    rows += [_row(item, Tone.REMOVED, "disappears") for item in change.removed]
    return html.block(html.table(*rows, caption=str(change), head=head))


def as_text(change: Diff) -> str:
    """A change as plain text, with the same content."""
    if not change:
        return NOTHING
    lines = [str(change)]
    for sign, items in (("+", change.added), ("-", change.removed)):
        for item in items:
            ends = (", ".join(_listed(places)) for places in (item.sources, item.destinations))
            lines.append(f"{sign} {' -> '.join(ends)}: {item.ports}")
            lines.append(f"    {_because(item)}")
    return "\n".join(lines)


def _row(item: Change, tone: Tone, word: str) -> Markup:
    return html.row(
        html.heading(html.chip(tone, word), scope="row"),
        html.cell(html.lines(_listed(item.sources))),
        html.cell(html.lines(_listed(item.destinations))),
        html.cell(item.ports),
        html.cell(_because(item)),
    )


def _listed(places: Sequence[Place]) -> list[str]:
    names = [place.key for place in places[:NAMES]]
    more = len(places) - len(names)
    return [*names, *([f"and {more} more"] if more else [])]


def _because(item: Change) -> str:
    """What decided for one of the connections, after the change or, if it is gone, before it."""
    verdict = item.after or item.before
    said = text.explain(verdict, text.Length.LINE) if verdict is not None else str(item.example)
    return f"An end is gone; before, {said}" if item.after is None else said
