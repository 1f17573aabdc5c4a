"""``netpol replay``: what policies would have done to recorded connections."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from netpol_sim.cli import arguments as shared

_EXAMPLES = """\
examples:
  netpol replay monday.txt cluster.yaml policies/
  sort connections.txt | uniq -c > monday.txt

Each line of a recording is a connection, SOURCE -> DESTINATION:PORT[/PROTOCOL], with how often it
was seen in front of it if that is known; what follows a `#` is a remark.

Exit code: 0 everything recorded would pass, 1 something would not or names what the cluster does
not have, 2 bad input or usage.
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``replay``."""
    parser = subparsers.add_parser(
        "replay",
        usage="netpol replay RECORDING FILE... [options]",
        description="Hold recorded connections against policies: which of them would be denied and "
        "why, which rules nothing used, and what is allowed that was never recorded.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("recording", type=Path, metavar="RECORDING", help="a file of connections")
    shared.add_manifests(parser)
    shared.add_output(parser)
    shared.add_profile(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay, print, and return 0 when everything recorded would pass, else 1."""
    from netpol_sim.analysis.replay import parse_recording, replay  # noqa: PLC0415  not for --help
    from netpol_sim.render import json, sheet  # noqa: PLC0415
    from netpol_sim.render import replay as render  # noqa: PLC0415

    path: Path = arguments.recording
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    recording = parse_recording(text, file=str(path))
    found = replay(shared.read_cluster(arguments, arguments.manifests), recording)
    if arguments.output == "json":
        sys.stdout.write(json.dumps(render.document(found)))
    else:
        print(sheet.as_text(render.page(found)))
    return 0 if found.safe else 1
