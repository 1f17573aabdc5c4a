"""How far an intruder gets, step by step: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    BlastRadius    {source, summary, steps: [{hop, from, to, ports: [range]}], safe: [name]}
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from netpol_sim.analysis.blast_radius import BlastRadius
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.model import Pod
from netpol_sim.render import describe, json
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.sheet import Page, Sheet

_HEADLINE: Final = "An intruder in {source} can get into {count} of {total} other pods."
_FROM_OUTSIDE: Final = "An intruder at {source} can get into {count} of {total} pods."
_SAFE: Final = "Out of reach: {pods}."
_HEAD: Final = ("step", "from", "to", "ports")


def page(radius: BlastRadius) -> Page:
    """How many pods are lost, the steps that lead to them, and what stays out of reach."""
    alike: defaultdict[tuple[int, str, PortSet], list[Place]] = defaultdict(list)
    for step in radius.steps:
        alike[step.hop, step.via.key, step.ports].append(step.place)
    everyone = Everyone(radius.places)
    rows = tuple(
        (str(hop), via, everyone.called(places), str(ports))
        for (hop, via, ports), places in alike.items()
    )
    table = Sheet(head=_HEAD, rows=rows)
    safe = describe.listed(everyone.called(radius.safe))
    return (summary(radius), table, *([_SAFE.format(pods=safe)] if safe else ()))


def summary(radius: BlastRadius) -> str:
    """How many pods are lost, in one sentence."""
    taken = sum(isinstance(step.place, Pod) for step in radius.steps)
    template = _HEADLINE if isinstance(radius.source, Pod) else _FROM_OUTSIDE
    total = taken + len(radius.safe)
    return template.format(source=radius.source.key, count=taken, total=total)


def sheet(radius: BlastRadius) -> Sheet:
    """One row for each place that is reached, for other programs."""
    rows = tuple(
        (str(step.hop), step.via.key, step.place.key, str(step.ports)) for step in radius.steps
    )
    return Sheet(head=_HEAD, rows=rows)


def document(radius: BlastRadius) -> json.Document:
    """The answer as a JSON document of kind ``BlastRadius``."""
    steps = [
        {
            "hop": step.hop,
            "from": step.via.key,
            "to": step.place.key,
            "ports": json.port_ranges(step.ports),
        }
        for step in radius.steps
    ]
    safe = [pod.key for pod in radius.safe]
    return json.envelope(
        "BlastRadius",
        {"source": radius.source.key, "summary": summary(radius), "steps": steps, "safe": safe},
    )
