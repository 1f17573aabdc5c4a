"""The exact ports on which one end may connect to another, and why: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Connections    {source, destination, allowed: [range],
                    groups: [{ports: [range], allowed, answer: Verdict or ServiceVerdict}]}
"""

from __future__ import annotations

from typing import Final

from netpol_sim.analysis.connections import Connections, PortGroup
from netpol_sim.render import html, json, text, words
from netpol_sim.render.sheet import Mark, Page, Sheet

_HEAD: Final = ("ports", "answer", "why")


def page(found: Connections) -> Page:
    """On which ports connections pass, and for each group of ports why."""
    return (text.explain(found, text.Length.LINE), sheet(found))


def _row(group: PortGroup) -> tuple[str, Mark, str]:
    mark = Mark(tone=html.tone_of(group.allowed), word=words.ANSWERS[group.allowed])
    return str(group.ports), mark, text.reason(group.answer)


def sheet(found: Connections) -> Sheet:
    """One row for each group of ports, for other programs."""
    return Sheet(head=_HEAD, rows=tuple(map(_row, found.groups)))


def document(found: Connections) -> json.Document:
    """The answer as a JSON document of kind ``Connections``."""
    groups = [
        {
            "ports": json.port_ranges(group.ports),
            "allowed": group.allowed,
            "answer": json.answer(group.answer),
        }
        for group in found.groups
    ]
    return json.envelope(
        "Connections",
        {
            "source": found.source.key,
            "destination": found.destination.key,
            "allowed": json.port_ranges(found.ports),
            "groups": groups,
        },
    )
