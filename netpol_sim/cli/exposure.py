"""``netpol exposure``: what a pod that does not exist yet could reach and be reached by."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.analysis.exposure import exposure
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import labels
from netpol_sim.render import exposure as render
from netpol_sim.render import json, sheet

_EXAMPLES = """\
examples:
  netpol exposure cluster.yaml --namespace bank --labels app=api
  netpol exposure policies/ --namespace shop --labels app=web,tier=front --namespace-labels env=prod

The pod has no address and no node: no ipBlock covers it.

Exit code: 0 after an answer, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``exposure``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "exposure",
        usage="netpol exposure FILE... --namespace NAME [--labels KEY=VALUE,...] [options]",
        description="Say what a pod that does not exist yet could reach and be reached by.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    parser.add_argument("--namespace", required=True, metavar="NAME", help="where it would be")
    parser.add_argument("--labels", default="", metavar="KEY=VALUE,...", help="its labels")
    parser.add_argument(
        "--namespace-labels",
        metavar="KEY=VALUE,...",
        help="labels of the namespace, instead of those that it has",
    )
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask, print, and return 0."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    own = arguments.namespace_labels
    found = exposure(
        cluster,
        arguments.namespace,
        labels.labels(arguments.labels, "--labels"),
        namespace_labels=None if own is None else labels.labels(own, "--namespace-labels"),
    )
    if arguments.output == "json":
        sys.stdout.write(json.dumps(render.document(found)))
    else:
        print(sheet.as_text(render.page(found)))
    return 0
