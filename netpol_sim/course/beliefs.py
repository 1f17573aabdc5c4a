"""Which misconception a wrong prediction suggests: one under which it would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course.misconceptions import MISCONCEPTIONS, Misconception
from netpol_sim.render.predict.state import Because, Cell
from netpol_sim.verdict import Answer


def suggested(
    cluster: Cluster, connection: str, fits: Callable[[Answer], bool], own: Sequence[str] = ()
) -> Misconception | None:
    """The first misconception that makes other policies of these, with which a guess fits.

    Args:
        cluster: What the prediction is about, with its policies.
        connection: The connection text.
        fits: Whether an answer is what was guessed.
        own: Ids of the misconceptions to look at first.
    """
    rank = {name: index for index, name in enumerate(own)}
    for item in sorted(MISCONCEPTIONS, key=lambda each: rank.get(each.id, len(rank))):
        for variant in item.variants(cluster.policies, cluster):
            if fits(evaluate(cluster.with_policies(variant), connection)):
                return item
    return None


def sentence(item: Misconception) -> str:
    """What a guess suggests, and the truth."""
    return f"Perhaps you think that {item.believes}. In fact {item.truth}."


def about(cluster: Cluster) -> Because:
    """For the predictions of a cluster: what a wrong guess suggests; empty when nothing does."""

    def say(cell: Cell, guess: bool) -> str:  # noqa: FBT001  the guess itself
        found = suggested(cluster, cell.question, lambda answer: answer.allowed is guess)
        return "" if found is None else sentence(found)

    return say
