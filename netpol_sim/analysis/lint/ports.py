"""Ports that do not open what they seem to (NP401 to NP404)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netpol_sim import services
from netpol_sim.analysis.lint import edit, effect, phrases
from netpol_sim.analysis.lint.fix import Fix
from netpol_sim.analysis.lint.likeness import slips
from netpol_sim.analysis.lint.rule import Hit, Input, Severity, hit, lint_rule
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.model import Pod, Service
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.plugin import EgressJudged
from netpol_sim.policy import Direction, PolicyPort


def port_entries(survey: Survey) -> Iterator[tuple[WrittenRule, int, PolicyPort]]:
    """Every port entry, with its rule and index."""
    for written in survey.rules:
        for index, entry in enumerate(written.rule.ports):
            yield written, index, entry


@lint_rule(
    id="NP401",
    name="port-is-service-port",
    severity=Severity.HIGH,
    meaning="A rule names the port of a Service instead of the port its pods listen on.",
    why="A Service's port is translated before a policy sees it: the rule matches nothing, and "
    "clients of the Service are denied.",
    remedy="Write the Service's targetPort, or the name of the container's port.",
    inputs=(Input.PODS, Input.SERVICES),
    supersedes=("NP402",),
)
def port_is_service_port(survey: Survey) -> Iterator[Hit]:
    """A number that only the Service of the destination pods has."""
    for written, index, entry in port_entries(survey):
        if not isinstance(entry.port, int) or entry.end_port is not None:
            continue
        before = survey.cluster.profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
        if written.direction is Direction.EGRESS and before:
            continue
        pods = survey.destinations(written)
        targets = _targets(survey, pods, entry)
        if not targets or any(survey.listens(pod, entry) for pod in pods):
            continue
        yield _service_port(survey, written, index, entry, targets)


def _targets(survey: Survey, pods: tuple[Pod, ...], entry: PolicyPort) -> dict[int, str]:
    """The pod ports that Services of some pods translate a port to, and the Services."""
    keys = {pod.key for pod in pods}
    found: dict[int, str] = {}
    for space in dict.fromkeys(pod.namespace for pod in pods):
        for service in survey.services_in(space):
            if not any(port.port == entry.port for port in service.ports):
                continue
            for number, backend in _translated(survey, service, entry):
                if backend.key in keys and number != entry.port:
                    found.setdefault(number, service.name)
    return found


def _translated(survey: Survey, service: Service, entry: PolicyPort) -> Iterator[tuple[int, Pod]]:
    known = (port for port in service.ports if port.protocol is entry.protocol)
    if not isinstance(entry.port, int) or not any(port.port == entry.port for port in known):
        return
    for connection in services.connections(
        survey.cluster, survey.pods[0], service, entry.port, entry.protocol
    ):
        if isinstance(connection.destination, Pod):
            yield connection.port, connection.destination


def _service_port(
    survey: Survey, written: WrittenRule, index: int, entry: PolicyPort, targets: dict[int, str]
) -> Hit:
    number, service = next(iter(targets.items()))
    changed = written.with_port(index, replace(entry, port=number))
    found = effect.of_change(survey, written, changed, lambda _: ((number, entry.protocol),))
    fix = Fix(
        summary=f"allow port {number}, where the pods listen",
        policy=changed,
        edits=edit.scalar(written.policy, f"{written.port_field(index)}.port", str(number)),
    )
    return hit(
        written.policy,
        f"{written.port_field(index)}.port",
        f"{entry.port} is the port of Service `{service}`, whose pods listen on {number}"
        f"{found.clause(f'with port {number}')}",
        evidence=found.new,
        fix=fix if len(targets) == 1 else None,
    )


@lint_rule(
    id="NP402",
    name="port-not-declared",
    severity=Severity.LOW,
    meaning="A rule allows a port that none of the destination pods declares.",
    why="Declaring ports is optional, so this may be right; if the pods listen elsewhere, the rule "
    "opens a door to nothing and the real port stays closed.",
    remedy="Check the number; declare the port in the pod if it is right.",
    inputs=(Input.PODS,),
)
def port_not_declared(survey: Survey) -> Iterator[Hit]:
    """A number that no destination declares, where every one of them declares some port."""
    for written, index, entry in port_entries(survey):
        pods = survey.destinations(written)
        if entry.port is None or isinstance(entry.port, str) or not pods:
            continue
        if not all(pod.ports for pod in pods) or any(survey.listens(pod, entry) for pod in pods):
            continue
        ports = sorted({str(port) for pod in pods for port in pod.ports})
        yield hit(
            written.policy,
            f"{written.port_field(index)}.port",
            f"{phrases.pods(pods)} {phrases.agreeing(pods, 'declares', 'declare')} no {entry}; "
            f"declared are {phrases.listed(ports)}",
            evidence=pods,
        )


@lint_rule(
    id="NP403",
    name="named-port-unresolved",
    severity=Severity.HIGH,
    meaning="A rule names a port by a name that the destination pods do not have.",
    why="A name is looked up on each destination pod, with its protocol; where it is missing the "
    "entry matches nothing.",
    remedy="Use the name and protocol that the containers declare, or the number.",
    inputs=(Input.PODS,),
)
def named_port_unresolved(survey: Survey) -> Iterator[Hit]:
    """A name that no destination resolves, or not all of those that were picked by label."""
    for written, index, entry in port_entries(survey):
        if not isinstance(entry.port, str):
            continue
        picked = tuple(pod for pod in survey.destinations(written) if survey.is_subject(pod))
        pods = (*picked, *_only_in_ranges(survey, written, picked))
        without = tuple(pod for pod in pods if not _numbers(pod, entry))
        if len(without) < len(pods):
            # What a range holds besides need not have the port.
            without = tuple(pod for pod in picked if not _numbers(pod, entry))
        if without:
            yield _unresolved(written, index, pods, without)
        elif not pods and _only_addresses(survey, written):
            yield hit(
                written.policy,
                f"{written.port_field(index)}.port",
                f"`{entry.port}` is a name, and addresses outside the cluster have no port names: "
                "this matches nothing",
            )


def _only_in_ranges(
    survey: Survey, written: WrittenRule, picked: tuple[Pod, ...]
) -> tuple[Pod, ...]:
    """The destinations that the ranges of an egress rule hold, and no selector of it picks."""
    if written.direction is Direction.INGRESS or not survey.cluster.profile.ip_block_matches_pods:
        return ()
    blocks = [peer for peer in written.rule.peers if isinstance(peer, IPBlock)]
    known = {pod.key for pod in picked}
    return tuple(
        pod
        for pod in survey.all_subjects
        if pod.key not in known and any(b.contains(ip) for b in blocks for ip in pod.ips)
    )


def _numbers(pod: Pod, entry: PolicyPort) -> set[int]:
    named = pod.ports_named(str(entry.port))
    return {port.port for port in named if port.protocol is entry.protocol}


def _only_addresses(survey: Survey, written: WrittenRule) -> bool:
    """Whether all destinations are addresses that no known pod has."""
    blocks = [peer for peer in written.rule.peers if isinstance(peer, IPBlock)]
    if written.direction is Direction.INGRESS or len(blocks) < len(written.rule.peers):
        return False
    addresses = [ip for pod in survey.pods for ip in pod.ips]
    return bool(blocks) and not any(block.contains(ip) for block in blocks for ip in addresses)


def _unresolved(
    written: WrittenRule,
    index: int,
    pods: tuple[Pod, ...],
    without: tuple[Pod, ...],
) -> Hit:
    entry = written.rule.ports[index]
    severity = None
    if len(without) < len(pods):
        severity = Severity.MEDIUM if _is_picky(written) else Severity.INFO
    ports = sorted({str(port) for pod in without for port in pod.ports})
    declared = f"declared: {phrases.listed(ports)}" if ports else "no port is declared"
    meant = _meant(without, entry) if len(without) == len(pods) else None
    fix, hint = None, ""
    if meant is not None:
        hint = f"; did you mean `{meant}`?"
        policy = written.with_port(index, meant)
        edits = edit.port(written.policy, written.port_field(index), entry, meant)
        fix = Fix(summary=f"name the port `{meant}`", policy=policy, edits=edits)
    return hit(
        written.policy,
        f"{written.port_field(index)}.port",
        f"{phrases.pods(without)} of {len(pods)} {phrases.agreeing(without, 'has', 'have')} no "
        f"{entry.protocol} port named `{entry.port}` ({declared}){hint}",
        severity=severity,
        evidence=without,
        fix=fix,
    )


def _is_picky(written: WrittenRule) -> bool:
    """Whether the destinations were picked by label, so that each is meant."""
    if written.direction is Direction.INGRESS:
        return not written.policy.pod_selector.matches_everything
    return all(
        isinstance(peer, PodPeer)
        and peer.pod_selector is not None
        and not peer.pod_selector.matches_everything
        for peer in written.rule.peers
    ) and bool(written.rule.peers)


def _meant(pods: tuple[Pod, ...], entry: PolicyPort) -> PolicyPort | None:
    """The one entry that all the pods resolve and that is near: same name, or one slip away."""
    shared = set.intersection(*({(port.name, port.protocol) for port in pod.ports} for pod in pods))
    near = [
        PolicyPort(port=name, protocol=protocol)
        for name, protocol in shared
        if name is not None
        and (
            name == entry.port or (protocol is entry.protocol and slips(name, str(entry.port)) < 3)
        )
    ]
    return near[0] if len(near) == 1 else None


@lint_rule(
    id="NP404",
    name="named-port-ambiguous",
    severity=Severity.INFO,
    meaning="A port name stands for different numbers on different destination pods.",
    why="That is what names are for, but not every plugin has resolved them pod by pod.",
    remedy="Nothing to fix where the plugin is known to; otherwise write the numbers.",
    inputs=(Input.PODS,),
)
def named_port_ambiguous(survey: Survey) -> Iterator[Hit]:
    """A name with more than one number among the destinations."""
    for written, index, entry in port_entries(survey):
        if not isinstance(entry.port, str):
            continue
        numbers: dict[int, Pod] = {}
        for pod in survey.destinations(written):
            for number in _numbers(pod, entry):
                numbers.setdefault(number, pod)
        if len(numbers) > 1:
            parts = [f"{number} on {numbers[number]}" for number in sorted(numbers)]
            yield hit(
                written.policy,
                f"{written.port_field(index)}.port",
                f"`{entry.port}` is {phrases.listed(parts)}",
                evidence=numbers.values(),
            )
