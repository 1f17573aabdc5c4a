"""What a card asks, and what is right: worked out by the simulator, never typed where it can be.

``pose`` turns a card into a question with options in a drawn order.  The same seed gives the same
question on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from netpol_sim.analysis.compare import Outcome
from netpol_sim.analysis.lint import lint
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course import card_order
from netpol_sim.course.card_facts import facts
from netpol_sim.course.card_reasons import (
    POLICIES,
    because,
    misses,
    others,
    reasons,
    refusal,
    relation,
)
from netpol_sim.course.cards import Card, CardKind, CardOption, drawn
from netpol_sim.course.catalog import WORLDS, world_of
from netpol_sim.course.misconceptions import MISCONCEPTIONS
from netpol_sim.errors import UnknownNameError
from netpol_sim.manifest import loads
from netpol_sim.plugin import DOCUMENTATION
from netpol_sim.profiles import PROFILES
from netpol_sim.verdict import Verdict

ENDS = {
    (True, True): "allowed",
    (False, True): "denied, by the egress end only",
    (True, False): "denied, by the ingress end only",
    (False, False): "denied, by both ends",
}
"""What becomes of a connection, by what its egress and its ingress end say."""

_ALLOWED, _DENIED = ENDS[True, True], "denied"
_OF_SERVICES = (_ALLOWED, _DENIED)

CHANGES = {
    Outcome.EQUAL: "it means the same as before",
    Outcome.TOO_OPEN: "it allows more than before, and no less",
    Outcome.TOO_TIGHT: "it allows less than before, and no more",
    Outcome.BOTH: "it allows something new, and something no longer",
}
"""What becomes of the meaning of policies when they are changed."""

_SHUFFLES = 100
_FIXED = (CardKind.PREDICT, CardKind.COMPARE)
_BELIEFS = {each.id: each.believes for each in MISCONCEPTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option as it is shown.

    ``block`` says that the text is manifests.  ``because`` says why it is right or wrong, and
    ``believes`` which belief leads to it; ``misconception`` is the id of that belief, if it has
    one.
    """

    text: str
    right: bool
    block: bool = False
    because: str = ""
    believes: str = ""
    misconception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A card as it is put to somebody.

    ``manifests`` are shown with it, and ``facts`` about the pods in question.  ``choices`` are in
    the order shown; more than one may be right when ``several``.  ``lines`` are shuffled lines to
    put in order, indented as they are, and steps among them begin with ``cluster``.  ``answer`` and
    ``checklist`` belong to what is explained in words.  ``explanation`` is for afterwards, with the
    verdicts' own ``reasons``.
    """

    card: Card
    text: str
    manifests: str
    facts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    several: bool = False
    lines: tuple[str, ...] = ()
    cluster: Cluster = field(default_factory=Cluster, repr=False)
    answer: str = ""
    checklist: tuple[str, ...] = ()
    explanation: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> frozenset[int]:
        """The positions of the right choices."""
        return frozenset(at for at, choice in enumerate(self.choices) if choice.right)

    def fault_of(self, order: Sequence[int]) -> str:
        """What is wrong with the shuffled lines, put in this order; empty when nothing is."""
        return card_order.fault(self.card, self.cluster, [self.lines[at] for at in order])


def pose(card: Card, folder: Path, seed: int = 0) -> Question:
    """Put a card to somebody.

    Args:
        folder: The folder of the course, which holds the worlds.
        seed: Draws the values that vary, and the order of the options.

    Raises:
        NetpolError: The card's manifests or connections are not right; ``card_check`` finds this.
    """
    dice = random.Random(f"{card.id} {seed}")  # noqa: S311  no secret
    card = drawn(card, {name: dice.choice(values) for name, values in card.vary.items()})
    cluster = cluster_of(card, folder)
    choices = list(_choices(card, cluster))
    if card.kind not in _FIXED or len(card.connections) > 1:
        dice.shuffle(choices)
    return Question(
        card=card,
        text=card.question,
        manifests=_shown(card),
        facts=facts(card, cluster),
        choices=tuple(choices),
        several=sum(choice.right for choice in choices) != 1 or _asks_for_several(card),
        lines=_shuffled(card, cluster, dice),
        cluster=cluster,
        answer=card.answer,
        checklist=card.checklist,
        explanation=card.explanation,
        reasons=tuple(reasons(card, cluster)),
    )


def _shuffled(card: Card, cluster: Cluster, dice: random.Random) -> tuple[str, ...]:
    """The lines to put in order, and not in an order that is right already."""
    lines = list(card.lines)
    for _ in range(_SHUFFLES if lines else 0):
        dice.shuffle(lines)
        if card_order.fault(card, cluster, lines):
            break
    return tuple(lines)


def _shown(card: Card) -> str:
    """The manifests to read; of a change, both versions."""
    if not card.changed:
        return card.policies
    first, then = ("there already", "to apply") if card.has_steps else ("before", "after")
    before = f"# {first}\n{card.policies.rstrip()}\n\n" if card.policies else ""
    return f"{before}# {then}\n{card.changed}"


def _asks_for_several(card: Card) -> bool:
    """Whether the number of right choices is not to be given away."""
    return card.kind is CardKind.ACCEPT or (
        card.kind is CardKind.PREDICT and len(card.connections) > 1
    )


def cluster_of(card: Card, folder: Path) -> Cluster:
    """The cluster that a card is about: its world, with its policies, under its profile."""
    if card.cluster:
        cluster = loads(card.cluster, file=card.id)
    elif card.world:
        cluster = world_of(folder / WORLDS / f"{card.world}.yaml")
    else:
        cluster = Cluster()
    if card.policies and card.kind is not CardKind.COMPARE:
        cluster = cluster.with_policy(*loads(card.policies, file=POLICIES).every_policy)
    if card.profile and card.profile not in PROFILES:
        raise UnknownNameError(f"no profile `{card.profile}`; there are {', '.join(PROFILES)}")
    return cluster.with_profile(PROFILES[card.profile] if card.profile else DOCUMENTATION)


def _choices(card: Card, cluster: Cluster) -> Iterator[Choice]:
    if card.kind is CardKind.COMPARE:
        yield from _one_of(
            card, tuple(CHANGES.values()), CHANGES.get(relation(card, cluster).outcome, "")
        )
    elif card.kind is not CardKind.PREDICT:
        for option in card.options:
            right = _is_right(card, option, cluster)
            yield _typed(option, right=right, computed=because(card, option, cluster))
    elif len(card.connections) == 1:
        (connection,) = card.connections
        of_service = "-> svc:" in connection
        outcomes = _OF_SERVICES if of_service else tuple(ENDS.values())
        yield from _one_of(card, outcomes, comes_to(cluster, connection))
    else:
        for connection in card.connections:
            yield Choice(text=connection, right=evaluate(cluster, connection).allowed)


def _is_right(card: Card, option: CardOption, cluster: Cluster) -> bool:
    match card.kind:
        case CardKind.COUNT:
            return option.text == str(len(others(card, cluster)))
        case CardKind.CHOOSE:
            return not any(misses(card, option, cluster))
        case CardKind.BUG:
            return option.finding in {finding.id for finding in lint(cluster)}
        case CardKind.ACCEPT:
            return not refusal(option.policies)
        case _:
            return option.right


def _one_of(card: Card, outcomes: tuple[str, ...], truth: str) -> Iterator[Choice]:
    """A choice for each outcome there is; the card may say which belief leads to it."""
    said = {option.text: option for option in card.options}
    for words in outcomes:
        yield _typed(said.get(words, CardOption(text=words)), right=words == truth)


def _typed(option: CardOption, *, right: bool, computed: str = "") -> Choice:
    return Choice(
        text=option.policies.strip("\n") or option.text,
        block=bool(option.policies),
        right=right,
        because=option.because or computed,
        believes=option.believes or _BELIEFS.get(option.misconception, ""),
        misconception=option.misconception,
    )


def comes_to(cluster: Cluster, connection: str) -> str:
    """What becomes of a connection, as one of ``ENDS``; of a Service's, allowed or denied."""
    verdict = evaluate(cluster, connection)
    if isinstance(verdict, Verdict):
        return ENDS[verdict.egress.allowed, verdict.ingress.allowed]
    return _ALLOWED if verdict.allowed else _DENIED
