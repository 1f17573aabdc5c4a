"""The way of one connection through the lanes of each end: Admin, NetworkPolicy, Baseline.

A lane decides, leaves it to the next one, or is not asked.  Everything here is read off a verdict.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, zip_longest

from netpol_sim.cluster_policy import Action, AnyPolicy, Tier
from netpol_sim.render import describe, ends, lane_words, rules, text, tiers, words
from netpol_sim.render.html import SYMBOLS, tone_of
from netpol_sim.render.palette import Tone
from netpol_sim.render.picture import Arrow, Box, Group, Picture, Shape
from netpol_sim.render.scene import Scene
from netpol_sim.rule_steps import ClusterRuleStep
from netpol_sim.verdict import EndVerdict, Reason, TierVerdict, Verdict

WIDTH, NOTE_WIDTH = 36, 100
_OUTSIDE = (
    Reason.NOT_A_POD,
    Reason.NOT_ENFORCED,
    Reason.OWN_NODE,
    Reason.HOST_NETWORK,
    Reason.NOT_RUNNING,
)


class Standing(StrEnum):
    """What becomes of a connection in a lane."""

    ALLOWS = "allows"
    DENIES = "denies"
    GOES_ON = "goes-on"
    NOT_ASKED = "not-asked"


_SIGNS = {
    Standing.ALLOWS: (SYMBOLS[Tone.ALLOWED], Tone.ALLOWED),
    Standing.DENIES: (SYMBOLS[Tone.DENIED], Tone.DENIED),
    Standing.GOES_ON: ("↓", Tone.PLAIN),
    Standing.NOT_ASKED: ("○", Tone.MUTED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane at one end: its name, what it says, and what in it says so.

    ``rule`` is the rule that matched, empty where none did.
    """

    name: str
    standing: Standing
    said: str
    because: tuple[str, ...]
    rule: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """The rule that matched and everything else that says so."""
        return (self.rule, *self.because) if self.rule else self.because


def has_lanes(verdict: Verdict) -> bool:
    """Whether the cluster has policies that make lanes of the way."""
    cluster = verdict.cluster
    return len(cluster.ignored_policies) < len(cluster.cluster_policies)


def of_end(scene: Scene, end: EndVerdict) -> tuple[Lane, ...]:
    """The three lanes of an end, and a last one where none of them decides.

    An end that is outside all lanes has one only, which says why.
    """
    through = end.reason is Reason.SAME_POD and scene.connection.dialled is not None
    if end.reason in _OUTSIDE or (end.reason is Reason.SAME_POD and not through):
        return (_outside(scene, end),)
    lanes = (_tier(end, Tier.ADMIN), _network_policies(scene, end), _baseline(scene, end))
    if any(lane.standing in (Standing.ALLOWS, Standing.DENIES) for lane in lanes):
        return lanes
    return (*lanes, _undecided(end))


def _outside(scene: Scene, end: EndVerdict) -> Lane:
    return Lane(
        name=lane_words.OUTSIDE,
        standing=Standing.ALLOWS if end.allowed else Standing.DENIES,
        said=words.ANSWERS[end.allowed],
        because=(_short(scene, end), lane_words.NO_LANE_ASKED),
    )


def _undecided(end: EndVerdict) -> Lane:
    return Lane(
        name=lane_words.NOBODY,
        standing=Standing.ALLOWS,
        said=words.ALLOWED,
        because=(lane_words.OPEN_BY_DEFAULT.format(open=words.OPEN[end.direction]),),
    )


def _tier(end: EndVerdict, tier: Tier) -> Lane:
    """What a tier that was asked says."""
    found = next((each for each in end.tiers if each.tier is tier), None)
    step = found.decided_by if found else None
    if found is None or step is None:
        return _lane(tier, Standing.GOES_ON, lane_words.NO_OPINION, *_silent(end, found))
    standing = {Action.ACCEPT: Standing.ALLOWS, Action.DENY: Standing.DENIES}.get(
        step.action, Standing.GOES_ON
    )
    said = lane_words.PASSES if standing is Standing.GOES_ON else lane_words.FINAL
    action = step.policy.word(step.action)
    about = lane_words.FAILS_CLOSED if step.fails_closed else tiers.connections(step)
    because = (rules.where(step), about)
    return _lane(tier, standing, said.format(action=action), *because, rule=_rule(step))


def _rule(step: ClusterRuleStep) -> str:
    return words.CLUSTER_RULE.format(
        number=step.index + 1,
        kind=step.policy.kind,
        name=step.policy.name,
        priority=step.policy.priority,
    )


def _silent(end: EndVerdict, found: TierVerdict | None) -> Iterator[str]:
    """The policies of a tier that were asked in vain."""
    near, direction = end.entity, end.direction.lower()
    if found is None:
        yield lane_words.NO_RULES.format(near=near, direction=direction)
        return
    yield lane_words.SILENT[len(found.steps) > 1].format(
        count=len(found.steps), near=near, direction=direction
    )
    yield from map(_where, dict.fromkeys(step.policy for step in found.steps))


def _where(policy: AnyPolicy) -> str:
    return describe.where(policy.key, policy.origin.locate() if policy.origin else None)


