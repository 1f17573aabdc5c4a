"""Compare policies by what they mean on every cluster, with the smallest witness.

Read `question` first: it asks, and `relation` is the answer.  `vocabulary` collects what the
policies mention and `atoms` cuts labels, addresses and ports into the finitely many cases they can
tell apart.  `universe` (with `any_pods` or `given_pods`, by scope) says which pairs of ends exist.
`meaning` is what a policy set says on them, and `ways` in which ways it comes to a verdict there.
`search` and `difference` look for the smallest pair that tells the sets apart, `concrete` and
`familiar` give it names, and `witness` asks `evaluate` again before anybody is shown it.
`left_open` asks whether an answer depends on what the API leaves open about tiers.
"""

from netpol_sim.analysis.compare.policy_set import Policies, PolicySet, cluster_of
from netpol_sim.analysis.compare.question import compare
from netpol_sim.analysis.compare.relation import Limit, Outcome, Relation, Scope

__all__ = [
    "Limit",
    "Outcome",
    "Policies",
    "PolicySet",
    "Relation",
    "Scope",
    "cluster_of",
    "compare",
]
