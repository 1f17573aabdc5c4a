"""What pods, Services, nodes and namespaces become, with the defaults of the API server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netpol_sim.addresses import parse_address
from netpol_sim.errors import ProblemKind
from netpol_sim.manifest import load, loads, read
from netpol_sim.model import ContainerPort, Phase, Pod, Service, ServicePort
from netpol_sim.policy import Protocol
from tests.unit.manifest.reading import place, places, problems

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"


def pod(text: str) -> Pod:
    """The pod with this ``spec`` and ``status``."""
    (found,) = loads(POD + text).pods
    return found


def service(spec: str) -> Service:
    """The Service with this ``spec``."""
    (found,) = loads(f"{SERVICE}spec: {{{spec}}}").services
    return found


def test_a_pod_that_never_ran() -> None:
    """Without a status a pod is taken to run and to be ready, and its address is not known."""
    assert pod("") == Pod(namespace="shop", name="web")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("phase: Pending", {"phase": Phase.PENDING, "ready": True}),
        ("phase: Succeeded", {"phase": Phase.SUCCEEDED, "ready": True}),
        ("conditions: []", {"ready": True}),
        ('conditions: [{type: Ready, status: "True"}]', {"ready": True}),
        ('conditions: [{type: Ready, status: "False"}]', {"ready": False}),
        ('conditions: [{type: Ready, status: "Unknown"}]', {"ready": False}),
        ('conditions: [{type: PodScheduled, status: "True"}]', {"ready": False}),
        ("podIP: 10.0.0.1", {"ips": (parse_address("10.0.0.1"),)}),
        (
            "podIPs: [{ip: 10.0.0.1}, {ip: fd00::1}], podIP: 10.0.0.1",
            {"ips": (parse_address("10.0.0.1"), parse_address("fd00::1"))},
        ),
        ("hostIP: 192.0.2.1", {"ips": ()}),
    ],
)
def test_status(status: str, expected: dict[str, Any]) -> None:
    """Phase, readiness and addresses are those of the status."""
    found = pod(f"status: {{{status}}}")
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("status", "address"),
    [
        ("hostIP: 192.0.2.1", "192.0.2.1"),
        ("hostIP: 192.0.2.1, hostIPs: [{ip: 192.0.2.2}]", "192.0.2.2"),
        ("hostIP: 192.0.2.1, podIP: 192.0.2.3", "192.0.2.3"),
    ],
)
def test_a_pod_on_the_network_of_its_host(status: str, address: str) -> None:
    """A host-network pod without addresses of its own has those of its host."""
    found = pod(f"spec: {{hostNetwork: true, nodeName: n1}}\nstatus: {{{status}}}")
    assert found.host_network
    assert found.node == "n1"
    assert found.ips == (parse_address(address),)


def test_ports_of_containers_and_sidecars() -> None:
    """All containers count, and the init containers that keep running; TCP is the default."""
    found = pod("""\
spec:
  initContainers:
  - {name: setup, ports: [{containerPort: 1}]}
  - {name: proxy, restartPolicy: Always, ports: [{containerPort: 2, name: mesh}]}
  containers:
  - {name: a, ports: [{containerPort: 3}, {containerPort: 53, protocol: UDP, name: dns}]}
  - {name: b, ports: }
  - {name: c, ports: [{containerPort: 4, name: web}]}
