"""Laws of ``minimal_repair``: what it calls repaired is equal, and one edit away is not too far."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.repair import LARGEST, RepairOutcome, minimal_repair
from netpol_sim.analysis.repair.checks import Check
from netpol_sim.analysis.repair.edit import EditKind
from netpol_sim.analysis.repair.edits import Pool, edits
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy
from netpol_sim.evaluate import evaluate
from netpol_sim.policy import NetworkPolicy
from tests.laws.strategies import cluster_policy_sets, policies, policy_sets

Policies = tuple[NetworkPolicy, ...]

UNDONE_BY_ONE = {
    EditKind.CHANGE_NAMESPACE,
    EditKind.SWAP_DIRECTIONS,
    EditKind.CHANGE_LABEL,
    EditKind.CHANGE_OPERATOR,
    EditKind.REMOVE_LABEL,
    EditKind.ADD_LABEL,
    EditKind.CHANGE_RANGE,
    EditKind.CHANGE_PORT,
    EditKind.ADD_PEER,
    EditKind.ADD_PORT,
    EditKind.ADD_RULE,
}
"""Edits whose opposite is one edit as well, with what the reference has."""


@settings(max_examples=40)
@given(policy_sets(2), policy_sets(2))
def test_repaired_is_equal(mine: Policies, reference: Policies) -> None:
    """What a repair makes means what the reference means; without a repair nothing is made."""
    repair = minimal_repair(mine, reference)
    equal = compare(mine, reference).equal
    assert (repair.outcome is RepairOutcome.NOTHING_TO_REPAIR) == equal
    assert bool(repair.edits) == (repair.outcome is RepairOutcome.REPAIRED)
    if repair.edits:
        assert compare(repair.policies, reference).equal
        assert len(repair.edits) <= 2
        assert sum(edit.kind.size for edit in repair.edits) <= LARGEST
    else:
        assert repair.policies == ()


@settings(max_examples=15)
@given(policy_sets(2), policy_sets(1), cluster_policy_sets(2), st.sampled_from((0, 1)))
def test_cluster_scoped_policies_stay(
    mine: Policies, reference: Policies, tiers: tuple[ClusterNetworkPolicy, ...], less: int
) -> None:
    """They count on their side and are not edited; only where they differ they are to blame."""
    other = tiers[less:]
    ours: tuple[AnyPolicy, ...] = (*mine, *tiers)
    theirs: tuple[AnyPolicy, ...] = (*reference, *other)
    repair = minimal_repair(ours, theirs, candidates=300)
    equal = compare(ours, theirs).equal
    assert (repair.outcome is RepairOutcome.NOTHING_TO_REPAIR) == equal
    if repair.outcome is RepairOutcome.REPAIRED:
        repaired: tuple[AnyPolicy, ...] = (*repair.policies, *tiers)
        assert compare(repaired, theirs).equal
    if repair.outcome is RepairOutcome.TIERS_DIFFER:
        assert not compare(tiers, other).equal


@settings(max_examples=30)
@given(policy_sets(2), policy_sets(2), cluster_policy_sets(2), policy_sets(3))
def test_a_check_beside_tiers_is_what_evaluate_says(
    mine: Policies,
    reference: Policies,
    tiers: tuple[ClusterNetworkPolicy, ...],
    others: Policies,
) -> None:
    """The whole set is asked, for a tier may accept or deny what policies say."""
    for witness in compare((*mine, *tiers), (*reference, *tiers)).witnesses:
        check = Check(witness=witness, tiers=tiers)
        for several in (mine, others, reference):
            cluster = witness.cluster.with_policy(*several, *tiers)
            allowed = evaluate(cluster, witness.connection).allowed
            assert check.passes(several) is (allowed is witness.reference.allowed)


@settings(max_examples=40)
@given(policies("p"), policies("q"), st.data())
def test_one_mistake_takes_one_edit(
    right: NetworkPolicy, other: NetworkPolicy, data: st.DataObject
) -> None:
    """A policy with one mistake is repaired by edits that are no larger than the mistake."""
    mistakes = [each for each in edits(right, Pool.of([other])) if each.kind in UNDONE_BY_ONE]
    assume(mistakes)
    mistake = data.draw(st.sampled_from(mistakes))
    repair = minimal_repair(mistake.policy, right)
    if repair.outcome is not RepairOutcome.NOTHING_TO_REPAIR:
        assert repair.outcome is RepairOutcome.REPAIRED
        assert sum(edit.kind.size for edit in repair.edits) <= mistake.kind.size


@settings(max_examples=60)
@given(policy_sets(2), policy_sets(2), policy_sets(4))
def test_a_check_is_what_evaluate_says(
    mine: Policies, reference: Policies, others: Policies
) -> None:
    """What policies say one by one adds up to what ``evaluate`` says of them together."""
    for witness in compare(mine, reference).witnesses:
        check = Check(witness=witness)
        for several in (mine, others, others[::-1], reference):
            cluster = witness.cluster.with_policies(several)
            allowed = evaluate(cluster, witness.connection).allowed
            assert check.passes(several) is (allowed is witness.reference.allowed)
