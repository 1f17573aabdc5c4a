"""``netpol redundant``: the policies that change nothing."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.analysis.contribution import redundant, removable
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import printing
from netpol_sim.render import contribution as render

_EXAMPLES = """\
examples:
  netpol redundant cluster.yaml policies/
  kubectl get ns,pods,netpol -A -o yaml | netpol redundant - -o json

Looked at are NetworkPolicies and cluster-scoped policies.  A policy changes nothing if this
cluster has the same connections without it; pods that do not exist yet do not count.
Two policies that say the same are both redundant, though one of them is needed.

Exit code: 0 each policy changes something, 1 at least one does not, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``redundant``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "redundant",
        usage="netpol redundant FILE... [options]",
        description="List the policies that change nothing in a cluster.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)
    shared.add_output(parser, shared.TABLE_FORMS)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look at each policy, print, and return 0 when each changes something, else 1."""
    cluster = shared.read_cluster(arguments, arguments.manifests)
    found = render.Redundancy(
        alone=redundant(cluster), together=removable(cluster), total=len(cluster.every_policy)
    )
    printing.write(found, render, arguments.output)
    return 1 if found.alone else 0
