"""Peers that let in others than they seem to (NP205 to NP209)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netpol_sim.analysis.lint import change, edit, effect, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.likeness import demanded
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.model import NAMESPACE_NAME_LABEL, Pod
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction


def pod_peers(survey: Survey) -> Iterator[tuple[WrittenRule, int, PodPeer]]:
    """Every peer that picks pods, with its rule and index."""
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer):
                yield written, index, peer


@lint_rule(
    id="NP205",
    name="adjacent-ns-and-pod-peers",
    severity=Severity.HIGH,
    meaning="A peer with only a namespaceSelector is followed by one with only a podSelector.",
    why="Two dashes are two peers, and either is enough: every pod of those namespaces, and "
    "besides them the labelled pods of the policy's own namespace.",
    remedy="If both must hold, drop the second dash; if either is meant, put the podSelector "
    "first.",
    inputs=(Input.POLICIES,),
    supersedes=("NP202", "NP206"),
)
def adjacent_ns_and_pod_peers(survey: Survey) -> Iterator[Hit]:
    """Two adjacent peers that could be meant as one.

    Not when the pods say otherwise: where nothing would fit both selectors, one peer cannot have
    been meant.  A list that holds ranges as well is plainly a list of alternatives.
    """
    for written, index, second in pod_peers(survey):
        first = written.rule.peers[index - 1] if index else None
        if not isinstance(first, PodPeer) or first.pod_selector is not None:
            continue
        if second.namespace_selector is None and not _is_empty(second.pod_selector):
            yield from _two_readings(survey, written, index, first, second)


def _is_empty(selector: LabelSelector | None) -> bool:
    return selector is None or selector.matches_everything


def _two_readings(
    survey: Survey, written: WrittenRule, index: int, first: PodPeer, second: PodPeer
) -> Iterator[Hit]:
    policy = written.policy
    joined = replace(first, pod_selector=second.pod_selector)
    both = survey.peer_pods(policy, joined)
    known = any(survey.pods_in(name) for name in survey.scope(policy, joined))
    if known and not both:
        return
    changed = change.with_peers(written, (index - 1, index), joined)
    found = None
    if known and survey.selected(policy):
        found = effect.of_change(survey, written, changed)
    fix = None
    # Only where the podSelector picks nothing by itself is there but one reading left.
    if both and not survey.peer_pods(policy, second):
        fix = Fix(
            summary="make the two peers one, so that both must hold",
            policy=changed,
            edits=edit.joined(policy, written.peer_field(index)),
        )
    ranges = any(isinstance(peer, IPBlock) for peer in written.rule.peers)
    numbers = found.clause("as one peer") if found else ""
    yield hit(
        policy,
        written.peer_field(index),
        f"these are two peers, and either is enough{numbers}",
        severity=Severity.INFO if ranges else None,
        evidence=found.gone if found else (),
        fix=fix,
    )


@lint_rule(
    id="NP206",
    name="peer-only-matches-in-other-namespace",
    severity=Severity.HIGH,
    meaning="A podSelector without namespaceSelector fits pods of other namespaces, and none of "
    "the policy's own.",
    why="Alone, a podSelector looks in the policy's own namespace only, so the pods that were "
    "meant stay cut off.",
    remedy="Add a namespaceSelector to the same peer, without a dash of its own.",
    inputs=(Input.PODS,),
    supersedes=("NP202", "NP204"),
)
def peer_only_matches_in_other_namespace(survey: Survey) -> Iterator[Hit]:
    """A peer that picks nothing at home, where pods are known, and something abroad."""
    for written, index, peer in pod_peers(survey):
        if peer.namespace_selector is not None or peer.pod_selector is None:
            continue
        if survey.peer_pods(written.policy, peer) or not survey.pods_in(written.policy.namespace):
            continue
        abroad = survey.picked(
            peer.pod_selector, (space.name for space in survey.cluster.namespaces)
        )
        if abroad:
            yield _abroad(survey, written, index, peer, abroad)


def _abroad(
    survey: Survey, written: WrittenRule, index: int, peer: PodPeer, abroad: tuple[Pod, ...]
) -> Hit:
    home = written.policy.namespace
    spaces = list(dict.fromkeys(pod.namespace for pod in abroad))
    message = (
        f"no pod of `{home}` has {peer.pod_selector}, but {phrases.pods(abroad)} elsewhere "
        f"{'does' if len(abroad) == 1 else 'do'}"
    )
    fix = found = None
    if len(spaces) == 1:
        by_name = LabelSelector(match_labels={NAMESPACE_NAME_LABEL: spaces[0]})
        changed = written.with_peer(index, replace(peer, namespace_selector=by_name))
        found = effect.of_change(survey, written, changed)
        message += found.clause(f"with namespace `{spaces[0]}` in the same peer")
        fix = Fix(
            summary=f"look for the pods in namespace `{spaces[0]}`",
            policy=changed,
            edits=edit.with_namespace(written.policy, written.peer_field(index), spaces[0]),
        )
    return hit(
        written.policy,
        written.peer_field(index),
        message,
        evidence=found.new if found else abroad,
        fix=fix,
    )


@lint_rule(
    id="NP207",
    name="ns-label-missing",
    severity=Severity.HIGH,
    meaning="A namespaceSelector asks for a label that no namespace has, with the name of a "
    "namespace for its value.",
    why="A namespace has no label `name` unless somebody sets one, so the peer stands for nothing.",
    remedy="Ask for `kubernetes.io/metadata.name`, which every namespace has.",
    inputs=(Input.NAMESPACES,),
    supersedes=("NP202", "NP209"),
)
def ns_label_missing(survey: Survey) -> Iterator[Hit]:
    """A selector that would pick namespaces if the label were the one that holds the name."""
    names = {space.name for space in survey.cluster.namespaces}
    for written, index, peer in pod_peers(survey):
        selector = peer.namespace_selector
        if selector is None or survey.namespaces_picked(selector):
            continue
        meant = _by_name(selector, names)
        spaces = survey.namespaces_picked(meant) if meant else ()
        if meant is None or not spaces:
            continue
        known = all(survey.labels_known(name) for name in spaces)
        field = f"{written.peer_field(index)}.namespaceSelector"
        changed = written.with_peer(index, replace(peer, namespace_selector=meant))
        called = f"{phrases.agreeing(spaces, 'one is', 'some are')} called {phrases.quoted(spaces)}"
        message = f"no namespace has {selector}, but {called}"
        if not known:
            message = f"{message}, whose labels were not loaded"
        found = effect.of_change(survey, written, changed)
        if known:
            message += found.clause("selected by name")
        yield hit(
            written.policy,
            written.peer_field(index),
            message,
            severity=None if known else Severity.INFO,
            evidence=found.new,
            fix=Fix(
                summary=f"select {phrases.quoted(spaces)} by the label that holds the name",
                policy=changed,
                edits=edit.by_name(written.policy, field, selector, meant),
            ),
        )


def _by_name(selector: LabelSelector, names: set[str]) -> LabelSelector | None:
    """The selector with names of namespaces asked for by the right label; None without any."""
    labels = {
        NAMESPACE_NAME_LABEL if value in names else key: value
        for key, value in selector.match_labels.items()
    }
    expressions = tuple(
        replace(item, key=NAMESPACE_NAME_LABEL) if _lists_names(item, names) else item
        for item in selector.match_expressions
    )
    meant = replace(selector, match_labels=labels, match_expressions=expressions)
    return None if meant == selector else meant


def _lists_names(item: Requirement, names: set[str]) -> bool:
    return item.operator is Operator.IN and any(value in names for value in item.values)


@lint_rule(
    id="NP208",
    name="any-namespace-with-pod-label",
    severity=Severity.MEDIUM,
    meaning="A peer asks for a pod label in any namespace.",
    why="Whoever may create pods in any namespace can give them that label, and passes.",
    remedy="Name the namespace too, with `kubernetes.io/metadata.name` in the same peer.",
    inputs=(Input.POLICIES,),
)
def any_namespace_with_pod_label(survey: Survey) -> Iterator[Hit]:
    """A peer with `namespaceSelector: {}` and a podSelector that demands something."""
    for written, index, peer in pod_peers(survey):
        namespaces, selector = peer.namespace_selector, peer.pod_selector
        if namespaces is None or not namespaces.matches_everything or _is_empty(selector):
            continue
        picked = survey.peer_pods(written.policy, peer)
        spaces = list(dict.fromkeys(pod.namespace for pod in picked))
        message = f"any namespace can make pods with {selector}"
        fix = None
        if picked:
            are = phrases.agreeing(picked, "is", "are")
            message = f"{message}; there {are} {phrases.pods(picked)} now"
        if len(spaces) == 1:
            by_name = LabelSelector(match_labels={NAMESPACE_NAME_LABEL: spaces[0]})
            fix = Fix(
                summary=f"take those of namespace `{spaces[0]}` only",
                policy=written.with_peer(index, replace(peer, namespace_selector=by_name)),
                edits=edit.reselected(
                    written.policy, f"{written.peer_field(index)}.namespaceSelector", by_name
                ),
            )
        # Towards the outside, a look-alike only receives; it does not get in.
        ingress = written.direction is Direction.INGRESS
        yield hit(
            written.policy,
            written.peer_field(index),
            message,
            severity=None if ingress else Severity.LOW,
            evidence=picked,
            fix=fix,
        )


@lint_rule(
    id="NP209",
    name="trust-on-mutable-ns-label",
    severity=Severity.MEDIUM,
    meaning="A namespaceSelector trusts a label that is not known to be protected.",
    why="Who may edit a namespace's labels can put it among the trusted ones; only "
    "`kubernetes.io/metadata.name` cannot be changed.",
    remedy="Ask for the name label, or guard the key by admission control and say so "
    "(`--protected-label KEY`).",
    inputs=(Input.POLICIES,),
)
def trust_on_mutable_ns_label(survey: Survey) -> Iterator[Hit]:
    """An ingress peer that trusts a namespace label; above info only where others are guarded."""
    protected = survey.protected_labels
    for written, index, peer in pod_peers(survey):
        if peer.namespace_selector is None or written.direction is Direction.EGRESS:
            continue
        keys = {key for key, _ in demanded(peer.namespace_selector)} - {NAMESPACE_NAME_LABEL}
        for key in sorted(keys - (protected or set())):
            yield hit(
                written.policy,
                written.peer_field(index),
                f"whoever can label namespaces with `{key}` decides who is let in",
                severity=Severity.INFO if protected is None else None,
            )