""")
    assert found.ports == (
        ContainerPort(port=2, name="mesh"),
        ContainerPort(port=3),
        ContainerPort(port=53, name="dns", protocol=Protocol.UDP),
        ContainerPort(port=4, name="web"),
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("", {"selector": None, "type": "ClusterIP", "headless": False, "cluster_ips": ()}),
        ("selector: {app: web}", {"selector": {"app": "web"}}),
        ("selector: {}", {"selector": None}),
        ("clusterIP: None", {"headless": True, "cluster_ips": ()}),
        ("clusterIP: 10.96.0.1", {"headless": False, "cluster_ips": (parse_address("10.96.0.1"),)}),
        (
            "clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, fd00::1]",
            {"cluster_ips": (parse_address("10.96.0.1"), parse_address("fd00::1"))},
        ),
        (
            "type: ExternalName, externalName: example.com",
            {"type": "ExternalName", "external_name": "example.com"},
        ),
        (
            "type: NodePort, externalTrafficPolicy: Local",
            {"type": "NodePort", "external_traffic_policy": "Local"},
        ),
        ("publishNotReadyAddresses: true", {"publish_not_ready_addresses": True}),
        ("ports: [{port: 80}]", {"ports": (ServicePort(port=80, target_port=80),)}),
        ("ports: [{port: 80, targetPort: 0}]", {"ports": (ServicePort(port=80, target_port=80),)}),
        (
            "ports: [{port: 80, targetPort: http, name: web}]",
            {"ports": (ServicePort(port=80, target_port="http", name="web"),)},
        ),
        (
            "ports: [{port: 53, protocol: UDP, targetPort: 5353}]",
            {"ports": (ServicePort(port=53, target_port=5353, protocol=Protocol.UDP),)},
        ),
    ],
)
def test_services(spec: str, expected: dict[str, Any]) -> None:
    """A Service gets the server's defaults: TCP, and the port itself for a target."""
    found = service(spec)
    assert {name: getattr(found, name) for name in expected} == expected


def test_nodes_have_the_addresses_that_reach_them() -> None:
    """Internal and external addresses count, host names do not."""
    (node,) = loads("""\
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {zone: a}}
status:
  addresses:
  - {type: InternalIP, address: 192.0.2.1}
  - {type: Hostname, address: n1}
  - {type: ExternalIP, address: 203.0.113.1}
""").nodes
    assert [str(ip) for ip in node.ips] == ["192.0.2.1", "203.0.113.1"]
    assert node.labels == {"zone": "a"}


def test_a_namespace_that_nobody_declares() -> None:
    """A namespace that something is in exists, with the label that the server gives it."""
    cluster = loads(POD + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: lab}\n")
    assert [space.name for space in cluster.namespaces] == ["lab", "shop"]
    assert cluster.namespace_labels("shop") == {"kubernetes.io/metadata.name": "shop"}
    assert cluster.namespace("lab").origin is not None
    assert cluster.namespace("shop").origin is None


def test_lists() -> None:
    """A List, a PodList (whose items need not repeat their kind) and JSON hold the same."""
    one = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}'
    bare = '{"metadata": {"name": "web", "namespace": "shop"}}'
    texts = [
        one,
        f"apiVersion: v1\nkind: List\nitems:\n- {one}\n",
        f'{{"apiVersion": "v1", "kind": "List", "items": [{one}], "metadata": {{}}}}',
        f'{{"kind": "PodList", "apiVersion": "v1", "items": [{bare}]}}',
        f"kind: PodList\napiVersion: v1\nitems:\n- {bare}\n",
    ]
    assert all(loads(text).pods == (Pod(namespace="shop", name="web"),) for text in texts)
    assert loads("kind: List\napiVersion: v1\nitems: []\n").pods == ()
    assert loads("kind: List\napiVersion: v1\nitems:\n").pods == ()


def test_other_kinds_are_counted(tmp_path: Path) -> None:
    """Kinds that play no part are ignored and counted; a namesake of ours is told apart."""
    (tmp_path / "a.yaml").write_text("""\
{apiVersion: v1, kind: Secret, metadata: {name: a}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}
---
{apiVersion: v1, kind: Secret, metadata: {name: b}, data: {1: 2, 1: 3}}
---
{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a}, spec: {order: 1}}
---
{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: A B}}
---
{apiVersion: policy.example.com/v1, kind: ClusterNetworkPolicy}
""")
    manifests = read(tmp_path)
    assert manifests.ignored == {
        "Secret": 2,
        "ServiceAccount": 1,
        "NetworkPolicy.projectcalico.org": 1,
        "Service.serving.knative.dev": 1,
        "ClusterNetworkPolicy.policy.example.com": 1,
    }
    assert manifests.files == (str(tmp_path / "a.yaml"),)
    assert load(tmp_path) == manifests.cluster
    assert not manifests.cluster.pods


