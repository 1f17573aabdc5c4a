"""What is printed when a command cannot be carried out."""

from __future__ import annotations

import sys

from netpol_sim.errors import InvalidValueError, ManifestError, NetpolError
from netpol_sim.render import json


def report(error: NetpolError, output: str = "text") -> None:
    """Print an error for people on standard error, and as JSON on standard output if asked for."""
    print(text(error), file=sys.stderr)
    if output == "json":
        sys.stdout.write(json.dumps(json.error(error)))


def text(error: NetpolError) -> str:
    """An error as lines: one for each problem, with its help below it, and their number."""
    if not isinstance(error, InvalidValueError | ManifestError):
        return f"netpol: {error}"
    lines = []
    for problem in error.problems:
        lines.append(str(problem))
        if problem.help:
            # Further lines stand below the first, so that a suggested manifest can be copied.
            lines.append("  help: " + problem.help.replace("\n", "\n        "))
    count = "1 problem" if len(error.problems) == 1 else f"{len(error.problems)} problems"
    return "\n".join([*lines, f"netpol: {count} found, so there is no answer"])
