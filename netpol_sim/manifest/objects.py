"""From an object as it was written to a value of the model."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import NamedTuple, TypeVar

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.labels import NO_LABELS, Labels
from netpol_sim.manifest import pods, services, workloads
from netpol_sim.manifest.cluster_policies import cluster_policy
from netpol_sim.manifest.documents import Written
from netpol_sim.manifest.kinds import Kind
from netpol_sim.manifest.policies import network_policy
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.shape import DROPPED
from netpol_sim.manifest.tree import Value
from netpol_sim.model import Namespace, Node, Pod, Service
from netpol_sim.origin import Origin
from netpol_sim.policy import NetworkPolicy

Fields = dict[str, Value]
Thing = Namespace | Node | Pod | Service | NetworkPolicy | ClusterNetworkPolicy
_T = TypeVar("_T", Namespace, Node, Pod, Service)

DEFAULT_NAMESPACE = "default"
_NODE_ADDRESSES = ("InternalIP", "ExternalIP")


class Object(NamedTuple):
    """An object of a kind that we read, less what does not fit its type.

    ``metadata`` is what it is called.  A ``name`` that the server would generate is made up from
    the object's place in the file.  ``namespace`` is empty for kinds that have none; an object that
    names none is in ``default``, where kubectl puts it unless told otherwise, and
    ``origin.wrote("metadata.namespace")`` tells the difference.
    """

    kind: Kind
    fields: Fields
    origin: Origin
    report: Report
    metadata: Fields
    name: str
    namespace: str

    @classmethod
    def of(cls, kind: Kind, written: Written, report: Report) -> Object:
        """The object, with everything that does not fit its type reported."""
        fields = written.fields
        if not kind.shape.fits(fields):
            fields = kind.shape.fit(fields, "", report)
            fields = {} if fields is DROPPED else fields
        metadata = fields.get("metadata") or {}
        name, prefix = metadata.get("name"), metadata.get("generateName")
        if not name:
            name = f"{prefix}{written.origin.line:05d}" if prefix else ""
            metadata_was_dropped = "metadata" in written.fields and "" in report.spoiled
            if not name and not metadata_was_dropped:
                report.refuse_missing("metadata.name", "a name is required")
        # Many objects share a namespace.
        namespace = intern(metadata.get("namespace") or DEFAULT_NAMESPACE)
        if not kind.is_namespaced:
            namespace = ""
        return cls(kind, fields, written.origin, report, metadata, name, namespace)

    @property
    def spec(self) -> Fields:
        """What is wanted of it."""
        return self.fields.get("spec") or {}

    @property
    def status(self) -> Fields:
        """What the cluster says of it."""
        return self.fields.get("status") or {}

    @property
    def key(self) -> workloads.Key:
        """Namespace, kind and name."""
        return self.namespace, self.kind.name, self.name

    def labels(self) -> Labels:
        """Its labels, checked."""
        given = self.metadata.get("labels")
        if not given:
            return NO_LABELS
        # Values repeat from object to object; shared, they are compared by identity.
        shared = dict(zip(given, map(intern, given.values()), strict=True))
        return self.report.attempt(Labels, "metadata.labels", items=shared) or NO_LABELS


def make(item: Object, owners: workloads.Owners) -> Thing | None:
    """The value that an object describes; None when there are problems.

    A workload becomes the pod that it would make.
    """
    report = item.report
    match item.kind.name:
        case "NetworkPolicy":
            return network_policy(item.fields, item.name, item.namespace, item.origin, report)
        case "ClusterNetworkPolicy" | "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy" as kind:
            return cluster_policy(item.fields, item.name, kind, item.origin, report)
        case "Namespace":
            return _make(Namespace, item, labels=item.labels())
        case "Node":
            return _make(Node, item, ips=_node_addresses(item), labels=item.labels())
        case "Service":
            facts = services.from_spec(item.spec, report)
            return _make(Service, item, namespace=item.namespace, **facts)
        case "Pod":
            facts = pods.from_spec(item.spec, "spec", report)
            host_network = facts["host_network"]
            facts |= pods.from_status(item.status, host_network=host_network, report=report)
            facts["workload"] = owners.workload_of(item.namespace, item.metadata)
            return _make(Pod, item, namespace=item.namespace, labels=item.labels(), **facts)
        case _:
            return _pod_of_workload(item)


def _make(constructor: Callable[..., _T], item: Object, **facts: Value) -> _T | None:
    if not item.name:
        return None
    return item.report.attempt(constructor, "", name=item.name, origin=item.origin, **facts)


def _pod_of_workload(item: Object) -> Pod | None:
    template, path = workloads.pod_template(item.kind.name, item.spec)
    facts = pods.from_spec(template.get("spec") or {}, f"{path}.spec", item.report)
    given = (template.get("metadata") or {}).get("labels")
    labels = item.report.attempt(Labels, f"{path}.metadata.labels", items=given)
    return _make(
        Pod,
        item,
        namespace=item.namespace,
        labels=labels or NO_LABELS,
        workload=f"{item.kind.name}/{item.name}",
        **facts,
    )


def _node_addresses(item: Object) -> tuple[IPAddress, ...]:
    found = [
        pods.address(entry.get("address") or "", f"status.addresses[{index}].address", item.report)
        for index, entry in enumerate(item.status.get("addresses") or ())
        if entry is not None and entry.get("type") in _NODE_ADDRESSES
    ]
    return tuple(ip for ip in found if ip is not None)
