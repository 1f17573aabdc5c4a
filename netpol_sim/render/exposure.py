"""What a pod that does not exist yet could reach and be reached by: as text and as JSON.

The JSON document, in the notation of ``json.py``::

    Exposure  {pod, labels: {key: value}, summary, reachedBy: side, reaches: side}
    side      {isolatedBy: [policy], open: [{ports: text, places: [name]}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.diff.gathered import gathered
from netpol_sim.analysis.exposure import Exposed, Exposure
from netpol_sim.policy import Direction
from netpol_sim.render import json


def as_text(exposure: Exposure) -> str:
    """An exposure as plain text: for both directions who isolates it, and what is open."""
    pod = exposure.pod
    lines = [f"A new pod in {pod.namespace} with {pod.labels or 'no labels'}:"]
    lines += ["", "could be reached by:"]
    lines += _side(exposure, Direction.INGRESS, exposure.reached_by)
    lines += ["", "could reach:"]
    lines += _side(exposure, Direction.EGRESS, exposure.reaches)
    return "\n".join(lines)


def _side(exposure: Exposure, direction: Direction, found: Exposed) -> Iterator[str]:
    policies = exposure.isolated_by[direction]
    if policies:
        yield f"  (isolated for {direction.lower()} by {', '.join(each.key for each in policies)})"
    else:
        yield f"  (no policy would isolate it for {direction.lower()})"
    for ports, places in found:
        yield f"  {', '.join(gathered(places, exposure.places))}: {ports}"
    if not found:
        yield "  nobody" if direction is Direction.INGRESS else "  nothing"


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
            {"ports": str(ports), "places": [each.key for each in places]}
            for ports, places in found
        ],
    }
