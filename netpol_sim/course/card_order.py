"""What is wrong with an order: of lines, by what they mean; of steps, by what each one does.

Steps change a cluster one after the other: ``apply POLICY`` (one of the card's ``changed``),
``delete POLICY``, or ``label namespace/NAME KEY=VALUE``.  An order is safe when no step denies a
connection that is needed, no step allows one that was shut, and both hold in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.course.card_reasons import refusal, related
from netpol_sim.course.cards import Card
from netpol_sim.errors import ManifestError, UnknownNameError
from netpol_sim.manifest import loads
from netpol_sim.model import Namespace
from netpol_sim.render import compare as words
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Answer

_SIDES = words.Sides(mine="this order", reference="the right order")


def fault(card: Card, cluster: Cluster, order: Sequence[str]) -> str:
    """What is wrong with an order of a card's lines; empty when nothing is.

    Args:
        cluster: The cluster before the first step.

    Raises:
        ValueError: A line is no step.
    """
    if sorted(order) != sorted(card.lines):
        return "Every line is needed, once."
    return (
        _unsafe(card, cluster, order) if card.has_steps else _means_otherwise(card, cluster, order)
    )


def _means_otherwise(card: Card, cluster: Cluster, lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    try:
        mine = loads(text, file="this order")
    except ManifestError:
        return f"This order is refused: {refusal(text)}"
    relation = related(mine, _policies("\n".join(card.lines)), cluster)
    return "" if relation.equal else words.text(relation, _SIDES)


@lru_cache(maxsize=8)
def _policies(text: str) -> Cluster:
    return loads(text)


def _unsafe(card: Card, cluster: Cluster, steps: Sequence[str]) -> str:
    before = tuple(_answers(card, cluster))
    for step in steps:
        try:
            cluster = after(cluster, step, card)
        except UnknownNameError as error:
            return f"At `{step}`: {error}."
        now = tuple(_answers(card, cluster))
        for (was, wanted), (answer, _) in zip(before, now, strict=True):
            if was.allowed is wanted and answer.allowed is not wanted:
                return f"After `{step}`: {explain(answer, Length.LINE)}"
        before = now
    missed = (answer for answer, wanted in before if answer.allowed is not wanted)
    return next((f"In the end: {explain(answer, Length.LINE)}" for answer in missed), "")


def _answers(card: Card, cluster: Cluster) -> Iterator[tuple[Answer, bool]]:
    """What becomes of each connection that the card names, and whether it should be allowed."""
    for connection in card.must_allow:
        yield evaluate(cluster, connection), True
    for connection in card.must_deny:
        yield evaluate(cluster, connection), False


def after(cluster: Cluster, step: str, card: Card) -> Cluster:
    """The cluster after a step.

    Raises:
        ValueError: It is no step.
        UnknownNameError: There is no such policy or namespace.
    """
    match step.split():
        case ["apply", key]:
            return cluster.with_policy(_named(card, key))
        case ["delete", key]:
            return cluster.without_policy(key)
        case ["label", name, label] if name.startswith("namespace/") and label.count("=") == 1:
            wanted = cluster.namespace(name.removeprefix("namespace/"))
            key, _, value = label.partition("=")
            labelled = replace(wanted, labels={**wanted.labels, key: value})
            return replace(cluster, namespaces=_with(cluster.namespaces, labelled))
        case _:
            message = f"`{step}` is no step: apply, delete, or label namespace/NAME KEY=VALUE"
            raise ValueError(message)


def _with(namespaces: Sequence[Namespace], changed: Namespace) -> tuple[Namespace, ...]:
    return tuple(changed if each.name == changed.name else each for each in namespaces)


def _named(card: Card, key: str) -> AnyPolicy:
    found = {each.key: each for each in _policies(card.changed).every_policy}
    if key not in found:
        known = ", ".join(found)
        raise ValueError(f"there is no `{key}` to apply among {known}")
    return found[key]
