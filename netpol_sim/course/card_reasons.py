"""Why an option of a card is right or wrong: from verdicts, findings and relations, not typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netpol_sim.analysis.compare import Relation, Scope, compare
from netpol_sim.analysis.lint import Finding, lint
from netpol_sim.analysis.matrix import matrix
from netpol_sim.ask import evaluate
from netpol_sim.cluster import Cluster
from netpol_sim.course.cards import Card, CardKind, CardOption
from netpol_sim.errors import ManifestError
from netpol_sim.manifest import loads
from netpol_sim.render import compare as words
from netpol_sim.render.text import Length, explain

POLICIES = "policies.yaml"
"""What the manifests of a card are called where a line of them is named."""

_LISTED = 6
_SIDES = words.Sides(mine="the new version", reference="the old version")


def reasons(card: Card, cluster: Cluster) -> Iterator[str]:
    """What the simulator says to a card, for after the answer."""
    match card.kind:
        case CardKind.PREDICT:
            yield from (explain(evaluate(cluster, one)) for one in card.connections)
        case CardKind.COUNT:
            yield _who(others(card, cluster))
        case CardKind.BUG:
            asked = {option.finding for option in card.options}
            found = {one.id: one for one in reversed(lint(cluster)) if one.id in asked}
            yield from map(_finding, found.values())
        case CardKind.COMPARE:
            yield words.text(relation(card, cluster), _SIDES)
        case _:
            return


def because(card: Card, option: CardOption, cluster: Cluster) -> str:
    """Why an option is wrong, where the simulator can say; empty where it is right or cannot."""
    if card.kind is CardKind.ACCEPT:
        return refusal(option.policies)
    if card.kind is CardKind.CHOOSE:
        return next(misses(card, option, cluster), "")
    return ""


def misses(card: Card, option: CardOption, cluster: Cluster) -> Iterator[str]:
    """Each connection that an option's policies do not decide as the card asks, and why."""
    changed = cluster.with_policy(*loads(option.policies, file=POLICIES).every_policy)
    for wanted, connections in ((True, card.must_allow), (False, card.must_deny)):
        for connection in connections:
            verdict = evaluate(changed, connection)
            if verdict.allowed is not wanted:
                yield explain(verdict, Length.LINE)


def refusal(manifest: str) -> str:
    """What the API server says to a manifest; empty when it accepts it."""
    try:
        loads(manifest, file="policy.yaml")
    except ManifestError as error:
        problem = error.problems[0]
        field = f"{problem.field}: " if problem.field else ""
        hint = f" ({problem.help})" if problem.help else ""
        return f"{problem.kind} {field}{problem.message}{hint}."
    return ""


def relation(card: Card, cluster: Cluster) -> Relation:
    """How the changed policies relate to those before, as ``related`` has it."""
    new, old = loads(card.changed, file="new.yaml"), loads(card.policies, file="old.yaml")
    return related(new, old, cluster)


def related(mine: Cluster, reference: Cluster, cluster: Cluster) -> Relation:
    """How policies relate on every cluster; those of tiers, when added to the card's cluster."""
    if not (mine.cluster_policies or reference.cluster_policies):
        return compare(mine, reference)
    ours, theirs = (cluster.with_policy(*one.every_policy) for one in (mine, reference))
    return compare(ours, theirs, scope=Scope.WORLD, world=cluster)


def others(card: Card, cluster: Cluster) -> tuple[str, ...]:
    """The other pods that reach the end of a card, or are reached from it."""
    end = card.to or card.source
    name, _, port = end.rpartition(":")
    number, _, protocol = port.partition("/")
    answers = matrix(cluster, port=int(number), protocol=protocol or "TCP")
    rest = (pod.key for pod in cluster.pods if pod.key != name)
    if card.to:
        return tuple(other for other in rest if answers.allows(other, name))
    return tuple(other for other in rest if answers.allows(name, other))


def _who(names: Sequence[str]) -> str:
    if not names:
        return "No other pod."
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"These are {', '.join(names[:_LISTED])}{more}."


def _finding(finding: Finding) -> str:
    at = finding.location
    place = f"line {at.line}" if at and at.file == POLICIES else finding.object
    return f"{finding.id} {finding.name}, {place}: {finding.message}."
