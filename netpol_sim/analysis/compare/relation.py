"""Do two policy sets mean the same; if not, the smallest connection that differs, one each way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from netpol_sim.analysis.compare import tiers
from netpol_sim.analysis.compare.any_pods import AnyPods
from netpol_sim.analysis.compare.difference import Difference, smallest_difference
from netpol_sim.analysis.compare.familiar import Place, familiar
from netpol_sim.analysis.compare.given_pods import GivenPods
from netpol_sim.analysis.compare.search import Steps
from netpol_sim.analysis.compare.universe import Universe
from netpol_sim.analysis.compare.witness import Witness, witness
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.evaluate import evaluate
from netpol_sim.model import DOCUMENTATION, Namespace, Profile
from netpol_sim.policy import NetworkPolicy

Policies = AnyPolicy | Iterable[AnyPolicy] | Cluster
"""What can be compared: a policy, several, or those of a cluster."""

STEPS = 10_000
"""How many steps a comparison may take in each direction before it says that it does not know."""


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
    None unless a search reached its limit.  ``enforced`` is false when the network plugin enforces
    no policies, so that all are equal.
    """

    scope: Scope
    enforced: bool = True
    too_open: Witness | None = None
    too_tight: Witness | None = None
    limit: Limit | None = None

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


def compare(
    mine: Policies,
    reference: Policies,
    *,
    scope: Scope | str = Scope.ANY,
    world: Cluster | None = None,
    profile: Profile | None = None,
    steps: int = STEPS,
) -> Relation:
    """Compare two policy sets by what they mean, on every cluster of a scope.

    Where tiers of cluster-scoped policies say different things, the scope must be a world.

    Args:
        mine: The policies in question.
        reference: The policies they should be like.
        scope: What may vary.
        world: The cluster that scopes NAMESPACES and WORLD speak of; its own policies do not
            count.  Under the wider scopes too, a witness is found among its pods where that needs
            no more pods.  None takes ``mine`` or ``reference``, the first that is a cluster with
            pods.
        profile: What the network plugin does; None takes that of the world, or the documentation's.
        steps: The limit of the search in each direction, a number of steps and not of seconds.

    Returns:
        The relation, with a smallest witness for each direction in which they differ.  Equal
        inputs give equal relations.

    Raises:
        InvalidValueError: Two policies of one side share a name; the scope needs a world and there
            is none; or tiers of cluster-scoped policies differ, and the scope is no world.

    >>> from netpol_sim.policy import NetworkPolicy, Rule
    >>> closed = NetworkPolicy(namespace="bank", name="db")
    >>> opened = NetworkPolicy(namespace="bank", name="db", ingress=(Rule(),))
    >>> relation = compare(opened, closed)
    >>> print(relation, "-", relation.too_open)
    too open - 203.0.113.10 -> bank/server:80/TCP
    """
    scope = Scope(scope)
    mine, reference = _kept(mine), _kept(reference)
    world = world or _first_world(mine, reference)
    ours, theirs = listed(mine), listed(reference)
    used = profile or (world.profile if world else DOCUMENTATION)
    if not used.enforces:
        return Relation(scope=scope, enforced=False)
    our_side, their_side = (
        tiers.PolicySet(
            policies=policies,
            cluster_policies=tuple(
                each for each in _of_cluster(given) if each.kind in used.cluster_policy_kinds
            ),
        )
        for policies, given in ((ours, mine), (theirs, reference))
    )
    if our_side.cluster_policies or their_side.cluster_policies:
        return _compared_with_tiers(our_side, their_side, scope, world, used, steps)
    question = _Question(
        mine=ours,
        reference=theirs,
        universe=_universe(scope, ours + theirs, world, used),
        known=world.with_profile(used) if world and scope is not Scope.WORLD else None,
        steps=steps,
    )
    searches = {
        Outcome.TOO_OPEN: question.witness(ours, theirs),
        Outcome.TOO_TIGHT: question.witness(theirs, ours),
    }
    return Relation(
        scope=scope,
        too_open=searches[Outcome.TOO_OPEN][0],
        too_tight=searches[Outcome.TOO_TIGHT][0],
        limit=_limit(steps, searches),
    )


def _compared_with_tiers(
    mine: tiers.PolicySet,
    reference: tiers.PolicySet,
    scope: Scope,
    world: Cluster | None,
    profile: Profile,
    steps: int,
) -> Relation:
    if scope is Scope.WORLD and world is not None:
        too_open, too_tight = tiers.in_world(world.with_profile(profile), mine, reference)
        return Relation(scope=scope, too_open=too_open, too_tight=too_tight)
    if tiers.same_tiers(mine, reference):
        found = compare(
            mine.policies,
            reference.policies,
            scope=scope,
            world=world,
            profile=profile,
            steps=steps,
        )
        witnesses = (found.too_open, found.too_tight)
        kept = [each and tiers.still_differs(each, mine, reference) for each in witnesses]
        if all((each is None) is (old is None) for each, old in zip(kept, witnesses, strict=True)):
            return replace(found, too_open=kept[0], too_tight=kept[1])
    raise InvalidValueError([_tiers_differ(scope)])


