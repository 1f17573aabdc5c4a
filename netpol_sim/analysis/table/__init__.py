"""All answers of a cluster at once, by exact grouping.

Read `table` first.  `population` groups pods that no policy can tell apart, over an `index` from
labels to bits; `outside` does the same for addresses; `gates` are the rules that isolate a group,
and `tiers` what cluster-scoped policies make of them.
`reach` joins both ends, `layer` asks for one port, `choice` finds places by name, and `ports` is
the algebra of port sets.
"""

from netpol_sim.analysis.table.table import Place, Table

__all__ = ["Place", "Table"]
