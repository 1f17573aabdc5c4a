"""Which misconception a wrong prediction suggests: one under which it would be right.

A belief rewrites what one writes in ``misconceptions``, and what one reads here: who thinks that
selectors under one dash mean either reads one peer as two.
"""

from __future__ import annotations

from collections.abc import Callable

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course import rewrites, rule_rewrites
from netpol_sim.course.misconceptions import BY_ID, Misconception
from netpol_sim.course.rewrites import Rewrite, in_peers, in_rules, one_or_all
from netpol_sim.policy import NetworkPolicy, Rule
from netpol_sim.render.predict.state import Because, Cell
from netpol_sim.verdict import Answer, Verdict


def _rules_without_peers(rule: Rule, _: NetworkPolicy, __: Cluster) -> tuple[Rule, ...]:
    return (rule,) if rule.peers else ()


_READINGS: tuple[tuple[str, Rewrite], ...] = (
    ("dash-joins-or", one_or_all(in_peers(rule_rewrites.split_and))),
    ("dash-splits-and", one_or_all(in_rules(rule_rewrites.join_or))),
    ("pod-selector-is-global", one_or_all(in_peers(rule_rewrites.same_label_everywhere))),
    ("empty-peers-mean-nobody", one_or_all(in_rules(_rules_without_peers))),
    ("egress-ignored", one_or_all(rewrites.ignore_egress)),
)
"""Misconception -> how it makes one read policies."""


def suggested(
    cluster: Cluster, connection: str, fits: Callable[[Answer], bool]
) -> Misconception | None:
    """The first misconception that makes one read the policies so that a guess fits.

    Args:
        cluster: What the prediction is about, with its policies.
        connection: The connection text.
        fits: Whether an answer is what was guessed.
    """
    for name, reading in _READINGS:
        for policies in reading(cluster.policies, cluster):
            # A reading may put two policies into one namespace under one name.
            read = {policy.key: policy for policy in policies}.values()
            if fits(evaluate(cluster.with_policies(read), connection)):
                return BY_ID[name]
    return None


def one_end(answer: Answer) -> Misconception | None:
    """The belief that one end is enough, when a rule allows one end and only the other denies."""
    if not isinstance(answer, Verdict) or len(answer.denied_by) != 1:
        return None
    return BY_ID["one-end-is-enough"] if any(end.matched for end in answer.ends) else None


def sentence(item: Misconception) -> str:
    """What a guess suggests, and the truth."""
    return f"Perhaps you think that {item.believes}. In fact {item.truth}."


def about(cluster: Cluster) -> Because:
    """For the predictions of a cluster: what a wrong guess suggests; empty when nothing does."""

    def say(cell: Cell, guess: bool) -> str:  # noqa: FBT001  the guess itself
        found = (one_end(cell.answer) if guess else None) or suggested(
            cluster, cell.question, lambda answer: answer.allowed is guess
        )
        return "" if found is None else sentence(found)

    return say
