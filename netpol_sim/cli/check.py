"""``netpol check``: is a connection allowed, and why."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim import ask, connection_text
from netpol_sim.cli import arguments as shared
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError
from netpol_sim.render import facts, json
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Answer

_USAGE = "netpol {verb} FILE... 'SOURCE -> DESTINATION:PORT[/PROTOCOL]'... [options]"
_EXAMPLES = """\
examples:
  netpol {verb} cluster.yaml 'bank/frontend -> bank/api:8080'
  netpol {verb} policies/ pods.yaml 'bank/api -> svc:bank/ledger:5432' 'bank/api -> 203.0.113.7:443'
  kubectl get ns,pods,svc,netpol -A -o yaml | netpol {verb} - 'bank/batch -> bank/api:http'

SOURCE is `namespace/pod`, `node/NAME` or an IP address; DESTINATION the same or
`svc:namespace/name`.  PORT is a number or a name, PROTOCOL is TCP when left out.  The quotes keep
the shell from taking the `>` for itself.

Exit code: 0 every connection is allowed, 1 at least one is not, 2 bad input or usage.
"""
_PODS_LISTED = 30


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``check``."""
    parser = add_question(subparsers, "check", "Say whether connections are allowed, and why.")
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


def add_question(
    subparsers: Any,  # noqa: ANN401  as above
    verb: str,
    description: str,
) -> argparse.ArgumentParser:
    """A parser that takes manifests, connections, the output and the plugin."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        verb,
        usage=_USAGE.format(verb=verb),
        description=description,
        epilog=_EXAMPLES.format(verb=verb),
    )
    shared.add_given(parser, "a connection to ask about")
    shared.add_output(parser)
    shared.add_profile(parser)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Answer, print, and return 0 when every connection is allowed, else 1."""
    paths, connections = shared.split_given(arguments.given)
    if not connections and "-" in paths and sys.stdin.isatty():
        # What a shell leaves of `a -> b` without quotes; nobody is going to type manifests.
        raise ConnectionTextError(_NO_CONNECTION)
    cluster = shared.read_cluster(arguments, paths)
    if not connections:
        raise ConnectionTextError(f"{_NO_CONNECTION}\n{_pods(cluster)}")
    answers = [ask.evaluate(cluster, connection) for connection in connections]
    if arguments.output == "json":
        sys.stdout.write(json.dumps(json.answers(answers)))
    else:
        gap = "\n" if arguments.length is Length.LINE else "\n\n"
        print(gap.join(_told(answer, arguments.length) for answer in answers))
    return 0 if all(answer.allowed for answer in answers) else 1


def _told(answer: Answer, length: Length) -> str:
    notes = () if length is Length.LINE else facts.since_documentation(answer)
    return "\n".join((explain(answer, length), *notes))


_NO_CONNECTION = f"no connection is given; write {connection_text.FORM}, in quotes"


def _pods(cluster: Cluster) -> str:
    if not cluster.pods:
        return "these manifests have no pods"
    listed = [f"  {pod}" for pod in cluster.pods[:_PODS_LISTED]]
    more = len(cluster.pods) - len(listed)
    return "\n".join(["the pods are:", *listed, *([f"  and {more} more"] if more else [])])
