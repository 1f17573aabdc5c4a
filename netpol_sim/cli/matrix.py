"""``netpol matrix``: who can reach whom, for every pair."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.analysis.matrix import matrix
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import labels
from netpol_sim.render import json, listing, table

_EXAMPLES = """\
examples:
  netpol matrix cluster.yaml --port 8080
  netpol matrix cluster.yaml --port 5432 --port 53/UDP --namespace bank
  kubectl get ns,pods,netpol -A -o yaml | netpol matrix - --port http -o csv

Exit code: 0 every pair is allowed, 1 at least one is not, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``matrix``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "matrix",
        usage="netpol matrix FILE... --port PORT[/PROTOCOL] [options]",
        description="Say who can reach whom, for every pair of pods.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    parser.add_argument(
        "-p",
        "--port",
        action="append",
        required=True,
        metavar="PORT[/PROTOCOL]",
        help="a number or a port name, TCP unless said otherwise; may be given several times",
    )
    add_filters(parser)
    parser.add_argument("--nodes", action="store_true", help="nodes get a row and a column, too")
    shared.add_profile(parser)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add what narrows an answer down, and the form it is printed in."""
    parser.add_argument(
        "-n",
        "--namespace",
        action="append",
        default=[],
        metavar="NAME",
        help="only pods of this namespace; may be given several times",
    )
    parser.add_argument(
        "--workload",
        action="append",
        default=[],
        metavar="NAMESPACE/NAME",
        help="only pods of this workload; may be given several times",
    )
    parser.add_argument(
        "-l",
        "--selector",
        metavar="LABELS",
        help="only pods with these labels, written as for kubectl: `app=web,tier!=test`",
    )
    parser.add_argument(
        "--no-outside", action="store_true", help="leave addresses outside the cluster out"
    )
    shared.add_output(parser, shared.TABLE_FORMS)


def run(arguments: argparse.Namespace) -> int:
    """Answer, print, and return 0 when every pair is allowed, else 1."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = matrix(
        cluster,
        ports=arguments.port,
        namespaces=arguments.namespace,
        workloads=arguments.workload,
        labels=labels.selector(arguments.selector),
        nodes=arguments.nodes,
        outside=not arguments.no_outside,
    )
    match arguments.output:
        case "json":
            sys.stdout.write(json.dumps(listing.matrix_json(found)))
        case "csv":
            sys.stdout.write(listing.matrix_csv(found))
        case "markdown":
            sys.stdout.write(listing.matrix_markdown(found))
        case _:
            print(table.as_text(found))
    return 0 if all(found.count(port=str(port)) == found.pairs for port in found.ports) else 1
