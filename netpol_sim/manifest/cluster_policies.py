"""Cluster-scoped policies: from fields of the right shape to values, in the order of the fields.

What the schema of the kind demands and what its CEL rules add is refused with the same field paths.
The schema leaves selectors to the plugin; they are checked as in a NetworkPolicy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from netpol_sim.cluster_peers import (
    ALL_PODS,
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.cluster_policy import (
    Action,
    ClusterNetworkPolicy,
    ClusterPolicyKind,
    ClusterRule,
    Tier,
    problems_of_priority,
    problems_of_rule_name,
)
from netpol_sim.errors import InvalidValueError, ProblemKind, invalid, unsupported
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.manifest.policies import check_metadata, selector
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value
from netpol_sim.origin import Origin
from netpol_sim.peers import PodPeer
from netpol_sim.policy import Direction, PolicyPort, Protocol

Fields = dict[str, Value]
_T = TypeVar("_T")

_LAST = 1000
"""The priority of a kind that has none: there is one policy of it, so that any will do."""


def cluster_policy(
    fields: Fields, name: str, kind: str, origin: Origin, report: Report
) -> ClusterNetworkPolicy | None:
    """The policy that the fields describe; None when there are problems."""
    reading = _Reading(ClusterPolicyKind(kind), report)
    metadata, spec = fields.get("metadata") or {}, fields.get("spec") or {}
    check_metadata(metadata, report)
    if not spec:
        report.refuse_missing("spec", "a policy must say what it does")
        return None
    tier, priority = reading.tier(spec), reading.priority(spec)
    subject = reading.subject(spec)
    ingress, egress = (reading.rules(spec, direction) for direction in Direction)
    made = report.attempt(
        ClusterNetworkPolicy,
        "",
        # What is missing has been reported; the rest of the policy is checked all the same.
        name=name or "default",
        tier=tier,
        priority=priority,
        subject=subject or ALL_PODS,
        ingress=ingress,
        egress=egress,
        kind=reading.kind,
        origin=origin,
    )
    return None if report.problems else made


class _Reading:
    """The parts of one policy; every problem goes to its report."""

    def __init__(self, kind: ClusterPolicyKind, report: Report) -> None:
        self.kind = kind
        self.report = report

    def tier(self, spec: Fields) -> str:
        """The tier, if it is one."""
        own = self.kind.tier
        if own is not None:
            return own
        given = spec.get("tier")
        if given is None:
            self.report.refuse_missing("spec.tier", "a policy must say its tier")
        elif given not in list(Tier):
            self.report.add(unsupported("spec.tier", given, Tier))
        else:
            return str(given)
        return Tier.ADMIN

    def priority(self, spec: Fields) -> int:
        """The priority, if it is one."""
        if self.kind is ClusterPolicyKind.BASELINE:
            return _LAST
        given = spec.get("priority")
        if given is None:
            self.report.refuse_missing("spec.priority", "a policy must say its priority")
            return _LAST
        problems = list(problems_of_priority(given))
        for problem in problems:
            self.report.add(problem)
        return _LAST if problems else int(given)

    def subject(self, spec: Fields) -> PodPeer | None:
        """The pods that the policy is about."""
        given = spec.get("subject")
        if given is None:
            self.report.refuse_missing("spec.subject", "a policy must say which pods it is about")
            return None
        if not self.is_one_of(given, ("namespaces", "pods"), "spec.subject"):
            return None
        return self.pods(given, "spec.subject")

    def is_one_of(self, fields: Fields, names: Iterable[str], path: str) -> bool:
        """Whether exactly one field is given, as each of these mappings must have."""
        given = [name for name in fields if fields[name] is not None]
        if len(given) == 1:
            return True
        known = ", ".join(f"`{name}`" for name in names)
        if given:
            self.report.refuse(
                ProblemKind.TOO_MANY,
                path,
                f"must have exactly one field, not {len(given)}",
                help_text=f"to mean either, make two entries: one with `{given[0]}`, one with "
                f"`{given[1]}`"
                if path.endswith("]")
                else f"keep one of {known}",
            )
        elif path not in self.report.spoiled:
            self.report.add(invalid(path, "{}", f"must have exactly one field: {known}"))
        return False

    def pods(self, fields: Fields, path: str) -> PodPeer | None:
        """Pods by their namespaces, or by namespaces and labels."""
        namespaces, pods = fields.get("namespaces"), fields.get("pods") or {}
        if namespaces is not None:
            picked = selector(namespaces, f"{path}.namespaces", self.report)
            return PodPeer(namespace_selector=picked)
        inside = f"{path}.pods"
        found: dict[str, LabelSelector | None] = {}
        for name in ("namespaceSelector", "podSelector"):
            if pods.get(name) is None:
                message = "must be given; to pick all, write `{}`"
                self.report.refuse_missing(f"{inside}.{name}", message)
            found[name] = selector(pods.get(name), f"{inside}.{name}", self.report)
        return PodPeer(
            namespace_selector=found["namespaceSelector"] or EVERYTHING,
            pod_selector=found["podSelector"] or EVERYTHING,
        )

    def rules(self, spec: Fields, direction: Direction) -> tuple[ClusterRule, ...]:
        """The rules of a direction."""
        rules = []
        for index, fields in enumerate(spec.get(direction.rules_field) or ()):
            if fields is not None:
                rule = self.rule(fields, direction, f"spec.{direction.rules_field}[{index}]")
                rules += [rule] if rule else []
        return tuple(rules)

    def rule(self, fields: Fields, direction: Direction, path: str) -> ClusterRule | None:
        """One rule; None when there are problems."""
        name = fields.get("name") or ""
        for problem in problems_of_rule_name(name):
            self.report.add(problem.under(path))
            name = ""
        action = self.action(fields, path)
        peers = self.entries(fields, direction.peers_field, path, self.peer)
        given = fields.get(direction.peers_field)
        if given is None:
            message = "a rule must list its peers"
            self.report.refuse_missing(f"{path}.{direction.peers_field}", message)
        ports = self.entries(fields, self.kind.ports_field, path, self.port)
        # What is wrong with the peers was said: with each of them, or that there are none.
        if not peers and any(entry is not None for entry in given or [{}]):
            return None
        return self.report.attempt(
            ClusterRule,
            path,
            action=action,
            peers=peers,
            ports=ports,
            name=name,
        )

    def action(self, fields: Fields, path: str) -> Action:
        """What the rule does."""
        given, known = fields.get("action") or "", self.kind.actions
        if "action" not in fields:
            message = f"a rule must say its action: {', '.join(known)}"
            self.report.refuse_missing(f"{path}.action", message)
        elif given not in known:
            meant = {"Allow": "Accept", "Accept": "Allow"}.get(given)
            help_text = f"{self.kind} calls it `{meant}`" if meant in known else ""
            self.report.add(unsupported(f"{path}.action", given, known, help_text))
        return known.get(given, Action.DENY)

    def entries(
        self, fields: Fields, name: str, path: str, read: Callable[[Fields, str], _T | None]
    ) -> tuple[_T, ...]:
        """The entries of a list that may be left out, but not be empty."""
        given = fields.get(name)
        if given is None:
            return ()
        if not given:
            message = "must have at least one entry"
            self.report.add(invalid(f"{path}.{name}", "[]", message))
        found = [
            read(entry, f"{path}.{name}[{index}]")
            for index, entry in enumerate(given)
            if entry is not None
        ]
        return tuple(entry for entry in found if entry is not None)

    def peer(self, fields: Fields, path: str) -> ClusterPeer | None:
        """One peer."""
        is_egress = ".to[" in path
        names = ("namespaces", "pods", *(self.kind.egress_only_peers * is_egress))
        if not self.is_one_of(fields, names, path):
            return None
        (name,) = (each for each in fields if fields[each] is not None)
        inside = f"{path}.{name}"
        match name:
            case "networks":
                return self.report.attempt(Networks, inside, cidrs=fields[name])
            case "domainNames":
                return self.report.attempt(DomainNames, inside, names=fields[name])
            case "nodes":
                picked = selector(fields[name], inside, self.report)
                return Nodes(selector=picked or EVERYTHING)
            case _:
                return self.pods(fields, path)

    def port(self, fields: Fields, path: str) -> ClusterPort | None:
        """One entry of ``protocols`` or ``ports``."""
        if self.kind is ClusterPolicyKind.CLUSTER:
            return self._protocol(fields, path)
        if not self.is_one_of(fields, ("portNumber", "portRange", "namedPort"), path):
            return None
        if (name := fields.get("namedPort")) is not None:
            return NamedPort(name=name)
        (kind,) = (each for each in fields if fields[each] is not None)
        inside = f"{path}.{kind}"
        given = fields[kind].get("protocol")
        if given is not None and given not in list(Protocol):
            self.report.add(unsupported(f"{inside}.protocol", given, Protocol))
            return None
        protocol = Protocol(given or "TCP")
        if kind == "portNumber":
            return self._number(fields[kind], "port", inside, protocol)
        return self._range(fields[kind], inside, protocol)

    def _protocol(self, fields: Fields, path: str) -> ClusterPort | None:
        names = ("tcp", "udp", "sctp", "destinationNamedPort")
        if not self.is_one_of(fields, names, path):
            return None
        if (name := fields.get("destinationNamedPort")) is not None:
            return NamedPort(name=name)
        (kind,) = (each for each in fields if fields[each] is not None)
        inside = f"{path}.{kind}"
        port = fields[kind].get("destinationPort")
        if port is None:
            if inside not in self.report.spoiled:
                message = "must have a `destinationPort`"
                every = "for every port write `destinationPort: {range: {start: 1, end: 65535}}`"
                self.report.add(invalid(inside, "{}", message, every))
            return None
        inside += ".destinationPort"
        if not self.is_one_of(port, ("number", "range"), inside):
            return None
        protocol = Protocol(kind.upper())
        if port.get("number") is not None:
            return self._number(port, "number", inside, protocol)
        return self._range(port["range"], f"{inside}.range", protocol)

    def _number(
        self, fields: Fields, name: str, path: str, protocol: Protocol
    ) -> PolicyPort | None:
        if fields.get(name) is None:
            self.report.refuse_missing(f"{path}.{name}", "a port must have a number")
            return None
        try:
            return PolicyPort(protocol=protocol, port=fields[name])
        except InvalidValueError as error:
            for problem in error.problems:
                self.report.add(invalid(f"{path}.{name}", fields[name], problem.message))
            return None

    def _range(self, fields: Fields, path: str, protocol: Protocol) -> PolicyPort | None:
        ends = [self._number(fields, name, path, protocol) for name in ("start", "end")]
        if None in ends:
            return None
        start, end = fields["start"], fields["end"]
        if start > end or (start == end and self.kind is ClusterPolicyKind.CLUSTER):
            message = "`start` must be less than `end`"
            help_text = "for one port write its number" if start == end else ""
            self.report.add(invalid(path, f"{start}-{end}", message, help_text))
            return None
        return PolicyPort(protocol=protocol, port=start, end_port=end)
