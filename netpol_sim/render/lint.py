"""Findings of lint for the terminal and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from netpol_sim.analysis.lint import Finding, Severity
from netpol_sim.analysis.lint.patch import diff
from netpol_sim.render import json

CLEAN = "no findings"
_LONGEST = 120  # letters of a quoted line: JSON may be one line altogether


def text(findings: Sequence[Finding]) -> str:
    """Findings as lines, in their order, and their number.

    Why a rule bites and how to fix it is said at its first finding; notes take one line each.
    """
    lines: list[str] = []
    told: set[str] = set()
    for finding in findings:
        lines.append(_headline(finding))
        if finding.severity is Severity.INFO:
            continue
        lines += _quote(finding)
        if finding.id not in told:
            told.add(finding.id)
            lines += [f"  why: {finding.why}", f"  fix: {finding.remedy}"]
        if finding.fix is not None:
            lines.append(f"  `--fix` shows how to {finding.fix.summary}")
    return "\n".join([*lines, summary(findings)])


def _headline(finding: Finding) -> str:
    place = f"{finding.location}: " if finding.location else ""
    return (
        f"{place}{finding.severity} {finding.id} {finding.name}: {finding.object}: "
        f"{finding.message}"
    )


def _quote(finding: Finding) -> list[str]:
    place, origin = finding.location, finding.origin
    lines = _lines(origin.text) if origin else ()
    if place is None or place.line > len(lines):
        return []
    line = lines[place.line - 1].strip()
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."
    return [f"  {place.line} | {shown}"]


@lru_cache(maxsize=16)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


def summary(findings: Sequence[Finding]) -> str:
    """How many findings of each severity, worst first."""
    counts = Counter(finding.severity for finding in findings)
    worst_first = [severity for severity in reversed(Severity) if counts[severity]]
    parts = [f"{counts[severity]} {severity}" for severity in worst_first]
    if not parts:
        return CLEAN
    total = len(findings)
    return f"{total} {'finding' if total == 1 else 'findings'}: {', '.join(parts)}"


def document(findings: Sequence[Finding]) -> json.Document:
    """Findings as a JSON document of kind FindingList."""
    counts = Counter(finding.severity for finding in findings)
    return json.envelope(
        "FindingList",
        {
            "counts": {severity.value: counts[severity] for severity in reversed(Severity)},
            "items": [_item(finding) for finding in findings],
        },
    )


def _item(finding: Finding) -> json.Json:
    fix = finding.fix
    return {
        "id": finding.id,
        "name": finding.name,
        "severity": finding.severity.value,
        "object": finding.object,
        "field": finding.field,
        "location": json.location(finding.location),
        "message": finding.message,
        "meaning": finding.rule.meaning,
        "why": finding.why,
        "remedy": finding.remedy,
        "evidence": [str(item) for item in finding.evidence],
        "fix": None if fix is None else {"summary": fix.summary, "diff": diff(finding)},
    }
