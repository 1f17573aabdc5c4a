"""``netpol explain``: ``netpol check`` with every policy and rule that was looked at."""

from __future__ import annotations

from typing import Any

from netpol_sim.cli import check
from netpol_sim.render.text import Length

run = check.run


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``explain``."""
    says = "Say why connections are allowed or denied, with every policy and rule looked at."
    parser = check.add_question(subparsers, "explain", says)
    parser.set_defaults(length=Length.TRACE)
