"""The pods that workloads make, and the pods that are there already."""

from __future__ import annotations

import pytest

from netpol_sim.manifest import loads
from netpol_sim.model import Pod

TEMPLATE = "{metadata: {labels: {app: api}}, spec: {containers: [{ports: [{containerPort: 80}]}]}}"


def workload(kind: str, name: str = "api", *, spec: str = "", metadata: str = "") -> str:
    """A workload of this kind and name in namespace shop."""
    version = {"CronJob": "batch/v1", "Job": "batch/v1", "ReplicationController": "v1"}
    body = f"{spec}template: {TEMPLATE}"
    if kind == "CronJob":
        body = f"{spec}jobTemplate: {{spec: {{template: {TEMPLATE}}}}}"
    return (
        f"apiVersion: {version.get(kind, 'apps/v1')}\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: shop, labels: {{not: these}}{metadata}}}\n"
        f"spec: {{{body}}}\n---\n"
    )


def owned(kind: str, name: str) -> str:
    """The metadata of what a workload made."""
    return f", ownerReferences: [{{kind: {kind}, name: {name}, controller: true}}]"


def pod(name: str, owner: str = "", labels: str = "{app: api}") -> str:
    """A pod in namespace shop."""
    return (
        f"apiVersion: v1\nkind: Pod\n"
        f"metadata: {{name: {name}, namespace: shop, labels: {labels}{owner}}}\n---\n"
    )


def pods(text: str) -> list[tuple[str, str | None]]:
    """The names and workloads of the pods in a text."""
    return [(found.name, found.workload) for found in loads(text).pods]


KINDS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"]
KINDS += ["Job", "CronJob"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_workload_makes_a_pod(kind: str) -> None:
    """The pod has the labels and ports of the template and the name of the workload."""
    (found,) = loads(workload(kind)).pods
    assert found.key == "shop/api"
    assert found.workload == f"{kind}/api"
    assert found.labels == {"app": "api"}
    assert [port.port for port in found.ports] == [80]
    assert found.takes_part
    assert found.ready
    assert found.origin is not None
    assert found.origin.line == 1


@pytest.mark.parametrize(
    "text",
    [
        workload("Deployment", spec="replicas: 0, "),
        workload("StatefulSet", spec="replicas: 0, "),
        workload("CronJob", spec="suspend: true, "),
        workload("Job", spec="suspend: true, "),
        workload("ReplicaSet", metadata=owned("Deployment", "api")),
        workload("Job", metadata=owned("CronJob", "api")),
        workload("Job").replace(
            "---", 'status: {conditions: [{type: Complete, status: "True"}]}\n---'
        ),
    ],
)
def test_a_workload_that_makes_none(text: str) -> None:
    """Scaled to zero, suspended, finished, or made by another workload: no pod."""
    assert pods(text) == []


@pytest.mark.parametrize("count", [1, 3])
def test_replicas_are_one_pod(count: int) -> None:
    """Policies cannot tell replicas apart, so one stands for all."""
    assert pods(workload("Deployment", spec=f"replicas: {count}, ")) == [("api", "Deployment/api")]


REAL = {
    "a pod of a StatefulSet": (
        workload("StatefulSet") + pod("api-0", owned("StatefulSet", "api")),
        [("api-0", "StatefulSet/api")],
    ),
    "the pod before its workload": (
        pod("api-0", owned("StatefulSet", "api")) + workload("StatefulSet"),
        [("api-0", "StatefulSet/api")],
    ),
    "by a ReplicaSet": (
        workload("Deployment")
        + workload("ReplicaSet", "api-5f", metadata=owned("Deployment", "api"))
        + pod("api-5f-x", owned("ReplicaSet", "api-5f"))
        + pod("api-5f-y", owned("ReplicaSet", "api-5f")),
        [("api-5f-x", "Deployment/api"), ("api-5f-y", "Deployment/api")],
    ),
    "by a ReplicaSet that is not there": (
        workload("Deployment")
        + pod("api-5f-x", owned("ReplicaSet", "api-5f"), "{app: api, pod-template-hash: 5f}"),
        [("api-5f-x", "Deployment/api")],
    ),
    "a ReplicaSet of its own": (
        workload("ReplicaSet") + pod("api-x", owned("ReplicaSet", "api")),
        [("api-x", "ReplicaSet/api")],
    ),
    "by a Job": (
        workload("CronJob")
        + workload("Job", "api-29000000", metadata=owned("CronJob", "api"))
        + pod("api-29000000-x", owned("Job", "api-29000000")),
        [("api-29000000-x", "CronJob/api")],
    ),
    "by a Job that is not there": (
        workload("CronJob") + pod("api-29000000-x", owned("Job", "api-29000000")),
        [("api-29000000-x", "CronJob/api")],
    ),
    "another workload of the same name": (
        workload("Deployment") + pod("api-0", owned("StatefulSet", "api")),
        [("api", "Deployment/api"), ("api-0", "StatefulSet/api")],
    ),
    "a pod of an operator": (
        pod("db-1", owned("Postgres", "db")),
        [("db-1", "Postgres/db")],
    ),
    "a StatefulSet of an operator": (
        workload("StatefulSet", "db", metadata=owned("Postgres", "db"))
        + pod("db-0", owned("StatefulSet", "db")),
        [("db-0", "StatefulSet/db")],
    ),
    "a ReplicaSet of a rollout": (
        workload("ReplicaSet", "api-5f", metadata=owned("Rollout", "api"))
        + pod("api-5f-x", owned("ReplicaSet", "api-5f")),
        [("api-5f-x", "Rollout/api")],
    ),
    "a static pod belongs to its node": (pod("etcd-n1", owned("Node", "n1")), [("etcd-n1", None)]),
    "an owner that does not control": (
        pod("a", ", ownerReferences: [{kind: Group, name: g, controller: false}]"),
        [("a", None)],
    ),
    "a pod of nobody": (pod("bare"), [("bare", None)]),
}


@pytest.mark.parametrize("name", REAL)
def test_pods_that_are_there(name: str) -> None:
    """Real pods take the place of the one their workload would make, and know who made them."""
    text, expected = REAL[name]
    assert sorted(pods(text)) == expected


def test_two_workloads_of_one_name() -> None:
    """The pod of the second is named after its kind as well."""
    assert pods(workload("Deployment") + workload("StatefulSet")) == [
        ("api", "Deployment/api"),
        ("api-statefulset", "StatefulSet/api"),
    ]
    assert pods(workload("Deployment") + pod("api")) == [
        ("api-deployment", "Deployment/api"),
        ("api", None),
    ]


def test_a_pod_in_another_namespace_is_no_pod_of_the_workload() -> None:
    """Names of owners count within their namespace."""
    other = pod("api-0", owned("StatefulSet", "api")).replace("shop", "lab")
    assert [found.key for found in loads(workload("StatefulSet") + other).pods] == [
        "shop/api",
        "lab/api-0",
    ]


def test_a_generated_name() -> None:
    """A name that the server would generate begins as asked."""
    text = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: run-, namespace: shop}\n"
    (found,) = loads(text).pods
    assert isinstance(found, Pod)
    assert found.name == "run-00001"
