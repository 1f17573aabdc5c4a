"""``netpol explain``: ``netpol check`` with every policy and rule that was looked at."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.cli import check
from netpol_sim.render.text import Length

run = check.run


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``explain``."""
    parser = subparsers.add_parser(
        "explain",
        description="Say why connections are allowed or denied: every policy and every rule.",
        epilog="A connection is `SOURCE -> DESTINATION:PORT[/PROTOCOL]`, as for `netpol check`.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_question(parser)
    parser.set_defaults(length=Length.TRACE)
