"""Needed connections beside what policies allow: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Needs    {met: [text], missing: [{need, pairs, answer: Verdict or ServiceVerdict}],
              unused: [flow], unprotected: [flow]}
    flow     {sources: [name], destinations: [name], ports: [range]}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netpol_sim.analysis.flows import Flow
from netpol_sim.analysis.needs import MissingNeed, NeedsReport
from netpol_sim.render import flows, json
from netpol_sim.render.sheet import Page, Sheet
from netpol_sim.render.text import Length, explain

_HEADLINE: Final = "{met} of {total} needed connections are allowed."
_MISSING: Final = "Missing: needed, and denied"
_UNUSED: Final = "Unused: a rule allows it, and nothing needs it"
_UNPROTECTED: Final = "Unprotected: no policy speaks about it, and nothing needs it"
_HEAD: Final = ("need", "pairs denied", "for example")


def page(report: NeedsReport) -> Page:
    """How many needs are met; then what is missing, what is unused, and what is unprotected."""
    total = len(report.met) + len(report.missing)
    headline = _HEADLINE.format(met=len(report.met), total=total)
    missing = tuple((each.text, str(each.pairs), _why(each)) for each in report.missing)
    return (
        headline,
        Sheet(caption=_MISSING, head=_HEAD, rows=missing),
        flows.grouped(report.unused, caption=_UNUSED),
        flows.grouped(report.unprotected, caption=_UNPROTECTED),
    )


def sheet(report: NeedsReport) -> Sheet:
    """One row for each need and each flow that is not needed, for other programs."""
    answers = [(text, "met") for text in report.met]
    answers += [(each.text, "missing") for each in report.missing]
    answers += [(str(each), "unused") for each in report.unused]
    answers += [(str(each), "unprotected") for each in report.unprotected]
    return Sheet(head=("connections", "answer"), rows=tuple(answers))


def _why(missing: MissingNeed) -> str:
    return explain(missing.answer, Length.LINE)


def document(report: NeedsReport) -> json.Document:
    """The report as a JSON document of kind ``Needs``."""
    missing: list[json.Json] = [
        {"need": each.text, "pairs": each.pairs, "answer": json.answer(each.answer)}
        for each in report.missing
    ]
    return json.envelope(
        "Needs",
        {
            "met": list(report.met),
            "missing": missing,
            "unused": _flows(report.unused),
            "unprotected": _flows(report.unprotected),
        },
    )


def _flows(found: Iterable[Flow]) -> json.Json:
    return [flows.flow(each) for each in found]
