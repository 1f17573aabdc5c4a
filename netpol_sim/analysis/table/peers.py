"""Whom the peers of rules mean, as sets of positions."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.analysis.table.index import EVERYTHING
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.peers import IPBlock
from netpol_sim.policy import Protocol


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """The entities that a peer of a rule means, and the range that it also opens to the outside.

    ``inside`` holds positions in the population.  Outside addresses have none: which of them can be
    told apart depends on all ranges of all policies.  ``mark`` is a bit above all positions that
    stands for the range (see ``Population.marked``).
    """

    inside: int
    outside: IPBlock | None = None
    mark: int = 0


PortName = tuple[str, Protocol]
"""A port name that rules speak of; what it stands for is up to each destination."""

Opened = list[tuple[Peers, PortSet]]
"""Who may pass, on which ports."""

EVERYONE = Peers(EVERYTHING)
"""What a rule without peers means: every pod, every node and every address outside."""
