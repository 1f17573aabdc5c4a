"""What appears and disappears between two clusters, exactly.

Read `changes` first.  `sides` lays both clusters over one list of places, and `rectangles` covers a
changed relation with few blocks.
"""

from netpol_sim.analysis.diff.changes import Change, Diff, diff, differ
from netpol_sim.analysis.diff.sides import Side

__all__ = ["Change", "Diff", "Side", "diff", "differ"]
