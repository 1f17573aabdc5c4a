"""How two policy sets relate, as data: the answer to a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.verdict import Caveat


class Scope(StrEnum):
    """What may vary between the clusters on which two policy sets are compared.

    ANY: any pods in any namespaces; a namespace has any labels, besides the one with its name.
    NAMESPACES: any pods, but only in the namespaces of a world, with the labels they have there.
    WORLD: only the pods and nodes of a world, with the addresses and port names they have there.
    Under each, any port and any outside address.
    """

    ANY = "any"
    NAMESPACES = "namespaces"
    WORLD = "world"


class Outcome(StrEnum):
    """How ``mine`` relates to the reference."""

    EQUAL = "equal"
    TOO_OPEN = "too-open"
    TOO_TIGHT = "too-tight"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is not known because a search used up its steps.

    ``undecided`` are the ways to differ in which none was found before that, and
    ``perhaps_not_smallest`` those whose witness is real, but a smaller one may exist.
    """

    steps: int
    undecided: tuple[Outcome, ...]
    perhaps_not_smallest: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How two policy sets relate.

    ``too_open`` is the smallest connection that mine allows and the reference denies, ``too_tight``
    the smallest that mine denies and the reference allows; None when there is none.  ``limit`` is
    None unless a search reached its limit.  ``caveats`` are points that the API leaves open and
    that matter here: BASELINE_SKIPPED when the outcome is another if it is settled the other way,
    EQUAL_PRIORITIES when the order of policies with one priority changes what a side means.
    ``enforced`` is false when the network plugin enforces no policies, so that all are equal.
    """

    scope: Scope
    enforced: bool = True
    too_open: Witness | None = None
    too_tight: Witness | None = None
    limit: Limit | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The relation in one word."""
        if self.too_open is not None:
            return Outcome.TOO_OPEN if self.too_tight is None else Outcome.BOTH
        if self.too_tight is not None:
            return Outcome.TOO_TIGHT
        undecided = self.limit is not None and self.limit.undecided
        return Outcome.UNKNOWN if undecided else Outcome.EQUAL

    @property
    def equal(self) -> bool:
        """Whether both mean the same on every cluster of the scope: proven, not tried."""
        return self.outcome is Outcome.EQUAL

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The witnesses there are, too open first."""
        return tuple(each for each in (self.too_open, self.too_tight) if each is not None)

    def __str__(self) -> str:
        return self.outcome.value.replace("-", " ")
