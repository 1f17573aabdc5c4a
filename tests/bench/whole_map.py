"""Print who reaches whom on which ports, pair by pair: ``python -m tests.bench.whole_map FILE``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from netpol_sim import load
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.analysis.table.regions import ByPorts
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
    for part, ends in ((pods, pods | outside), (outside, pods)):
        for near, found in reach.alike(part):
            lines = _lines(found, ends, names)
            for position in members(near):
                source = names[position]
                text = lines.replace(_SOURCE, source)
                for ports, far in found.items():
                    if far & ends & 1 << position:
                        text = text.replace(f"{source} => {source} : {ports}\n", "")
                yield text


def _lines(found: ByPorts, ends: int, names: list[str]) -> str:
    """The lines of a source that is not named yet."""
    texts = []
    for ports, far in found.items():
        end = f" : {ports}\n"
        texts += [f"{_SOURCE} => {names[position]}{end}" for position in members(far & ends)]
    return "".join(texts)


if __name__ == "__main__":
    sys.stdout.writelines(whole_map(load(sys.argv[1])))
