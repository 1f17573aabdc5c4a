"""Print who reaches whom on which ports, pair by pair: ``python -m tests.bench.whole_map FILE``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

from netpol_sim import load
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction

_SOURCE = "\0"


def whole_map(cluster: Cluster) -> Iterator[str]:
    """One line for each pair with a pod, the lines of a source together."""
    table = Table(cluster)
    names = [place.key for place in table.places]
    reach = Reach(table, Direction.EGRESS)
    pods = (1 << len(cluster.pods)) - 1
    outside = (1 << len(names)) - 1 & ~pods

    @cache
    def lines(far: int, ports: PortSet) -> str:
        """The lines of a source that is not named yet."""
        end = f" : {ports}\n"
        return "".join([f"{_SOURCE} => {names[position]}{end}" for position in members(far)])

    for part, ends in ((pods, pods | outside), (outside, pods)):
        for near, found in reach.alike(part):
            text = "".join([lines(far & ends, ports) for ports, far in found.items()])
            for position in members(near):
                source = names[position]
                own = text.replace(_SOURCE, source)
                for ports, far in found.items():
                    if far & ends & 1 << position:
                        own = own.replace(f"{source} => {source} : {ports}\n", "", 1)
                yield own


if __name__ == "__main__":
    sys.stdout.writelines(whole_map(load(sys.argv[1])))
