"""``netpol contribution``: what one policy alone changes."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.analysis.contribution import contribution
from netpol_sim.cli import arguments as shared
from netpol_sim.render import contribution as render
from netpol_sim.render import json

_EXAMPLES = """\
examples:
  netpol contribution cluster.yaml policies/ bank/default-deny
  netpol contribution cluster.yaml policies/ ClusterNetworkPolicy/deny-telnet
  kubectl get ns,pods,netpol -A -o yaml | netpol contribution - bank/api -o json

POLICY is `namespace/name`, or `Kind/name` if it is cluster-scoped.  `netpol redundant`
lists the policies that change nothing.

Exit code: 0 the policy changes something, 1 it changes nothing, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``contribution``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "contribution",
        usage="netpol contribution FILE... POLICY [options]",
        description="Say what one policy alone changes: the cluster with it, against the cluster "
        "without it.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    parser.add_argument("policy", metavar="POLICY", help="the policy to look at")
    shared.add_output(parser, ("text", "json", "markdown"))
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and return 0 when the policy changes something, else 1."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    change, policy = contribution(cluster, arguments.policy), cluster.any_policy(arguments.policy)
    match arguments.output:
        case "json":
            sys.stdout.write(json.dumps(render.contribution_document(policy, change)))
        case "markdown":
            print(render.as_markdown(policy, change))
        case _:
            print(render.as_text(policy, change))
    return 0 if change else 1
