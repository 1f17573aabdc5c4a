"""``netpol who-can-reach``: everyone who can connect to a place."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.analysis.access import who_can_reach
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import printing
from netpol_sim.render import access

PLACES = """\
PLACE is `namespace/pod`, `namespace/workload`, `node/NAME`, an IP address, or a range of addresses
as the answer writes it.

Exit code: 0 after an answer, 2 bad input or usage.
"""
_EXAMPLES = f"""\
examples:
  netpol who-can-reach cluster.yaml bank/ledger-db
  netpol who-can-reach cluster.yaml policies/ bank/api --port 8080
  kubectl get ns,pods,netpol -A -o yaml | netpol who-can-reach - bank/api -o json

{PLACES}"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``who-can-reach``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "who-can-reach",
        usage="netpol who-can-reach FILE... PLACE [options]",
        description="List everyone who can connect to a place, and on which ports.",
        epilog=_EXAMPLES,
    )
    add_arguments(parser, "the destination")


def add_arguments(parser: argparse.ArgumentParser, place: str) -> None:
    """Add manifests, a place, and what narrows the answer down."""
    shared.add_manifests(parser)
    parser.add_argument("place", metavar="PLACE", help=place)
    parser.add_argument(
        "-p",
        "--port",
        metavar="PORT[/PROTOCOL]",
        help="only connections to this port: a number or a name, TCP unless said otherwise",
    )
    parser.add_argument("--nodes", action="store_true", help="look at nodes, too")
    shared.add_output(parser, shared.TABLE_FORMS)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask, print, and return 0."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = who_can_reach(cluster, arguments.place, arguments.port, nodes=arguments.nodes)
    printing.write(found, access, arguments.output)
    return 0
