"""Policies in the wrong place, and borders that are none (NP605 to NP609)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netpol_sim.analysis.lint import edit, phrases
from netpol_sim.analysis.lint.effect import Flows, Probe, declared_ports, flows, union
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.lookups import lookups_of
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.selectors import is_template
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.table.index import bitset
from netpol_sim.evaluate import evaluate_end
from netpol_sim.model import Connection, Namespace, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy

STAGE_LABELS = ("env", "environment", "stage", "tenant")
"""Namespace labels that say which stage or tenant a namespace belongs to."""


@lint_rule(
    id="NP605",
    name="namespace-omitted",
    severity=Severity.MEDIUM,
    meaning="A policy does not say which namespace it belongs to.",
    why="It is created wherever the one who applies it happens to be, and protects the pods there.",
    remedy="Write `metadata.namespace`, unless the tool that applies the manifest adds it.",
    inputs=(Input.POLICIES,),
)
def namespace_omitted(survey: Survey) -> Iterator[Hit]:
    """A policy without a namespace; a note unless other manifests name theirs."""
    used = {pod.namespace for pod in survey.pods} | {one.namespace for one in survey.policies}
    named = used - {"default"}
    for policy in survey.policies:
        if policy.origin is None or policy.origin.wrote("metadata.namespace"):
            continue
        beside = ", while the other objects here name theirs" if named else ""
        yield hit(
            policy,
            "metadata.name",
            f"no namespace is written, so it is taken for `{policy.namespace}`{beside}",
            severity=None if named else Severity.INFO,
        )


@lint_rule(
    id="NP606",
    name="selects-nothing-here-but-would-elsewhere",
    severity=Severity.HIGH,
    meaning="A policy selects no pod of its namespace, and would select pods of another.",
    why="A policy holds in its own namespace only; the pods it was written for stay as they are.",
    remedy="Write the namespace of the pods into `metadata.namespace`.",
    inputs=(Input.PODS,),
    supersedes=("NP201", "NP204"),
)
def selects_nothing_here_but_would_elsewhere(survey: Survey) -> Iterator[Hit]:
    """A podSelector that fits only abroad, where no policy of the same name selects already."""
    for policy in survey.policies:
        if policy.pod_selector.matches_everything or survey.selected(policy):
            continue
        abroad = survey.picked(
            policy.pod_selector, (space.name for space in survey.cluster.namespaces)
        )
        spaces = list(dict.fromkeys(pod.namespace for pod in abroad))
        if not abroad or is_template(survey, policy):
            continue
        fix = None
        if len(spaces) == 1 and all(
            other.key != f"{spaces[0]}/{policy.name}" for other in survey.policies
        ):
            fix = Fix(
                summary=f"move the policy to namespace `{spaces[0]}`",
                policy=replace(policy, namespace=spaces[0]),
                edits=edit.namespaced(policy, spaces[0]),
            )
        yield hit(
            policy,
            "spec.podSelector",
            f"selects no pod of `{policy.namespace}`; with {policy.pod_selector} there "
            f"{phrases.agreeing(abroad, 'is', 'are')} {phrases.pods(abroad)}",
            evidence=abroad,
            fix=fix,
        )


@lint_rule(
    id="NP607",
    name="intent-target-not-isolated",
    severity=Severity.HIGH,
    meaning="A destination of a needed connection is not isolated for ingress.",
    why="A rule at the client's end cages the client; the server stays open to everybody else.",
    remedy="Put an ingress policy on the destination.",
    inputs=(Input.PODS, Input.NEEDS),
)
def intent_target_not_isolated(survey: Survey) -> Iterator[Hit]:
    """A pod that some connection is needed to, and that everybody may connect to."""
    seen: dict[str, tuple[Pod, str]] = {}
    for need, verdict in survey.answers:
        pod = verdict.connection.destination
        if isinstance(pod, Pod) and survey.is_subject(pod):
            seen.setdefault(pod.key, (pod, need))
    for pod, need in seen.values():
        if survey.guarded(pod, Direction.INGRESS):
            continue
        found = flows(survey.table, survey.all_subjects, [pod], declared_ports)
        clients = phrases.pods(found.sources)
        yield hit(
            pod,
            "metadata.labels",
            f"`{need}` is needed, but no policy isolates {pod} for ingress: {clients} may connect",
            evidence=found,
        )


@lint_rule(
    id="NP608",
    name="dns-backend-ingress-isolated",
    severity=Severity.ERROR,
    meaning="The pods that answer name lookups are isolated, and do not let everybody ask.",
    why="Without names nothing finds anything: the whole cluster fails, however right the egress "
    "rules of the others are.",
    remedy="Let every namespace in on 53/UDP and 53/TCP, or keep default denials out of the "
    "system's namespaces.",
    inputs=(Input.PODS,),
)
def dns_backend_ingress_isolated(survey: Survey) -> Iterator[Hit]:
    """A DNS pod whose ingress refuses some pod on its DNS port, in UDP or TCP."""
    lookups = lookups_of(survey)
    for server in lookups.pods:
        policies = survey.isolating(server, Direction.INGRESS)
        if not policies:
            continue
        refused = [
            pod
            for pod in survey.all_subjects
            if _is_refused(survey, pod, server, lookups.ports[server.key])
        ]
        if refused:
            yield hit(
                policies[0],
                "spec.ingress",
                f"this isolates {server}, which answers name lookups: {phrases.pods(refused)} "
                "may not ask it on 53/UDP and 53/TCP",
                evidence=refused,
            )


def _is_refused(survey: Survey, pod: Pod, server: Pod, asked: tuple[Probe, ...]) -> bool:
    ends = (
        evaluate_end(
            survey.cluster,
            Connection(source=pod, destination=server, port=port, protocol=protocol),
            Direction.INGRESS,
        )
        for port, protocol in asked
    )
    return not all(end.allowed for end in ends)


@lint_rule(
    id="NP609",
    name="cross-env-reachable",
    severity=Severity.HIGH,
    meaning="Pods of one stage or tenant may connect to pods of another, and no rule says so.",
    why="A namespace is a border for names and permissions, not for the network.",
    remedy="Isolate every namespace, and allow what crosses the border by name.",
    inputs=(Input.PODS, Input.NAMESPACES),
)
def cross_env_reachable(survey: Survey) -> Iterator[Hit]:
    """Connections across stages, as namespace labels tell them, that no rule names."""
    spaces = [space for space in survey.workload_namespaces if survey.labels_known(space.name)]
    for target in spaces:
        apart = [space for space in spaces if _are_apart(space, target)]
        sources = [pod for space in apart for pod in survey.subjects_in(space.name)]
        pods = survey.subjects_in(target.name)
        if sources:
            found = flows(survey.table, sources, pods, declared_ports)
            unnamed = found.less(_named(survey, found, pods))
            if unnamed:
                yield _crossing(survey, target, unnamed)


def _are_apart(first: Namespace, second: Namespace) -> bool:
    pairs = ((first.labels.get(key), second.labels.get(key)) for key in STAGE_LABELS)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _named(survey: Survey, found: Flows, pods: tuple[Pod, ...]) -> Flows:
    """The flows whose destination has a rule that lets the source's namespace in by a label."""
    positions = survey.table.population.positions
    allowed: dict[str, int] = {}
    for policy in {policy.key: policy for pod in pods for policy in _guards(survey, pod)}.values():
        named = [
            positions[pod.key]
            for rule in policy.rules(Direction.INGRESS)
            for peer in rule.peers
            if isinstance(peer, PodPeer)
            and peer.namespace_selector is not None
            and not peer.namespace_selector.matches_everything
            for pod in survey.peer_pods(policy, peer)
        ]
        allowed[policy.key] = bitset(named)
    into = {
        positions[pod.key]: union(allowed[policy.key] for policy in _guards(survey, pod))
        for pod in pods
    }
    return replace(found, into=into)


def _guards(survey: Survey, pod: Pod) -> tuple[NetworkPolicy, ...]:
    return survey.isolating(pod, Direction.INGRESS)


def _crossing(survey: Survey, target: Namespace, unnamed: Flows) -> Hit:
    sources = unnamed.sources
    spaces = list(dict.fromkeys(pod.namespace for pod in sources))
    stages = {
        value
        for name in (*spaces, target.name)
        for key, value in survey.cluster.namespace_labels(name).items()
        if key in STAGE_LABELS
    }
    # That a pod is not isolated at all is said elsewhere (NP601, NP602).
    guarded = any(survey.guarded(pod, Direction.INGRESS) for pod in unnamed.destinations)
    source, destination = next(unnamed.pairs())
    return hit(
        target,
        "metadata.labels",
        f"{phrases.counted(len(sources), 'pod')} of {phrases.quoted(spaces)} may connect to pods "
        f"of `{target.name}`, though they are apart as {phrases.quoted(sorted(stages))}, such as "
        f"{source} to {destination}",
        severity=None if guarded or not survey.policies else Severity.INFO,
        evidence=unnamed,
    )
