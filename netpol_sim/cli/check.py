"""``netpol check``: is a connection allowed, and why."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim import ask
from netpol_sim.cli import arguments as shared
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError, UnknownNameError
from netpol_sim.render import json
from netpol_sim.render.text import Length, explain

_EXAMPLES = """\
examples:
  netpol check cluster.yaml 'bank/frontend -> bank/api:8080'
  netpol check policies/ pods.yaml 'bank/api -> svc:bank/ledger:5432' 'bank/api -> 203.0.113.7:443'
  kubectl get ns,pods,svc,netpol -A -o yaml | netpol check - 'bank/batch -> bank/api:http'

A connection is `SOURCE -> DESTINATION:PORT[/PROTOCOL]`, in quotes because of the `>`.
Exit code: 0 every connection is allowed, 1 at least one is not, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``check``."""
    parser = subparsers.add_parser(
        "check",
        description="Say whether connections are allowed, and why.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_question(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "-q",
        "--quiet",
        dest="length",
        action="store_const",
        const=Length.LINE,
        help="one line for each connection",
    )
    length.add_argument(
        "-v",
        "--explain",
        dest="length",
        action="store_const",
        const=Length.TRACE,
        help="every policy and rule that was looked at, as `netpol explain` does",
    )
    parser.set_defaults(length=Length.PARAGRAPH)


def add_question(parser: argparse.ArgumentParser) -> None:
    """Add the manifests, the connections, the output and the plugin."""
    parser.add_argument(
        "given",
        nargs="*",
        metavar="FILE|CONNECTION",
        help=f"{shared.MANIFESTS}; whatever contains `->` is a connection",
    )
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer, print, and return 0 when every connection is allowed, else 1."""
    connections = [text for text in arguments.given if "->" in text]
    paths = [text for text in arguments.given if "->" not in text]
    if not paths:
        raise UnknownNameError(f"no manifest is given; name {shared.MANIFESTS}")
    cluster = shared.read_cluster(arguments, paths)
    if not connections:
        raise ConnectionTextError(_no_connection(cluster))
    answers = [ask.evaluate(cluster, connection) for connection in connections]
    if arguments.output == "json":
        sys.stdout.write(json.dumps(json.answers(answers, cluster=cluster)))
    else:
        gap = "\n" if arguments.length is Length.LINE else "\n\n"
        print(gap.join(explain(answer, arguments.length, cluster=cluster) for answer in answers))
    return 0 if all(answer.allowed for answer in answers) else 1


def _no_connection(cluster: Cluster) -> str:
    pods = "\n".join(f"  {pod}" for pod in cluster.pods) or "  (none)"
    return f"no connection is given; write {ask.FORM}, in quotes\nthe pods are:\n{pods}"
