"""Selectors that pick nothing (NP201, NP202, NP204).

Whether a selector picks something can only be said where the pods are known.  A namespace of which
no pod was loaded says nothing, and a namespace that was not loaded may well exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netpol_sim.analysis.lint import change, edit, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.likeness import Correction, correction, demanded
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, Service
from netpol_sim.peers import PodPeer
from netpol_sim.policy import NetworkPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A selector, where it is written, and the namespaces in which it looks for pods."""

    policy: NetworkPolicy
    field: str
    selector: LabelSelector
    scope: tuple[str, ...]
    written: WrittenRule | None = None
    peer: int = 0

    def replaced(self, selector: LabelSelector) -> NetworkPolicy:
        """The policy with another pod selector in this place."""
        if self.written is None:
            return change.with_pod_selector(self.policy, selector)
        return change.with_peer_pods(self.written, self.peer, selector)


def pod_selectors(survey: Survey) -> Iterator[Use]:
    """Every selector of pods that demands something: of policies and of peers."""
    for policy in survey.policies:
        if not policy.pod_selector.matches_everything:
            yield Use(
                policy=policy,
                field="spec.podSelector",
                selector=policy.pod_selector,
                scope=(policy.namespace,),
            )
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if not isinstance(peer, PodPeer) or peer.pod_selector is None:
                continue
            if not peer.pod_selector.matches_everything:
                yield Use(
                    policy=written.policy,
                    field=f"{written.peer_field(index)}.podSelector",
                    selector=peer.pod_selector,
                    scope=survey.scope(written.policy, peer),
                    written=written,
                    peer=index,
                )


def picks_nothing(survey: Survey, use: Use) -> bool:
    """Whether a selector surely picks no pod: its namespaces have pods, and none fits."""
    has_pods = any(survey.pods_in(name) for name in use.scope)
    return has_pods and not survey.picked(use.selector, use.scope)


def _meant(survey: Survey, use: Use) -> Correction | None:
    near = (pod.labels for name in use.scope for pod in survey.pods_in(name))
    return correction(use.selector, near)


def _corrected(survey: Survey, use: Use, meant: Correction) -> tuple[str, Fix]:
    """What a corrected selector would pick, and the correction."""
    picked = phrases.pods(survey.picked(meant.selector, use.scope))
    fix = Fix(
        summary=f"select `{meant}`",
        policy=use.replaced(meant.selector),
        edits=edit.relabelled(use.policy, use.field, meant),
    )
    return f"did you mean `{meant}`, which picks {picked}?", fix


def is_template(survey: Survey, policy: NetworkPolicy) -> bool:
    """Whether the same policy selects pods elsewhere: one of a set for every namespace."""
    return any(
        other.name == policy.name and other is not policy and survey.selected(other)
        for other in survey.policies
    )


@lint_rule(
    id="NP201",
    name="policy-selects-no-pods",
    severity=Severity.HIGH,
    meaning="No pod of the policy's namespace has the labels of its podSelector.",
    why="The policy is accepted and does nothing: the pods it was written for stay open, and "
    "nothing says so.",
    remedy="Write the labels that the pods really have (`kubectl get pods --show-labels`).",
    inputs=(Input.PODS,),
)
def policy_selects_no_pods(survey: Survey) -> Iterator[Hit]:
    """A policy whose namespace has pods, none of which it selects."""
    for use in pod_selectors(survey):
        if use.written is not None or not picks_nothing(survey, use):
            continue
        space, count = use.policy.namespace, len(survey.pods_in(use.policy.namespace))
        message = f"selects none of the {count} pods in `{space}`: none has {use.selector}"
        if count == 1:
            message = f"selects no pod: the only one in `{space}` does not have {use.selector}"
        meant, fix, severity = _meant(survey, use), None, Severity.MEDIUM
        if meant is not None:
            hint, fix = _corrected(survey, use, meant)
            message, severity = f"{message}; {hint}", Severity.HIGH
        elif is_template(survey, use.policy):
            severity = Severity.INFO
        yield hit(use.policy, use.field, message, severity=severity, fix=fix)


