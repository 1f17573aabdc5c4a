"""``netpol start``: open the course in JupyterLab."""

from __future__ import annotations

import argparse
from typing import Any

from netpol_sim.course import start


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``start``."""
    parser = subparsers.add_parser(
        "start",
        description="Open the course in JupyterLab, in a workspace that keeps your work.",
    )
    start.add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the course, or the playground alone, until Ctrl-C."""
    return start.run(arguments)
