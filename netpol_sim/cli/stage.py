"""``netpol stage``: in which order to apply policies."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.cli import needed

_EXAMPLES = """\
examples:
  netpol stage cluster.yaml --apply policies/ 'bank/web -> bank/api:8080'
  netpol stage cluster.yaml --apply policies/ --needs needs.txt
  netpol stage cluster.yaml --apply policies/ 'bank/* -> kube-system/coredns:53/UDP'

{ends}
{files}
Where there is no safe order, the smallest batches to apply together are named.
Exit code: 0 there is a safe order, 1 there is none, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``stage``."""
    parser = subparsers.add_parser(
        "stage",
        usage="netpol stage FILE... --apply FILE ['SOURCE -> DESTINATION:PORT'...] [options]",
        description="Order policies so that applying them one by one breaks no connection that is "
        "needed, or say why no order does.",
        epilog=_EXAMPLES.format(ends=needed.ENDS, files=needed.FILES),
    )
    shared.add_given(parser, "a connection that is needed")
    parser.add_argument(
        "--apply",
        action="append",
        required=True,
        metavar="FILE",
        help="a file or folder of the policies to apply; may be repeated",
    )
    needed.add_needs(parser)
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Order, print, and return 0 when there is a safe order, else 1."""
    from netpol_sim.analysis.rollout import stage  # noqa: PLC0415  not for `--help`
    from netpol_sim.render import json, rollout  # noqa: PLC0415

    paths, given = shared.split_given(arguments.given)
    needs = needed.read(arguments.needs, given)
    needed.refuse_none(needs)
    cluster = shared.read_cluster(arguments, paths)
    policies = shared.read_cluster(arguments, arguments.apply).every_policy
    with needed.located(needs, cluster):
        found = stage(policies, needs, cluster)
    if arguments.output == "json":
        sys.stdout.write(json.dumps(rollout.document(found)))
    else:
        print(rollout.text(found))
    return 0 if found.safe else 1
