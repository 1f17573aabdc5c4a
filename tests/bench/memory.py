"""How much memory a table takes beside its cluster: ``python -m tests.bench.memory PICKLE``."""

from __future__ import annotations

import pickle
import resource
import sys
from pathlib import Path

from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.layer import Layer
from netpol_sim.policy import Protocol


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    cluster = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  our own file
    loaded = _peak()
    Layer(Table(cluster), Protocol.TCP, 80)
    sys.stdout.write(f"{_peak() / loaded:.2f}")
