"""``netpol compare``: do two policy sets mean the same."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared

_SCOPES = ("any", "namespaces", "world")
_EXAMPLES = """\
examples:
  netpol compare mine.yaml reference.yaml
  netpol compare --repair mine/ reference/
  netpol compare --scope world --world cluster.yaml mine.yaml reference.yaml

Only the policies of MINE and REFERENCE are compared.  Scope `any` means every cluster there can be,
`namespaces` any pods in the namespaces of the world, `world` its very pods.  Where no `--world` is
given, the world is MINE or REFERENCE, the first that has pods.
Exit code: 0 both mean the same, 1 they differ or it is not known, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``compare``."""
    parser = subparsers.add_parser(
        "compare",
        usage="netpol compare MINE REFERENCE [options]",
        description="Say whether two policy sets mean the same on every cluster; if not, show the "
        "smallest connection that they decide differently, one each way.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("mine", metavar="MINE", help=shared.MANIFESTS)
    parser.add_argument("reference", metavar="REFERENCE", help="the same, of the other policies")
    parser.add_argument(
        "--scope", choices=_SCOPES, default="any", help="what may vary (default: %(default)s)"
    )
    parser.add_argument(
        "--world",
        action="append",
        default=[],
        metavar="FILE",
        help="a file or folder of the cluster that the scope is about; may be repeated",
    )
    parser.add_argument(
        "--repair", action="store_true", help="show the smallest change that makes MINE right"
    )
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and return 0 when both mean the same, else 1."""
    from netpol_sim.analysis.compare import compare  # noqa: PLC0415  not for `--help`
    from netpol_sim.analysis.repair import minimal_repair  # noqa: PLC0415
    from netpol_sim.render import compare as shown  # noqa: PLC0415
    from netpol_sim.render import json, repair  # noqa: PLC0415

    mine = shared.read_cluster(arguments, [arguments.mine])
    reference = shared.read_cluster(arguments, [arguments.reference])
    given = shared.read_cluster(arguments, arguments.world) if arguments.world else None
    world = given or next((each for each in (mine, reference) if each.pods), None)
    asked = {
        "scope": arguments.scope,
        "world": world,
        "profile": shared.profile(arguments),
    }
    relation = compare(mine, reference, **asked)
    repaired = minimal_repair(mine, reference, **asked) if arguments.repair else None
    sides = shown.Sides(mine=f"`{arguments.mine}`", reference=f"`{arguments.reference}`")
    if arguments.output == "json":
        document = shown.document(relation, sides)
        if repaired is not None:
            document["repair"] = repair.document(repaired)
        sys.stdout.write(json.dumps(document))
    else:
        print(shown.text(relation, sides))
        if repaired is not None and not relation.equal:
            print(f"\n{repair.text(repaired)}")
    return 0 if relation.equal else 1