def _network_policies(scene: Scene, end: EndVerdict) -> Lane:
    decider = end.decided_by
    if decider is not None and decider.policy.tier is Tier.ADMIN:
        return _not_asked(None, Tier.ADMIN)
    if not end.isolated_by:
        free = end.reason is Reason.SAME_POD
        near, direction = end.entity, end.direction.lower()
        because = _short(scene, end) if free else lane_words.NOT_ISOLATED
        said = because.format(near=near, direction=direction)
        return _lane(None, Standing.GOES_ON, lane_words.NO_OPINION, said)
    standing = Standing.ALLOWS if end.allowed else Standing.DENIES
    if end.matched:
        where = rules.where(end.matched[0])
        return _lane(None, standing, lane_words.ISOLATES[True], where, rule=_short(scene, end))
    places = map(_where, end.isolated_by)
    return _lane(None, standing, lane_words.ISOLATES[False], _short(scene, end), *places)


def _baseline(scene: Scene, end: EndVerdict) -> Lane:
    decider = end.decided_by
    if decider is not None and decider.policy.tier is Tier.ADMIN:
        return _not_asked(Tier.BASELINE, Tier.ADMIN)
    if end.isolated_by:
        return _not_asked(Tier.BASELINE, None)
    if scene.baseline_not_asked(end):
        said = lane_words.NOT_ASKED
        return _lane(Tier.BASELINE, Standing.NOT_ASKED, said, words.BASELINE_NOT_ASKED)
    return _tier(end, Tier.BASELINE)


def _not_asked(tier: Tier | None, by: Tier | None) -> Lane:
    because = lane_words.HAS_DECIDED[by]
    return _lane(tier, Standing.NOT_ASKED, lane_words.NOT_ASKED, because)


def _lane(tier: Tier | None, standing: Standing, said: str, *because: str, rule: str = "") -> Lane:
    name = lane_words.LANES[tier]
    return Lane(name=name, standing=standing, said=said, because=because, rule=rule)


def _short(scene: Scene, end: EndVerdict) -> str:
    return ends.short(scene, end).partition(" (")[0]


# -- The picture ---------------------------------------------------------------------------------


def lanes_picture(verdict: Verdict) -> Picture:
    """Both ends side by side, each with its lanes from the first that is asked to the last."""
    scene = Scene.of(verdict)
    told = [(end, of_end(scene, end)) for end in verdict.ends]
    heights = _heights(*(lanes for _, lanes in told))
    answer = words.ANSWERS[verdict.allowed]
    notes = [_both(verdict), *text.notes(verdict)]
    return Picture(
        title=f"{verdict.connection}: {answer}",
        description="\n".join([*(_sentences(end, lanes) for end, lanes in told), *notes]),
        groups=tuple(_group(end, lanes, heights if len(lanes) > 1 else [0]) for end, lanes in told),
        arrows=tuple(arrow for end, lanes in told for arrow in _arrows(end, lanes)),
        notes=tuple(line for note in notes for line in textwrap.wrap(note, NOTE_WIDTH)),
        across=False,
        stacked=True,
    )


def _both(verdict: Verdict) -> str:
    if verdict.allowed:
        return lane_words.BOTH_ALLOW
    if len(verdict.denied_by) == 2:
        return words.BOTH_ENDS_REFUSE
    other = verdict.egress if verdict.egress.allowed else verdict.ingress
    return words.ONE_END_REFUSES.format(other=other.direction.lower())


def _sentences(end: EndVerdict, lanes: tuple[Lane, ...]) -> str:
    said = (
        lane_words.SENTENCE.format(
            name=lane.name, said=lane.said, because="; ".join(lane.reasons).rstrip(".")
        )
        for lane in lanes
    )
    return " ".join([_heading(end), *said])


def _heading(end: EndVerdict) -> str:
    return words.END.format(
        Direction=end.direction.value, near=end.entity, answer=words.ANSWERS[end.allowed]
    )


def _group(end: EndVerdict, lanes: tuple[Lane, ...], heights: Sequence[int]) -> Group:
    sign = SYMBOLS[tone_of(end.allowed)]
    boxes = [_box(end, lane, height) for lane, height in zip(lanes, heights, strict=False)]
    return Group(title=f"{sign} {_heading(end).rstrip('.')}", boxes=tuple(boxes))


def _box(end: EndVerdict, lane: Lane, height: int) -> Box:
    lines = _lines(lane)
    filled = (*lines, *("" for _ in range(height - len(lines))))
    return Box(key=_key(end, lane), lines=filled, shape=Shape.STEP, tone=_SIGNS[lane.standing][1])


def _lines(lane: Lane) -> tuple[str, ...]:
    # A number is not parted from what it is the number of.
    rule = lane.rule.replace("(priority ", "(priority\N{NO-BREAK SPACE}")
    marked = lane_words.DECIDING.format(rule=rule) if rule else ""
    wrapped = (
        line
        for reason in (marked, *lane.because)
        for line in textwrap.wrap(reason, WIDTH, break_on_hyphens=False)
    )
    return (f"{lane.name}: {_SIGNS[lane.standing][0]} {lane.said}", *wrapped)


def _heights(*columns: tuple[Lane, ...]) -> list[int]:
    """How many lines each lane has: as many at both ends, so that equal lanes stand level."""
    counts = [[len(_lines(lane)) for lane in lanes] for lanes in columns if len(lanes) > 1]
    return [max(found) for found in zip_longest(*counts, fillvalue=0)]


def _arrows(end: EndVerdict, lanes: tuple[Lane, ...]) -> Iterator[Arrow]:
    for before, after in pairwise(lanes):
        reached = after.standing is not Standing.NOT_ASKED
        final = before.standing in (Standing.ALLOWS, Standing.DENIES)
        yield Arrow(
            source=_key(end, before),
            target=_key(end, after),
            label=lane_words.NO_FURTHER if final else "",
            tone=Tone.PLAIN if reached else Tone.MUTED,
        )


def _key(end: EndVerdict, lane: Lane) -> str:
    return f"{end.direction.lower()} {lane.name}"
