"""Worlds in short form, and the manifests that Kubernetes would show for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Fields = Mapping[str, Any]


def manifests(world: Fields) -> str:
    """A short world as manifests, one JSON document for each object (JSON is YAML)."""
    return text_of([*_nodes(world), *_namespaces(world), *_pods(world), *_services(world)])


def policies(short: list[Fields]) -> str:
    """Policies in short form (``ns``, ``name``, ``spec``) as manifests."""
    return text_of([_policy(policy) for policy in short])


def cluster_policies(short: list[Fields]) -> str:
    """Cluster-scoped policies in short form (``name``, ``spec``, perhaps ``kind``) as manifests."""
    group = "policy.networking.k8s.io"
    return text_of(
        [
            {
                "apiVersion": f"{group}/{'v1alpha1' if 'kind' in policy else 'v1alpha2'}",
                "kind": policy.get("kind", "ClusterNetworkPolicy"),
                "metadata": {"name": policy["name"]},
                "spec": policy["spec"],
            }
            for policy in short
        ]
    )


def text_of(objects: list[Fields]) -> str:
    """Objects as the text of a file."""
    return "\n---\n".join(json.dumps(item) for item in objects)


def changed(world: Fields, case: Fields) -> Fields:
    """A world with what a case changes in it; null takes an object away."""
    result = dict(world)
    for kind in ("nodes", "namespaces", "services"):
        result[kind] = {**world.get(kind, {}), **case.get(kind, {})}
    known = world.get("pods", {})
    overrides = {key: {**known.get(key, {}), **pod} for key, pod in case.get("pods", {}).items()}
    result["pods"] = {**known, **overrides}
    return result


def _policy(policy: Fields) -> Fields:
    found = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"namespace": policy["ns"], "name": policy["name"]},
    }
    return {**found, "spec": policy["spec"]} if "spec" in policy else found


def _nodes(world: Fields) -> Iterator[Fields]:
    for name, node in world.get("nodes", {}).items():
        found = node if isinstance(node, dict) else {"ips": node}
        addresses = [{"type": "InternalIP", "address": ip} for ip in found["ips"]]
        metadata = {"name": name, "labels": found.get("labels", {})}
        yield _object("v1", "Node", metadata, status={"addresses": addresses})


def _namespaces(world: Fields) -> Iterator[Fields]:
    for name, labels in world.get("namespaces", {}).items():
        if labels is not None:
            yield _object("v1", "Namespace", {"name": name, "labels": labels})


def _pods(world: Fields) -> Iterator[Fields]:
    for key, pod in world.get("pods", {}).items():
        namespace, _, name = key.partition("/")
        listed = pod.get("containers") or [pod.get("ports", [])]
        containers = [
            {
                "name": f"c{index}",
                "image": "registry.example/c",
                "ports": [_container_port(word) for word in words],
            }
            for index, words in enumerate(listed)
        ]
        spec = {"containers": containers, "hostNetwork": pod.get("hostNetwork", False)}
        if pod.get("node"):
            spec["nodeName"] = pod["node"]
        ips = [pod["ip"]] if isinstance(pod.get("ip"), str) else pod.get("ip", [])
        ready = "True" if pod.get("ready", True) else "False"
        status = {
            "phase": pod.get("phase", "Running"),
            "podIPs": [{"ip": ip} for ip in ips],
            "conditions": [{"type": "Ready", "status": ready}],
        }
        metadata = {"namespace": namespace, "name": name, "labels": pod.get("labels", {})}
        yield _object("v1", "Pod", metadata, spec=spec, status=status)


def _container_port(word: str) -> Fields:
    name, protocol, number = word.split("/")
    return {"name": name, "protocol": protocol, "containerPort": int(number)}


def _services(world: Fields) -> Iterator[Fields]:
    for key, spec in world.get("services", {}).items():
        namespace, _, name = key.partition("/")
        yield _object("v1", "Service", {"namespace": namespace, "name": name}, spec=spec)


def _object(api_version: str, kind: str, metadata: Fields, **sections: Fields) -> Fields:
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **sections}
