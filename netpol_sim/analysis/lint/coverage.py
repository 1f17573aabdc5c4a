"""Pods and namespaces that no policy protects (NP601 to NP604).

A set of policies is judged by what it sets out to protect.  A gap keeps its severity where nothing
is protected at all, inside a namespace whose other pods are isolated in the same direction, or
where most of the others are covered.  Anywhere else it is a note: a folder with the policies of one
team says nothing about the rest of the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.analysis.lint import phrases
from netpol_sim.analysis.lint.effect import Senders, declared_ports, flows, senders
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.model import Namespace, Pod
from netpol_sim.policy import Direction, NetworkPolicy


def _most(part: int, whole: int) -> bool:
    return part * 2 > whole


@lint_rule(
    id="NP601",
    name="namespace-without-policy",
    severity=Severity.HIGH,
    meaning="A namespace has pods and not one policy.",
    why="Every pod of the cluster may connect to these pods, and they may connect to anything.",
    remedy="Add a policy that denies everything by default, then allow what is needed.",
    inputs=(Input.PODS,),
)
def namespace_without_policy(survey: Survey) -> Iterator[Hit]:
    """A namespace that is wholly open: all of them, or the exceptions; one note for the others."""
    spaces = survey.workload_namespaces
    covered = {policy.namespace for policy in survey.policies}
    covered |= {space.name for space in spaces if _is_guarded(survey, space.name)}
    bare = [space for space in spaces if space.name not in covered]
    if covered and not _most(len(spaces) - len(bare), len(spaces)):
        if bare:
            yield _others_without_policy(survey, bare)
        return
    for space in bare:
        own = survey.subjects_in(space.name)
        others = len(survey.pods) - len(own)
        yield hit(
            space,
            "metadata.name",
            f"no policy in `{space.name}`: {phrases.pods(own)} "
            f"{phrases.agreeing(own, 'is', 'are')} open in both directions, to "
            f"{phrases.counted(others, 'pod')} of other namespaces and to the outside",
            evidence=own,
        )


def _is_guarded(survey: Survey, name: str) -> bool:
    """Whether cluster-scoped policies guard some pod of a namespace."""
    return bool(survey.cluster.cluster_policies) and any(
        survey.guarded(pod, way) for pod in survey.subjects_in(name) for way in Direction
    )


def _others_without_policy(survey: Survey, bare: list[Namespace]) -> Hit:
    pods = [pod for space in bare for pod in survey.subjects_in(space.name)]
    named = phrases.quoted(space.name for space in bare)
    return hit(
        bare[0],
        "metadata.name",
        f"no policy in {named}: {phrases.pods(pods)} {phrases.agreeing(pods, 'is', 'are')} open in "
        "both directions",
        severity=Severity.INFO,
        evidence=pods,
    )


@lint_rule(
    id="NP602",
    name="pod-not-isolated",
    severity=Severity.HIGH,
    meaning="No policy selects a pod, although others of its namespace are isolated.",
    why="A policy protects the pods that it selects and no others: this one stays open.",
    remedy="Add a policy for the whole namespace that denies by default, then allow what is "
    "needed.",
    inputs=(Input.PODS,),
)
def pod_not_isolated(survey: Survey) -> Iterator[Hit]:
    """A gap within a namespace that isolates other pods in the same direction."""
    everybody = senders(survey.table, survey.all_subjects)
    for space in survey.workload_namespaces:
        pods = survey.subjects_in(space.name)
        isolated = {way: [pod for pod in pods if survey.guarded(pod, way)] for way in Direction}
        if isolated[Direction.INGRESS]:
            for group in _alike(pods, isolated[Direction.INGRESS]):
                yield _not_isolated(survey, everybody, group, len(isolated[Direction.INGRESS]))
        elif isolated[Direction.EGRESS]:
            yield _only_egress(space, pods, isolated[Direction.EGRESS])


def _alike(pods: tuple[Pod, ...], isolated: list[Pod]) -> list[list[Pod]]:
    """The pods that are not isolated; replicas of one workload together."""
    known = {pod.key for pod in isolated}
    groups: dict[object, list[Pod]] = {}
    for pod in pods:
        if pod.key not in known:
            groups.setdefault((pod.workload or pod.name, pod.labels), []).append(pod)
    return list(groups.values())


def _not_isolated(survey: Survey, everybody: Senders, group: list[Pod], isolated: int) -> Hit:
    pod = group[0]
    whole = len(survey.subjects_in(pod.namespace))
    clients = flows(survey.table, everybody, [pod], declared_ports).sources
    also = "" if survey.guarded(pod, Direction.EGRESS) else ", and it may connect to anything"
    more = f" (like {phrases.pods(group[1:])})" if len(group) > 1 else ""
    return hit(
        pod,
        "metadata.labels",
        f"no policy isolates it for ingress{more}, though {isolated} of the {whole} pods in "
        f"`{pod.namespace}` {'is' if isolated == 1 else 'are'} isolated: {phrases.pods(clients)} "
        f"may connect to it{also}",
        evidence=group,
    )


def _only_egress(space: Namespace, pods: tuple[Pod, ...], isolated: list[Pod]) -> Hit:
    """A namespace that polices egress alone: its gaps in egress, else a note about ingress."""
    known = {pod.key for pod in isolated}
    gaps = [pod for pod in pods if pod.key not in known]
    if gaps:
        return hit(
            gaps[0],
            "metadata.labels",
            f"{phrases.pods(gaps)} of {len(pods)} in `{space.name}` may connect to anything, "
            "unlike the others, and everybody may connect to all of them",
            severity=Severity.MEDIUM,
            evidence=gaps,
        )
    return hit(
        space,
        "metadata.name",
        f"policies isolate the pods of `{space.name}` for egress only: whoever finds them may "
        "connect",
        severity=Severity.INFO,
        evidence=pods,
    )


@lint_rule(
    id="NP603",
    name="egress-not-isolated",
    severity=Severity.MEDIUM,
    meaning="Pods are isolated for ingress and not for egress.",
    why="A compromised pod may still connect to anything that is not isolated itself: other "
    "namespaces, the internet, a cloud's metadata address.",
    remedy="Deny egress by default as well, then allow name lookups and what is needed.",
    inputs=(Input.PODS,),
)
def egress_not_isolated(survey: Survey) -> Iterator[Hit]:
    """Open egress behind closed ingress; a note where the namespace never isolates egress."""
    for space in survey.workload_namespaces:
        pods = survey.subjects_in(space.name)
        inward = [pod for pod in pods if survey.guarded(pod, Direction.INGRESS)]
        gaps = [pod for pod in inward if not survey.guarded(pod, Direction.EGRESS)]
        if not gaps:
            continue
        practised = any(survey.guarded(pod, Direction.EGRESS) for pod in pods)
        yield hit(
            gaps[0] if practised else space,
            "metadata.labels" if practised else "metadata.name",
            f"{phrases.pods(gaps)} of {len(inward)} that "
            f"{phrases.agreeing(inward, 'is', 'are')} isolated for ingress in "
            f"`{space.name}` may connect to anything, inside the cluster and outside",
            severity=None if practised else Severity.INFO,
            evidence=gaps,
        )


@lint_rule(
    id="NP604",
    name="default-deny-only-in-some-namespaces",
    severity=Severity.HIGH,
    meaning="A policy denies by default in some namespaces, and others have pods and no such "
    "policy.",
    why="A policy holds in its own namespace; there is none for the whole cluster.",
    remedy="Create it in every namespace, with the tool that creates the namespaces; or use a "
    "ClusterNetworkPolicy.",
    inputs=(Input.PODS,),
)
def default_deny_only_in_some_namespaces(survey: Survey) -> Iterator[Hit]:
    """Default denials that leave open namespaces: a mistake where they seem meant for all."""
    denials = [policy for policy in survey.policies if _denies_by_default(policy)]
    covered = {policy.namespace for policy in denials}
    spaces = survey.workload_namespaces
    lacking = [space.name for space in spaces if _is_open(survey, space.name, covered)]
    if not denials or not lacking:
        return
    pods = [pod for name in lacking for pod in survey.subjects_in(name)]
    misplaced = [policy for policy in denials if not survey.pods_in(policy.namespace)]
    policy = (misplaced or denials)[0]
    sure = bool(misplaced) or _most(len(spaces) - len(lacking), len(spaces))
    yield hit(
        policy,
        "metadata.namespace",
        f"ingress is denied by default in {phrases.quoted(sorted(covered))} only; "
        f"{phrases.counted(len(pods), 'pod')} of {phrases.quoted(lacking)} "
        f"{phrases.agreeing(pods, 'is', 'are')} in namespaces without",
        severity=None if sure else Severity.INFO,
        evidence=pods,
    )


def _denies_by_default(policy: NetworkPolicy) -> bool:
    """Whether a policy isolates its whole namespace for ingress, and does not let all in again."""
    return (
        policy.pod_selector.matches_everything
        and policy.isolates(Direction.INGRESS)
        and all(rule.peers or rule.ports for rule in policy.ingress)
    )


def _is_open(survey: Survey, name: str, covered: set[str]) -> bool:
    pods = survey.subjects_in(name)
    return name not in covered and not all(survey.guarded(pod, Direction.INGRESS) for pod in pods)
