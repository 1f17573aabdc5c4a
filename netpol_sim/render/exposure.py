"""What a pod that does not exist yet could reach and be reached by: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Exposure  {pod, labels: {key: value}, summary, reachedBy: side, reaches: side}
    side      {isolatedBy: [policy], open: [{ports: [range], places: [name]}]}
"""

from __future__ import annotations

from typing import Final

from netpol_sim.analysis.exposure import Exposed, Exposure
from netpol_sim.analysis.table.ports import NO_PORTS
from netpol_sim.policy import Direction
from netpol_sim.render import describe, json
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.sheet import Page, Sheet

_POD: Final = "A new pod in namespace {namespace}, with {labels}."
_NO_LABELS: Final = "no labels"
_HEADINGS: Final = {
    Direction.INGRESS: "It could be reached by:",
    Direction.EGRESS: "It could reach:",
}
_ISOLATED: Final = "It would be isolated for {direction} by {policies}. {heading}"
_OPEN: Final = "No policy would isolate it for {direction}. {heading}"
_COLUMNS: Final = {Direction.INGRESS: "from", Direction.EGRESS: "to"}
_NOTHING: Final = {Direction.INGRESS: "nobody", Direction.EGRESS: "nothing"}


def page(exposure: Exposure) -> Page:
    """For both directions who would isolate the pod, and what would be open."""
    pod = exposure.pod
    everyone = Everyone(exposure.places)
    headline = _POD.format(namespace=pod.namespace, labels=pod.labels or _NO_LABELS)
    return (
        headline,
        *_side(exposure, Direction.INGRESS, exposure.reached_by, everyone),
        *_side(exposure, Direction.EGRESS, exposure.reaches, everyone),
    )


def _side(exposure: Exposure, direction: Direction, found: Exposed, everyone: Everyone) -> Page:
    policies = exposure.isolated_by[direction]
    heading = (_ISOLATED if policies else _OPEN).format(
        heading=_HEADINGS[direction],
        direction=direction.lower(),
        policies=describe.listed(policy.key for policy in policies),
    )
    rows = [(everyone.called(places), str(ports)) for ports, places in found]
    table = Sheet(
        head=(_COLUMNS[direction], "ports"),
        rows=tuple(rows) or ((_NOTHING[direction], str(NO_PORTS)),),
    )
    return (heading, table)


def document(exposure: Exposure) -> json.Document:
    """An exposure as a JSON document."""
    return json.envelope(
        "Exposure",
        {
            "pod": exposure.pod.key,
            "labels": dict(exposure.pod.labels),
            "summary": str(exposure),
            "reachedBy": _json_side(exposure, Direction.INGRESS, exposure.reached_by),
            "reaches": _json_side(exposure, Direction.EGRESS, exposure.reaches),
        },
    )


def _json_side(exposure: Exposure, direction: Direction, found: Exposed) -> json.Json:
    return {
        "isolatedBy": [policy.key for policy in exposure.isolated_by[direction]],
        "open": [
            {"ports": json.port_ranges(ports), "places": [each.key for each in places]}
            for ports, places in found
        ],
    }
