"""Matrices and lists of connections as CSV, Markdown and JSON, for other programs and documents."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from netpol_sim.analysis.flows import ConnectionMap
from netpol_sim.analysis.matrix import Matrix
from netpol_sim.render import json
from netpol_sim.render.json import Document

_FLOW = ("sources", "destinations", "ports")


def matrix_json(matrix: Matrix) -> Document:
    """A matrix as JSON: ``places``, and for each port the cells row by row.

    A cell is ``ALLOW``, or which end denies: ``DENY-E``, ``DENY-I``, ``DENY-EI``; ``NO-PORT`` where
    the destination has no port of the name that was asked for.
    """
    return json.envelope(
        "Matrix",
        {
            "places": [place.key for place in matrix.places],
            "ports": [
                {
                    "port": str(asked),
                    "cells": [
                        [str(matrix.cell(source, end, str(asked))) for end in matrix.places]
                        for source in matrix.places
                    ],
                }
                for asked in matrix.ports
            ],
        },
    )


def matrix_csv(matrix: Matrix) -> str:
    """A matrix as CSV: one line for each pair and port."""
    return _csv(("source", "destination", "port", "verdict"), _pairs(matrix))


def matrix_markdown(matrix: Matrix) -> str:
    """A matrix as Markdown tables, one for each port."""
    names = [place.key for place in matrix.places]
    tables = []
    for asked in matrix.ports:
        rows = [
            [f"**{source.key}**", *(_sign(matrix, source.key, name, str(asked)) for name in names)]
            for source in matrix.places
        ]
        tables.append(f"### Port {asked}\n\n" + _markdown(["from \\ to", *names], rows))
    return "\n".join(tables)


def _sign(matrix: Matrix, source: str, destination: str, port: str) -> str:
    if source == destination:
        return "·"
    cell = matrix.cell(source, destination, port)
    return "✓ allow" if cell.allowed else f"✗ {cell.lower()}"


def _pairs(matrix: Matrix) -> Iterable[tuple[str, ...]]:
    for asked in matrix.ports:
        for source in matrix.places:
            for destination in matrix.places:
                if source is not destination:
                    cell = matrix.cell(source, destination, str(asked))
                    yield source.key, destination.key, str(asked), str(cell)


def connections_json(found: ConnectionMap) -> Document:
    """A list of connections as JSON: flows of sources, destinations and port ranges."""
    flows = [
        {
            "sources": [place.key for place in flow.sources],
            "destinations": [place.key for place in flow.destinations],
            "ports": str(flow.ports),
        }
        for flow in found
    ]
    return json.envelope("ConnectionList", {"flows": flows})


def connections_csv(found: ConnectionMap) -> str:
    """A list of connections as CSV; several names in one field are parted by blanks."""
    return _csv(_FLOW, _flows(found, " "))


def connections_markdown(found: ConnectionMap) -> str:
    """A list of connections as a Markdown table."""
    return _markdown(_FLOW, _flows(found, "<br>"))


def _flows(found: ConnectionMap, by: str) -> list[tuple[str, ...]]:
    return [
        (
            by.join(place.key for place in flow.sources),
            by.join(place.key for place in flow.destinations),
            str(flow.ports),
        )
        for flow in found
    ]


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
