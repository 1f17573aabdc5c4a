"""What depends on the network plugin and on what surrounds the pods (NP701 to NP711)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netpol_sim import services
from netpol_sim.analysis.lint import entries, phrases
from netpol_sim.analysis.lint.effect import declared_ports, flows
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.ranges import blocks, is_narrow
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.ports import numbered_ports
from netpol_sim.model import Connection, Pod, Service
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, PolicyPort, Protocol

HBONE_PORT = 15008
"""Where the node proxies of Istio's ambient mode deliver to a pod."""

AMBIENT_LABEL = "istio.io/dataplane-mode"


@lint_rule(
    id="NP701",
    name="no-enforcement",
    severity=Severity.ERROR,
    meaning="The network plugin of this cluster does not enforce policies.",
    why="The API server accepts and lists them, and everything passes.",
    remedy="Use a plugin that enforces them, or switch enforcement on; prove it with a denied "
    "connection.",
    inputs=(Input.POLICIES, Input.PROFILE),
)
def no_enforcement(survey: Survey) -> Iterator[Hit]:
    """Policies on a profile that ignores them."""
    profile = survey.cluster.profile
    if profile.enforces or not survey.policies:
        return
    enforced = survey.cluster.with_profile(replace(profile, enforces=True))
    isolated = [
        pod for pod in survey.pods if any(enforced.isolating(pod, way) for way in Direction)
    ]
    count = phrases.counted(len(survey.policies), "policy", "policies")
    yield hit(
        profile,
        "enforces",
        f"{count} for {phrases.pods(isolated)} {phrases.agreeing(survey.policies, 'is', 'are')} "
        "stored and without effect",
        evidence=isolated,
    )


@lint_rule(
    id="NP703",
    name="hostnetwork-selected",
    severity=Severity.HIGH,
    meaning="A policy or peer selects pods that use their node's network.",
    why="Such a pod has its node's address, and most plugins do not see it as a pod: it is neither "
    "isolated nor matched.  It seems to work where both run on one node.",
    remedy="Allow the nodes' addresses by ipBlock, or use the plugin's own node selector.",
    inputs=(Input.PODS, Input.PROFILE),
)
def hostnetwork_selected(survey: Survey) -> Iterator[Hit]:
    """A policy or peer of which all pods use the host network; or some, picked by label."""
    for policy in survey.policies:
        pods = survey.selected(policy)
        picky = not policy.pod_selector.matches_everything
        severity = _host_severity(survey, pods, picky=picky)
        if severity is not None:
            hosts = [pod for pod in pods if not survey.is_subject(pod)]
            yield hit(
                policy,
                "spec.podSelector",
                f"{phrases.pods(hosts)} of the {len(pods)} selected "
                f"{phrases.agreeing(hosts, 'uses', 'use')} the host network, where the policy does "
                "not apply",
                severity=severity,
                evidence=hosts,
            )
    for written in survey.rules:
        for index, peer in enumerate(written.rule.peers):
            if isinstance(peer, PodPeer):
                yield from _host_peer(survey, written, index, peer)


def _host_peer(survey: Survey, written: WrittenRule, index: int, peer: PodPeer) -> Iterator[Hit]:
    pods = survey.peer_pods(written.policy, peer)
    picky = peer.pod_selector is not None and not peer.pod_selector.matches_everything
    severity = _host_severity(survey, pods, picky=picky)
    if severity is not None:
        hosts = [pod for pod in pods if not survey.is_subject(pod)]
        yield hit(
            written.policy,
            written.peer_field(index),
            f"{phrases.pods(hosts)} of the {len(pods)} meant here "
            f"{phrases.agreeing(hosts, 'uses', 'use')} the host network, where this peer does not "
            "match",
            severity=severity,
            evidence=hosts,
        )


def _host_severity(survey: Survey, pods: tuple[Pod, ...], *, picky: bool) -> Severity | None:
    hosts = sum(not survey.is_subject(pod) for pod in pods)
    if not hosts:
        return None
    if hosts == len(pods):
        return Severity.HIGH
    return Severity.MEDIUM if picky else None


@lint_rule(
    id="NP704",
    name="probe-exemption-note",
    severity=Severity.INFO,
    meaning="A rule lets nodes in by address.",
    why="Probes come from the pod's own node, which may always connect: they need no rule.  If "
    "they fail, suspect the plugin or a mesh.",
    remedy="Delete the rule if probes are its only reason.",
    inputs=(Input.NODES,),
)
def probe_exemption_note(survey: Survey) -> Iterator[Hit]:
    """An ingress range, smaller than a whole network, that holds nodes and no pods."""
    for written, index, block in blocks(survey):
        if written.direction is Direction.EGRESS or not is_narrow(block):
            continue
        nodes = [node.name for node in survey.cluster.nodes if any(map(block.contains, node.ips))]
        pods = any(
            block.contains(ip) for pod in survey.pods if survey.is_subject(pod) for ip in pod.ips
        )
        if nodes and not pods:
            yield hit(
                written.policy,
                f"{written.peer_field(index)}.ipBlock.cidr",
                f"`{block.cidr}` is {phrases.quoted(nodes)}; for probes no rule is needed",
            )


