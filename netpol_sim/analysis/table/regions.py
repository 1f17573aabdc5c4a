"""Sets of pairs of a place and a port: groups of places, each with exactly these ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from netpol_sim.analysis.table.ports import PortSet

ByPorts = dict[PortSet, int]
"""Disjoint sets of positions, each with exactly these ports; who has none is left out."""


def grouped(openings: Iterable[tuple[int, PortSet]]) -> ByPorts:
    """Positions by the union of the ports of all the openings that they are in."""
    found: ByPorts = {}
    for opened, ports in openings:
        new = opened
        changed: defaultdict[PortSet, int] = defaultdict(int)
        for known, positions in found.items():
            both = positions & new
            changed[known] |= positions ^ both
            if both:
                changed[known | ports] |= both
                new ^= both
        changed[ports] |= new
        found = {known: positions for known, positions in changed.items() if known and positions}
    return found


def meeting(first: ByPorts, second: ByPorts) -> ByPorts:
    """Positions that are in both groupings, by the ports that both give them."""
    found: ByPorts = {}
    for ports, positions in first.items():
        for others, them in second.items():
            both = positions & them
            if both and (common := ports & others):
                found[common] = found.get(common, 0) | both
    return found
