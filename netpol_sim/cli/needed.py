"""Connections that are needed: written on the command line, or in files with one on each line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from netpol_sim.analysis.needs import check_needs
from netpol_sim.cluster import Cluster
from netpol_sim.errors import (
    AmbiguousNameError,
    ConnectionTextError,
    ManifestError,
    Problem,
    ProblemKind,
    UnknownNameError,
)
from netpol_sim.origin import Location

ENDS = """\
An end of a need is `namespace/pod`, `namespace/workload`, `namespace/*` (every pod there), `*`
(every pod), an IP address, a range such as 203.0.113.0/24, `node/NAME` or `svc:namespace/name`."""
FILES = "A file of needs has one connection on each line; what follows a `#` is a comment."

Needs = Mapping[str, Location | None]
"""Needed connections in order, and where each was written; None for the command line."""


def add_needs(parser: argparse.ArgumentParser) -> None:
    """Add ``--needs FILE``, which may be repeated."""
    parser.add_argument(
        "--needs",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of connections that are needed, one on each line; may be given several times",
    )


def read(paths: Iterable[Path], given: Iterable[str] = ()) -> Needs:
    """The needs of the command line, then those of the files; each once, where it stands first.

    Raises:
        OSError: A file cannot be read.
    """
    needs: dict[str, Location | None] = dict.fromkeys(given)
    for path in paths:
        for text, place in _lines(path):
            needs.setdefault(text, place)
    return needs


def refuse_none(needs: Needs) -> None:
    """Say how needs are given, where none is.

    Raises:
        ConnectionTextError: There is no need.
    """
    if not needs:
        raise ConnectionTextError(
            "no need is given; write connections such as `bank/frontend -> bank/api:8080` in "
            "quotes, or name a file of them with `--needs FILE`"
        )


def _lines(path: Path) -> Iterator[tuple[str, Location]]:
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        # A list of YAML reads the same way.
        text = line.partition("#")[0].strip().removeprefix("- ").strip().strip("\"'")
        if text and text != "---":
            column = line.index(text) + 1
            yield text, Location(file=str(path), line=number, column=column)


@contextmanager
def located(needs: Needs, cluster: Cluster) -> Iterator[None]:
    """Say of every need that cannot be understood where it is written.

    Raises:
        ManifestError: Needs in files that cannot be read, or that name what is not there.
    """
    try:
        yield
    except (ConnectionTextError, UnknownNameError, AmbiguousNameError):
        problems = tuple(_problems(needs, cluster))
        if problems:
            raise ManifestError(problems) from None
        raise


def _problems(needs: Needs, cluster: Cluster) -> Iterator[Problem]:
    for text, place in needs.items():
        if place is None:
            continue
        try:
            check_needs(cluster, [text])
        except (ConnectionTextError, UnknownNameError, AmbiguousNameError) as error:
            yield Problem(
                kind=ProblemKind.INVALID,
                field="",
                message=str(error),
                file=place.file,
                line=place.line,
                column=place.column,
            )
