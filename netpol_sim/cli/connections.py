"""``netpol connections``: everything that is allowed, with exact port ranges."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.analysis.flows import connection_map
from netpol_sim.cli import arguments as shared
from netpol_sim.cli.matrix import add_filters
from netpol_sim.render import json, listing

_EXAMPLES = """\
examples:
  netpol connections cluster.yaml
  netpol connections cluster.yaml --namespace bank -o markdown

Sources that may connect to the same destinations on the same ports share a line.

Exit code: 0, or 2 for bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``connections``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "connections",
        description="List everything that is allowed in a cluster, exactly.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared.add_manifests(parser)
    add_filters(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """List, print, and return 0."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = connection_map(
        cluster,
        namespaces=arguments.namespace,
        workloads=arguments.workload,
        outside=not arguments.no_outside,
    )
    match arguments.output:
        case "json":
            sys.stdout.write(json.dumps(listing.connections_json(found)))
        case "csv":
            sys.stdout.write(listing.connections_csv(found))
        case "markdown":
            sys.stdout.write(listing.connections_markdown(found))
        case _:
            print(found)
    return 0
