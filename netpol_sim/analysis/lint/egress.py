"""Egress that does not arrive: name lookups, half-open flows (NP501, NP503, NP504)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from netpol_sim.analysis.lint import edit, entries, half_open, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.lookups import DNS_PORT, Lookups, lookups_of
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.table.ports import numbered_ports
from netpol_sim.cluster_policy import AnyPolicy, Tier
from netpol_sim.evaluate import evaluate_end
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, Connection, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule
from netpol_sim.rule_steps import ClusterRuleStep


@lint_rule(
    id="NP501",
    name="dns-blocked",
    severity=Severity.HIGH,
    meaning="Policies keep pods from the DNS pods.",
    why="Every name lookup times out, which looks like a failure of the application.",
    remedy="Allow egress to the DNS pods on 53/UDP and 53/TCP; where a tier denies it, accept it "
    "in a rule before.",
    inputs=(Input.PODS,),
)
def dns_blocked(survey: Survey) -> Iterator[Hit]:
    """The pods that may ask no DNS pod, by neither protocol; by namespace, or by rule of a tier."""
    lookups = lookups_of(survey)
    for denial, pods in _silenced(survey, lookups).items():
        servers = lookups.pods
        evidence = [_lookup(pod, servers[0], lookups.ports[servers[0].key][0]) for pod in pods]
        listed = phrases.listed([pod.key for pod in servers])
        if denial.rule is not None:
            yield hit(
                denial.rule.policy,
                denial.rule.field,
                f"{phrases.pods(pods)} cannot look up names: this rule denies {listed} on port "
                f"{evidence[0].port}",
                evidence=evidence,
            )
            continue
        policy = _isolating_most(survey, pods)
        yield hit(
            policy,
            "spec.egress",
            f"{phrases.pods(pods)} of `{denial.namespace}` cannot look up names: no egress rule "
            f"reaches {listed} on port {DNS_PORT}",
            evidence=evidence,
            fix=_allowing_dns(survey, lookups, policy, pods),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Denial:
    """What denies lookups: the NetworkPolicies of a namespace, or a rule of a tier."""

    namespace: str = ""
    rule: ClusterRuleStep | None = field(default=None, compare=False)
    place: tuple[str, str] = ("", "")


def _silenced(survey: Survey, lookups: Lookups) -> dict[_Denial, list[Pod]]:
    """The pods whose own egress keeps them from every DNS pod, by what does."""
    answers: dict[object, _Denial | None] = {}
    found: dict[_Denial, list[Pod]] = {}
    for pod in survey.all_subjects if lookups.pods else ():
        policies = survey.isolating(pod, Direction.EGRESS)
        of_tiers = (survey.cluster.in_tier(tier, pod, Direction.EGRESS) for tier in Tier)
        # Ordinary pods that the same policies decide about may ask the same servers.
        deciding: tuple[AnyPolicy, ...] = (*policies, *chain.from_iterable(of_tiers))
        if not deciding or pod.key in lookups.ports:
            continue
        known = (pod.namespace, *(policy.key for policy in deciding))
        if known not in answers:
            answers[known] = _denial(survey, lookups, pod)
        denial = answers[known]
        if denial is not None:
            found.setdefault(denial, []).append(pod)
    return found


def _denial(survey: Survey, lookups: Lookups, pod: Pod) -> _Denial | None:
    """What keeps a pod from every DNS pod; the tiers only where nothing else does."""
    ends = [
        evaluate_end(survey.cluster, _lookup(pod, server, asked), Direction.EGRESS)
        for server in lookups.pods
        for asked in lookups.ports[server.key]
    ]
    if any(end.allowed for end in ends):
        return None
    rules = [end.decided_by for end in ends]
    first = rules[0]
    if first is None or None in rules:
        return _Denial(namespace=pod.namespace)
    return _Denial(rule=first, place=(first.policy.key, first.field))


def _lookup(pod: Pod, server: Pod, asked: tuple[int, Protocol]) -> Connection:
    port, protocol = asked
    return Connection(source=pod, destination=server, port=port, protocol=protocol)


def _isolating_most(survey: Survey, pods: list[Pod]) -> NetworkPolicy:
    counts: dict[str, int] = {}
    policies: dict[str, NetworkPolicy] = {}
    for pod in pods:
        for policy in survey.isolating(pod, Direction.EGRESS):
            policies[policy.key] = policy
            counts[policy.key] = counts.get(policy.key, 0) + 1
    return policies[max(counts, key=lambda key: counts[key])]


def _allowing_dns(
    survey: Survey, lookups: Lookups, policy: NetworkPolicy, pods: list[Pod]
) -> Fix | None:
    """A policy that opens name lookups to the pods that one policy silenced, and isolates none."""
    name = f"allow-dns-{policy.name}" if not policy.pod_selector.matches_everything else "allow-dns"
    silenced = {pod.key for pod in pods}
    free = f"{policy.namespace}/{name}" not in {known.key for known in survey.policies}
    if not free or not silenced <= {pod.key for pod in survey.selected(policy)}:
        return None
    server = lookups.pods[0]
    asked = lookups.ports[server.key]
    ports = tuple(PolicyPort(port=port, protocol=protocol) for port, protocol in asked)
    allowing = NetworkPolicy(
        namespace=policy.namespace,
        name=name,
        pod_selector=policy.pod_selector,
        policy_types=(Direction.EGRESS,),
        egress=(Rule(peers=(_dns_peer(server),), ports=ports),),
        origin=policy.origin,
    )
    return Fix(
        summary="add a policy that allows name lookups",
        policy=allowing,
        edits=entries.appended(policy, allowing),
    )


def _dns_peer(server: Pod) -> PodPeer:
    kept = {key: value for key, value in server.labels.items() if key == "k8s-app"}
    return PodPeer(
        namespace_selector=LabelSelector(match_labels={NAMESPACE_NAME_LABEL: server.namespace}),
        pod_selector=LabelSelector(match_labels=kept) if kept else EVERYTHING,
    )


@lint_rule(
    id="NP503",
    name="dns-profile-mismatch",
    severity=Severity.HIGH,
    meaning="Egress to the DNS pods is open on port 53, but they listen on another port.",
    why="A Service's port is translated before a policy sees it, so a rule for 53 matches nothing: "
    "names are not found although the rule looks right.",
    remedy="Allow the port on which the DNS pods listen, such as 5353.",
    inputs=(Input.PODS, Input.SERVICES),
)
def dns_profile_mismatch(survey: Survey) -> Iterator[Hit]:
    """A rule that names a DNS pod and port 53, where the Service sends lookups to another port."""
    lookups = lookups_of(survey)
    for written in survey.rules:
        if written.direction is Direction.INGRESS or not lookups.pods:
            continue
        servers = [pod for pod in survey.far_pods(written) if pod.key in lookups.ports]
        for index, entry in enumerate(written.rule.ports):
            asked = {
                number
                for pod in servers
                for number, protocol in lookups.ports[pod.key]
                if protocol is entry.protocol
            }
            if entry.port != DNS_PORT or entry.end_port or not asked or DNS_PORT in asked:
                continue
            allowed = numbered_ports(written.rule.ports)
            if any((entry.protocol, number) in allowed for number in asked):
                continue
            number = min(asked)
            meant = PolicyPort(port=number, protocol=entry.protocol)
            yield hit(
                written.policy,
                f"{written.port_field(index)}.port",
                f"{phrases.pods(servers)} answers name lookups on port {number}, not 53",
                evidence=servers,
                fix=Fix(
                    summary=f"allow port {number}",
                    policy=written.with_port(index, meant),
                    edits=edit.scalar(
                        written.policy, f"{written.port_field(index)}.port", str(number)
                    ),
                ),
            )


@lint_rule(
    id="NP504",
    name="half-open-flow",
    severity=Severity.HIGH,
    meaning="One end allows a connection by a rule of its own, and the other end denies it.",
    why="Both ends must allow a connection, so the rule opens nothing.",
    remedy="Add the missing rule at the other end.",
    inputs=(Input.PODS,),
)
def half_open_flow(survey: Survey) -> Iterator[Hit]:
    """Peers by label that the other end denies altogether; and needed connections, if given."""
    for flow in half_open.of_rules(survey):
        yield hit(
            flow.policy,
            flow.field,
            flow.message,
            evidence=flow.denied,
            fix=flow.fix,
        )
    for pod, need, flow_message, denied in half_open.of_needs(survey):
        yield hit(pod, "metadata.labels", f"`{need}` is needed: {flow_message}", evidence=denied)
