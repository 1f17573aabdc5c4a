"""``netpol draw``: a picture of a cluster, or of the way of one connection."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from netpol_sim import ask
from netpol_sim.cli import arguments as shared
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.render.draw import Drawing, Format, draw

_EXAMPLES = """\
examples:
  netpol draw cluster.yaml -o cluster.svg
  netpol draw policies/ pods.yaml 'bank/rogue -> bank/ledger-db:5432' -o path.png
  kubectl get ns,pods,svc,netpol -A -o yaml | netpol draw - -f mermaid

Without -o the picture is written to standard output.  The kind of picture is that of -f, else what
the name of the file says, else svg.
Exit code: 0 drawn, 2 bad input or usage.
"""
_BY_SUFFIX = {".svg": Format.SVG, ".png": Format.PNG, ".dot": Format.DOT, ".gv": Format.DOT}
_BY_SUFFIX |= {".mmd": Format.MERMAID, ".mermaid": Format.MERMAID}


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``draw``."""
    parser = subparsers.add_parser(
        "draw",
        usage="netpol draw FILE... ['SOURCE -> DESTINATION:PORT[/PROTOCOL]'] [options]",
        description="Draw a cluster, or the way of one connection through both ends.",
        epilog=_EXAMPLES,
    )
    shared.add_given(parser, "the connection whose way is drawn")
    parser.add_argument("-f", "--format", choices=[str(kind) for kind in Format])
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", dest="file")
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw, write to the file or to standard output, and return 0."""
    paths, connections = shared.split_given(arguments.given)
    if len(connections) > 1:
        raise _one_only(connections)
    kind = _format(arguments)
    cluster = shared.read_cluster(arguments, paths)
    value = ask.evaluate(cluster, connections[0]) if connections else cluster
    _write(draw(value, kind), arguments.file)
    return 0


def _format(arguments: argparse.Namespace) -> Format:
    if arguments.format is not None:
        return Format(arguments.format)
    suffix = arguments.file.suffix.lower() if arguments.file is not None else ""
    return _BY_SUFFIX.get(suffix, Format.SVG)


def _write(drawing: Drawing, file: Path | None) -> None:
    if file is not None:
        drawing.write(file)
        return
    # Pictures are bytes: no end of line is translated, and PNG is no text at all.
    sys.stdout.flush()
    sys.stdout.buffer.write(drawing.data)


def _one_only(connections: list[str]) -> InvalidValueError:
    problem = Problem(
        kind=ProblemKind.INVALID,
        field="connection",
        value=connections[1],
        message="only one connection can be drawn at a time",
    )
    return InvalidValueError([problem])
