"""Which pods are isolated, in which direction, by which policies: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Isolation    {pods: [{pod, ingress: [{policy, location?}], egress: the same}]}; an empty list is
                 a direction in which the pod is open
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from netpol_sim.analysis.isolation import Isolation
from netpol_sim.model import Pod
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.render import json
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.palette import Tone
from netpol_sim.render.sheet import Cell, Mark, Page, Sheet

_HEADLINE: Final = (
    "{ingress} of {total} pods are isolated for ingress and {egress} for egress; {open} are open "
    "in both directions."
)
_HEAD: Final = ("pods", "ingress", "egress")
_OPEN: Final = Mark(tone=Tone.DEPENDS, word="open")
_BY: Final = "isolated by"


def page(found: Sequence[Isolation]) -> Page:
    """How many pods are isolated, and who isolates which; pods that are alike share a row."""
    everyone = Everyone(each.pod for each in found)
    alike: defaultdict[tuple[tuple[NetworkPolicy, ...], ...], list[Pod]] = defaultdict(list)
    for each in found:
        alike[each.ingress, each.egress].append(each.pod)
    rows = tuple(
        (everyone.called(pods), _by(ingress), _by(egress))
        for (ingress, egress), pods in alike.items()
    )
    return (_headline(found), Sheet(head=_HEAD, rows=rows))


def _headline(found: Sequence[Isolation]) -> str:
    return _HEADLINE.format(
        total=len(found),
        open=sum(not each.directions for each in found),
        **{
            direction.lower(): sum(bool(each.by(direction)) for each in found)
            for direction in Direction
        },
    )


def _by(policies: tuple[NetworkPolicy, ...]) -> Cell:
    return (_BY, *(policy.key for policy in policies)) if policies else _OPEN


def sheet(found: Sequence[Isolation]) -> Sheet:
    """One row for each pod, with the policies that isolate it, for other programs."""
    rows = tuple(
        (
            each.pod.key,
            tuple(policy.key for policy in each.ingress),
            tuple(policy.key for policy in each.egress),
        )
        for each in found
    )
    return Sheet(head=("pod", "ingress", "egress"), rows=rows)


def document(found: Sequence[Isolation]) -> json.Document:
    """The answer as a JSON document of kind ``Isolation``."""
    pods: list[json.Json] = [
        {
            "pod": each.pod.key,
            "ingress": [json.policy(policy) for policy in each.ingress],
            "egress": [json.policy(policy) for policy in each.egress],
        }
        for each in found
    ]
    return json.envelope("Isolation", {"pods": pods})
