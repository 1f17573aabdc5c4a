"""A rollout as text, as a page and as JSON: the steps in order, or why there is no safe order.

JSON, beside what ``json.py`` documents::

    Rollout    {safe, outcome, summary,
                steps: [{policy, location?, isolates: [{pod, direction}], allows: [connection]}],
                denied: [need],
                obstacles: [{policy, location?, breaks: [need]}],
                batches: [{policies: [{policy, location?}], smallest}]}
    need       {connection, pairs, answer: Verdict or ServiceVerdict, waitsFor: [rule]}
    rule       {policy, field, location?}
    outcome    safe | never-allowed | no-order | limit-reached
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from netpol_sim.analysis.asked import Need, verdicts_of
from netpol_sim.analysis.rollout import Obstacle, Rollout, RolloutOutcome, Step
from netpol_sim.analysis.together import Batch
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.policy import Direction
from netpol_sim.render import describe, json, rule_words
from netpol_sim.render.sheet import Page, Sheet
from netpol_sim.render.text import Length, explain
from netpol_sim.rule_steps import RuleStep

_SUMMARIES: Final = {
    RolloutOutcome.SAFE: "Applied in this order, no step breaks a connection that is needed.",
    RolloutOutcome.NEVER_ALLOWED: (
        "No order can help: with all policies applied, {denied} denied."
    ),
    RolloutOutcome.NO_ORDER: "There is no safe order: {after} breaks a connection that is needed.",
    RolloutOutcome.LIMIT_REACHED: (
        "No safe order was found, and not every one could be tried: {after} breaks a connection "
        "that is needed."
    ),
}
_DENIED: Final = {True: "this connection is", False: "these connections are"}
_FIRST: Final = "each policy, applied first,"
_AFTER: Final = "after {policies}, each policy that is left"
_NO_POLICIES: Final = "There is no policy to apply."
_STEP: Final = "{number}. {policy}"
_ISOLATES: Final = "isolates for {direction}: {pods}"
_ISOLATES_NONE: Final = "isolates no pod that is not isolated already"
_NEVER_ISOLATES: Final = "isolates no pod, as no cluster-scoped policy does"
_ALLOWS: Final = "begins to allow: {connections}"
_BREAKS: Final = "{policy} breaks:"
_SUCH_AS: Final = "{connection} ({pairs} connections), such as:"
_NO_MATCH: Final = "rules that do not match: {rules}"
_WAITS_FOR: Final = "waits for: {rules}"
_BATCHES: Final = (
    "Applied in these batches, no step breaks a connection that is needed, as long as the policies "
    "of a batch take effect at once:"
)
_SMALLEST: Final = "No batch can be smaller than this where it stands."
_PERHAPS_SMALLER: Final = "Smaller batches may do; not every one could be tried."
_AT_ONCE: Final = (
    "kubectl applies one policy after the other, even from one file. Before a batch of several, "
    "apply a policy that allows everything from and to their pods, and delete it after the batch."
)
_STEPS_HEAD: Final = ("step", "policy", "what it does")
_DENIED_HEAD: Final = ("needed connection", "why it is denied")
_OBSTACLES_HEAD: Final = ("policy", "what it breaks when it is applied next", "what that waits for")
_BATCHES_HEAD: Final = ("batch", "policies that must take effect at once")


def text(rollout: Rollout) -> str:
    """A rollout as lines."""
    return "\n".join(_lines(rollout))


def page(rollout: Rollout) -> Page:
    """What came out; then the steps, or what is denied, or what each policy breaks, and batches."""
    steps = tuple(
        (str(number), step.policy.key, tuple(_effects(step)))
        for number, step in enumerate(rollout.steps, start=1)
    )
    obstacles = tuple(
        (
            each.policy.key,
            tuple(need.connection for need in each.breaks),
            tuple(dict.fromkeys(s.policy.key for need in each.breaks for s in need.waits_for)),
        )
        for each in rollout.obstacles
    )
    batches = tuple(
        (str(number), tuple(policy.key for policy in each.policies))
        for number, each in enumerate(rollout.batches, start=1)
    )
    return (
        summary(rollout),
        Sheet(head=_STEPS_HEAD, rows=steps if rollout.safe else ()),
        Sheet(head=_DENIED_HEAD, rows=tuple((n.connection, _why(n)) for n in rollout.denied)),
        Sheet(head=_OBSTACLES_HEAD, rows=obstacles),
        Sheet(head=_BATCHES_HEAD, rows=batches),
        *_advice(rollout.batches),
    )


def summary(rollout: Rollout) -> str:
    """What came out, in one sentence."""
    if rollout.safe and not rollout.steps:
        return _NO_POLICIES
    names = describe.listed(step.policy.key for step in rollout.steps)
    after = _AFTER.format(policies=names) if names else _FIRST
    denied = _DENIED[len(rollout.denied) == 1]
    return _SUMMARIES[rollout.outcome].format(after=after, denied=denied)


def _lines(rollout: Rollout) -> Iterator[str]:
    yield summary(rollout)
    if rollout.safe:
        for number, step in enumerate(rollout.steps, start=1):
            yield _STEP.format(number=number, policy=describe.policy(step.policy))
            yield from (f"   {line}" for line in _effects(step))
    for need in rollout.denied:
        yield from (f"  {line}" for line in _denial(need))
    for obstacle in rollout.obstacles:
        yield _BREAKS.format(policy=describe.policy(obstacle.policy))
        for need in obstacle.breaks:
            yield from (f"  {line}" for line in _denial(need))
    if rollout.batches:
        yield _BATCHES
        for number, batch in enumerate(rollout.batches, start=1):
            policies = describe.listed(map(describe.policy, batch.policies))
            yield _STEP.format(number=number, policy=policies)
        yield from _advice(rollout.batches)


def _advice(batches: Sequence[Batch]) -> Iterator[str]:
    """How small batches are, and how policies take effect at once."""
    if batches:
        yield _SMALLEST if all(each.smallest for each in batches) else _PERHAPS_SMALLER
        yield _AT_ONCE


def _denial(need: Need) -> Iterator[str]:
    """Why a needed connection is denied, and the rules that say so."""
    several = need.pairs > 1
    if several:
        yield _SUCH_AS.format(connection=need.connection, pairs=need.pairs)
    indent = "  " if several else ""
    yield indent + _why(need)
    missed = [
        step
        for verdict in verdicts_of(need.answer)
        for end in verdict.ends
        if not end.allowed
        for step in end.steps
    ]
    if missed:
        rules = describe.listed(dict.fromkeys(map(_rule, missed)))
        yield f"{indent}  {_NO_MATCH.format(rules=rules)}"
    if need.waits_for:
        ways = (
            describe.listed((_rule(step) for step in found), rule_words.OR)
            for direction in Direction
            if (found := [step for step in need.waits_for if step.direction is direction])
        )
        yield f"{indent}  {_WAITS_FOR.format(rules=describe.listed(ways))}"


def _rule(step: RuleStep) -> str:
    return f"{step.policy.key} {describe.where(step.field, step.locate())}"


def _effects(step: Step) -> Iterator[str]:
    for direction in Direction:
        pods = [pod.key for pod, way in step.isolates if way is direction]
        if pods:
            listed = describe.listed(pods)
            yield _ISOLATES.format(direction=direction.value.lower(), pods=listed)
    if not step.isolates:
        yield _NEVER_ISOLATES if isinstance(step.policy, ClusterNetworkPolicy) else _ISOLATES_NONE
    if step.allows:
        yield _ALLOWS.format(connections=describe.listed(need.connection for need in step.allows))


def _why(need: Need) -> str:
    return explain(need.answer, Length.LINE)


def document(rollout: Rollout) -> json.Document:
    """A rollout as a JSON document of kind ``Rollout``."""
    return json.envelope(
        "Rollout",
        {
            "safe": rollout.safe,
            "outcome": rollout.outcome.value,
            "summary": summary(rollout),
            "steps": [_step(step) for step in rollout.steps],
            "denied": _needs(rollout.denied),
            "obstacles": [_obstacle(each) for each in rollout.obstacles],
            "batches": [_batch(each) for each in rollout.batches],
        },
    )


def _step(step: Step) -> json.Json:
    return {
        **json.policy(step.policy),
        "isolates": [
            {"pod": pod.key, "direction": direction.value} for pod, direction in step.isolates
        ],
        "allows": [need.connection for need in step.allows],
    }


def _obstacle(obstacle: Obstacle) -> json.Json:
    return {**json.policy(obstacle.policy), "breaks": _needs(obstacle.breaks)}


def _rule_place(step: RuleStep) -> json.Json:
    place = json.location(step.locate())
    return {"policy": step.policy.key, "field": step.field, "location": place}


def _batch(batch: Batch) -> json.Json:
    return {
        "policies": [json.policy(policy) for policy in batch.policies],
        "smallest": batch.smallest,
    }


def _needs(needs: Iterable[Need]) -> list[json.Json]:
    return [
        {
            "connection": need.connection,
            "pairs": need.pairs,
            "answer": json.answer(need.answer),
            "waitsFor": [_rule_place(step) for step in need.waits_for],
        }
        for need in needs
    ]
