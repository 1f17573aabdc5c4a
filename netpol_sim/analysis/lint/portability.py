"""Policies whose meaning depends on the network plugin (NP712)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netpol_sim.analysis.diff import Change, diff
from netpol_sim.analysis.lint import phrases
from netpol_sim.analysis.lint.ranges import blocks
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.translation import first_difference
from netpol_sim.cluster_policy import AnyPolicy, Tier
from netpol_sim.plugin import Profile
from netpol_sim.profiles import PLUGINS, Fact
from netpol_sim.verdict import EndVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """The plugins that share a behaviour which differs from that of the cluster's plugin."""

    profile: Profile
    facts: tuple[tuple[str, Fact], ...]


@lint_rule(
    id="NP712",
    name="meaning-depends-on-plugin",
    severity=Severity.INFO,
    meaning="Some network plugins answer otherwise about connections that a policy decides.",
    why="The API leaves some points to the plugin, and plugins support different kinds of "
    "policies: moved to such a plugin, the same manifests open or close something.",
    remedy="Pick pods by their labels instead of by addresses; for cluster-scoped policies check "
    "with `netpol check --profile` what your plugin does.",
    inputs=(Input.PODS, Input.PROFILE),
)
def meaning_depends_on_plugin(survey: Survey) -> Iterator[Hit]:
    """For each verified fact about plugins that matters here, the policy it matters to first."""
    for variant in _variants(survey):
        if variant.profile.egress_judged is not survey.cluster.profile.egress_judged:
            yield from _through_services(survey, variant)
            continue
        found = diff(survey.cluster, survey.cluster.with_profile(variant.profile))
        changes = [*found.added, *found.removed]
        place = next(filter(None, map(_decisive, changes)), None)
        if place is not None:
            policy, field, change = place
            pairs = sum(each.count for each in changes)
            yield hit(
                policy,
                field,
                f"{phrases.counted(pairs, 'pair of ends gets', 'pairs of ends get')} another "
                f"answer on {_named(variant)}: "
                f"{change.example} is {phrases.answer(change.before)} here and "
                f"{phrases.answer(change.after)} there",
                evidence=(each.example for each in changes),
            )


def _through_services(survey: Survey, variant: _Variant) -> Iterator[Hit]:
    """A connection to a Service that the egress rules decide otherwise on other plugins."""
    found = first_difference(survey, variant.profile)
    place = _decided(found.here, found.there) if found else None
    if not found or not place:
        return
    answers = ["allowed" if end.allowed else "denied" for end in (found.here, found.there)]
    yield hit(
        *place,
        f"egress to Services gets another answer on {_named(variant)}: {found.asked} is "
        f"{answers[0]} here and {answers[1]} there",
        evidence=(found.connection,),
    )


def _named(variant: _Variant) -> str:
    """The plugins, each with what it does."""
    return ", ".join(f"`{name}` ({fact.says})" for name, fact in variant.facts)


def _variants(survey: Survey) -> Iterator[_Variant]:
    """The verified behaviours of plugins that could matter to these policies."""
    own = survey.cluster.profile
    if not own.enforces:
        return
    found: dict[Profile, list[tuple[str, Fact]]] = {}
    for plugin in PLUGINS:
        for fact in plugin.facts if plugin.profile.enforces else ():
            value = getattr(plugin.profile, fact.field)
            if fact.verified and value != getattr(own, fact.field) and _matters(survey, fact.field):
                other = replace(own, name="", **{fact.field: value})
                found.setdefault(other, []).append((plugin.profile.name, fact))
    for profile, known in found.items():
        yield _Variant(profile=profile, facts=tuple(known))


def _matters(survey: Survey, field: str) -> bool:
    """Whether policies speak of what a field of ``Profile`` is about."""
    cluster = survey.cluster
    match field:
        case "cluster_policy_kinds":
            return bool(cluster.cluster_policies)
        case "baseline_skipped":
            return bool(cluster.tier(Tier.BASELINE) and survey.policies)
        case "ip_block_matches_pods":
            return any(survey.addressed.within(block) for _, _, block in blocks(survey))
        case "ip_block_matches_nodes":
            addresses = [ip for node in cluster.nodes for ip in node.ips]
            return any(block.contains(ip) for _, _, block in blocks(survey) for ip in addresses)
        case "egress_judged":
            return bool(cluster.services)
        case _:
            return False


def _decisive(change: Change) -> tuple[AnyPolicy, str, Change] | None:
    """The policy and rule that decides the example of a change on the one side or the other."""
    if change.before is None or change.after is None:
        return None
    for before, after in zip(change.before.ends, change.after.ends, strict=True):
        if before.allowed is not after.allowed:
            deciding = _decided(before, after)
            if deciding is not None:
                return (*deciding, change)
    return None


def _decided(*ends: EndVerdict) -> tuple[AnyPolicy, str] | None:
    """The policy and rule that decides the first of some ends that a rule decides."""
    return next(filter(None, map(_rule, ends)), None)


def _rule(end: EndVerdict) -> tuple[AnyPolicy, str] | None:
    if end.decided_by is not None:
        return end.decided_by.policy, end.decided_by.field
    return next(((step.policy, step.field) for step in end.matched), None)
