"""The smallest change of cluster-scoped policies that makes a policy set mean what another means.

``minimal_repair`` edits NetworkPolicies only.  Here one cluster-scoped policy is edited, once or
twice, with pieces of the reference; an edit that a connection tells apart at once is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from netpol_sim.analysis.compare import Relation, Scope, compare
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy, ClusterRule, by_scope
from netpol_sim.errors import InvalidValueError
from netpol_sim.evaluate import evaluate
from netpol_sim.origin import Location
from netpol_sim.policy import Direction

CANDIDATES = 2_000
"""How many candidates a repair may try before it gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEdit:
    """One change of a cluster-scoped policy.

    ``policy`` is the policy as it was written, and ``field`` what changes in it; ``adds`` where
    something is missing there, and ``narrows`` where something only goes.
    """

    policy: ClusterNetworkPolicy
    field: str
    adds: bool = False
    narrows: bool = False

    @property
    def location(self) -> Location | None:
        """Where that was written."""
        return self.policy.origin.locate(self.field) if self.policy.origin else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRepair:
    """Edits to be made together, and the policies that they make."""

    edits: tuple[TierEdit, ...]
    policies: tuple[AnyPolicy, ...]


def tier_repair(
    mine: Sequence[AnyPolicy],
    reference: Sequence[AnyPolicy],
    *,
    scope: Scope | str,
    world: Cluster,
    candidates: int = CANDIDATES,
) -> TierRepair | None:
    """The smallest repair; None when no two edits of one policy make the sets equal.

    Args:
        mine: The policies to repair.
        reference: What they should mean.
        scope: As for ``compare``.
        world: As for ``compare``; its policies are there on both sides and are not changed.
        candidates: The limit of the search.
    """
    search = _Search(reference=tuple(reference), scope=Scope(scope), world=world, left=candidates)
    relation = search.compared(mine)
    search.witnesses += relation.witnesses
    pieces = _Pieces.of(by_scope(reference)[1])
    for depth in (1, 2):
        for index, policy in enumerate(mine):
            if not isinstance(policy, ClusterNetworkPolicy):
                continue
            for edits, edited in _edited(policy, pieces, depth):
                policies = (*mine[:index], edited, *mine[index + 1 :])
                if search.is_right(policies):
                    return TierRepair(edits=edits, policies=policies)
    return None


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is asked, how many candidates may still be tried, and what told others apart."""

    reference: tuple[AnyPolicy, ...]
    scope: Scope
    world: Cluster
    left: int
    witnesses: list[Witness] = field(default_factory=list)

    def is_right(self, policies: Sequence[AnyPolicy]) -> bool:
        """Whether policies mean what the reference means."""
        given = self.world.every_policy
        if self.left <= 0 or not all(_passes((*given, *policies), w) for w in self.witnesses):
            return False
        self.left -= 1
        relation = self.compared(policies)
        self.witnesses[:0] = relation.witnesses
        return relation.equal

    def compared(self, policies: Sequence[AnyPolicy]) -> Relation:
        """Policies against the reference."""
        given = self.world.every_policy
        return compare(
            (*given, *policies),
            (*given, *self.reference),
            scope=self.scope,
            world=self.world,
        )


def _passes(policies: Sequence[AnyPolicy], witness: Witness) -> bool:
    """Whether policies give the reference's verdict on a connection."""
    own, of_cluster = by_scope(policies)
    cluster = witness.cluster.with_policies(own).with_cluster_policies(of_cluster)
    return evaluate(cluster, witness.connection).allowed is witness.reference.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """The pieces of a reference."""

    policies: tuple[ClusterNetworkPolicy, ...]
    rules: dict[Direction, tuple[ClusterRule, ...]]

    @classmethod
    def of(cls, policies: tuple[ClusterNetworkPolicy, ...]) -> _Pieces:
        return cls(
            policies=policies,
            rules={
                direction: tuple(
                    dict.fromkeys(rule for each in policies for rule in each.rules(direction))
                )
                for direction in Direction
            },
        )


_Edited = tuple[TierEdit, ClusterNetworkPolicy]


def _edited(
    policy: ClusterNetworkPolicy, pieces: _Pieces, depth: int
) -> Iterator[tuple[tuple[TierEdit, ...], ClusterNetworkPolicy]]:
    """A policy after so many edits."""
    for edit, after in _edits(policy, policy, pieces):
        if depth == 1:
            yield (edit,), after
            continue
        for second, last in _edits(policy, after, pieces):
            # Two edits of one field are one, and the first would not be seen any more.
            if second.field != edit.field:
                yield (edit, second), last


def _edits(
    written: ClusterNetworkPolicy, now: ClusterNetworkPolicy, pieces: _Pieces
) -> Iterator[_Edited]:
    """Every edit of a policy; those that are easiest to follow first."""
    changes = chain(_of_frame(pieces), *(_of_rules(now, way, pieces) for way in Direction))
    for path, change, adds, narrows in changes:
        try:
            after = replace(now, **change)
        except InvalidValueError:
            continue
        if after != now:
            yield TierEdit(policy=written, field=path, adds=adds, narrows=narrows), after


_Change = tuple[str, dict[str, Any], bool, bool]
"""A field path, what comes, whether something is missing there, and whether something only goes."""


def _of_frame(pieces: _Pieces) -> Iterator[_Change]:
    for name in ("tier", "priority", "subject"):
        for wanted in pieces.policies:
            yield f"spec.{name}", {name: getattr(wanted, name)}, False, False


def _of_rules(
    policy: ClusterNetworkPolicy, direction: Direction, pieces: _Pieces
) -> Iterator[_Change]:
    """Other rules for a direction: changed, in another order, one more or one less."""
    name, rules = direction.rules_field, policy.rules(direction)
    path = f"spec.{name}"
    # What can simply go was one too many, whatever else might make it harmless.
    for index in range(len(rules)):
        yield f"{path}[{index}]", {name: (*rules[:index], *rules[index + 1 :])}, False, True
    for index, rule in enumerate(rules):
        before, after = rules[:index], rules[index + 1 :]
        where = f"{path}[{index}]"
        for inside, other, adds, narrows in _of_rule(rule, direction, policy, pieces):
            yield where + inside, {name: (*before, other, *after)}, adds, narrows
        if after:
            yield where, {name: (*before, after[0], rule, *after[1:])}, False, False
    for wanted in pieces.rules[direction]:
        for index in range(len(rules) + 1):
            yield path, {name: (*rules[:index], wanted, *rules[index:])}, True, False


def _of_rule(
    rule: ClusterRule, direction: Direction, policy: ClusterNetworkPolicy, pieces: _Pieces
) -> Iterator[tuple[str, ClusterRule, bool, bool]]:
    """A rule with another action, other peers or other ports."""
    for action in policy.kind.actions.values():
        yield ".action", replace(rule, action=action), False, False
    for wanted in pieces.rules[direction]:
        listed: Iterable[tuple[str, dict[str, Any]]] = (
            (f".{direction.peers_field}", {"peers": wanted.peers}),
            (f".{policy.kind.ports_field}", {"ports": wanted.ports}),
        )
        for inside, change in listed:
            try:
                yield inside, replace(rule, **change), False, False
            except InvalidValueError:
                continue