@lint_rule(
    id="NP202",
    name="peer-matches-no-pods",
    severity=Severity.MEDIUM,
    meaning="A peer of a rule stands for no pod at all.",
    why="The policy isolates its pods, and the client or server that the rule was written for is "
    "cut off.",
    remedy="Write labels that the pods and namespaces really have; keep the peer only if its pods "
    "are still to come.",
    inputs=(Input.PODS,),
)
def peer_matches_no_pods(survey: Survey) -> Iterator[Hit]:
    """A peer that looks in namespaces whose pods are known, and finds none."""
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if not isinstance(peer, PodPeer) or survey.peer_pods(written.policy, peer):
                continue
            if any(survey.pods_in(name) for name in survey.scope(written.policy, peer)):
                yield _no_pods(survey, written, index, peer)
            elif peer.namespace_selector is not None:
                yield from _no_namespace(survey, written, index, peer.namespace_selector)


def _no_pods(survey: Survey, written: WrittenRule, index: int, peer: PodPeer) -> Hit:
    scope = survey.scope(written.policy, peer)
    message = f"no pod in {phrases.quoted(scope)} has {peer.pod_selector}{_left(written)}"
    meant, fix = None, None
    field = written.peer_field(index)
    if peer.pod_selector is not None:
        use = Use(
            policy=written.policy,
            field=f"{field}.podSelector",
            selector=peer.pod_selector,
            scope=scope,
            written=written,
            peer=index,
        )
        meant = _meant(survey, use)
        if meant is not None:
            hint, fix = _corrected(survey, use, meant)
            message = f"{message}; {hint}"
    severity = Severity.HIGH if _is_only_peer(written) else Severity.MEDIUM
    return hit(written.policy, field, message, severity=severity, fix=fix)


def _no_namespace(
    survey: Survey, written: WrittenRule, index: int, selector: LabelSelector
) -> Iterator[Hit]:
    """A namespace that was not loaded may exist; one with almost the same label is suspicious."""
    known = [space for space in survey.cluster.namespaces if survey.labels_known(space.name)]
    if survey.namespaces_picked(selector) or not known:
        return
    meant = correction(selector, (space.labels for space in known))
    message = f"no namespace here has {selector}{_left(written)}"
    named_only = all(key == NAMESPACE_NAME_LABEL for key, _ in demanded(selector))
    severity = Severity.HIGH if _is_only_peer(written) else Severity.MEDIUM
    fix = None
    if meant is not None:
        message = f"{message}; did you mean `{meant}`?"
        fix = Fix(
            summary=f"select `{meant}`",
            policy=change.with_peer_namespaces(written, index, meant.selector),
            edits=edit.relabelled(
                written.policy, f"{written.peer_field(index)}.namespaceSelector", meant
            ),
        )
    elif named_only or not survey.is_whole_cluster:
        severity = Severity.INFO
        message = f"{message}; it may not have been loaded"
    yield hit(written.policy, written.peer_field(index), message, severity=severity, fix=fix)


def _is_only_peer(written: WrittenRule) -> bool:
    return len(written.rule.peers) == 1 and len(written.policy.rules(written.direction)) == 1


def _left(written: WrittenRule) -> str:
    if not _is_only_peer(written):
        return ""
    return f", and the policy has no other {written.direction.rules_field} rule or peer"


@lint_rule(
    id="NP204",
    name="selector-equals-service-name",
    severity=Severity.MEDIUM,
    meaning="A selector asks for a label value that no pod has and that is the name of a Service.",
    why="Policies never see Services: only the labels of pods count, so this picks nothing.",
    remedy="Select the pods behind the Service, with the labels of the Service's own selector.",
    inputs=(Input.PODS, Input.SERVICES),
    supersedes=("NP201", "NP202"),
)
def selector_equals_service_name(survey: Survey) -> Iterator[Hit]:
    """A selector that picks no pod and has the name of a Service for a value."""
    for use in pod_selectors(survey):
        if not picks_nothing(survey, use):
            continue
        named = {value for _, value in demanded(use.selector)}
        for service in (item for name in use.scope for item in survey.services_in(name)):
            if service.name in named and service.selector:
                yield _service_named(survey, use, service)
                break


def _service_named(survey: Survey, use: Use, service: Service) -> Hit:
    selector = LabelSelector(match_labels=service.selector or {})
    picked = phrases.pods(survey.picked(selector, use.scope))
    field = use.field if use.written is None else use.written.peer_field(use.peer)
    return hit(
        use.policy,
        field,
        f"no pod has {use.selector}; `{service.name}` is a Service, and the pods behind it have "
        f"{selector}: {picked}",
        fix=Fix(
            summary=f"select the pods behind Service `{service.name}`",
            policy=use.replaced(selector),
            edits=edit.reselected(use.policy, use.field, selector),
        ),
    )
