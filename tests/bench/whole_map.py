"""Print who reaches whom on which ports, pair by pair: ``python -m tests.bench.whole_map FILE``."""

from __future__ import annotations

import sys

from netpol_sim import load
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.policy import Direction


def whole_map(cluster: Cluster) -> str:
    """One line for each pair with a pod."""
    table = Table(cluster)
    names = [place.key for place in table.places]
    reach = Reach(table, Direction.EGRESS)
    pods = (1 << len(cluster.pods)) - 1
    lines = []
    for near, found in reach.alike((1 << len(names)) - 1):
        ends = [
            (f" => {names[position]} : {ports}\n", 1 << position)
            for ports, far in found.items()
            for position in members(far)
        ]
        for position in members(near):
            source, own = names[position], 1 << position
            for text, bit in ends:
                if bit != own and (bit | own) & pods:
                    lines.append(source + text)
    return "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(whole_map(load(sys.argv[1])))