@lint_rule(
    id="NP705",
    name="external-cidr-with-etp-cluster",
    severity=Severity.HIGH,
    meaning="Clients from outside are allowed by address, and reach the pods through a Service "
    "with `externalTrafficPolicy: Cluster`.",
    why="That Service usually replaces the client's address by a node's, so the range never "
    "matches.",
    remedy="Use `externalTrafficPolicy: Local`, filter at the load balancer, or allow the nodes.",
    inputs=(Input.PODS, Input.SERVICES),
)
def external_cidr_with_etp_cluster(survey: Survey) -> Iterator[Hit]:
    """An ingress range without the nodes, for pods behind a Service that hides its clients."""
    for written, index, block in blocks(survey):
        if written.direction is Direction.EGRESS or block.network.prefixlen == 0:
            continue
        if any(block.contains(ip) for node in survey.cluster.nodes for ip in node.ips):
            continue
        hiding = next(_hiding(survey, written), None)
        if hiding is not None:
            yield hit(
                written.policy,
                f"{written.peer_field(index)}.ipBlock.cidr",
                f"Service `{hiding.name}` ({hiding.type}) replaces the addresses of its clients by "
                f"those of nodes, which are not in `{block.cidr}`",
            )


def _hiding(survey: Survey, written: WrittenRule) -> Iterator[Service]:
    selected = {pod.key for pod in survey.selected(written.policy)}
    for service in survey.services_in(written.policy.namespace):
        if service.type not in ("LoadBalancer", "NodePort"):
            continue
        backends = [pod for pod in survey.backends(service) if pod.key in selected]
        meant = any(_is_open_to(written.rule.ports, pod, service) for pod in backends)
        if meant and service.external_traffic_policy == "Cluster":
            yield service


def _is_open_to(entries: tuple[PolicyPort, ...], pod: Pod, service: Service) -> bool:
    """Whether port entries of a rule allow one of the ports that a Service sends to a pod."""
    allowed = numbered_ports(entries)
    names = {(entry.protocol, entry.port) for entry in entries if isinstance(entry.port, str)}
    for port in service.ports:
        number, protocol = services.target(pod, port), port.protocol
        named = {(known.protocol, known.name) for known in pod.ports if known.port == number}
        if number is not None and ((protocol, number) in allowed or named & names):
            return True
    return False


@lint_rule(
    id="NP711",
    name="mesh-port-missing",
    severity=Severity.HIGH,
    meaning="Pods of an ambient mesh are isolated, and port 15008 is not allowed.",
    why="In that mode the mesh delivers all traffic to port 15008, so rules for the application's "
    "ports match nothing.",
    remedy="Allow 15008/TCP beside the application's ports.",
    inputs=(Input.PODS, Input.NAMESPACES),
)
def mesh_port_missing(survey: Survey) -> Iterator[Hit]:
    """An ingress rule with ports, for ambient pods, where no rule has the mesh's port."""
    for written in survey.rules:
        if written.direction is Direction.EGRESS or not written.rule.ports:
            continue
        pods = [pod for pod in survey.subjects(written.policy) if _is_ambient(survey, pod)]
        closed = [pod for pod in pods if not _opens_mesh(survey, pod)]
        if closed:
            added = PolicyPort(port=HBONE_PORT)
            index = len(written.rule.ports) - 1
            yield hit(
                written.policy,
                f"{written.field}.ports",
                f"{phrases.pods(closed)} {phrases.agreeing(closed, 'is', 'are')} in an ambient "
                f"mesh, which delivers to {HBONE_PORT}/TCP, and no rule allows that",
                evidence=closed,
                fix=Fix(
                    summary=f"allow {HBONE_PORT}/TCP too",
                    policy=written.with_port(index, written.rule.ports[index], added),
                    edits=entries.added_port(written.policy, written.port_field(index), added),
                ),
            )


def _is_ambient(survey: Survey, pod: Pod) -> bool:
    space = survey.cluster.namespace_labels(pod.namespace)
    return pod.labels.get(AMBIENT_LABEL, space.get(AMBIENT_LABEL)) == "ambient"


def _opens_mesh(survey: Survey, pod: Pod) -> bool:
    return any(
        (Protocol.TCP, HBONE_PORT) in numbered_ports(rule.ports)
        for policy in survey.isolating(pod, Direction.INGRESS)
        for rule in policy.rules(Direction.INGRESS)
    )


@lint_rule(
    id="NP709",
    name="established-flow-note",
    severity=Severity.INFO,
    meaning="The new version denies connections that the base version allows.",
    why="Whether connections that are open at that moment are cut is left to the plugin: some "
    "look at new connections only.",
    remedy="Restart the clients, or drop the connections, when access is taken away.",
    inputs=(Input.PODS, Input.BASE),
)
def established_flow_note(survey: Survey) -> Iterator[Hit]:
    """Pods of new and changed policies that lose a connection; found at the first such policy."""
    if survey.base is None:
        return
    before = {policy.key: policy for policy in survey.base.policies}
    changed = [policy for policy in survey.policies if before.get(policy.key) != policy]
    pods = {pod.key: pod for policy in changed for pod in survey.subjects(policy)}
    table = Table(survey.base)
    cut = {str(item): item for way in Direction for item in _cut(survey, table, pods, way)}
    if cut:
        pairs = phrases.counted(len(cut), "pair of pods is", "pairs of pods are")
        yield hit(
            changed[0],
            "metadata.name",
            f"{pairs} cut off that the base version lets connect: {phrases.listed(list(cut))}; "
            "connections that are open may live on",
            evidence=cut.values(),
        )


def _cut(
    survey: Survey, base: Table, pods: Mapping[str, Pod], direction: Direction
) -> Iterator[Connection]:
    """The connections of some pods that passed in the base version and do not any more."""
    known = base.population.positions
    kept = [pod for pod in survey.all_subjects if pod.key in known]
    near = [pod for key, pod in pods.items() if key in known]
    sources, targets = (kept, near) if direction is Direction.INGRESS else (near, kept)
    now = flows(survey.table, sources, targets, declared_ports)
    passing = {(source.key, target.key) for source, target in now.pairs()}
    for item in flows(base, sources, targets, declared_ports):
        if (item.source.key, item.destination.key) not in passing:
            yield item
