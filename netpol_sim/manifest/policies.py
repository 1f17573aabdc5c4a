"""NetworkPolicies: from the fields of a manifest to values, and every problem on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.labels import EVERYTHING, LabelSelector, Requirement
from netpol_sim.manifest.shape import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.origin import Origin
from netpol_sim.policy import (
    Direction,
    IPBlock,
    NetworkPolicy,
    Peer,
    PodPeer,
    PolicyPort,
    Rule,
)

Fields = dict[str, Value]
_T = TypeVar("_T")


def network_policy(
    fields: Fields, name: str, namespace: str, origin: Origin, report: Report
) -> NetworkPolicy | None:
    """The policy that fields of the right shape describe; None when there are problems.

    Problems are reported in the API server's order: metadata, ``podSelector``, each ingress rule
    (its ports, then its peers), each egress rule, ``policyTypes``.
    """
    spec = fields.get("spec") or {}
    types = spec.get("policyTypes") or ()
    frame = _problems_of(NetworkPolicy, namespace=namespace, name=name, policy_types=types)
    report.problems += [problem for problem in frame if problem.field.startswith("metadata")]
    pod_selector = _selector(spec.get("podSelector"), "spec.podSelector", report) or EVERYTHING
    ingress = _rules(spec, Direction.INGRESS, report)
    egress = _rules(spec, Direction.EGRESS, report)
    if "spec" not in report.spoiled:
        report.problems += [problem for problem in frame if problem.field.startswith("spec")]
    if report.problems:
        return None
    return NetworkPolicy(
        namespace=namespace,
        name=name,
        pod_selector=pod_selector,
        policy_types=types,
        ingress=ingress,
        egress=egress,
        origin=origin,
    )


def _problems_of(constructor: Callable[..., Any], **arguments: Any) -> tuple[Problem, ...]:
    try:
        constructor(**arguments)
    except InvalidValueError as error:
        return error.problems
    return ()


def _make(constructor: Callable[..., _T], path: str, report: Report, **arguments: Any) -> _T | None:
    try:
        return constructor(**arguments)
    except InvalidValueError as error:
        report.add(error, path)
        return None


def _rules(spec: Fields, direction: Direction, report: Report) -> tuple[Rule, ...]:
    rules = []
    for index, fields in enumerate(spec.get(direction.rules_field) or ()):
        path = f"spec.{direction.rules_field}[{index}]"
        ports = [
            _port(entry, f"{path}.ports[{place}]", report)
            for place, entry in enumerate(fields.get("ports") or ())
        ]
        peers = [
            _peer(entry, f"{path}.{direction.peers_field}[{place}]", report)
            for place, entry in enumerate(fields.get(direction.peers_field) or ())
        ]
        rules.append(
            Rule(
                peers=tuple(peer for peer in peers if peer is not None),
                ports=tuple(port for port in ports if port is not None),
            )
        )
    return tuple(rules)


def _port(fields: Fields, path: str, report: Report) -> PolicyPort | None:
    protocol = fields.get("protocol")
    return _make(
        PolicyPort,
        path,
        report,
        protocol="TCP" if protocol is None else protocol,
        port=fields.get("port"),
        end_port=fields.get("endPort"),
    )


def _peer(fields: Fields, path: str, report: Report) -> Peer | None:
    before = len(report.problems)
    pods = _selector(fields.get("podSelector"), f"{path}.podSelector", report)
    spaces = _selector(fields.get("namespaceSelector"), f"{path}.namespaceSelector", report)
    block = fields.get("ipBlock")
    if block is not None and not (pods is None and spaces is None):
        report.problems.append(
            Problem(
                kind=ProblemKind.FORBIDDEN,
                field=path,
                message="may not have another field beside `ipBlock`",
                help="for either of the two, make them two entries of the list, each with its own `-`",
            )
        )
        return None
    if block is not None:
        return _make(
            IPBlock,
            f"{path}.ipBlock",
            report,
            cidr=block.get("cidr") or "",
            except_=block.get("except") or (),
        )
    if len(report.problems) > before:
        return None
    return _make(PodPeer, path, report, pod_selector=pods, namespace_selector=spaces)


def _selector(fields: Fields | None, path: str, report: Report) -> LabelSelector | None:
    """The selector; None when it is absent, as null is."""
    if fields is None:
        return None
    labels = _make(LabelSelector, f"{path}.matchLabels", report, match_labels=fields.get("matchLabels") or {})
    requirements = []
    for index, entry in enumerate(fields.get("matchExpressions") or ()):
        requirement = _make(
            Requirement,
            f"{path}.matchExpressions[{index}]",
            report,
            key=entry.get("key") or "",
            operator=entry.get("operator") or "",
            values=entry.get("values") or (),
        )
        requirements += [requirement] if requirement is not None else []
    if labels is None:
        return EVERYTHING
    return LabelSelector(match_labels=labels.match_labels, match_expressions=tuple(requirements))
