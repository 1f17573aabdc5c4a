"""What is wrong with a card: a key, an option or a sentence that the simulator does not agree with.

The bank of cards is checked with this before anybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

from netpol_sim.analysis.lint import RULES
from netpol_sim.ask import evaluate
from netpol_sim.course import prose
from netpol_sim.course.card_keys import ENDS, Question, cluster_of, comes_to, pose
from netpol_sim.course.card_order import fault
from netpol_sim.course.card_reasons import related
from netpol_sim.course.cards import Card, CardKind
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.errors import NetpolError
from netpol_sim.manifest import loads

SEEDS = range(3)
FEWEST_POINTS = 3
_TELLING = 12
_BELIEFS = {each.id for each in MISCONCEPTIONS}
_FINDINGS = {rule.id for rule in RULES}
_BY_LETTER = re.compile(r"\b([Oo]ption|[Aa]nswer|[Cc]hoice) [a-d1-9]\b")
_ENDS = dict(zip(("allow", "deny-egress", "deny-ingress", "deny-both"), ENDS.values(), strict=True))


def faults(
    card: Card, folder: Path, *, concepts: frozenset[str], names: frozenset[str]
) -> list[str]:
    """What is wrong with one card, each as ``file:line: card: what``.

    Args:
        folder: The folder of the course.
        concepts: The words of the glossary; a card asks about one of them.
        names: What pods, namespaces and policies of the worlds are called.
    """
    found = [*_wording(card, concepts, names)]
    try:
        questions = [pose(card, folder, seed) for seed in SEEDS]
        for question in questions:
            found += _key(question)
            found += _leaks(question)
        for drawn in {str(question.card): question.card for question in questions}.values():
            found += _claims(drawn, folder)
            found += _meanings(drawn, folder)
    except (NetpolError, ValueError) as error:
        found.append(f"cannot be asked: {error}")
    place = f"{card.file}:{card.line}: `{card.id}`"
    return [f"{place} {fault}" for fault in dict.fromkeys(found)]


def faults_between(cards: Sequence[Card]) -> list[str]:
    """What is wrong between cards: an id, or a question, that is there twice."""
    found = []
    for one, other in combinations(cards, 2):
        if one.id == other.id:
            found.append(f"{other.file}:{other.line}: `{one.id}` is in {one.file}, too")
        elif (one.question, one.policies, one.connections) == (
            (other.question, other.policies, other.connections)
        ):
            found.append(f"{other.file}:{other.line}: `{other.id}` asks the same as `{one.id}`")
    return found


def _wording(card: Card, concepts: frozenset[str], names: frozenset[str]) -> Iterator[str]:
    if card.concept not in concepts:
        yield f"asks about `{card.concept}`, which the glossary does not explain"
    for option in card.options:
        if option.misconception and option.misconception not in _BELIEFS:
            yield f"knows no misconception `{option.misconception}`"
        if option.finding and option.finding not in _FINDINGS:
            yield f"knows no lint rule `{option.finding}`"
    if card.kind.self_assessed and len(card.checklist) < FEWEST_POINTS:
        yield f"needs a checklist of at least {FEWEST_POINTS} points"
    asked = (card.connections, card.claims, card.to, card.source, card.must_allow, card.changed)
    if not any(asked):
        for sentence in prose.particular(f"{card.explanation} {card.answer}", names):
            yield f"says what becomes of traffic without a claim: {sentence}"


def _key(question: Question) -> Iterator[str]:
    if len({choice.text for choice in question.choices}) < len(question.choices):
        yield "has the same option twice"
    said = any(choice.right and choice.because for choice in question.choices)
    if not (said or question.reasons or question.explanation or question.answer):
        yield "does not explain its answer"
    if question.card.kind is CardKind.PREDICT:
        yield from _predicted(question)
    elif question.lines:
        yield from _ordered(question)
    elif question.choices:
        yield from _chosen(question)


def _chosen(question: Question) -> Iterator[str]:
    kind, right = question.card.kind, len(question.key)
    if right == 0 or (right > 1 and kind in (CardKind.CHOOSE, CardKind.COUNT)):
        yield f"has {right} right options"
    unexplained = [each for each in question.choices if not (each.right or each.believes)]
    if kind is CardKind.COMPARE and len(unexplained) < len(question.choices) - right:
        return  # some of its fixed outcomes nobody believes in
    for choice in unexplained:
        yield f"does not say which belief leads to: {choice.text.splitlines()[0]}"


def _predicted(question: Question) -> Iterator[str]:
    if question.several and len(question.key) in (0, len(question.choices)):
        yield "asks which connections are allowed, and all come out the same"
    shown = {choice.text for choice in question.choices}
    for option in question.card.options:
        if option.text not in shown:
            yield f"has no answer `{option.text}`"


def _ordered(question: Question) -> Iterator[str]:
    card, cluster = question.card, question.cluster
    if wrong := fault(card, cluster, card.lines):
        yield f"lists its lines in an order that is not right: {wrong}"
    if card.has_steps:
        orders = tuple(permutations(card.lines))
        right = sum(not fault(card, cluster, order) for order in orders)
        if right * 2 > len(orders):
            yield f"is right by chance: {right} of {len(orders)} orders are safe"
    elif not question.fault_of(range(len(card.lines))):
        yield "has no order that is wrong"


def _leaks(question: Question) -> Iterator[str]:
    """Words that tell the answer before it is given, or that mean nothing once shuffled."""
    shown = f"{question.text}\n{question.manifests}"
    for choice in question.choices:
        if choice.right and len(choice.text) >= _TELLING and choice.text in shown:
            yield f"says its answer before it is given: {choice.text}"
    typed = (question.explanation, *(choice.because for choice in question.choices))
    if any(_BY_LETTER.search(text) for text in typed):
        yield "calls an option by its place, and places are shuffled"
    if "<<" in f"{shown}{question.explanation}{question.answer}":
        yield "has a name in `<<>>` that `vary` does not list"


def _claims(card: Card, folder: Path) -> Iterator[str]:
    cluster = cluster_of(card, folder)
    for claim in card.claims:
        connection, _, said = claim.rpartition(": ")
        if said == "deny":
            true = not evaluate(cluster, connection).allowed
        else:
            true = comes_to(cluster, connection) == _ENDS.get(said)
        if not true:
            yield f"claims `{claim}`; it is {comes_to(cluster, connection)}"


def _meanings(card: Card, folder: Path) -> Iterator[str]:
    """Options that are written differently and mean the same."""
    if card.kind is not CardKind.CHOOSE:
        return
    cluster = cluster_of(card, folder)
    for (first, one), (second, other) in combinations(enumerate(card.options, start=1), 2):
        if related(loads(one.policies), loads(other.policies), cluster).equal:
            yield f"has two options that mean the same: {first} and {second}"
