"""Findings as a table, worst first where a person looks first."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_sim.analysis.lint import Finding, Severity
from netpol_sim.render import html
from netpol_sim.render.markup import Markup, element
from netpol_sim.render.palette import LIGHT, Tone

_TONES = {
    Severity.INFO: Tone.MUTED,
    Severity.LOW: Tone.ADDED,
    Severity.MEDIUM: Tone.DEPENDS,
    Severity.HIGH: Tone.REMOVED,
    Severity.ERROR: Tone.DENIED,
}
NONE = "No findings."


def as_html(findings: Sequence[Finding]) -> Markup:
    """Findings as HTML, one a row: how bad, which rule, where, what it means, how to fix it."""
    if not findings:
        return html.block(html.paragraph(html.chip(Tone.ALLOWED, NONE)))
    names = ("severity", "rule", "where", "what, why, and what to do")
    head = html.row(*(html.heading(name, scope="col") for name in names))
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return html.block(html.table(*map(_row, _worst_first(findings)), caption=count, head=head))


def as_text(findings: Sequence[Finding]) -> str:
    """Findings as plain text, with the same content."""
    if not findings:
        return NONE
    parts = []
    for finding in _worst_first(findings):
        lines = [str(finding), f"  {_place(finding)}", f"  why: {finding.why}"]
        parts.append("\n".join([*lines, f"  fix: {_remedy(finding)}"]))
    return "\n".join(parts)


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    order = tuple(Severity)
    return sorted(findings, key=lambda finding: -order.index(finding.severity))


def _row(finding: Finding) -> Markup:
    ink = LIGHT[_TONES[finding.severity]]
    style = f"{ink.style};padding:0 6px;border:1px solid {ink.line};border-radius:4px"
    rule = element("b", finding.id)
    return html.row(
        html.heading(element("span", finding.severity.value, style=style), scope="row"),
        html.cell(rule, element("br"), finding.name),
        html.cell(element("b", finding.object), element("br"), _place(finding)),
        html.cell(
            html.paragraph(element("b", html.with_code(finding.message))),
            html.paragraph(finding.why),
            html.paragraph(element("i", "Fix: "), _remedy(finding)),
        ),
    )


def _place(finding: Finding) -> str:
    place = f" ({finding.location})" if finding.location else ""
    return f"{finding.field}{place}".strip()


def _remedy(finding: Finding) -> str:
    return finding.fix.summary if finding.fix else finding.remedy
