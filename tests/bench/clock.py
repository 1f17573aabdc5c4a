"""Times that can be compared on a busy machine: processor time, best of several runs."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import process_time
from typing import NamedTuple, ParamSpec, TypeVar

_T = TypeVar("_T")
_RUNS = 3
_SECONDS = 0.3
_Arguments = ParamSpec("_Arguments")


def best(
    task: Callable[_Arguments, _T],
    *arguments: _Arguments.args,
    **options: _Arguments.kwargs,
) -> tuple[float, _T]:
    """The processor seconds of the fastest run, after a first one, and its result.

    There are three runs, and more as long as they are quick.
    """
    shortest, result = float("inf"), task(*arguments, **options)
    runs, total = 0, 0.0
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        while runs < _RUNS or total < _SECONDS:
            start = process_time()
            given = task(*arguments, **options)
            elapsed = process_time() - start
            runs, total = runs + 1, total + elapsed
            if elapsed < shortest:
                shortest, result = elapsed, given
    finally:
        gc.enable()
        gc.unfreeze()
    return shortest, result


class Run(NamedTuple):
    """One run of a process: seconds, seconds of processor, peak memory in MB, what it printed."""

    seconds: float
    processor: float
    memory: float
    printed: str


def process(command: Sequence[str]) -> Run:
    """Run a command to its end, through a small process that measures it alone."""
    measured = [sys.executable, "-c", _MEASURE, *command]
    done = subprocess.run(measured, capture_output=True, text=True, check=True)
    printed, _, figures = done.stdout.rpartition("\n#")
    seconds, processor, memory = map(float, figures.split())
    return Run(seconds, processor, memory / 1024, printed)


_MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=True)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print()
print(f"#{seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
"""
