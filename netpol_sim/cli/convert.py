"""``netpol convert``: old cluster-scoped policies as ClusterNetworkPolicies."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.errors import UnknownNameError

_EXAMPLES = """\
examples:
  netpol convert admin-policies/ > cluster-network-policies.yaml
  kubectl get anp,banp -o yaml | netpol convert -

Every connection is decided as before: rules and policies keep their order.

Exit code: 0 converted, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``convert``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "convert",
        usage="netpol convert FILE...",
        description="Write AdminNetworkPolicy and BaselineAdminNetworkPolicy as "
        "ClusterNetworkPolicy.",
        epilog=_EXAMPLES,
    )
    shared.add_manifests(parser)


def run(arguments: argparse.Namespace) -> int:
    """Convert, print YAML, and return 0."""
    from netpol_sim import manifest  # noqa: PLC0415  not for `--help`
    from netpol_sim.analysis.convert import convert  # noqa: PLC0415
    from netpol_sim.render.conversion import text  # noqa: PLC0415

    found = convert(manifest.load(*arguments.manifests).cluster_policies)
    if not found:
        raise UnknownNameError("there is no AdminNetworkPolicy or BaselineAdminNetworkPolicy here")
    sys.stdout.write(text(found))
    return 0
