"""The words of the lanes that a connection goes through at each end, where there are tiers."""

from __future__ import annotations

from typing import Final

from netpol_sim.cluster_policy import Tier

LANES: Final = {
    Tier.ADMIN: "1 Admin tier",
    None: "2 NetworkPolicy",
    Tier.BASELINE: "3 Baseline tier",
}
"""The lanes in the order in which they are asked; None is that of the namespaces' own policies."""

OUTSIDE: Final = "Outside all lanes"
NOBODY: Final = "Nobody decides"

FINAL: Final = "{action}, final at this end"
PASSES: Final = "{action}, goes on"
NO_OPINION: Final = "no opinion"
NOT_ASKED: Final = "not asked"
NO_FURTHER: Final = "goes no further"
ISOLATES: Final = {True: "isolates and allows", False: "isolates and denies"}
"""What a lane says."""

DECIDING: Final = "▶ {rule}"
FAILS_CLOSED: Final = (
    "lists domain names; what they stand for is not in the manifests, so it denies everything"
)
NO_RULES: Final = "it has no {direction} rules for {near}"
SILENT: Final = {
    False: "its only {direction} rule for {near} does not match",
    True: "none of its {count} {direction} rules for {near} matches",
}
NOT_ISOLATED: Final = "no NetworkPolicy isolates {near} for {direction}"
HAS_DECIDED: Final = {
    Tier.ADMIN: "the Admin tier has decided",
    None: "the NetworkPolicy lane has decided",
}
NO_LANE_ASKED: Final = "no lane is asked"
OPEN_BY_DEFAULT: Final = "{open} (open by default)"
"""What in it says so."""

SENTENCE: Final = "{name}: {said}; {because}."
BOTH_ALLOW: Final = "Both ends must allow a connection; here they do."
