"""Directions and emptiness: what a policy isolates, and what an empty list means (NP301 to NP310).

Whether ``policyTypes`` was written can only be seen in a manifest: for policies built in Python the
rules about its default stay silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.lint import change, edit, effect, entries
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.intent import says_deny, says_deny_egress, says_open
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.policy import Direction, NetworkPolicy

BOTH = (Direction.INGRESS, Direction.EGRESS)


def leaves_types_out(policy: NetworkPolicy) -> bool:
    """Whether the manifest leaves ``policyTypes`` to the API server's default."""
    return policy.origin is not None and not policy.origin.wrote("spec.policyTypes[0]")


def _typed(policy: NetworkPolicy, *types: Direction) -> Fix:
    return Fix(
        summary=f"write `policyTypes: [{', '.join(types)}]`",
        policy=change.with_types(policy, types),
        edits=edit.with_types(policy, types),
    )


def _effect(
    survey: Survey, policy: NetworkPolicy, direction: Direction, changed: NetworkPolicy
) -> effect.Effect:
    """What a change of directions does to the pods of a policy, on the ports they declare."""
    subjects = survey.subjects(policy)
    return effect.of_policies(survey, subjects, direction, changed, effect.declared_ports)


@lint_rule(
    id="NP301",
    name="rule-less-policy",
    severity=Severity.MEDIUM,
    meaning="A policy has no rules and no policyTypes.",
    why="It looks inert, but defaults to `policyTypes: [Ingress]` and so denies everything "
    "inbound to the pods it selects.",
    remedy="Write `policyTypes`, and a name that says `deny`; or delete the policy.",
    inputs=(Input.POLICIES,),
)
def rule_less_policy(survey: Survey) -> Iterator[Hit]:
    """A policy of nothing but a podSelector, whose name does not say that it denies."""
    for policy in survey.policies:
        if not leaves_types_out(policy) or policy.ingress or policy.egress:
            continue
        if _promises_egress(policy):
            continue
        found = _effect(
            survey, policy, Direction.INGRESS, change.with_types(policy, (Direction.EGRESS,))
        )
        numbers = found.clause("without it")
        yield hit(
            policy,
            "spec",
            f"no rules and no `policyTypes` deny all ingress{numbers}",
            severity=Severity.INFO if says_deny(policy) else None,
            evidence=found.new,
            fix=_typed(policy, Direction.INGRESS),
        )


@lint_rule(
    id="NP302",
    name="empty-rule-allows-all",
    severity=Severity.HIGH,
    meaning="A rule is empty: `- {}`.",
    why="An empty rule matches everything, from outside the cluster too; to deny there must be "
    "no rule at all.",
    remedy="To deny, write `ingress: []` or leave the field out; to allow all, say so in the name.",
    inputs=(Input.POLICIES,),
)
def empty_rule_allows_all(survey: Survey) -> Iterator[Hit]:
    """An empty rule: worst where the name says deny, harmless where it says allow."""
    for written in survey.rules:
        if not written.is_empty or written.wrote(written.peers_field):
            continue
        policy, removed = written.policy, written.replaced()
        denies = says_deny(policy)
        mild = Severity.INFO if says_open(policy) else Severity.LOW
        found = effect.of_change(survey, written, removed)
        numbers = found.clause("without the rule")
        yield hit(
            policy,
            written.field,
            f"`{{}}` allows all {written.direction.rules_field}, every address outside the cluster "
            f"included{numbers}",
            severity=None if denies else mild,
            evidence=found.gone,
            fix=_removed(written, removed) if denies else None,
        )


def _removed(written: WrittenRule, removed: NetworkPolicy) -> Fix:
    return Fix(
        summary="remove the rule, so that nothing is allowed",
        policy=removed,
        edits=entries.without_item(written.policy, written.field),
    )


@lint_rule(
    id="NP304",
    name="empty-peer-list",
    severity=Severity.HIGH,
    meaning="A rule has `from` or `to` with nothing in it.",
    why="An empty list of peers does not mean nobody: it is the same as no list, and everybody "
    "passes, from outside the cluster too.  Templates with an empty value produce it.",
    remedy="To let nobody pass remove the rule; otherwise list the peers.",
    inputs=(Input.POLICIES,),
)
def empty_peer_list(survey: Survey) -> Iterator[Hit]:
    """A list of peers that was written, and is empty."""
    for written in survey.rules:
        if written.rule.peers or not written.wrote(written.peers_field):
            continue
        found = effect.of_change(survey, written, written.replaced())
        numbers = found.clause("without the rule")
        field = written.direction.peers_field
        yield hit(
            written.policy,
            written.peers_field,
            f"`{field}` is empty, so everybody passes, addresses outside the cluster too{numbers}",
            evidence=found.gone,
        )


