"""What appears and disappears between two clusters, exactly.

Read `changes` first.  `sides` lays both clusters over one list of places, `rectangles` covers a
changed relation with few blocks, and `gathered` puts pods of one workload together for people.
"""

from netpol_sim.analysis.diff.changes import Change, Diff, diff

__all__ = ["Change", "Diff", "diff"]
