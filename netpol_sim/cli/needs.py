"""``netpol needs``: what is needed beside what policies allow."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from netpol_sim.analysis.needs import NeedsReport, check_needs
from netpol_sim.cli import arguments as shared
from netpol_sim.cli import needed, printing
from netpol_sim.render import needs as render

_EXAMPLES = f"""\
examples:
  netpol needs cluster.yaml policies/ --needs needs.txt
  netpol needs cluster.yaml 'bank/frontend -> bank/api:8080' '* -> kube-system/coredns:53/UDP'
  netpol needs cluster.yaml --needs needs.txt --only missing

{needed.ENDS}
{needed.FILES}

  missing      needed, and denied
  unused       a rule allows it, and nothing needs it
  unprotected  no policy speaks about it, and nothing needs it

Exit code: 0 nothing of this is found, 1 something is, 2 bad input or usage.
"""
_KINDS = ("missing", "unused", "unprotected")


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``needs``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "needs",
        usage="netpol needs FILE... ['SOURCE -> DESTINATION:PORT'...] [--needs FILE] [options]",
        description="Hold needed connections against what policies allow.",
        epilog=_EXAMPLES,
    )
    shared.add_given(parser, "a connection that is needed")
    needed.add_needs(parser)
    parser.add_argument(
        "--only",
        action="append",
        choices=_KINDS,
        help="look for this alone; may be given several times",
    )
    shared.add_output(parser, shared.TABLE_FORMS)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and return 0 when needs and policies agree, else 1."""
    paths, given = shared.split_given(arguments.given)
    needs = needed.read(arguments.needs, given)
    needed.refuse_none(needs)
    cluster = shared.read_cluster(arguments, paths)
    with needed.located(needs, cluster):
        report = _only(check_needs(cluster, needs), arguments.only or _KINDS)
    printing.write(report, render, arguments.output)
    return 0 if report else 1


def _only(report: NeedsReport, kinds: Sequence[str]) -> NeedsReport:
    return replace(report, **{kind: () for kind in _KINDS if kind not in kinds})
