"""The smallest change that makes a policy set mean what a reference means.

Edits are tried in order of their size: one alone, then two together.  A candidate has to give the
reference's verdict on every connection that told an earlier candidate apart, which is quickly seen;
only then it is compared in full, and if it is still different, its witnesses join those
connections.

Only NetworkPolicies are edited.  Cluster-scoped policies stay as they are on each side, and count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from netpol_sim.analysis.compare import Policies, Relation, Scope, cluster_of, compare
from netpol_sim.analysis.compare.atoms import fresh
from netpol_sim.analysis.repair.checks import Check
from netpol_sim.analysis.repair.edit import Edit, EditKind
from netpol_sim.analysis.repair.edits import Pool, edits
from netpol_sim.analysis.repair.spots import Change, Moved
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.plugin import Profile
from netpol_sim.policy import NetworkPolicy

CANDIDATES = 4_000
"""How many candidates a repair may try before it gives up."""

LARGEST = 4
"""How large a repair may be: the sizes of its edits together."""


class RepairOutcome(StrEnum):
    """What became of the search for a repair."""

    REPAIRED = "repaired"
    NOTHING_TO_REPAIR = "nothing-to-repair"
    TOO_FAR = "too-far"
    TIERS_DIFFER = "tiers-differ"
    LIMIT_REACHED = "limit-reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The smallest repair, if one was found.

    ``edits`` are to be made together (each names its field as it was written), and ``policies`` are
    what they make.  Both are empty unless the outcome is REPAIRED.  TOO_FAR: no single edit does,
    and no two of which one alone puts some connection right; TIERS_DIFFER: the same, and by
    themselves the cluster-scoped policies of both sides do not mean the same either;
    LIMIT_REACHED: none was found among as many candidates as may be tried.
    """

    outcome: RepairOutcome
    edits: tuple[Edit, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self.edits)) or self.outcome.value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A policy as it was written and as it is now, and what has moved in between."""

    written: NetworkPolicy
    now: NetworkPolicy
    moved: Moved | None = None

    def edit(self, change: Change) -> Edit | None:
        """A change, seen from the policy as it was written; None when it is not seen there."""
        field = self.moved.as_written(change.field) if self.moved else change.field
        if field is None:
            return None
        return Edit(
            kind=change.kind,
            policy=self.written,
            field=field,
            before=change.before,
            after=change.after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """Edits made together, and what they make."""

    drafts: tuple[_Draft, ...]
    edits: tuple[Edit, ...] = ()

    @property
    def size(self) -> int:
        return sum(edit.kind.size for edit in self.edits)

    @property
    def policies(self) -> tuple[NetworkPolicy, ...]:
        return tuple(draft.now for draft in self.drafts)

    def then(self, edit: Edit, drafts: tuple[_Draft, ...]) -> _Candidate:
        return _Candidate(drafts=drafts, edits=(*self.edits, edit))


class _LimitReachedError(Exception):
    """As many candidates were tried as may be."""


def minimal_repair(  # noqa: PLR0913  those of compare, and what is not to be touched
    mine: Policies,
    reference: Policies,
    *,
    scope: Scope | str = Scope.ANY,
    world: Cluster | None = None,
    profile: Profile | None = None,
    given: Iterable[NetworkPolicy] = (),
    candidates: int = CANDIDATES,
) -> Repair:
    """Find the smallest change of ``mine`` that makes it mean what the reference means.

    Args:
        mine: The policies to repair.
        reference: What they should mean.
        scope: As for ``compare``.
        world: As for ``compare``.
        profile: As for ``compare``.
        given: Policies that are there on both sides and are not to be changed.
        candidates: The limit of the search.

    Returns:
        The repair.  Equal inputs give equal repairs.

    Raises:
        InvalidValueError: As ``compare`` does.
    """
    ours, theirs = cluster_of(mine), cluster_of(reference)
    search = _Search(
        reference=theirs.policies,
        tiers=ours.cluster_policies,
        reference_tiers=theirs.cluster_policies,
        given=tuple(given),
        scope=Scope(scope),
        world=world,
        profile=profile,
        left=candidates,
    )
    drafts = tuple(_Draft(written=policy, now=policy) for policy in ours.policies)
    return search.repair(_Candidate(drafts=drafts))


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is asked, how many candidates may still be tried, and what told others apart."""

    reference: tuple[NetworkPolicy, ...]
    tiers: tuple[ClusterNetworkPolicy, ...]
    reference_tiers: tuple[ClusterNetworkPolicy, ...]
    given: tuple[NetworkPolicy, ...]
    scope: Scope
    world: Cluster | None
    profile: Profile | None
    left: int
    checks: list[Check] = field(default_factory=list)
    changes: dict[int, tuple[Change, ...]] = field(default_factory=dict)

    def repair(self, start: _Candidate) -> Repair:
        """The smallest repair of a candidate without edits."""
        relation = self._compare(start.policies, self.reference)
        if relation.equal:
            return Repair(outcome=RepairOutcome.NOTHING_TO_REPAIR)
        self.checks += self._asked_again(relation)
        try:
            found = next((each for each in self._candidates(start) if self._is_right(each)), None)
        except _LimitReachedError:
            return Repair(outcome=RepairOutcome.LIMIT_REACHED)
        if found is None:
            alike = self.tiers == self.reference_tiers or self._compare((), ()).equal
            return Repair(outcome=RepairOutcome.TOO_FAR if alike else RepairOutcome.TIERS_DIFFER)
        return Repair(outcome=RepairOutcome.REPAIRED, edits=found.edits, policies=found.policies)

    def _candidates(self, start: _Candidate) -> Iterator[_Candidate]:
        """Candidates with one edit or two, in order of their size."""
        pool = Pool.of(self.reference)
        # Every second edit is one of these, but for those of the policy that was edited first.
        for draft in start.drafts:
            self.changes[id(draft)] = tuple(edits(draft.now, pool))
        single = self._next(start, pool)
        helpful = [each for each in single if self._puts_right(each, any)]
        double: list[_Candidate] | None = None
        for size in range(1, LARGEST + 1):
            yield from (each for each in single if each.size == size)
            if size > 1:
                if double is None:
                    double = [after for each in helpful for after in self._next(each, pool)]
                yield from (each for each in double if each.size == size)

    def _is_right(self, candidate: _Candidate) -> bool:
        """Whether a candidate means what the reference means."""
        if self.left <= 0:
            raise _LimitReachedError
        self.left -= 1
        if not self._puts_right(candidate, all):
            return False
        relation = self._compare(candidate.policies, self.reference)
        # What told this one apart may tell others apart: asked first, it is answered most often.
        self.checks[:0] = self._asked_again(relation)
        return relation.equal

    def _puts_right(
        self, candidate: _Candidate, how_many: Callable[[Iterable[bool]], bool]
    ) -> bool:
        """Whether the candidate gives the reference's verdict on any or all known connections.

        Two policies of one name cannot be there together, so they put nothing right.
        """
        policies = (*self.given, *candidate.policies)
        if len({policy.key for policy in policies}) < len(policies):
            return False
        return how_many(check.passes(policies) for check in self.checks)

    def _next(self, candidate: _Candidate, pool: Pool) -> list[_Candidate]:
        """The candidates with one edit more."""
        found = [
            *self._with_edited_policy(candidate, pool),
            *_with_policy_less(candidate),
            *_with_policy_more(candidate, pool),
        ]
        # What can simply go was one too many, whatever else might make it harmless.
        return sorted(found, key=lambda each: not each.edits[-1].narrows)

    def _with_edited_policy(self, candidate: _Candidate, pool: Pool) -> Iterator[_Candidate]:
        drafts = candidate.drafts
        for index, draft in enumerate(drafts):
            for change in self.changes.get(id(draft)) or edits(draft.now, pool):
                edit = draft.edit(change)
                if edit is not None:
                    after = _Draft(written=draft.written, now=change.policy, moved=change.moved)
                    yield candidate.then(edit, (*drafts[:index], after, *drafts[index + 1 :]))

    def _asked_again(self, relation: Relation) -> list[Check]:
        return [Check(witness=witness, tiers=self.tiers) for witness in relation.witnesses]

    def _compare(
        self, mine: tuple[NetworkPolicy, ...], reference: tuple[NetworkPolicy, ...]
    ) -> Relation:
        return compare(
            (*self.given, *mine, *self.tiers),
            (*self.given, *reference, *self.reference_tiers),
            scope=self.scope,
            world=self.world,
            profile=self.profile,
        )


def _with_policy_less(candidate: _Candidate) -> Iterator[_Candidate]:
    drafts = candidate.drafts
    for index, draft in enumerate(drafts):
        edit = Edit(kind=EditKind.REMOVE_POLICY, policy=draft.written, field="", before=draft.now)
        yield candidate.then(edit, (*drafts[:index], *drafts[index + 1 :]))


def _with_policy_more(candidate: _Candidate, pool: Pool) -> Iterator[_Candidate]:
    for wanted in pool.policies:
        names = (draft.now.name for draft in candidate.drafts)
        added = replace(wanted, name=fresh(wanted.name, names))
        edit = Edit(kind=EditKind.ADD_POLICY, policy=added, field="", after=added)
        yield candidate.then(edit, (*candidate.drafts, _Draft(written=added, now=added)))
