"""How much memory a table takes beside its cluster: ``python -m tests.bench.memory PICKLE``.

Prints the peak of this process over what it held when the cluster was loaded (Linux only).
"""

from __future__ import annotations

import pickle
import resource
import sys
from pathlib import Path

from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.layer import Layer
from netpol_sim.policy import Protocol


def _held() -> float:
    """The memory that is in use now, in KiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024


if __name__ == "__main__":
    with Path(sys.argv[1]).open("rb") as file:
        cluster = pickle.load(file)  # noqa: S301  our own file
    loaded = _held()
    layer = Layer(Table(cluster), Protocol.TCP, 80)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{peak / loaded:.2f} {_held() / loaded:.2f}")
