"""What the verbs of the course share: the workspace, and the clock."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from netpol_sim.course.answers import Answers, find_workspace
from netpol_sim.course.attempt import Desk
from netpol_sim.course.catalog import read_catalog


def add_workspace(parser: argparse.ArgumentParser) -> None:
    """Add ``--workspace``."""
    says = "where your answers are (default: the course you are in, or the one you started)"
    parser.add_argument("--workspace", type=Path, metavar="FOLDER", help=says)


def desk(arguments: argparse.Namespace) -> Desk:
    """The course, and the workspace that the arguments name."""
    answers = Answers(folder=arguments.workspace or find_workspace())
    return Desk(catalog=read_catalog(), answers=answers)


def now() -> datetime:
    """The time, in UTC: the one clock of the course's verbs."""
    return datetime.now(UTC)
