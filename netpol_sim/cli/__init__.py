"""The command ``netpol``: parse arguments, call a verb, print, exit code.

Each verb is a module of this package that offers ``add_parser(subparsers)`` and
``run(arguments) -> int``, and is registered in ``verbs.py``; only the verb that is used is
imported.

Exit codes: 0 allowed, clean, equal or passed; 1 denied, findings, different or not yet; 2 bad input
or usage, with the message on standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from netpol_sim.cli.verbs import GROUPS, VERBS
from netpol_sim.errors import NetpolError, nearest

OK, NO, BAD_INPUT = 0, 1, 2
_INTERRUPTED = 130  # 128 + SIGINT, as shells count
_BROKEN_PIPE = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code; never raises for bad input.

    Args:
        argv: The arguments after the program's name; None takes those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark instead of failing.
        if callable(reconfigure := getattr(stream, "reconfigure", None)):
            reconfigure(errors="replace")
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return code


def _run(argv: list[str]) -> int:
    output = "text"
    try:
        arguments = parse(argv)
        output = getattr(arguments, "output", output)
        code: int = _module(arguments.verb).run(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except NetpolError as error:
        from netpol_sim.cli import failure  # noqa: PLC0415  needed only when something is wrong

        failure.report(error, output)
        return BAD_INPUT
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"netpol: {place}{error.strerror or error}", file=sys.stderr)
        return BAD_INPUT
    return code


def parse(argv: list[str]) -> argparse.Namespace:
    """Take the arguments apart; ``verb`` of the result names the module that runs them.

    Raises:
        SystemExit: 0 after ``--help`` and ``--version``, 2 after a usage error.
    """
    parser = argparse.ArgumentParser(
        prog="netpol",
        usage="netpol VERB ...",
        description="Learn and check Kubernetes NetworkPolicy without a cluster.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    verb, rest = (argv[0], argv[1:]) if argv else ("", [])
    if verb not in VERBS:
        return _without_verb(parser, verb, argv)
    subparsers = parser.add_subparsers(
        dest="verb", metavar="VERB", prog="netpol", parser_class=_VerbParser
    )
    _module(verb).add_parser(subparsers)
    verb_parser: argparse.ArgumentParser = subparsers.choices[verb]
    verb_parser.set_defaults(verb=verb)
    # Files and options may be mixed, which argparse cannot do for verbs that have verbs of their
    # own or pass the rest of the line on.
    nested = {argparse.PARSER, argparse.REMAINDER}
    if any(action.nargs in nested for action in verb_parser._actions):  # noqa: SLF001
        return verb_parser.parse_args(rest)
    return verb_parser.parse_intermixed_args(rest)


class _VerbParser(argparse.ArgumentParser):
    """Keeps the lines of the examples that end each help."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  argparse's own
        super().__init__(**options, formatter_class=argparse.RawDescriptionHelpFormatter)


def _module(verb: str) -> ModuleType:
    return import_module(f"netpol_sim.cli.{verb.replace('-', '_')}")


def _without_verb(
    parser: argparse.ArgumentParser, verb: str, argv: list[str]
) -> argparse.Namespace:
    if verb and not verb.startswith("-"):
        meant = nearest(verb, VERBS)
        hint = f"did you mean `{meant}`?" if meant else f"there are: {', '.join(VERBS)}"
        parser.error(f"there is no verb `{verb}`; {hint}")
    if parser.parse_args(argv).version:
        print(f"netpol {_version()}")
        raise SystemExit(OK)
    parser.print_help(sys.stderr)
    raise SystemExit(BAD_INPUT)


def _epilog() -> str:
    lines = []
    for heading, verbs in GROUPS.items():
        if not verbs:
            continue
        lines += [f"{heading}:", *(f"  {verb:<14} {says}" for verb, says in verbs.items()), ""]
    return "\n".join(
        [
            *lines,
            "`netpol VERB --help` says more about a verb.",
            "Exit code: 0 allowed or clean, 1 denied or findings, 2 bad input or usage.",
        ]
    )


def _version() -> str:
    from importlib.metadata import (  # noqa: PLC0415  slow to import, needed only here
        PackageNotFoundError,
        version,
    )

    try:
        return version("netpol-sim")
    except PackageNotFoundError:
        return "(not installed)"
