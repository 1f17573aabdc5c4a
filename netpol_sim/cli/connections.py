"""``netpol connections``: everything that is allowed, or all there is to say about two ends."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim import connection_text
from netpol_sim.analysis.connections import connections
from netpol_sim.analysis.flows import connection_map
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import labels, printing
from netpol_sim.cli.matrix import add_filters
from netpol_sim.errors import ConnectionTextError
from netpol_sim.render import connections as render
from netpol_sim.render import flows
from netpol_sim.render.text import Length, explain

_EXAMPLES = """\
examples:
  netpol connections cluster.yaml
  netpol connections cluster.yaml --namespace bank -o markdown
  netpol connections cluster.yaml 'bank/frontend -> bank/api'
  netpol connections cluster.yaml 'bank/frontend -> svc:bank/api' --explain

Sources that may connect to the same destinations on the same ports share a row.
With two ends, SOURCE -> DESTINATION without a port, every range of ports is told with the reason.

Exit code: 0 something is allowed, 1 nothing is, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``connections``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "connections",
        usage="netpol connections FILE... ['SOURCE -> DESTINATION'] [options]",
        description="List everything that is allowed, exactly: in a cluster, or between two ends.",
        epilog=_EXAMPLES,
    )
    shared.add_given(parser, "the two ends to look at")
    parser.add_argument(
        "-v",
        "--explain",
        action="store_true",
        help="with two ends: every policy and rule that was looked at, for each range of ports",
    )
    add_filters(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """List, print, and return 0 when something is allowed, else 1."""
    paths, pairs = shared.split_given(arguments.given)
    if len(pairs) > 1:
        raise ConnectionTextError(f"`{pairs[1]}` is one too many: give two ends, or none")
    cluster = shared.read_cluster(arguments, paths)
    if pairs:
        between = connections(cluster, *connection_text.parse_ends(pairs[0]))
        if arguments.explain and arguments.output == "text":
            print(explain(between, Length.TRACE))
        else:
            printing.write(between, render, arguments.output)
        return 0 if between else 1
    found = connection_map(
        cluster,
        namespaces=arguments.namespace,
        workloads=arguments.workload,
        labels=labels.selector(arguments.selector),
        outside=not arguments.no_outside,
    )
    printing.write(found, flows, arguments.output)
    return 0 if found else 1
