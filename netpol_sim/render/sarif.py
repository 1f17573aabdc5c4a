"""Findings as SARIF 2.1.0, the format that code review tools read.

Source: the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from netpol_sim.analysis.lint import RULES, Finding, LintRule, Severity
from netpol_sim.render.json import Document, Json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

LEVELS = {
    Severity.ERROR: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
"""SARIF has three levels for our five; ``properties.severity`` keeps ours."""


def document(findings: Sequence[Finding]) -> Document:
    """One run of lint: every rule, and every finding as a result."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "netpol", "rules": [_rule(rule) for rule in RULES]}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding) for finding in findings],
            }
        ],
    }


def _rule(rule: LintRule) -> Json:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": f"{rule.meaning} {rule.why}"},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"severity": rule.severity.value},
    }


def _result(finding: Finding) -> Json:
    index = next(number for number, rule in enumerate(RULES) if rule.id == finding.id)
    return {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding)],
        "properties": {
            "severity": finding.severity.value,
            "evidence": [str(item) for item in finding.evidence],
        },
    }


def _location(finding: Finding) -> Json:
    logical: Json = [{"fullyQualifiedName": f"{finding.object}: {finding.field}", "kind": "object"}]
    place = finding.location
    if place is None:
        return {"logicalLocations": logical}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        },
        "logicalLocations": logical,
    }
