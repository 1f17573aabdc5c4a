"""What a lint rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.model import Connection, Entity, Namespace, Pod, Service
from netpol_sim.origin import Location, Origin
from netpol_sim.plugin import Profile
from netpol_sim.policy import NetworkPolicy

Thing = NetworkPolicy | ClusterNetworkPolicy | Namespace | Pod | Service | Profile
"""What a finding can be about."""

Evidence = Connection | Entity
"""What shows that a finding is true: pods, and connections that pass or are denied."""

MOST_EVIDENCE = 10
"""How much evidence a finding keeps; its message counts all of it."""


class Severity(StrEnum):
    """How much a finding matters, worst last."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    ERROR = "error"

    def reaches(self, threshold: Severity) -> bool:
        """Whether this is as bad as ``threshold``, or worse."""
        order = tuple(Severity)
        return order.index(self) >= order.index(threshold)


class Input(StrEnum):
    """What a rule has to know before it can be sure."""

    POLICIES = "policies"
    PODS = "pods"
    NAMESPACES = "namespaces"
    SERVICES = "Services"
    NODES = "nodes"
    PROFILE = "profile"
    NEEDS = "needed connections"
    BASE = "base version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One piece of advice about something the API server would accept.

    ``thing`` is what it is about, ``field`` the path within it.  ``severity`` is the rule's own
    unless what was found is milder.  ``evidence`` is the first of it; the message counts all.
    """

    rule: LintRule
    severity: Severity
    thing: Thing
    field: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None

    @property
    def object(self) -> str:
        """Kind and name, such as ``NetworkPolicy bank/db-policy``."""
        if isinstance(self.thing, ClusterNetworkPolicy):
            return f"{self.thing.kind} {self.thing.name}"
        name = self.thing.name if isinstance(self.thing, Profile | Namespace) else self.thing.key
        return f"{type(self.thing).__name__} {name.removeprefix('svc:')}"

    @property
    def origin(self) -> Origin | None:
        """Where the thing was written; None for values built in Python."""
        return None if isinstance(self.thing, Profile) else self.thing.origin

    @property
    def location(self) -> Location | None:
        """Where the field was written; None for values built in Python."""
        return self.origin.locate(self.field) if self.origin else None

    @property
    def id(self) -> str:
        """The rule's id, such as ``NP205``."""
        return self.rule.id

    @property
    def name(self) -> str:
        """The rule's name, such as ``adjacent-ns-and-pod-peers``."""
        return self.rule.name

    @property
    def why(self) -> str:
        """Why it bites."""
        return self.rule.why

    @property
    def remedy(self) -> str:
        """How to fix it."""
        return self.rule.remedy

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.severity} {self.id} {self.name}: {self.object}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a check has to say about one place; ``hit`` makes it.

    ``severity`` is None where it is the rule's own.
    """

    thing: Thing
    field: str
    message: str
    severity: Severity | None
    evidence: tuple[Evidence, ...]
    fix: Fix | None


def hit(
    thing: Thing,
    field: str,
    message: str,
    *,
    severity: Severity | None = None,
    evidence: Iterable[Evidence] = (),
    fix: Fix | None = None,
) -> Hit:
    """What a check has to say about a field of something."""
    return Hit(
        thing=thing,
        field=field,
        message=message,
        severity=severity,
        evidence=tuple(islice(evidence, MOST_EVIDENCE)),
        fix=fix,
    )


Check = Callable[[Survey], Iterable[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRule:
    """One thing that lint looks for: what it means, why it bites, how to fix it, and the check.

    ``inputs`` is what the check needs; where one of them is missing, the rule stays silent.
    ``supersedes`` are the ids of vaguer rules that say nothing about a field this one has found.
    """

    id: str
    name: str
    severity: Severity
    meaning: str
    why: str
    remedy: str
    inputs: tuple[Input, ...]
    check: Check
    supersedes: tuple[str, ...] = ()

    def findings(self, survey: Survey) -> Iterator[Finding]:
        """Everything that the check has to say."""
        for found in self.check(survey):
            yield Finding(
                rule=self,
                severity=found.severity or self.severity,
                thing=found.thing,
                field=found.field,
                message=found.message,
                evidence=found.evidence,
                fix=found.fix,
            )


def lint_rule(  # noqa: PLR0913  the texts of a rule, each by its name
    *,
    id: str,  # noqa: A002  the word that everybody uses for it
    name: str,
    severity: Severity,
    meaning: str,
    why: str,
    remedy: str,
    inputs: tuple[Input, ...],
    supersedes: tuple[str, ...] = (),
) -> Callable[[Check], LintRule]:
    """Make a check the LintRule that these texts describe."""

    def make(check: Check) -> LintRule:
        return LintRule(
            id=id,
            name=name,
            severity=severity,
            meaning=meaning,
            why=why,
            remedy=remedy,
            inputs=inputs,
            check=check,
            supersedes=supersedes,
        )

    return make
