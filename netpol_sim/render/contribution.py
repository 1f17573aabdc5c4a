"""What one policy alone changes, and which policies change nothing.

JSON documents, in the notation of ``json.py``::

    Contribution    {policy, location?, change: Diff}
    Redundancy      {alone: [{policy, location?}], together: the same}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from netpol_sim.analysis.diff import Diff
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.render import describe, diff, json, policies
from netpol_sim.render.sheet import Page, Sheet

_SIDES: Final = diff.Sides(before="without it", after="with it")
_TITLE: Final = "What policy {policy} changes"
_NONE: Final = "Each policy changes something in this cluster."
_ALONE: Final = {
    True: "{count} of {total} policies changes nothing in this cluster.",
    False: "{count} of {total} policies change nothing in this cluster, each looked at alone.",
}
_TOGETHER: Final = "These can all be removed together: {policies}."
_ALL_TOGETHER: Final = "They can all be removed together."
_LATER: Final = "To pods that do not exist yet a policy may matter: ask with `netpol exposure`."


def as_text(policy: AnyPolicy, change: Diff) -> str:
    """What a policy changes, as plain text."""
    title = _TITLE.format(policy=describe.policy(policy))
    return f"{title}:\n{diff.as_text(change, _SIDES)}"


def as_markdown(policy: AnyPolicy, change: Diff) -> str:
    """What a policy changes, as Markdown."""
    return diff.as_markdown(change, _SIDES, title=_TITLE.format(policy=describe.policy(policy)))


def contribution_document(policy: AnyPolicy, change: Diff) -> json.Document:
    """What a policy changes, as a JSON document of kind ``Contribution``."""
    return json.envelope("Contribution", {**json.policy(policy), "change": diff.document(change)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundancy:
    """Of ``total`` policies, those that change nothing alone, and those that can go together."""

    alone: Sequence[AnyPolicy]
    together: Sequence[AnyPolicy]
    total: int


def page(found: Redundancy) -> Page:
    """Which policies change nothing, and which can be removed together."""
    if not found.alone:
        return (_NONE,)
    headline = _ALONE[len(found.alone) == 1].format(count=len(found.alone), total=found.total)
    return (headline, sheet(found), *_together(found), _LATER)


def _together(found: Redundancy) -> Iterator[str]:
    if len(found.alone) == 1:
        return
    if found.together == found.alone:
        yield _ALL_TOGETHER
        return
    yield _TOGETHER.format(policies=describe.listed(policy.key for policy in found.together))


def sheet(found: Redundancy) -> Sheet:
    """One row for each policy that changes nothing alone."""
    return policies.sheet(found.alone)


def document(found: Redundancy) -> json.Document:
    """The answer as a JSON document of kind ``Redundancy``."""
    return json.envelope(
        "Redundancy",
        {
            "alone": [json.policy(policy) for policy in found.alone],
            "together": [json.policy(policy) for policy in found.together],
        },
    )
