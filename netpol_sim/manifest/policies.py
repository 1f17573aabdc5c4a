"""NetworkPolicies: from fields of the right shape to values, in the API server's order.

That is: metadata, ``podSelector``, each ingress rule (its ports, then its peers), each egress
rule, ``policyTypes``.  Source: ``pkg/apis/networking/validation/validation.go``.
"""

from __future__ import annotations

from functools import lru_cache

from netpol_sim import names
from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.labels import EVERYTHING, NO_LABELS, Labels, LabelSelector, Requirement
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.origin import Origin
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule

Fields = dict[str, Value]


def network_policy(
    fields: Fields, name: str, namespace: str, origin: Origin, report: Report
) -> NetworkPolicy | None:
    """The policy that the fields describe; None when there are problems."""
    metadata, spec = fields.get("metadata") or {}, fields.get("spec") or {}
    types = spec.get("policyTypes") or ()
    of_frame = _problems_of_frame(name, namespace, types)
    _add(of_frame, "metadata", report)
    check_metadata(metadata, report)
    pod_selector = selector(spec.get("podSelector"), "spec.podSelector", report)
    ingress = _rules(spec, Direction.INGRESS, report)
    egress = _rules(spec, Direction.EGRESS, report)
    _add(of_frame, "spec", report)
    if report.problems:
        return None
    return NetworkPolicy(
        namespace=namespace,
        name=name,
        pod_selector=pod_selector or EVERYTHING,
        policy_types=types,
        ingress=ingress,
        egress=egress,
        origin=origin,
    )


def _problems_of_frame(name: str, namespace: str, types: Value) -> tuple[Problem, ...]:
    """What is wrong with a policy but for its selector and rules."""
    try:
        # A missing name is reported for every kind alike.
        NetworkPolicy(namespace=namespace, name=name or "unnamed", policy_types=types)
    except InvalidValueError as error:
        return error.problems
    return ()


def _add(problems: tuple[Problem, ...], part: str, report: Report) -> None:
    for problem in problems:
        if problem.field.startswith(part):
            report.add(problem)


def check_metadata(metadata: Fields, report: Report) -> None:
    """Report what is wrong with the labels and annotations of a policy."""
    report.attempt(Labels, "metadata.labels", items=metadata.get("labels"))
    for key in metadata.get("annotations") or ():
        for message in names.label_key(key.lower()):
            report.refuse(ProblemKind.INVALID, "metadata.annotations", message, value=key)


def _rules(spec: Fields, direction: Direction, report: Report) -> tuple[Rule, ...]:
    rules = []
    for index, fields in enumerate(spec.get(direction.rules_field) or ()):
        if fields is None:
            continue
        path = f"spec.{direction.rules_field}[{index}]"
        ports = [
            _port(entry, f"{path}.ports[{number}]", report)
            for number, entry in enumerate(fields.get("ports") or ())
            if entry is not None
        ]
        peers = [
            _peer(entry, f"{path}.{direction.peers_field}[{number}]", report)
            for number, entry in enumerate(fields.get(direction.peers_field) or ())
            if entry is not None
        ]
        rules.append(
            Rule(
                peers=tuple(peer for peer in peers if peer),
                ports=tuple(port for port in ports if port),
            )
        )
    return tuple(rules)


def _port(fields: Fields, path: str, report: Report) -> PolicyPort | None:
    protocol = fields.get("protocol")
    return report.attempt(
        _shared_port,
        path,
        protocol="TCP" if protocol is None else protocol,
        port=fields.get("port"),
        end_port=fields.get("endPort"),
    )


@lru_cache(maxsize=4096)
def _shared_port(protocol: Protocol, port: int | str | None, end_port: int | None) -> PolicyPort:
    """Many rules speak of few ports."""
    return PolicyPort(protocol=protocol, port=port, end_port=end_port)


def _peer(fields: Fields, path: str, report: Report) -> Peer | None:
    pods = selector(fields.get("podSelector"), f"{path}.podSelector", report)
    spaces = selector(fields.get("namespaceSelector"), f"{path}.namespaceSelector", report)
    block = fields.get("ipBlock")
    if block is None:
        return report.attempt(PodPeer, path, pod_selector=pods, namespace_selector=spaces)
    made = report.attempt(
        IPBlock,
        f"{path}.ipBlock",
        cidr=block.get("cidr") or "",
        except_=block.get("except") or (),
    )
    if pods is not None or spaces is not None:
        report.refuse(
            ProblemKind.FORBIDDEN,
            path,
            "may not have another field beside `ipBlock`",
            help_text="to let in either of the two, make them two entries of the list, each with "
            "a `-` of its own",
        )
    return made


def selector(fields: Fields | None, path: str, report: Report) -> LabelSelector | None:
    """The selector; None when it is absent, as null is."""
    if fields is None:
        return None
    labels = report.attempt(Labels, f"{path}.matchLabels", items=fields.get("matchLabels"))
    requirements = [
        report.attempt(
            Requirement,
            f"{path}.matchExpressions[{index}]",
            key=entry.get("key") or "",
            operator=entry.get("operator") or "",
            values=entry.get("values") or (),
        )
        for index, entry in enumerate(fields.get("matchExpressions") or ())
        if entry is not None
    ]
    if not labels and not requirements:
        return EVERYTHING
    return _shared_selector(labels or NO_LABELS, tuple(filter(None, requirements)))


@lru_cache(maxsize=4096)
def _shared_selector(labels: Labels, requirements: tuple[Requirement, ...]) -> LabelSelector:
    """Many policies ask for the same; one selector is compared by identity."""
    return LabelSelector(match_labels=labels, match_expressions=requirements)