BAD = {
    "pod name": (POD.replace("web", "»Web"), ProblemKind.INVALID, "metadata.name"),
    "label": (
        POD.replace("web,", "web, labels: {a: »1},"),
        ProblemKind.TYPE_INVALID,
        "metadata.labels.a",
    ),
    "phase": (f"{POD}status: {{phase: »Runing}}", ProblemKind.NOT_SUPPORTED, "status.phase"),
    "address": (
        f"{POD}status: {{podIPs: [{{ip: »x}}]}}",
        ProblemKind.INVALID,
        "status.podIPs[0].ip",
    ),
    "node": (f"{POD}spec: {{nodeName: »N_1}}", ProblemKind.INVALID, "spec.nodeName"),
    "quoted port": (
        f'{POD}spec: {{containers: [{{ports: [{{containerPort: »"80"}}]}}]}}',
        ProblemKind.TYPE_INVALID,
        "spec.containers[0].ports[0].containerPort",
    ),
    "no port": (
        f"{POD}spec: {{containers: [{{ports: [»{{name: a}}]}}]}}",
        ProblemKind.REQUIRED,
        "spec.containers[0].ports[0].containerPort",
    ),
    "port range": (
        f"{POD}spec: {{containers: [{{ports: [{{containerPort: »0}}]}}]}}",
        ProblemKind.INVALID,
        "spec.containers[0].ports[0].containerPort",
    ),
    "port name": (
        f"{POD}spec: {{containers: [{{ports: [{{containerPort: 1, name: »a_b}}]}}]}}",
        ProblemKind.INVALID,
        "spec.containers[0].ports[0].name",
    ),
    "protocol": (
        f"{POD}spec: {{containers: [{{ports: [{{containerPort: 1, protocol: »tcp}}]}}]}}",
        ProblemKind.NOT_SUPPORTED,
        "spec.containers[0].ports[0].protocol",
    ),
    "containers": (
        f"{POD}spec:\n  »containers:\n    name: a\n",
        ProblemKind.TYPE_INVALID,
        "spec.containers",
    ),
    "host network": (
        f'{POD}spec: {{hostNetwork: »"true"}}',
        ProblemKind.TYPE_INVALID,
        "spec.hostNetwork",
    ),
    "Service name": (SERVICE.replace("web", "»1web"), ProblemKind.INVALID, "metadata.name"),
    "selector": (
        f"{SERVICE}spec: {{selector: {{app: »a b}}}}",
        ProblemKind.INVALID,
        "spec.selector",
    ),
    "Service port": (
        f"{SERVICE}spec: {{ports: [{{port: »70000}}]}}",
        ProblemKind.INVALID,
        "spec.ports[0].port",
    ),
    "target": (
        f"{SERVICE}spec: {{ports: [{{port: 80, targetPort: »a_b}}]}}",
        ProblemKind.INVALID,
        "spec.ports[0].targetPort",
    ),
    "cluster address": (f"{SERVICE}spec: {{clusterIP: »x}}", ProblemKind.INVALID, "spec.clusterIP"),
    "namespace": (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: »a.b}",
        ProblemKind.INVALID,
        "metadata.name",
    ),
    "namespace label": (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {a: »b c}}",
        ProblemKind.INVALID,
        "metadata.labels",
    ),
    "node address": (
        (
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n"
            "status: {addresses: [{type: InternalIP, address: »x}]}"
        ),
        ProblemKind.INVALID,
        "status.addresses[0].address",
    ),
    "template label": (
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
            "spec: {template: {metadata: {labels: {a: »b c}}}}"
        ),
        ProblemKind.INVALID,
        "spec.template.metadata.labels",
    ),
    "template port": (
        (
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: "
            "{spec: {template: {spec: {containers: [{ports: [{containerPort: »0}]}]}}}}}"
        ),
        ProblemKind.INVALID,
        "spec.jobTemplate.spec.template.spec.containers[0].ports[0].containerPort",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_read_is_checked(name: str) -> None:
    """What we read of other kinds has the right type and value, or is reported where it stands."""
    marked, kind, field = BAD[name]
    text, marks = places(marked)
    (problem,) = problems(text)
    assert (problem.kind, problem.field) == (kind, field)
    assert [place(problem)] == marks


def test_what_is_not_read_is_not_checked() -> None:
    """Fields of pods that do not matter here may hold anything."""
    odd = "spec: {volumes: 1, containers: [{image: [], env: {a: 1}}], x: y}\nstatus: {q: 1}\n"
    assert pod(odd).name == "web"
