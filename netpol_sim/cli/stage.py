"""``netpol stage``: in which order to apply policies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.errors import UnknownNameError

_EXAMPLES = """\
examples:
  netpol stage cluster.yaml --apply policies/ 'bank/web -> bank/api:8080'
  netpol stage cluster.yaml --apply policies/ --needs needs.txt

A file of needs has one connection on each line; what follows a `#` is a comment.
Exit code: 0 there is a safe order, 1 there is none, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``stage``."""
    parser = subparsers.add_parser(
        "stage",
        description="Order policies so that applying them one by one breaks no connection that is "
        "needed, or say why no order does.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "given",
        nargs="+",
        metavar="FILE|CONNECTION",
        help=f"the cluster as it is: {shared.MANIFESTS}; and the connections that are needed",
    )
    parser.add_argument(
        "--apply",
        action="append",
        required=True,
        metavar="FILE",
        help="a file or folder of the policies to apply; may be repeated",
    )
    parser.add_argument(
        "--needs",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of connections that are needed; may be repeated",
    )
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Order, print, and return 0 when there is a safe order, else 1."""
    from netpol_sim.analysis.rollout import stage  # noqa: PLC0415  not for `--help`
    from netpol_sim.render import json, rollout  # noqa: PLC0415

    needs = [text for text in arguments.given if "->" in text]
    paths = [text for text in arguments.given if "->" not in text]
    if not paths:
        raise UnknownNameError(f"no manifest is given; name {shared.MANIFESTS}")
    cluster = shared.read_cluster(arguments, paths)
    policies = shared.read_cluster(arguments, arguments.apply).policies
    needs += [line for path in arguments.needs for line in _lines(path)]
    found = stage(policies, needs, cluster)
    if arguments.output == "json":
        sys.stdout.write(json.dumps(rollout.document(found)))
    else:
        print(rollout.text(found))
    return 0 if found.safe else 1


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]
