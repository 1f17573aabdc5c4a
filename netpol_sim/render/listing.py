"""Matrices as CSV, Markdown and JSON, for other programs and documents."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_sim.analysis.matrix import Matrix
from netpol_sim.render import json
from netpol_sim.render.json import Document
from netpol_sim.render.sheet import Sheet, as_csv, as_markdown


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
    head = ("source", "destination", "port", "verdict")
    return as_csv(Sheet(head=head, rows=tuple(_pairs(matrix))))


def matrix_markdown(matrix: Matrix) -> str:
    """A matrix as Markdown tables, one for each port."""
    names = [place.key for place in matrix.places]
    tables = []
    for asked in matrix.ports:
        rows = tuple(
            (source.key, *(_sign(matrix, source.key, name, str(asked)) for name in names))
            for source in matrix.places
        )
        tables.append(Sheet(caption=f"Port {asked}", head=("from \\ to", *names), rows=rows))
    return as_markdown(tables)


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
