"""Times that can be compared on a busy machine: processor time, best of several runs."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir
from time import process_time
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")
_RUNS = 5
_SECONDS = 0.3


def best(task: Callable[..., _T], *arguments: object) -> tuple[float, _T]:
    """The processor seconds of the fastest run, after a first one, and its result.

    There are five runs, and more as long as they are quick.  The garbage collector is off.
    """
    result = task(*arguments)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        return _fastest(task, arguments, result)
    finally:
        gc.enable()
        gc.unfreeze()


def as_called(task: Callable[..., _T], *arguments: object) -> tuple[float, _T]:
    """The same with the garbage collector as Python has it when a program begins."""
    result = task(*arguments)
    gc.collect()
    return _fastest(task, arguments, result)


def _fastest(
    task: Callable[..., _T], arguments: tuple[object, ...], result: _T
) -> tuple[float, _T]:
    shortest, runs, total = float("inf"), 0, 0.0
    given: _T | None = None
    while runs < _RUNS or total < _SECONDS:
        given = None  # freed before the clock starts
        start = process_time()
        given = task(*arguments)
        elapsed = process_time() - start
        runs, total = runs + 1, total + elapsed
        if elapsed < shortest:
            shortest, result = elapsed, given
    return shortest, result


class Run(NamedTuple):
    """One run of a process: seconds, seconds of processor, peak memory in MB, what it printed."""

    seconds: float
    processor: float
    memory: float
    printed: str


def process(command: Sequence[str]) -> Run:
    """Run a command to its end, through a small process that measures it alone.

    Python keeps what it compiles, as it does for whatever is installed.
    """
    measured = [sys.executable, "-c", _MEASURE, *command]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(gettempdir(), "netpol-bench"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(measured, capture_output=True, text=True, check=True, env=environment)
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
