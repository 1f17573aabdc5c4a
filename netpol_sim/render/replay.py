"""A replayed recording: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Replay      {safe, summary, passed: [recorded], denied: [recorded], unjudged: [recorded],
                 rules: [{policy, field, location?, count}], neverUsed: [flow]}
    recorded    {connection, count, answer: Verdict or ServiceVerdict?, fault}; without an answer
                 the fault says why
    flow        {sources: [name], destinations: [name], ports: [range]}
"""

from __future__ import annotations

from typing import Final

from netpol_sim.analysis.replay import Replay, Replayed, RuleUse
from netpol_sim.render import describe, flows, json, rules
from netpol_sim.render.sheet import Page, Sheet
from netpol_sim.render.text import Length, explain

_HEADLINE: Final = "{count}: {parts}."
_COUNT: Final = {True: "1 recorded connection", False: "{count} recorded connections"}
_PASSED: Final = "{count} would pass"
_DENIED: Final = "{count} would be denied"
_UNJUDGED: Final = "{count} cannot be judged"
_NOTHING: Final = "nothing to replay"
_WHAT_IS_DENIED: Final = "Would be denied"
_WHAT_IS_UNJUDGED: Final = "Cannot be judged"
_UNUSED_RULES: Final = "Rules that let no recorded connection pass"
_NEVER_USED: Final = "Allowed by a rule, and never recorded"
_HEAD: Final = ("times", "recorded connection")
_FAULT: Final = "{connection}: {fault}"
_RULE_HEAD: Final = ("policy", "rule", "what it does")


def summary(found: Replay) -> str:
    """How many recorded connections pass and how many do not, in one sentence."""
    parts = ((found.passed, _PASSED), (found.denied, _DENIED), (found.unjudged, _UNJUDGED))
    told = [words.format(count=len(part)) for part, words in parts if part]
    count = sum(len(part) for part, _ in parts)
    return _HEADLINE.format(
        count=_COUNT[count == 1].format(count=count), parts=describe.listed(told) or _NOTHING
    )


def page(found: Replay) -> Page:
    """How much passes; then what is denied, what cannot be judged, and what was never used."""
    return (
        summary(found),
        Sheet(caption=_WHAT_IS_DENIED, head=_HEAD, rows=tuple(map(_row, found.denied))),
        Sheet(caption=_WHAT_IS_UNJUDGED, head=_HEAD, rows=tuple(map(_row, found.unjudged))),
        Sheet(caption=_UNUSED_RULES, head=_RULE_HEAD, rows=tuple(map(_rule, found.unused_rules))),
        flows.grouped(found.never_used, caption=_NEVER_USED),
    )


def _row(each: Replayed) -> tuple[str, ...]:
    if each.answer is not None:
        return str(each.recorded.count), explain(each.answer, Length.LINE)
    said = _FAULT.format(connection=each.recorded.connection, fault=each.fault)
    return str(each.recorded.count), said


def _rule(use: RuleUse) -> tuple[str, ...]:
    allows = rules.allows(use.rule, use.direction, use.policy.namespace)
    return use.policy.key, describe.where(use.field, use.locate()), allows


def document(found: Replay) -> json.Document:
    """A replay as a JSON document of kind ``Replay``."""
    return json.envelope(
        "Replay",
        {
            "safe": found.safe,
            "summary": summary(found),
            "passed": [_recorded(each) for each in found.passed],
            "denied": [_recorded(each) for each in found.denied],
            "unjudged": [_recorded(each) for each in found.unjudged],
            "rules": [
                {
                    "policy": use.policy.key,
                    "field": use.field,
                    "location": json.location(use.locate()),
                    "count": use.count,
                }
                for use in found.rules
            ],
            "neverUsed": [flows.flow(each) for each in found.never_used],
        },
    )


def _recorded(each: Replayed) -> json.Json:
    return {
        "connection": each.recorded.connection,
        "count": each.recorded.count,
        "answer": None if each.answer is None else json.answer(each.answer),
        "fault": each.fault,
    }
