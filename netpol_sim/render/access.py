"""Who can reach a place, and what a place can reach: as a page and as JSON.

The JSON document, in the notation of ``json.py``::

    Access    {place, direction, port: text?, isolatedBy: [{policy, location?}],
               found: [{place, ports: [range]}], others}; others counts who was looked at
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from netpol_sim.analysis.access import Accesses
from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.model import Pod
from netpol_sim.policy import Direction
from netpol_sim.render import describe, json
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.sheet import Page, Sheet

_HEADLINES: Final = {
    Direction.INGRESS: "{place} can be reached from {who}{port}.",
    Direction.EGRESS: "{place} can reach {who}{port}.",
}
_NONE: Final = {
    Direction.INGRESS: "Nothing can reach {place}{port}.",
    Direction.EGRESS: "{place} can reach nothing{port}.",
}
_OTHER_PODS: Final = "{count} of {total} other pods"
_PODS: Final = "{count} of {total} pods"
_OUTSIDE: Final = "outside the cluster"
_ON_PORT: Final = " on port {port}"
_OPEN: Final = "No policy isolates it for {direction}."
_ISOLATED: Final = "Isolated for {direction} by {policies}."
_COLUMNS: Final = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


def page(accesses: Accesses) -> Page:
    """The answer in one sentence, who isolates the place, and everyone by the ports they share."""
    direction = accesses.direction
    by_ports: defaultdict[PortSet, list[Place]] = defaultdict(list)
    for access in accesses.found:
        by_ports[access.ports].append(access.place)
    opposite = (accesses.place,)
    everyone = Everyone((*accesses.others, *opposite))
    rows = tuple(
        (everyone.called(places, opposite), str(ports)) for ports, places in by_ports.items()
    )
    table = Sheet(head=(_COLUMNS[direction], "ports"), rows=rows)
    return (_headline(accesses), *_isolation(accesses), table)


def _headline(accesses: Accesses) -> str:
    found = [access.place for access in accesses.found]
    who = []
    if count := _pods(found):
        template = _OTHER_PODS if isinstance(accesses.place, Pod) else _PODS
        who.append(template.format(count=count, total=_pods(accesses.others)))
    if any(isinstance(place, OutsideRange) for place in found):
        who.append(_OUTSIDE)
    who += [str(place) for place in found if not isinstance(place, Pod | OutsideRange)]
    templates = _HEADLINES if found else _NONE
    return templates[accesses.direction].format(
        place=accesses.place.key,
        who=describe.listed(who),
        port=_ON_PORT.format(port=accesses.asked) if accesses.asked else "",
    )


def _pods(places: Iterable[Place]) -> int:
    return sum(isinstance(place, Pod) for place in places)


def _isolation(accesses: Accesses) -> Iterable[str]:
    if not isinstance(accesses.place, Pod):
        return
    template = _ISOLATED if accesses.isolated_by else _OPEN
    policies = describe.listed(map(describe.policy, accesses.isolated_by))
    yield template.format(direction=accesses.direction.lower(), policies=policies)


def sheet(accesses: Accesses) -> Sheet:
    """One row for each place, for other programs."""
    rows = tuple((access.place.key, str(access.ports)) for access in accesses.found)
    return Sheet(head=(_COLUMNS[accesses.direction], "ports"), rows=rows)


def document(accesses: Accesses) -> json.Document:
    """The answer as a JSON document of kind ``Access``."""
    found = [
        {"place": access.place.key, "ports": json.port_ranges(access.ports)}
        for access in accesses.found
    ]
    return json.envelope(
        "Access",
        {
            "place": accesses.place.key,
            "direction": accesses.direction.value,
            "port": str(accesses.asked) if accesses.asked else None,
            "isolatedBy": [json.policy(policy) for policy in accesses.isolated_by],
            "found": found,
            "others": len(accesses.others),
        },
    )
