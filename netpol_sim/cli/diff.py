"""``netpol diff``: which connections a change makes appear and disappear."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.analysis.diff import diff
from netpol_sim.cli import arguments as shared
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.plugin import DOCUMENTATION
from netpol_sim.render import diff as render
from netpol_sim.render import json

_EXAMPLES = """\
examples:
  netpol diff before.yaml after.yaml
  netpol diff main/policies branch/policies --world cluster.yaml -o markdown
  netpol diff cluster.yaml cluster.yaml --profile calico --profile cilium
  kubectl get ns,nodes,pods,netpol -A -o yaml | netpol diff - wanted.yaml

BEFORE and AFTER each describe a whole cluster, or policies alone when --world gives the rest.

Exit code: 0 no connection changes, 1 some do, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``diff``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "diff",
        usage="netpol diff BEFORE AFTER [--world FILE...] [options]",
        description="Say exactly which connections a change makes appear and disappear.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("before", metavar="BEFORE", help=shared.MANIFESTS)
    parser.add_argument("after", metavar="AFTER", help="the same, after the change")
    parser.add_argument(
        "--world",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE",
        help="manifests that both sides share: pods, namespaces, other policies",
    )
    parser.add_argument(
        "-o",
        "--output",
        choices=("text", "json", "markdown"),
        default="text",
        help="what to print (default: %(default)s)",
    )
    shared.add_profile(parser, of_two=True)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and return 0 when no connection changes, else 1."""
    one, other = _on_plugins(arguments)
    before = shared.read_cluster(one, [*arguments.world, arguments.before])
    after = shared.read_cluster(other, [*arguments.world, arguments.after])
    _check_pods(before, after)
    change = diff(before, after)
    match arguments.output:
        case "json":
            sys.stdout.write(json.dumps(render.document(change)))
        case "markdown":
            print(render.as_markdown(change))
        case _:
            print(render.as_text(change))
    return 1 if change else 0


def _on_plugins(arguments: argparse.Namespace) -> tuple[argparse.Namespace, argparse.Namespace]:
    """The arguments for each side; without a second plugin both are on the first."""
    names = arguments.profile or [DOCUMENTATION.name]
    if len(names) > 2:
        raise UnknownNameError("a difference has two sides; give `--profile` once or twice")
    one, other = (
        argparse.Namespace(**{**vars(arguments), "profile": name}) for name in (names[0], names[-1])
    )
    return one, other


def _check_pods(before: Cluster, after: Cluster) -> None:
    """Refuse a side without pods: the answer would be that nothing, or everything, changes."""
    empty = [name for name, side in (("BEFORE", before), ("AFTER", after)) if not side.pods]
    if empty:
        have = "has" if len(empty) == 1 else "have"
        raise UnknownNameError(
            f"{' and '.join(empty)} {have} no pods, so there are no connections to compare; "
            "give the pods that both sides share with `--world FILE`"
        )
