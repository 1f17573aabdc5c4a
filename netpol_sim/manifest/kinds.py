"""Which kinds we read, in which API version they are, and what looks like one of them."""

from __future__ import annotations

from typing import NamedTuple

from netpol_sim.errors import ProblemKind, nearest
from netpol_sim.manifest import advice, cluster_advice, schema
from netpol_sim.manifest.advice import Habits
from netpol_sim.manifest.documents import Written
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.shape import Struct, homes
from netpol_sim.manifest.tree import Value


class Kind(NamedTuple):
    """A kind that we read, and the shape of what we read of it."""

    name: str
    api_version: str
    shape: Struct
    other_versions: tuple[str, ...] = ()
    is_namespaced: bool = True
    is_workload: bool = False


def _workload(name: str, api_version: str, shape: Struct = schema.WORKLOAD) -> Kind:
    return Kind(name=name, api_version=api_version, shape=shape, is_workload=True)


POLICY_GROUP = "policy.networking.k8s.io"
"""The API group of cluster-scoped policies."""

KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="Namespace", api_version="v1", shape=schema.NAMESPACE, is_namespaced=False),
        Kind(name="Node", api_version="v1", shape=schema.NODE, is_namespaced=False),
        Kind(name="Pod", api_version="v1", shape=schema.POD),
        Kind(name="Service", api_version="v1", shape=schema.SERVICE),
        Kind(
            name="NetworkPolicy",
            api_version="networking.k8s.io/v1",
            shape=schema.NETWORK_POLICY,
        ),
        Kind(
            name="ClusterNetworkPolicy",
            api_version=f"{POLICY_GROUP}/v1alpha2",
            # The fields of the beta are the same.
            other_versions=(f"{POLICY_GROUP}/v1beta1",),
            shape=schema.CLUSTER_NETWORK_POLICY,
            is_namespaced=False,
        ),
        Kind(
            name="AdminNetworkPolicy",
            api_version=f"{POLICY_GROUP}/v1alpha1",
            shape=schema.ADMIN_NETWORK_POLICY,
            is_namespaced=False,
        ),
        Kind(
            name="BaselineAdminNetworkPolicy",
            api_version=f"{POLICY_GROUP}/v1alpha1",
            shape=schema.BASELINE_ADMIN_NETWORK_POLICY,
            is_namespaced=False,
        ),
        _workload("Deployment", "apps/v1"),
        _workload("StatefulSet", "apps/v1"),
        _workload("DaemonSet", "apps/v1"),
        _workload("ReplicaSet", "apps/v1"),
        _workload("ReplicationController", "v1"),
        _workload("Job", "batch/v1"),
        _workload("CronJob", "batch/v1", schema.CRON_JOB),
    )
}
_HABITS = {
    name: Habits(homes=homes(KINDS[name].shape), wishes=wishes)
    for name, wishes in (
        ("NetworkPolicy", advice.WISHES),
        ("ClusterNetworkPolicy", cluster_advice.WISHES),
        ("AdminNetworkPolicy", cluster_advice.ADMIN_WISHES),
        ("BaselineAdminNetworkPolicy", cluster_advice.ADMIN_WISHES),
    )
}

_GROUPS = {"", "apps", "batch", "extensions", "networking.k8s.io", POLICY_GROUP}
_REMOVED = {
    "extensions/v1beta1": "Kubernetes 1.16 removed this version",
    "apps/v1beta1": "Kubernetes 1.16 removed this version",
    "apps/v1beta2": "Kubernetes 1.16 removed this version",
    "batch/v1beta1": "Kubernetes 1.25 removed this version",
}
_OTHER_KINDS = [
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "ControllerRevision",
    "Endpoints",
    "Event",
    "Ingress",
    "IngressClass",
    "IPAddress",
    "LimitRange",
    "List",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodTemplate",
    "ResourceQuota",
    "Secret",
    "ServiceAccount",
    "ServiceCIDR",
]


def habits_of(kind: Value) -> Habits:
    """What people take this kind of policy for; other kinds have no unknown fields."""
    return _HABITS.get(str(kind), _HABITS["NetworkPolicy"])


def kind_of(written: Written, report: Report) -> Kind | str | None:
    """The kind of an object; its name when it is none of ours; None when nobody could know it."""
    name, version = written.kind, written.api_version
    if not isinstance(name, str) or not name:
        _missing("kind", name, "kind", "`kind: NetworkPolicy`", report)
        return None
    kind = KINDS.get(name)
    if not isinstance(version, str) or not version:
        example = f"`apiVersion: {kind.api_version if kind else 'v1'}`"
        _missing("apiVersion", version, "API version", example, report)
        return kind
    group = version.rpartition("/")[0]
    if kind is None:
        return name if _is_other(name, group, report) else None
    if version in (kind.api_version, *kind.other_versions):
        return kind
    if group not in _GROUPS and not nearest(version, [kind.api_version]):
        return f"{name}.{group}"
    removed = _REMOVED.get(version)
    report.refuse(
        ProblemKind.NOT_SUPPORTED,
        "apiVersion",
        removed or f"supported for {name} is {kind.api_version}",
        value=version,
        help_text=f"write `apiVersion: {kind.api_version}`",
    )
    return kind


def _missing(field: str, value: Value, what: str, example: str, report: Report) -> None:
    if value is None or value == "":
        message = f"a manifest must say its {what}"
        report.refuse(ProblemKind.REQUIRED, field, message, help_text=f"such as {example}")
    else:
        report.wrong_type(field, value, "text")


def _is_other(name: str, group: str, report: Report) -> bool:
    """Whether this is a kind of its own, and no slip of the pen for one that we read."""
    if group not in _GROUPS or name in _OTHER_KINDS:
        return True
    folded = {kind.lower(): kind for kind in KINDS}
    meant = nearest(name.lower().replace("-", "").replace("_", ""), folded)
    if meant is None:
        return True
    report.refuse(
        ProblemKind.NOT_SUPPORTED,
        "kind",
        "there is no such kind (the case of letters counts)",
        value=name,
        help_text=f"did you mean `{folded[meant]}`?",
    )
    return False
