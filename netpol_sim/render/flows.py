"""All that is allowed: as a page, as JSON, and as a table for other programs.

The JSON document, in the notation of ``json.py``::

    ConnectionList    {flows: [{sources: [name], destinations: [name], ports: [range]}]}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netpol_sim.analysis.flows import ConnectionMap, Flow
from netpol_sim.render import json
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.sheet import Page, Sheet

_NOTHING: Final = "No connection is allowed."
_ALLOWED: Final = "What is allowed; sources and destinations in one row are all allowed together."
_HEAD: Final = ("from", "to", "ports")


def page(found: ConnectionMap) -> Page:
    """Every connection that is allowed; those that are alike share a row."""
    return (_ALLOWED if found else _NOTHING, grouped(found))


def grouped(found: Iterable[Flow], *, caption: str = "") -> Sheet:
    """A row for each flow, with whole namespaces and workloads named as such."""
    flows = tuple(found)
    everyone = Everyone(flows[0].table.places if flows else ())
    rows = tuple((*_ends(flow, everyone), str(flow.ports)) for flow in flows)
    return Sheet(caption=caption, head=_HEAD, rows=rows)


def _ends(flow: Flow, everyone: Everyone) -> Iterable[tuple[str, ...]]:
    sources, destinations = flow.sources, flow.destinations
    yield everyone.called(sources, destinations)
    yield everyone.called(destinations, sources)


def sheet(found: Iterable[Flow]) -> Sheet:
    """A row for each flow, with every name, for other programs."""
    rows = tuple(
        (
            tuple(place.key for place in flow.sources),
            tuple(place.key for place in flow.destinations),
            str(flow.ports),
        )
        for flow in found
    )
    return Sheet(head=_HEAD, rows=rows)


def document(found: ConnectionMap) -> json.Document:
    """The list as a JSON document of kind ``ConnectionList``."""
    return json.envelope("ConnectionList", {"flows": [flow(each) for each in found]})


def flow(each: Flow) -> json.Json:
    """One flow, with every name."""
    return {
        "sources": [place.key for place in each.sources],
        "destinations": [place.key for place in each.destinations],
        "ports": json.port_ranges(each.ports),
    }
