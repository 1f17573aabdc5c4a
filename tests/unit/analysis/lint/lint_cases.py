"""Reads the cases of lint: for each rule a file of manifests, and what the rule finds in them.

A case states one sentence about its ``manifests``.  ``finds`` lists every finding of the rule that
the file is named after, as ``severity line: message``, and ``fixes`` the diff of the first fix.
Around the manifests is a ``world``: the main stage of the course unless another is named.
``needs``, ``base``, ``profile`` and ``protected`` are what lint is told besides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from netpol_sim import manifest
from netpol_sim.analysis.lint import RULES, Finding, lint
from netpol_sim.analysis.lint.rule import LintRule
from netpol_sim.cluster import Cluster
from netpol_sim.plugin import EgressJudged, Profile

HERE = Path(__file__).parent
CASES = HERE / "cases"
MAIN_STAGE = HERE.parents[3] / "exercises" / "worlds" / "bank-and-shop.yaml"
PROFILES = {
    "not-enforced": Profile(enforces=False, name="not-enforced"),
    "before-translation": Profile(
        egress_judged=EgressJudged.BEFORE_TRANSLATION, name="before-translation"
    ),
    "ranges-skip-pods": Profile(ip_block_matches_pods=False, name="ranges-skip-pods"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a rule; ``told`` is what its file says."""

    rule: str
    says: str
    told: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}"

    @property
    def cluster(self) -> Cluster:
        """The world with the case's manifests in it."""
        own = manifest.loads(self.told["manifests"], "case.yaml")
        around = world(self.told.get("world", "main"))
        cluster = joined(around, own)
        profile = self.told.get("profile")
        return cluster.with_profile(PROFILES[profile]) if profile else cluster

    def findings(self) -> tuple[Finding, ...]:
        """What the rule finds."""
        base = self.told.get("base")
        cluster = self.cluster
        found = lint(
            cluster,
            needs=self.told.get("needs", ()),
            base=cluster.with_policies(manifest.loads(base, "base.yaml").policies)
            if base
            else None,
            protected_labels=self.told.get("protected"),
            rules=rules_of(self.rule),
        )
        return tuple(finding for finding in found if finding.id == self.rule)


def rules_of(id_: str) -> tuple[LintRule, ...]:
    """The rule of an id, and those that take precedence over it."""
    return tuple(rule for rule in RULES if rule.id == id_ or id_ in rule.supersedes)


def line(finding: Finding) -> str:
    """A finding as the cases write it."""
    place = finding.location
    where = "-" if place is None else place.line
    outside = "" if place is None or place.file == "case.yaml" else f"{place.file.split('/')[-1]} "
    return f"{finding.severity} {outside}{where}: {finding.message}"


@cache
def world(name: str) -> Cluster:
    """The cluster around a case; ``none`` is empty."""
    if name == "main":
        return manifest.load(MAIN_STAGE)
    return manifest.loads(worlds()[name], f"{name}.yaml") if name != "none" else Cluster()


@cache
def worlds() -> dict[str, str]:
    """Small worlds that several cases share."""
    found: dict[str, str] = yaml.safe_load((HERE / "worlds.yaml").read_text(encoding="utf-8"))
    return found


def joined(around: Cluster, own: Cluster) -> Cluster:
    """Two clusters as one; what the second declares replaces what the first has of that name."""
    declared = {space.name for space in own.namespaces if space.origin is not None}
    known = {space.name for space in around.namespaces}
    spaces = [space for space in around.namespaces if space.name not in declared]
    return Cluster(
        namespaces=(
            *spaces,
            *(s for s in own.namespaces if s.origin is not None or s.name not in known),
        ),
        pods=(*around.pods, *own.pods),
        nodes=(*around.nodes, *(node for node in own.nodes if node not in around.nodes)),
        services=(*around.services, *own.services),
        policies=(*around.policies, *own.policies),
        cluster_policies=(*around.cluster_policies, *own.cluster_policies),
    )


def cases() -> list[Case]:
    """Every case of every rule."""
    found = []
    for path in sorted(CASES.glob("NP*.yaml")):
        for told in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(Case(rule=path.stem, says=told["says"], told=told))
    return found
