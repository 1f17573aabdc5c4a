"""Clusters of several shapes and any size, as the objects of their manifests.  Equal every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
PORTS = (53, 80, 443, 3306, 5432, 6379, 8080, 8443, 9090, 9200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of each."""

    pods: int
    policies: int
    namespaces: int

    def __str__(self) -> str:
        return f"{self.pods:,} pods, {self.policies:,} policies, {self.namespaces:,} namespaces"


def objects(shape: str, size: Size, *, pod_ranges: bool = True) -> list[Object]:
    """Namespaces, pods and policies of a shape; ``pod_ranges`` lets ranges cover pods."""
    chance = random.Random(f"{shape} {size}")  # noqa: S311  not for secrets
    make = SHAPES[shape]
    found = [*_namespaces(size), *_pods(size)]
    for number in range(size.policies):
        namespace = number % size.namespaces
        spec = make(chance, number, size)
        if not pod_ranges:
            _outside_only(spec)
        metadata = {"namespace": f"ns{namespace}", "name": f"p{number}"}
        found.append(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": metadata,
                "spec": spec,
            }
        )
    return found


def _namespaces(size: Size) -> Iterator[Object]:
    for number in range(size.namespaces):
        labels = {"env": ("prod", "dev", "test")[number % 3], "team": f"team{number % 20}"}
        labels["kubernetes.io/metadata.name"] = f"ns{number}"
        metadata = {"name": f"ns{number}", "labels": labels}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _pods(size: Size) -> Iterator[Object]:
    for number in range(size.pods):
        labels = {
            "app": f"app{number // size.namespaces % 10}",
            "tier": ("front", "back", "data")[number % 3],
            "release": f"r{number % 7}",
            "pod": f"pod{number}",
        }
        ports = [{"containerPort": PORTS[number % len(PORTS)], "name": f"port{number % 4}"}]
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "namespace": f"ns{number % size.namespaces}",
                "name": f"pod{number}",
                "labels": labels,
            },
            "spec": {"containers": [{"name": "main", "image": "main", "ports": ports}]},
            "status": {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}]},
        }


def _mixed(chance: random.Random, _number: int, size: Size) -> Object:
    """Labels, expressions, other namespaces, ranges, port ranges, names; both directions."""
    rules = [_rule(chance, size) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.2:
        rules = []
    both = {"ingress": rules, "policyTypes": ["Ingress"]}
    if chance.random() < 0.4:
        both = {"egress": [_turned(rule) for rule in rules], "policyTypes": ["Egress"]}
    return {"podSelector": _selector(chance), **both}


def _tenants(chance: random.Random, number: int, size: Size) -> Object:
    """Each namespace closed but for itself, then opened for a few others."""
    kind = number // size.namespaces
    if kind == 0:
        return {"podSelector": {}, "policyTypes": ["Ingress"]}
    if kind == 1:
        return {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}
    own = {"matchLabels": {"app": f"app{chance.randrange(10)}"}}
    return {"podSelector": own, "ingress": [_rule(chance, size)]}


def _perpod(chance: random.Random, number: int, size: Size) -> Object:
    """One policy for one pod."""
    own = {"matchLabels": {"pod": f"pod{number % size.pods}"}}
    return {"podSelector": own, "ingress": [_rule(chance, size)]}


def _wide(chance: random.Random, _number: int, size: Size) -> Object:
    """Every policy selects a whole namespace, and its rules speak of whole others."""
    teams = [f"team{chance.randrange(20)}" for _ in range(5)]
    expression = {"key": "team", "operator": "In", "values": sorted(set(teams))}
    peers = [{"namespaceSelector": {"matchExpressions": [expression]}}, {"podSelector": {}}]
    first = chance.choice(PORTS)
    ports = [{"port": first, "endPort": first + chance.randrange(100)}]
    return {"podSelector": {}, "ingress": [{"from": peers, "ports": ports}, _rule(chance, size)]}


SHAPES: dict[str, Callable[[random.Random, int, Size], Object]] = {
    "mixed": _mixed,
    "tenants": _tenants,
    "perpod": _perpod,
    "wide": _wide,
}


def _selector(chance: random.Random) -> Object:
    match chance.randrange(5):
        case 0:
            return {}
        case 1:
            tiers = chance.sample(("front", "back", "data"), 2)
            return {"matchExpressions": [{"key": "tier", "operator": "In", "values": tiers}]}
        case 2:
            gone = {"key": "release", "operator": "NotIn", "values": [f"r{chance.randrange(7)}"]}
            return {"matchExpressions": [gone]}
        case _:
            return {"matchLabels": {"app": f"app{chance.randrange(10)}"}}


def _rule(chance: random.Random, size: Size) -> Object:
    peers = [_peer(chance, size) for _ in range(chance.randint(1, 3))]
    ports = [_port(chance) for _ in range(chance.randint(0, 2))]
    return {"from": peers, **({"ports": ports} if ports else {})}


def _turned(rule: Object) -> Object:
    return {"to" if key == "from" else key: value for key, value in rule.items()}


def _peer(chance: random.Random, size: Size) -> Object:
    match chance.randrange(6):
        case 0:
            return {"ipBlock": {"cidr": f"10.{chance.randrange(2)}.{chance.randrange(256)}.0/24"}}
        case 1:
            wide, hole = f"203.0.{chance.randrange(8)}.0/24", chance.randrange(4) * 64
            inner = wide.replace(".0/24", f".{hole}/26")
            return {"ipBlock": {"cidr": wide, "except": [inner]}}
        case 2:
            return {"namespaceSelector": {"matchLabels": {"env": chance.choice(("prod", "dev"))}}}
        case 3:
            name = {"kubernetes.io/metadata.name": f"ns{chance.randrange(size.namespaces)}"}
            return {
                "namespaceSelector": {"matchLabels": name},
                "podSelector": _selector(chance),
            }
        case _:
            return {"podSelector": _selector(chance)}


def _port(chance: random.Random) -> Object:
    match chance.randrange(5):
        case 0:
            first = chance.choice(PORTS)
            return {"port": first, "endPort": first + chance.randrange(1, 1000)}
        case 1:
            return {"port": chance.choice(PORTS), "protocol": "UDP"}
        case 2:
            return {"port": f"port{chance.randrange(4)}"}
        case _:
            return {"port": chance.choice(PORTS)}


def _outside_only(spec: Object) -> None:
    """Move ranges that cover pods to where no pod is."""
    for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
        for peer in (*rule.get("from", ()), *rule.get("to", ())):
            block = peer.get("ipBlock", {"cidr": ""})
            if block["cidr"].startswith("10."):
                block["cidr"] = "198.51.100.0/24"
