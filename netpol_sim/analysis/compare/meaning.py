"""What the policies of one side say at the near end of a pair, over the cases of its two ends.

Everything that a policy says becomes conditions, each with the ports for which it holds.  In that
form two idioms for the same thing are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from netpol_sim.analysis.compare.atoms import Mask
from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.search import Conjunction, conjoin
from netpol_sim.analysis.compare.universe import Pair, Universe
from netpol_sim.cluster_peers import DomainNames
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule
from netpol_sim.plugin import BaselineSkipped
from netpol_sim.policy import NetworkPolicy, Rule

Cases = dict[Conjunction, Mask]
"""Conditions, and the ports for which each is one: any of them holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of these cases, when nothing earlier in the tier decides about them."""

    action: Action
    cases: Cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What policies say at the near end of a pair.

    ``isolated`` are the cases in which a NetworkPolicy isolates the pod in the direction, and
    ``allowed`` those in which a rule matches, too.  ``settled`` are those in which NetworkPolicies
    keep the Baseline tier out: the same, or more where the plugin looks at both directions.
    ``admin`` and ``baseline`` are what the tiers decide; a Baseline rule that passes is as good as
    one that accepts.
    """

    isolated: Cases
    allowed: Cases
    settled: Cases
    admin: Sequence[Decision] = field(default=())
    baseline: Sequence[Decision] = field(default=())


def meaning(universe: Universe, given: PolicySet, pair: Pair) -> Meaning:
    """What a policy set says at the near end of a pair."""
    isolated, allowed = _network_policies(universe, given.policies, pair)
    per_pod = universe.profile.baseline_skipped is BaselineSkipped.PER_POD
    return Meaning(
        isolated=isolated,
        allowed=allowed,
        settled=_selected(universe, given, pair) if given.baseline and per_pod else isolated,
        admin=_tier(universe, given.admin, pair, Action.PASS),
        baseline=_tier(universe, given.baseline, pair, Action.ACCEPT),
    )


def _network_policies(
    universe: Universe, policies: Iterable[NetworkPolicy], pair: Pair
) -> tuple[Cases, Cases]:
    """The cases in which the near pod is isolated, and those in which a rule matches, too."""
    isolated: Cases = {}
    allowed: Cases = {}
    for policy in policies:
        if not policy.isolates(pair.direction):
            continue
        subject = universe.subject(policy, pair.near)
        if subject is None:
            continue
        isolated[subject] = universe.variables.full[universe.port]
        for rule in policy.rules(pair.direction):
            ports = _ports(universe, rule, pair)
            for peer in _peers(universe, policy, rule, pair):
                _add(allowed, (subject, peer), ports)
    return isolated, allowed


def _selected(universe: Universe, given: PolicySet, pair: Pair) -> Cases:
    """The cases in which a NetworkPolicy selects the near pod, whatever its directions."""
    subjects = (universe.subject(policy, pair.near) for policy in given.policies)
    full = universe.variables.full[universe.port]
    return {subject: full for subject in subjects if subject is not None}


def _add(found: Cases, conditions: Sequence[Conjunction], ports: Cases) -> None:
    for condition, mask in ports.items():
        together = conjoin((*conditions, condition))
        if together is not None:
            found[together] = found.get(together, 0) | mask


def _peers(
    universe: Universe, policy: NetworkPolicy, rule: Rule, pair: Pair
) -> Iterable[Conjunction]:
    if not rule.peers:
        return [()]
    found = (universe.peer(policy, peer, pair.far) for peer in rule.peers)
    return dict.fromkeys(peer for peer in found if peer is not None)


def _ports(universe: Universe, rule: Rule | ClusterRule, pair: Pair) -> Cases:
    """The ports of a rule, under the condition (a declared name) that each needs."""
    full = universe.variables.full[universe.port]
    if not rule.ports:
        return {(): full}
    found: Cases = {}
    for entry in rule.ports:
        for alternative in universe.ports(entry, pair.destination):
            condition = tuple(literal for literal in alternative if literal[0] != universe.port)
            mask = dict(alternative).get(universe.port, full)
            found[condition] = found.get(condition, 0) | mask
    return found


def _tier(
    universe: Universe, policies: Iterable[ClusterNetworkPolicy], pair: Pair, silent: Action
) -> Sequence[Decision]:
    """What a tier decides, rule by rule; ``silent`` is what it comes to when no rule matches.

    Neighbours with one action are one decision, for their order does not matter.
    """
    ruled = (each for policy in policies for each in _ruled(universe, policy, pair))
    found = []
    for action, group in groupby(ruled, lambda each: _as_good_as(each.action, silent)):
        cases: Cases = {}
        for each in group:
            for condition, mask in each.cases.items():
                cases[condition] = cases.get(condition, 0) | mask
        found.append(Decision(action=action, cases=cases))
    return found[:-1] if found and found[-1].action is silent else found


def _as_good_as(action: Action, silent: Action) -> Action:
    """After the last tier there is nobody to pass a connection on to."""
    return silent if action is Action.PASS else action


def _ruled(universe: Universe, policy: ClusterNetworkPolicy, pair: Pair) -> Iterator[Decision]:
    rules = policy.rules(pair.direction)
    subject = universe.cluster_peer(policy.subject, pair.near) if rules else None
    if subject is None:
        return
    for rule in rules:
        if rule.action is not Action.ACCEPT and _has_domain_names(rule):
            # A peer that nobody can judge makes the rule deny everything.
            everything = {subject: universe.variables.full[universe.port]}
            yield Decision(action=Action.DENY, cases=everything)
            continue
        cases: Cases = {}
        ports = _ports(universe, rule, pair)
        for peer in rule.peers:
            picked = universe.cluster_peer(peer, pair.far)
            if picked is not None:
                _add(cases, (subject, picked), ports)
        if cases:
            yield Decision(action=rule.action, cases=cases)


def _has_domain_names(rule: ClusterRule) -> bool:
    return any(isinstance(peer, DomainNames) for peer in rule.peers)
