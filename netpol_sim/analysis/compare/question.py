"""Do two policy sets mean the same; if not, the smallest connection that differs, one each way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netpol_sim.analysis.compare.any_pods import AnyPods
from netpol_sim.analysis.compare.difference import Difference, smallest_difference
from netpol_sim.analysis.compare.familiar import Place, familiar
from netpol_sim.analysis.compare.given_pods import GivenPods
from netpol_sim.analysis.compare.left_open import left_open
from netpol_sim.analysis.compare.policy_set import Policies, PolicySet
from netpol_sim.analysis.compare.relation import Limit, Outcome, Relation, Scope
from netpol_sim.analysis.compare.search import Steps
from netpol_sim.analysis.compare.universe import Universe
from netpol_sim.analysis.compare.witness import Witness, witness
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Namespace
from netpol_sim.plugin import DOCUMENTATION, Profile

STEPS = 10_000
"""How many steps a comparison may take in each direction before it says that it does not know."""


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

    NetworkPolicies and cluster-scoped policies of both tiers count; where several of one tier share
    a priority, they are asked in the order given, and the relation says whether that matters.

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
        InvalidValueError: Two policies of one side share a name; or the scope needs a world and
            there is none.

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
    used = profile or (world.profile if world else DOCUMENTATION)
    ours, theirs = PolicySet.of(mine, used), PolicySet.of(reference, used)
    if not used.enforces:
        return Relation(scope=scope, enforced=False)

    def asked(one: PolicySet, other: PolicySet, by: Profile) -> Relation:
        question = _Question(
            mine=one,
            reference=other,
            universe=_universe(scope, one + other, world, by),
            known=world.with_profile(by) if world and scope is not Scope.WORLD else None,
            steps=steps,
        )
        return question.relation(scope)

    relation = asked(ours, theirs, used)
    if not (ours.cluster_policies or theirs.cluster_policies):
        return relation
    found = left_open(
        ours, theirs, used, relation.outcome, lambda *question: asked(*question).outcome
    )
    return replace(relation, caveats=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Two policy sets, what may vary, and a cluster whose pods people know."""

    mine: PolicySet
    reference: PolicySet
    universe: Universe
    known: Cluster | None
    steps: int

    def relation(self, scope: Scope) -> Relation:
        """The answer, both ways."""
        searches = {
            Outcome.TOO_OPEN: self._witness(self.mine, self.reference),
            Outcome.TOO_TIGHT: self._witness(self.reference, self.mine),
        }
        return Relation(
            scope=scope,
            too_open=searches[Outcome.TOO_OPEN][0],
            too_tight=searches[Outcome.TOO_TIGHT][0],
            limit=_limit(self.steps, searches),
        )

    def _witness(self, allowing: PolicySet, denying: PolicySet) -> tuple[Witness | None, bool]:
        """The smallest witness in one direction, and whether the search was complete."""
        found = smallest_difference(self.universe, allowing, denying, Steps(left=self.steps))
        if found.difference is None:
            return None, found.complete
        place = self._at_known_pods(allowing, denying, found.difference.pods)
        if place is None:
            place = self._invented(allowing, denying, found.difference)
        return witness(*place, self.mine, self.reference), found.complete

    def _invented(self, allowing: PolicySet, denying: PolicySet, difference: Difference) -> Place:
        def differs(place: Place) -> bool:
            cluster, connection = place
            allowed = evaluate(allowing.put_into(cluster), connection).allowed
            return allowed and not evaluate(denying.put_into(cluster), connection).allowed

        place = self.universe.concrete(difference.pair, difference.domains)
        if self.known is None:
            return place
        return familiar(place, self.known, difference.pair.direction, differs)

    def _at_known_pods(
        self, allowing: PolicySet, denying: PolicySet, most_pods: int
    ) -> Place | None:
        if self.known is None:
            return None
        universe = GivenPods(self.known, self.mine + self.reference)
        found = smallest_difference(universe, allowing, denying, Steps(left=self.steps), most_pods)
        if found.difference is None:
            return None
        return universe.concrete(found.difference.pair, found.difference.domains)


def _kept(given: Policies) -> Policies:
    """The same, to be looked at more than once."""
    return given if isinstance(given, Cluster | AnyPolicy) else tuple(given)


def _first_world(*given: Policies) -> Cluster | None:
    return next((each for each in given if isinstance(each, Cluster) and each.pods), None)


def _universe(scope: Scope, given: PolicySet, world: Cluster | None, profile: Profile) -> Universe:
    if scope is Scope.ANY:
        return AnyPods(given, profile, known=world)
    if world is None:
        raise InvalidValueError([_no_world(scope)])
    if scope is Scope.WORLD:
        return GivenPods(world.with_profile(profile), given)
    # A policy needs its namespace, so those that only policies name are there as well.
    implied = {each.namespace: Namespace(name=each.namespace) for each in given.policies}
    known = {**implied, **{each.name: each for each in world.namespaces}}
    labels = {name: each.labels for name, each in known.items()}
    return AnyPods(given, profile, labels, known=world)


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
