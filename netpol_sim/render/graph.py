"""A cluster as a picture: namespaces, pods, how they are isolated, who reaches whom.

An arrow is drawn where a rule allows something: from or to a pod that is isolated.  What passes
only because both pods are open is not drawn, except in a small picture, where it is a thin arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.choice import place
from netpol_sim.analysis.table.ports import ALL_PORTS, NO_PORTS, PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, Entity, Pod
from netpol_sim.policy import Direction
from netpol_sim.render import crowd
from netpol_sim.render.bundle import bundled
from netpol_sim.render.palette import Tone
from netpol_sim.render.parties import Party, outside_parties, pod_parties
from netpol_sim.render.picture import Arrow, Box, Group, Picture, Shape
from netpol_sim.verdict import Reason

SMALL = 5
"""In a picture of up to so many boxes the arrows between open pods are drawn too."""

Flows = Mapping[tuple[str, str], PortSet]


def cluster_picture(cluster: Cluster) -> Picture:
    """The picture of a cluster."""
    pods, outside = pod_parties(cluster), outside_parties(cluster)
    allowed = flows(cluster, pods, outside)
    isolated = {party.key: party.isolated for party in pods}
    small = len(pods) <= SMALL

    def arrow(source: str, target: str, ports: PortSet) -> Arrow | None:
        if not ports:
            return None
        if by_rule(isolated, source, target):
            if ports == ALL_PORTS and _on_own_node(cluster, source, target):
                return Arrow(source=source, target=target, label="same node", tone=Tone.MUTED)
            return Arrow(source=source, target=target, label=str(ports), tone=Tone.ALLOWED)
        inside = source in isolated and target in isolated
        return Arrow(source=source, target=target, tone=Tone.MUTED) if small and inside else None

    arrows = _arrows(allowed, arrow)
    picture = Picture(
        title=f"Cluster with {cluster}",
        description="",
        groups=groups(cluster, pods, _pod_box),
        boxes=places(outside, arrows),
        arrows=arrows,
        notes=tuple(_notes(cluster, pods, small=small)),
    )
    return finished(picture)


def finished(picture: Picture) -> Picture:
    """The picture with bundles, cut to what can be read, and described in words."""
    cut = crowd.thinned(bundled(picture))
    return replace(cut, description="\n".join(_sentences(cut)))


def by_rule(isolated: Mapping[str, Sequence[Direction]], source: str, target: str) -> bool:
    """Whether a policy has a say about a connection."""
    return Direction.EGRESS in isolated.get(source, ()) or Direction.INGRESS in isolated.get(
        target, ()
    )


def _on_own_node(cluster: Cluster, source: str, target: str) -> bool:
    """Whether policies have no say because one pod uses the network of the other's node."""
    ends = [pod for key in (source, target) if (pod := cluster.find_pod(key)) is not None]
    if len(ends) < 2 or not any(pod.host_network for pod in ends):
        return False
    verdict = evaluate(cluster, Connection(source=ends[0], destination=ends[1], port=1))
    return any(end.reason is Reason.OWN_NODE for end in verdict.ends)


def flows(cluster: Cluster, pods: Sequence[Party], outside: Sequence[Party]) -> Flows:
    """The exact ports between every two parties of which at least one is pods.

    Pods that the cluster does not have are left out.
    """
    table = Table(cluster)
    reach = Reach(table, Direction.EGRESS)
    found = {}
    pods = [party for party in pods if cluster.find_pod(party.key) is not None]
    for source in (*pods, *outside):
        reached = reach.of(_at(table, source.entity))
        for target in (*pods, *outside):
            # Of pods that are alike, the first is asked about the second.
            end = target.pods[1] if source is target and target.pods[1:] else target.entity
            if end == source.entity or not (source.pods or target.pods):
                continue
            at = _at(table, end)
            ports = (ports for ports, far in reached.items() if far >> at & 1)
            found[source.key, target.key] = next(ports, NO_PORTS)
    return found


def _at(table: Table, entity: Entity) -> int:
    # By name: in another cluster a pod of the same name may have other labels.
    return place(table, entity.key if isinstance(entity, Pod) else entity)


def _arrows(
    allowed: Flows, arrow: Callable[[str, str, PortSet], Arrow | None]
) -> tuple[Arrow, ...]:
    drawn = (arrow(source, target, ports) for (source, target), ports in allowed.items())
    return tuple(found for found in drawn if found is not None)


def groups(
    cluster: Cluster, pods: Sequence[Party], box: Callable[[Party], Box]
) -> tuple[Group, ...]:
    """A frame for each namespace that has pods, in cluster order."""
    inside: dict[str, list[Box]] = {}
    for party in pods:
        inside.setdefault(party.pods[0].namespace, []).append(box(party))
    return tuple(
        Group(title=f"namespace {namespace.name}", boxes=tuple(inside[namespace.name]))
        for namespace in cluster.namespaces
        if namespace.name in inside
    )


def _pod_box(party: Party) -> Box:
    tone = Tone.ISOLATED if party.isolated else Tone.PLAIN
    return Box(key=party.key, lines=lines_of(party, party.isolated), tone=tone)


def lines_of(party: Party, isolated: Sequence[Direction]) -> tuple[str, ...]:
    """What is written on a box: name, labels, and last what policies make of it."""
    pod, count = party.pods[0], len(party.pods)
    name = party.name if count == 1 else f"{party.name} ({count} pods)"
    labels = crowd.shortened(", ".join(f"{key}={value}" for key, value in pod.labels.items()))
    return (name, *([labels] if labels else []), state(pod, isolated))


def state(pod: Pod, isolated: Sequence[Direction]) -> str:
    """What policies make of a pod, in a few words."""
    if not pod.takes_part:
        return f"{pod.phase}: no network"
    if isolated:
        return f"isolated: {' + '.join(direction.lower() for direction in isolated)}"
    return "on its node's network" if pod.host_network else "open"


def places(outside: Sequence[Party], arrows: Sequence[Arrow]) -> tuple[Box, ...]:
    """The outside, as far as an arrow leads there."""
    linked = {key for arrow in arrows for key in (arrow.source, arrow.target)}
    return tuple(
        Box(key=party.key, lines=(party.name,), shape=Shape.PLACE, tone=Tone.MUTED)
        for party in outside
        if party.key in linked
    )


def _notes(cluster: Cluster, pods: Sequence[Party], *, small: bool) -> Iterator[str]:
    if not cluster.profile.enforces:
        yield "The network plugin does not enforce policies: everything is open."
    if any(party.isolated for party in pods):
        yield "Green arrows: what rules allow. Where a pod is isolated, nothing else passes."
    if not all(party.isolated for party in pods):
        if small and len(pods) > 1:
            yield "Thin arrows: open pods connect on every port."
        else:
            yield "Not drawn: open pods connect to one another and to the outside on every port."


def _sentences(picture: Picture) -> Iterator[str]:
    """What is to be seen, for whom the picture is not visible."""
    for group in picture.groups:
        boxes = "; ".join(", ".join(box.lines) for box in group.boxes)
        yield f"{group.title}: {boxes}."
    for arrow in picture.arrows:
        way = "to and from" if arrow.both else "to"
        label = f" ({arrow.label})" if arrow.label else f" ({ALL_PORTS})"
        yield f"{arrow.source} {way} {arrow.target}{label}."
    yield from picture.notes
