"""All answers of a cluster at once, by exact grouping.

Read `table` first.  `population` knows whom `peers` mean, by an `index` from labels to bits and by
who is `addressed` how; `outside` groups the addresses that no policy can tell apart; `gates` are
the rules that isolate a group of pods, and `tiers` what cluster-scoped policies make of them.
`reach` joins both ends, `layer` asks for one port, `choice` finds places by name, and `ports` is
the algebra of port sets.
"""

from netpol_sim.analysis.table.table import Place, Table

__all__ = ["Place", "Table"]
