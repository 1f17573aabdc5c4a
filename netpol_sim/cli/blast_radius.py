"""``netpol blast-radius``: how far an intruder in a pod gets, step by step."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from netpol_sim import connection_text
from netpol_sim.analysis.blast_radius import blast_radius
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import printing
from netpol_sim.errors import ConnectionTextError
from netpol_sim.render import blast_radius as render

_EXAMPLES = """\
examples:
  netpol blast-radius cluster.yaml shop/web
  netpol blast-radius cluster.yaml policies/ 203.0.113.7 --hops 2
  netpol blast-radius cluster.yaml bank/batch --port 22 --port 443 -o json

The intruder takes over every pod that can be connected to, and goes on from there.
PLACE is `namespace/pod`, `namespace/workload`, or an IP address.

Exit code: 0 after an answer, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``blast-radius``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "blast-radius",
        usage="netpol blast-radius FILE... PLACE [options]",
        description="Say how far an intruder in a pod gets, step by step.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    parser.add_argument("place", metavar="PLACE", help="where the intruder starts")
    parser.add_argument("--hops", type=_hops, metavar="N", help="at most so many steps")
    parser.add_argument(
        "-p",
        "--port",
        action="append",
        default=[],
        metavar="NUMBER[/PROTOCOL]",
        help="only connections to this port count, TCP unless said otherwise; may be given "
        "several times",
    )
    shared.add_output(parser, shared.TABLE_FORMS)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow, print, and return 0."""
    ports = _ports(arguments.port)
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = blast_radius(cluster, arguments.place, hops=arguments.hops, ports=ports)
    printing.write(found, render, arguments.output)
    return 0


def _hops(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text)):
        raise argparse.ArgumentTypeError(f"`{text}` is no number of steps from 1 on")
    return int(text)


def _ports(texts: Sequence[str]) -> PortSet:
    if not texts:
        return ALL_PORTS
    return PortSet.union(map(_port, texts))


def _port(text: str) -> PortSet:
    port, protocol = connection_text.parse_port(text)
    if not isinstance(port, int):
        raise ConnectionTextError(
            f"`{text}` is a port name, which each pod may give to another number; write the number"
        )
    return PortSet.single(protocol, port)
