"""Compare policies by what they mean on every cluster, with the smallest witness.

Read `relation` first: it asks the question.  `vocabulary` collects what the policies mention and
`atoms` cuts labels, addresses and ports into the finitely many cases they can tell apart.
`universe` (with `any_pods` or `given_pods`, by scope) says which pairs of ends exist, and what a
policy set means on them.  `search` and `difference` look for the smallest pair that tells the sets
apart, `concrete` and `familiar` give it names, and `witness` asks `evaluate` again before anybody
is shown it.
"""

from netpol_sim.analysis.compare.relation import (
    Limit,
    Outcome,
    Policies,
    Relation,
    Scope,
    compare,
    listed,
)

__all__ = ["Limit", "Outcome", "Policies", "Relation", "Scope", "compare", "listed"]
