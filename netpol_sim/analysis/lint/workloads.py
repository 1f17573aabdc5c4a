"""What workloads say and their pods do not: labels of their own, replicas (NP203, NP216)."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.lint import change, edit, phrases
from netpol_sim.analysis.lint.effect import declared_ports
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.selectors import Use, picks_nothing, pod_selectors
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import LabelSelector
from netpol_sim.manifest.places import Places
from netpol_sim.model import Connection, Pod, Service
from netpol_sim.policy import Direction

_LABELS = "metadata.labels."
"""Where a workload has the labels that are its own, not those of its pods."""


def own_labels(pod: Pod) -> dict[str, str]:
    """The labels that a pod's workload carries itself; empty for a pod that has none."""
    if pod.workload is None or pod.origin is None or not isinstance(pod.origin.positions, Places):
        return {}
    places = pod.origin.positions
    texts = {path: places.text_of(path) for path in places if path.startswith(_LABELS)}
    return {path.removeprefix(_LABELS): text for path, text in texts.items() if text is not None}


@lint_rule(
    id="NP203",
    name="matches-workload-labels-not-pod-labels",
    severity=Severity.HIGH,
    meaning="A selector picks no pod, but a workload has these labels itself.",
    why="Policies see pods, and a pod has the labels of the template, not those of the Deployment "
    "or StatefulSet around it.",
    remedy="Use labels of the pod template, or add these to the template.",
    inputs=(Input.PODS,),
    supersedes=("NP201", "NP202"),
)
def matches_workload_labels(survey: Survey) -> Iterator[Hit]:
    """A selector that fits the metadata of a workload and no pod template."""
    for use in pod_selectors(survey):
        if not picks_nothing(survey, use):
            continue
        for pod in (pod for name in use.scope for pod in survey.pods_in(name)):
            if pod.workload is not None and use.selector.matches(own_labels(pod)):
                yield _of_workload(survey, use, pod)
                break


def _of_workload(survey: Survey, use: Use, pod: Pod) -> Hit:
    has = ", ".join(f"{key}={value}" for key, value in sorted(pod.labels.items())) or "no labels"
    template = LabelSelector(match_labels=pod.labels)
    alike = survey.picked(template, use.scope)
    fix = None
    if pod.labels and all(other.workload == pod.workload for other in alike):
        fix = Fix(
            summary=f"select {template}",
            policy=use.replaced(template),
            edits=edit.reselected(use.policy, use.field, template),
        )
    return hit(
        use.policy,
        use.field if use.written is None else use.written.peer_field(use.peer),
        f"`{use.selector}` is on {pod.workload} itself; its pods have {has}",
        evidence=(pod,),
        fix=fix,
    )


@lint_rule(
    id="NP216",
    name="replicas-cannot-reach-each-other",
    severity=Severity.HIGH,
    meaning="The replicas of a StatefulSet with a headless Service may not connect to each other.",
    why="A pod always reaches itself, but not its siblings: replication and the election of a "
    "leader fail.",
    remedy="Let the pods in from their own labels on the port they use among themselves; and out, "
    "if their egress is isolated.",
    inputs=(Input.PODS, Input.SERVICES),
)
def replicas_cannot_reach_each_other(survey: Survey) -> Iterator[Hit]:
    """Several replicas behind a headless Service, of which none may connect to another."""
    for pods in _stateful_sets(survey):
        pod, count = pods[0], max(len(pods), _replicas(pods[0]))
        if count < 2 or not survey.is_subject(pod) or not _is_headless(survey, pod):
            continue
        twin = change.twin(pod)
        cluster = survey.cluster.with_pod(twin)
        attempts = (
            Connection(source=twin, destination=pod, port=port, protocol=protocol)
            for port, protocol in declared_ports(pod)
        )
        if any(evaluate(cluster, attempt).allowed for attempt in attempts):
            continue
        policies = {
            policy.key: policy for way in Direction for policy in cluster.isolating(pod, way)
        }
        yield hit(
            pod,
            "spec.replicas",
            f"{pod.workload} has {count} replicas that may not connect to each other: "
            f"{phrases.quoted(policies)} {phrases.agreeing(policies, 'isolates', 'isolate')} them, "
            "and no rule has their own labels for a peer",
            evidence=pods,
        )


def _stateful_sets(survey: Survey) -> list[list[Pod]]:
    """The pods of each StatefulSet."""
    found: dict[tuple[str, str], list[Pod]] = {}
    for pod in survey.pods:
        if pod.workload is not None and pod.workload.startswith("StatefulSet/"):
            found.setdefault((pod.namespace, pod.workload), []).append(pod)
    return list(found.values())


def _replicas(pod: Pod) -> int:
    """How many replicas the manifest that a pod was read from asks for; 0 when it does not say."""
    places = pod.origin.positions if pod.origin else None
    text = places.text_of("spec.replicas") if isinstance(places, Places) else None
    return int(text) if text and text.isdigit() else 0


def _is_headless(survey: Survey, pod: Pod) -> bool:
    return any(
        service.headless and _picks(service, pod) for service in survey.services_in(pod.namespace)
    )


def _picks(service: Service, pod: Pod) -> bool:
    labels = service.selector or {}
    return bool(labels) and all(pod.labels.get(key) == value for key, value in labels.items())