def _tiers_differ(scope: Scope) -> Problem:
    return Problem(
        kind=ProblemKind.NOT_SUPPORTED,
        field="scope",
        value=scope,
        message="cluster-scoped policies that say different things are compared in a given world",
        help=f"take scope `{Scope.WORLD}`, and name the cluster (`world`, or `--world` of the "
        "command)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Two policy sets, what may vary, and a cluster whose pods people know."""

    mine: tuple[NetworkPolicy, ...]
    reference: tuple[NetworkPolicy, ...]
    universe: Universe
    known: Cluster | None
    steps: int

    def witness(
        self, allowing: Sequence[NetworkPolicy], denying: Sequence[NetworkPolicy]
    ) -> tuple[Witness | None, bool]:
        """The smallest witness in one direction, and whether the search was complete."""
        found = smallest_difference(self.universe, allowing, denying, Steps(left=self.steps))
        if found.difference is None:
            return None, found.complete
        place = self._at_known_pods(allowing, denying, found.difference.pods)
        if place is None:
            place = self._invented(allowing, denying, found.difference)
        return witness(*place, self.mine, self.reference), found.complete

    def _invented(
        self,
        allowing: Sequence[NetworkPolicy],
        denying: Sequence[NetworkPolicy],
        difference: Difference,
    ) -> Place:
        def differs(place: Place) -> bool:
            cluster, connection = place
            allowed = evaluate(cluster.with_policies(allowing), connection).allowed
            return allowed and not evaluate(cluster.with_policies(denying), connection).allowed

        place = self.universe.concrete(difference.pair, difference.domains)
        if self.known is None:
            return place
        return familiar(place, self.known, difference.pair.direction, differs)

    def _at_known_pods(
        self, allowing: Sequence[NetworkPolicy], denying: Sequence[NetworkPolicy], most_pods: int
    ) -> Place | None:
        if self.known is None:
            return None
        universe = GivenPods(self.known, (*self.mine, *self.reference))
        found = smallest_difference(universe, allowing, denying, Steps(left=self.steps), most_pods)
        if found.difference is None:
            return None
        return universe.concrete(found.difference.pair, found.difference.domains)


def _kept(given: Policies) -> Policies:
    """The same, to be looked at more than once."""
    return given if isinstance(given, Cluster | AnyPolicy) else tuple(given)


def listed(given: Policies) -> tuple[NetworkPolicy, ...]:
    """The NetworkPolicies of one side.

    Raises:
        InvalidValueError: Two of them share a name.
    """
    if isinstance(given, Cluster):
        return given.policies
    policies = (given,) if isinstance(given, AnyPolicy) else given
    return Cluster(
        policies=tuple(each for each in policies if isinstance(each, NetworkPolicy))
    ).policies


def _of_cluster(given: Policies) -> tuple[ClusterNetworkPolicy, ...]:
    """The cluster-scoped policies of one side."""
    if isinstance(given, Cluster):
        return given.cluster_policies
    policies = (given,) if isinstance(given, AnyPolicy) else given
    found = tuple(each for each in policies if isinstance(each, ClusterNetworkPolicy))
    return Cluster(cluster_policies=found).cluster_policies


def _first_world(*given: Policies) -> Cluster | None:
    return next((each for each in given if isinstance(each, Cluster) and each.pods), None)


def _universe(
    scope: Scope, policies: Sequence[NetworkPolicy], world: Cluster | None, profile: Profile
) -> Universe:
    if scope is Scope.ANY:
        return AnyPods(policies, profile, known=world)
    if world is None:
        raise InvalidValueError([_no_world(scope)])
    if scope is Scope.WORLD:
        return GivenPods(world.with_profile(profile), policies)
    # A policy needs its namespace, so those that only policies name are there as well.
    implied = {each.namespace: Namespace(name=each.namespace) for each in policies}
    known = {**implied, **{each.name: each for each in world.namespaces}}
    labels = {name: each.labels for name, each in known.items()}
    return AnyPods(policies, profile, labels, known=world)


def _no_world(scope: Scope) -> Problem:
    return Problem(
        kind=ProblemKind.REQUIRED,
        field="world",
        message=f"scope `{scope}` speaks of the namespaces and pods of a cluster",
        help="name that cluster (`world`, or `--world` of the command), "
        f"or take scope `{Scope.ANY}`",
    )


def _limit(steps: int, searches: dict[Outcome, tuple[Witness | None, bool]]) -> Limit | None:
    unsure = {way: found for way, (found, complete) in searches.items() if not complete}
    if not unsure:
        return None
    return Limit(
        steps=steps,
        undecided=tuple(way for way, found in unsure.items() if found is None),
        perhaps_not_smallest=tuple(way for way, found in unsure.items() if found is not None),
    )