@lint_rule(
    id="NP307",
    name="implicit-ingress-isolation",
    severity=Severity.HIGH,
    meaning="A policy with egress rules only has no policyTypes.",
    why="The default adds Ingress whatever the rules are, so everything inbound is denied as well.",
    remedy="Write `policyTypes: [Egress]`.",
    inputs=(Input.POLICIES,),
)
def implicit_ingress_isolation(survey: Survey) -> Iterator[Hit]:
    """An egress-only policy that isolates for ingress by default; a note where others do so too."""
    for policy in survey.policies:
        if not leaves_types_out(policy) or policy.ingress or not policy.egress:
            continue
        fix = _typed(policy, Direction.EGRESS)
        found = _effect(survey, policy, Direction.INGRESS, fix.policy)
        others = _isolate_too(survey, policy, Direction.INGRESS)
        numbers = found.clause("with `policyTypes: [Egress]`")
        if others:
            numbers = "; other policies do so anyway"
        # Somebody who wrote `ingress: []`, or whose pods are isolated anyway, is not surprised.
        meant = policy.origin is not None and policy.origin.wrote("spec.ingress")
        yield hit(
            policy,
            "spec.egress",
            f"without `policyTypes` this denies all ingress as well{numbers}",
            severity=Severity.INFO if meant or others else None,
            evidence=found.new,
            fix=fix,
        )


@lint_rule(
    id="NP308",
    name="implicit-egress-open",
    severity=Severity.HIGH,
    meaning="A policy that promises to deny egress has no policyTypes and no egress rule.",
    why="The default is Ingress alone unless there is at least one egress rule: `egress: []` does "
    "not count, and everything outbound stays open.",
    remedy="Write `policyTypes: [Ingress, Egress]`.",
    inputs=(Input.POLICIES,),
)
def implicit_egress_open(survey: Survey) -> Iterator[Hit]:
    """A deny-all by name, or by `egress: []`, that leaves egress open."""
    for policy in survey.policies:
        if not leaves_types_out(policy) or policy.egress or not _promises_egress(policy):
            continue
        fix = _typed(policy, *BOTH)
        found = _effect(survey, policy, Direction.EGRESS, fix.policy)
        numbers = found.clause("with `policyTypes: [Ingress, Egress]`")
        others = _isolate_too(survey, policy, Direction.EGRESS)
        yield hit(
            policy,
            "spec.egress",
            "without `policyTypes` this says nothing about egress; other policies do"
            if others
            else f"without `policyTypes` egress stays open{numbers}",
            severity=Severity.INFO if others else None,
            evidence=found.gone,
            fix=fix,
        )


def _isolate_too(survey: Survey, policy: NetworkPolicy, direction: Direction) -> bool:
    """Whether other policies isolate all of a policy's pods, so that this one adds nothing."""
    pods = survey.subjects(policy)
    return bool(pods) and all(
        any(other is not policy for other in survey.isolating(pod, direction)) for pod in pods
    )


def _promises_egress(policy: NetworkPolicy) -> bool:
    wrote_empty = policy.origin is not None and policy.origin.wrote("spec.egress")
    return not policy.egress and (wrote_empty or says_deny_egress(policy))


@lint_rule(
    id="NP309",
    name="rules-for-unlisted-direction",
    severity=Severity.HIGH,
    meaning="A policy has rules for a direction that its policyTypes do not list.",
    why="Only policyTypes decide: the rules are ignored, and the direction stays open.",
    remedy="Add the direction to `policyTypes`, or delete the rules.",
    inputs=(Input.POLICIES,),
)
def rules_for_unlisted_direction(survey: Survey) -> Iterator[Hit]:
    """Rules under `ingress` or `egress` that are not in force."""
    for policy in survey.policies:
        for direction, rules in zip(BOTH, (policy.ingress, policy.egress), strict=True):
            if not rules or policy.isolates(direction):
                continue
            fix = _typed(policy, *BOTH)
            found = _effect(survey, policy, direction, fix.policy)
            numbers = found.clause(f"with `{direction}` listed")
            yield hit(
                policy,
                f"spec.{direction.rules_field}",
                f"`policyTypes` does not list {direction}, so these rules are ignored{numbers}",
                evidence=found.gone,
                fix=fix,
            )


@lint_rule(
    id="NP310",
    name="sticky-policytypes",
    severity=Severity.HIGH,
    meaning="An update adds the first egress rules, and neither version has policyTypes.",
    why="The server wrote its default, Ingress, into the stored object; an update keeps that, so "
    "the new egress rules are ignored, although a fresh installation enforces them.",
    remedy="Write `policyTypes: [Ingress, Egress]`.",
    inputs=(Input.POLICIES, Input.BASE),
    supersedes=("NP307",),
)
def sticky_policytypes(survey: Survey) -> Iterator[Hit]:
    """A policy whose base version had no egress rule, while policyTypes stay at their default."""
    before = {policy.key: policy for policy in survey.base.policies} if survey.base else {}
    for policy in survey.policies:
        old = before.get(policy.key)
        if old is None or old.egress or not policy.egress:
            continue
        if leaves_types_out(policy) and leaves_types_out(old):
            yield hit(
                policy,
                "spec.egress",
                "the stored policy keeps `policyTypes: [Ingress]`, so these rules are ignored "
                "after an update",
                fix=_typed(policy, *BOTH),
            )
