"""``netpol reachable-from``: everything that a place can connect to."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.analysis.access import what_can_be_reached
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import printing
from netpol_sim.cli.who_can_reach import PLACES, add_arguments
from netpol_sim.render import access

_EXAMPLES = f"""\
examples:
  netpol reachable-from cluster.yaml bank/batch
  netpol reachable-from cluster.yaml policies/ 203.0.113.7 --port 443
  kubectl get ns,pods,netpol -A -o yaml | netpol reachable-from - shop/web -o csv

Connections in one step; `netpol blast-radius` follows them from pod to pod.
{PLACES}"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``reachable-from``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "reachable-from",
        usage="netpol reachable-from FILE... PLACE [options]",
        description="List everything that a place can connect to, and on which ports.",
        epilog=_EXAMPLES,
    )
    add_arguments(parser, "the source")


def run(arguments: argparse.Namespace) -> int:
    """Ask, print, and return 0."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = what_can_be_reached(cluster, arguments.place, arguments.port, nodes=arguments.nodes)
    printing.write(found, access, arguments.output)
    return 0
