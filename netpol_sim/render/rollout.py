"""A rollout as text, as a page and as JSON: the steps in order, or why there is no safe order.

JSON, beside what ``json.py`` documents::

    Rollout    {safe, outcome, summary,
                steps: [{policy, location?, isolates: [{pod, direction}], allows: [connection]}],
                denied: [need], obstacles: [{policy, location?, breaks: [need]}]}
    need       {connection, answer: Verdict or ServiceVerdict}
    outcome    safe | never-allowed | no-order | limit-reached
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_sim.analysis.rollout import Need, Obstacle, Rollout, RolloutOutcome, Step
from netpol_sim.policy import Direction
from netpol_sim.render import describe, json
from netpol_sim.render.sheet import Page, Sheet
from netpol_sim.render.text import Length, explain

_SUMMARIES: Final = {
    RolloutOutcome.SAFE: "Applied in this order, no step breaks a connection that is needed.",
    RolloutOutcome.NEVER_ALLOWED: (
        "No order can help: with all policies applied, these connections are denied."
    ),
    RolloutOutcome.NO_ORDER: "There is no safe order: {after} breaks a connection that is needed.",
    RolloutOutcome.LIMIT_REACHED: (
        "No safe order was found, and not every one could be tried: {after} breaks a connection "
        "that is needed."
    ),
}
_FIRST: Final = "each policy, applied first,"
_AFTER: Final = "after {policies}, each policy that is left"
_NO_POLICIES: Final = "There is no policy to apply."
_STEP: Final = "{number}. {policy}"
_ISOLATES: Final = "isolates for {direction}: {pods}"
_ISOLATES_NONE: Final = "isolates no pod that is not isolated already"
_ALLOWS: Final = "begins to allow: {connections}"
_BREAKS: Final = "{policy} breaks:"
_STEPS_HEAD: Final = ("step", "policy", "what it does")
_DENIED_HEAD: Final = ("needed connection", "why it is denied")
_OBSTACLES_HEAD: Final = ("policy", "what it breaks when it is applied next")


def text(rollout: Rollout) -> str:
    """A rollout as lines."""
    return "\n".join(_lines(rollout))


def page(rollout: Rollout) -> Page:
    """What came out; then the steps, or what is denied, or what each policy breaks."""
    steps = tuple(
        (str(number), step.policy.key, tuple(_effects(step)))
        for number, step in enumerate(rollout.steps, start=1)
    )
    obstacles = tuple(
        (each.policy.key, tuple(need.connection for need in each.breaks))
        for each in rollout.obstacles
    )
    return (
        summary(rollout),
        Sheet(head=_STEPS_HEAD, rows=steps if rollout.safe else ()),
        Sheet(head=_DENIED_HEAD, rows=tuple((n.connection, _why(n)) for n in rollout.denied)),
        Sheet(head=_OBSTACLES_HEAD, rows=obstacles),
    )


def summary(rollout: Rollout) -> str:
    """What came out, in one sentence."""
    if rollout.safe and not rollout.steps:
        return _NO_POLICIES
    names = describe.listed(step.policy.key for step in rollout.steps)
    after = _AFTER.format(policies=names) if names else _FIRST
    return _SUMMARIES[rollout.outcome].format(after=after)


def _lines(rollout: Rollout) -> Iterator[str]:
    yield summary(rollout)
    if rollout.safe:
        for number, step in enumerate(rollout.steps, start=1):
            yield _STEP.format(number=number, policy=describe.policy(step.policy))
            yield from (f"   {line}" for line in _effects(step))
    for need in rollout.denied:
        yield f"  {_why(need)}"
    for obstacle in rollout.obstacles:
        yield _BREAKS.format(policy=describe.policy(obstacle.policy))
        yield from (f"  {_why(need)}" for need in obstacle.breaks)


def _effects(step: Step) -> Iterator[str]:
    for direction in Direction:
        pods = [pod.key for pod, way in step.isolates if way is direction]
        if pods:
            listed = describe.listed(pods)
            yield _ISOLATES.format(direction=direction.value.lower(), pods=listed)
    if not step.isolates:
        yield _ISOLATES_NONE
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


def _needs(needs: Iterable[Need]) -> list[json.Json]:
    return [{"connection": need.connection, "answer": json.answer(need.answer)} for need in needs]
