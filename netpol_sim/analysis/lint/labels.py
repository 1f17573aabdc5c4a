"""Labels that do not say what they seem to (NP203, NP210 to NP212, NP214, NP215)."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.lint import edit, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.selectors import Use, pod_selectors
from netpol_sim.analysis.lint.subsume import requirements
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.manifest.places import Places
from netpol_sim.peers import PodPeer
from netpol_sim.policy import NetworkPolicy

VOLATILE = {
    "pod-template-hash": Severity.HIGH,
    "controller-revision-hash": Severity.HIGH,
    "pod-template-generation": Severity.HIGH,
    "controller-uid": Severity.HIGH,
    "batch.kubernetes.io/controller-uid": Severity.HIGH,
    "statefulset.kubernetes.io/pod-name": Severity.MEDIUM,
    "apps.kubernetes.io/pod-index": Severity.MEDIUM,
    "batch.kubernetes.io/job-completion-index": Severity.MEDIUM,
    "helm.sh/chart": Severity.MEDIUM,
}
"""Labels that controllers and charts change by themselves; the first group on every rollout."""


@lint_rule(
    id="NP210",
    name="empty-selector-note",
    severity=Severity.INFO,
    meaning="A peer is the empty selector `{}`.",
    why="`podSelector: {}` is every pod of the policy's own namespace, and `namespaceSelector: {}` "
    "every pod of the cluster; neither is a node or an address outside.",
    remedy="Nothing to fix; to let everybody pass leave the list of peers out.",
    inputs=(Input.POLICIES,),
)
def empty_selector_note(survey: Survey) -> Iterator[Hit]:
    """A peer whose every selector is empty."""
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer) and _is_all(peer):
                if peer.namespace_selector is None:
                    whom = f"every pod of `{written.policy.namespace}`"
                else:
                    whom = "every pod of every namespace"
                picked = survey.peer_subjects(written.policy, peer)
                now = f" ({phrases.counted(len(picked), 'pod')} now)" if survey.pods else ""
                yield hit(
                    written.policy,
                    written.peer_field(index),
                    f"this is {whom}{now}, but no node and nothing outside the cluster",
                )


def _is_all(peer: PodPeer) -> bool:
    selectors = (peer.pod_selector, peer.namespace_selector)
    return all(selector is None or selector.matches_everything for selector in selectors)


@lint_rule(
    id="NP211",
    name="selector-degenerated",
    severity=Severity.ERROR,
    meaning="A selector is written with nothing in it: null, where labels should follow.",
    why="In a peer, null is the same as not written, so the other selector alone decides; "
    "elsewhere it is `{}` and picks everything.  Lost indentation does this.",
    remedy="Nest the labels under `matchLabels`, or write `{}` if everything is meant.",
    inputs=(Input.POLICIES,),
)
def selector_degenerated(survey: Survey) -> Iterator[Hit]:
    """A selector field that the manifest has and whose value is null."""
    for policy in survey.policies:
        if _is_null(policy, "spec.podSelector"):
            yield hit(
                policy,
                "spec.podSelector",
                f"`podSelector:` is null, so the policy selects every pod of `{policy.namespace}`"
                f"{_now(survey, policy)}",
                severity=Severity.MEDIUM,
            )
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer):
                yield from _null_in_peer(written, index, peer)
    for use in _empty_labels(survey):
        yield hit(
            use.policy,
            f"{use.field}.matchLabels",
            "`matchLabels:` is null, so the selector picks everything",
            severity=Severity.MEDIUM,
        )


def _now(survey: Survey, policy: NetworkPolicy) -> str:
    return f" ({phrases.counted(len(survey.selected(policy)), 'pod')} now)" if survey.pods else ""


def _null_in_peer(written: WrittenRule, index: int, peer: PodPeer) -> Iterator[Hit]:
    field = written.peer_field(index)
    for name, selector in (
        ("namespaceSelector", peer.namespace_selector),
        ("podSelector", peer.pod_selector),
    ):
        if selector is None and written.wrote(f"{field}.{name}"):
            left = f"pods of `{written.policy.namespace}` only"
            if name == "podSelector":
                left = "every pod of the namespaces"
            yield hit(
                written.policy,
                f"{field}.{name}",
                f"`{name}:` is null, which is the same as not written: the peer is {left}",
            )


def _empty_labels(survey: Survey) -> Iterator[Use]:
    """Selectors that have a `matchLabels` field and nothing in it."""
    for policy in survey.policies:
        if policy.pod_selector.matches_everything:
            yield from _if_null(policy, "spec.podSelector", policy.pod_selector)
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer):
                field = written.peer_field(index)
                yield from _if_null(written.policy, f"{field}.podSelector", peer.pod_selector)
                yield from _if_null(
                    written.policy, f"{field}.namespaceSelector", peer.namespace_selector
                )


def _if_null(policy: NetworkPolicy, field: str, selector: LabelSelector | None) -> Iterator[Use]:
    empty = selector is not None and selector.matches_everything
    if selector is not None and empty and _is_null(policy, f"{field}.matchLabels"):
        yield Use(policy=policy, field=field, selector=selector, scope=())


def _is_null(policy: NetworkPolicy, path: str) -> bool:
    """Whether the manifest has a field whose value is null: a scalar where a mapping belongs."""
    places = policy.origin.positions if policy.origin else None
    return isinstance(places, Places) and places.text_of(path) is not None


@lint_rule(
    id="NP212",
    name="negative-selector-matches-unlabelled",
    severity=Severity.MEDIUM,
    meaning="A peer excludes values of a label with NotIn, and so admits what lacks the label.",
    why="NotIn holds for every pod or namespace without the key, so whatever nobody labelled "
    "passes.",
    remedy="Add `operator: Exists` for the same key, or list what is allowed with In.",
    inputs=(Input.PODS,),
)
def negative_selector_matches_unlabelled(survey: Survey) -> Iterator[Hit]:
    """A peer with a NotIn that pods or namespaces meet because they lack the key."""
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer):
                yield from _unlabelled(survey, written, index, peer)


def _unlabelled(survey: Survey, written: WrittenRule, index: int, peer: PodPeer) -> Iterator[Hit]:
    picked = survey.peer_subjects(written.policy, peer)
    for name, selector in (
        ("podSelector", peer.pod_selector),
        ("namespaceSelector", peer.namespace_selector),
    ):
        for item in selector.match_expressions if selector else ():
            if item.operator is not Operator.NOT_IN:
                continue
            if name == "podSelector":
                lacking = [pod for pod in picked if item.key not in pod.labels]
            else:
                lacking = [pod for pod in picked if _lacks(survey, pod.namespace, item.key)]
            if lacking:
                whose = "" if name == "podSelector" else "of namespaces "
                yield hit(
                    written.policy,
                    f"{written.peer_field(index)}.{name}",
                    f"`{item}` admits {phrases.pods(lacking)} {whose}without a label `{item.key}`",
                    severity=Severity.INFO if selector and selector.match_labels else None,
                    evidence=lacking,
                )


def _lacks(survey: Survey, namespace: str, key: str) -> bool:
    known = survey.labels_known(namespace)
    return known and key not in survey.cluster.namespace_labels(namespace)


@lint_rule(
    id="NP214",
    name="in-list-suggested",
    severity=Severity.LOW,
    meaning="A selector asks for several labels that no pod has together, though some pods have "
    "one and some the other.",
    why="All entries of a selector must hold at once: two labels never mean either of them.",
    remedy="For either of several values write one `matchExpressions` entry with `In`; for either "
    "of several labels write one peer for each.",
    inputs=(Input.POLICIES,),
)
def in_list_suggested(survey: Survey) -> Iterator[Hit]:
    """A selector whose demands are met one by one, or contradict each other."""
    for use in pod_selectors(survey):
        demands = _demands(use.selector)
        clash = _contradiction(demands)
        if clash is not None:
            yield hit(
                use.policy,
                use.field,
                f"no pod can have `{_short(clash[0])}` and `{_short(clash[1])}` at once, since a "
                "label has one value; for either of them list the values in one `In`",
            )
        elif len(demands) > 1 and not survey.picked(use.selector, use.scope):
            alone = [_alone(survey, use, item) for item in demands]
            if all(alone):
                parts = [
                    f"{phrases.counted(count, 'pod has', 'pods have')} {_short(item)}"
                    for count, item in zip(alone, demands, strict=True)
                ]
                yield hit(
                    use.policy,
                    use.field,
                    f"no pod has all of {use.selector}; one by one, {phrases.listed(parts)}",
                )


def _short(item: Requirement) -> str:
    return f"{item.key}={item.values[0]}" if len(item.values) == 1 else str(item)


def _demands(selector: LabelSelector) -> list[Requirement]:
    """What a selector demands by value."""
    return [item for item in requirements(selector) if item.operator is Operator.IN]


def _contradiction(demands: list[Requirement]) -> tuple[Requirement, Requirement] | None:
    for number, first in enumerate(demands):
        for second in demands[number + 1 :]:
            if first.key == second.key and not set(first.values) & set(second.values):
                return first, second
    return None


def _alone(survey: Survey, use: Use, item: Requirement) -> int:
    return len(survey.picked(LabelSelector(match_expressions=(item,)), use.scope))


@lint_rule(
    id="NP215",
    name="volatile-label",
    severity=Severity.HIGH,
    meaning="A selector uses a label that a controller or a chart changes by itself.",
    why="The next rollout, scale-up or chart upgrade changes the value, and the policy silently "
    "stops matching.",
    remedy="Select by labels that say what the pod is, such as `app.kubernetes.io/name`.",
    inputs=(Input.POLICIES,),
)
def volatile_label(survey: Survey) -> Iterator[Hit]:
    """A selector that asks for one of the labels of ``VOLATILE``."""
    for use in pod_selectors(survey):
        keys = {item.key: item for item in _demands(use.selector) if item.key in VOLATILE}
        for key in keys:
            kept = LabelSelector(
                match_labels={
                    other: value
                    for other, value in use.selector.match_labels.items()
                    if other != key
                },
                match_expressions=use.selector.match_expressions,
            )
            fix = None
            if kept.match_labels and key in use.selector.match_labels:
                fix = Fix(
                    summary=f"do not ask for `{key}`",
                    policy=use.replaced(kept),
                    edits=edit.removed(use.policy, f"{use.field}.matchLabels", key),
                )
            yield hit(
                use.policy,
                f"{use.field}.matchLabels.{key}" if key in use.selector.match_labels else use.field,
                f"`{key}` does not last: {_what_changes(VOLATILE[key])}",
                severity=VOLATILE[key],
                fix=fix,
            )


def _what_changes(severity: Severity) -> str:
    if severity is Severity.HIGH:
        return "it gets a new value on every rollout"
    return "it names one replica or one version"
