"""``netpol lint``: what is probably wrong with policies."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.cli import needed
from netpol_sim.errors import UnknownNameError, nearest

_EXAMPLES = """\
examples:
  netpol lint cluster.yaml policies/
  netpol lint policies/ pods.yaml 'bank/frontend -> bank/api:8080'
  kubectl get ns,pods,svc,netpol -A -o yaml | netpol lint - --severity high
  netpol lint --fix policies/ | patch -p0
  netpol lint --explain NP205

A connection is one that must work; two rules look at what is needed.
Exit code: 0 nothing as bad as the threshold, 1 at least one finding, 2 bad input or usage.
"""

_SEVERITIES = ("error", "high", "medium", "low", "info")


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``lint``."""
    parser = subparsers.add_parser(
        "lint",
        usage="netpol lint FILE... ['SOURCE -> DESTINATION:PORT[/PROTOCOL]'...] [options]",
        description="Say what is probably wrong with policies, what it does, and how to fix it.",
        epilog=_EXAMPLES,
    )
    shared.add_given(parser, "a connection that must work")
    needed.add_needs(parser)
    parser.add_argument(
        "-o",
        "--output",
        choices=("text", "json", "sarif"),
        default="text",
        help="what to print (default: %(default)s)",
    )
    _add_choices(parser)
    _add_knowledge(parser)
    shared.add_profile(parser)


def _add_choices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--select", metavar="RULES", help="only these rules: ids, names or beginnings of ids (NP2)"
    )
    parser.add_argument("--ignore", metavar="RULES", help="all but these rules")
    parser.add_argument(
        "--severity",
        choices=_SEVERITIES,
        default="medium",
        help="from which severity on the exit code is 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="print the fixes of findings from that severity on as a unified diff, and nothing "
        "else; no file is written",
    )
    parser.add_argument("--explain", metavar="RULE", help="explain one rule and exit")
    parser.add_argument(
        "--rules", action="store_true", help="print the reference of all rules and exit"
    )


def _add_knowledge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--base",
        action="append",
        default=[],
        metavar="FILE",
        help="the version that is going to be replaced (may be given several times)",
    )
    parser.add_argument(
        "--protected-label",
        action="append",
        metavar="KEY",
        help="a namespace label that only administrators can set (may be given several times)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Look for findings, print them, and return 1 when one reaches the threshold, else 0."""
    if arguments.rules or arguments.explain:
        return _reference(arguments)
    from netpol_sim import manifest  # noqa: PLC0415  `--rules` and `--help` need no manifests
    from netpol_sim.analysis.lint import Severity, lint  # noqa: PLC0415
    from netpol_sim.analysis.lint.patch import patch  # noqa: PLC0415

    paths, given = shared.split_given(arguments.given)
    needs = needed.read(arguments.needs, given)
    rules = _chosen(arguments.select, arguments.ignore)
    cluster = shared.read_cluster(arguments, paths)
    with needed.located(needs, cluster):
        findings = lint(
            cluster,
            needs=needs,
            base=manifest.load(*arguments.base) if arguments.base else None,
            protected_labels=arguments.protected_label,
            rules=rules,
        )
    threshold = Severity(arguments.severity)
    grave = [finding for finding in findings if finding.severity.reaches(threshold)]
    sys.stdout.write(patch(grave) if arguments.fix else _output(arguments.output, findings))
    return 1 if grave else 0


def _reference(arguments: argparse.Namespace) -> int:
    from netpol_sim.render import lint_reference  # noqa: PLC0415

    if arguments.explain:
        print(lint_reference.explained(arguments.explain))
    else:
        sys.stdout.write(lint_reference.markdown())
    return 0


def _output(form: str, findings: Sequence[Any]) -> str:
    from netpol_sim.render import json, lint, sarif  # noqa: PLC0415

    if form == "json":
        return json.dumps(lint.document(findings))
    if form == "sarif":
        return json.dumps(sarif.document(findings))
    return lint.text(findings) + "\n"


def _chosen(select: str | None, ignore: str | None) -> Iterable[Any]:
    """The rules that are selected and not ignored.

    Raises:
        UnknownNameError: A word fits no rule.
    """
    from netpol_sim.analysis.lint import RULES  # noqa: PLC0415

    wanted = _ids(select) if select is not None else {rule.id for rule in RULES}
    unwanted = _ids(ignore) if ignore is not None else set()
    return [rule for rule in RULES if rule.id in wanted - unwanted]


def _ids(words: str) -> set[str]:
    from netpol_sim.analysis.lint import RULES  # noqa: PLC0415

    found: set[str] = set()
    for word in filter(None, words.replace(",", " ").split()):
        fitting = {
            rule.id
            for rule in RULES
            if rule.name == word or (word[:2].upper() == "NP" and rule.id.startswith(word.upper()))
        }
        if not fitting:
            names = [text for rule in RULES for text in (rule.id, rule.name)]
            meant = nearest(word.upper(), names) or nearest(word, names)
            hint = f"; did you mean `{meant}`?" if meant else ""
            raise UnknownNameError(f"there is no rule `{word}`{hint}")
        found |= fitting
    return found
