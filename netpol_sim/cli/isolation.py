"""``netpol isolation``: which policies isolate which pod, in which direction."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.analysis.isolation import isolation
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import printing
from netpol_sim.render import isolation as render

_EXAMPLES = """\
examples:
  netpol isolation cluster.yaml policies/
  kubectl get ns,pods,netpol -A -o yaml | netpol isolation - -o csv

A pod that no policy selects for a direction is open in it.

Exit code: 0 every pod is isolated in both directions, 1 at least one is open, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``isolation``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "isolation",
        usage="netpol isolation FILE... [options]",
        description="Say which pods are isolated, in which direction, and by which policies.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    shared.add_output(parser, shared.TABLE_FORMS)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask, print, and return 0 when every pod is isolated both ways, else 1."""
    found = isolation(shared.read_cluster(arguments, arguments.manifests))
    printing.write(found, render, arguments.output)
    return 0 if all(len(each.directions) == 2 for each in found) else 1
