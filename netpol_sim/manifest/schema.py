"""The fields of the API types that we read."""

from __future__ import annotations

from netpol_sim.manifest.shape import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    PORT,
    TEXT,
    ListOf,
    Shape,
    Struct,
    TextMap,
)

TEXTS = ListOf(TEXT)

_OTHER_METADATA = (
    "clusterName",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)

OWNER = Struct({"apiVersion": TEXT, "kind": TEXT, "name": TEXT, "controller": BOOLEAN})

METADATA = Struct(
    {
        "name": TEXT,
        "generateName": TEXT,
        "namespace": TEXT,
        "labels": TextMap(),
        "ownerReferences": ListOf(OWNER),
    }
)
STRICT_METADATA = Struct(
    {
        **METADATA.fields,
        "annotations": TextMap(),
        **dict.fromkeys(_OTHER_METADATA, ANYTHING),
    },
    strict=True,
)

# --- NetworkPolicy: k8s.io/api/networking/v1/types.go ---------------------------------------

REQUIREMENT = Struct({"key": TEXT, "operator": TEXT, "values": TEXTS}, strict=True)
SELECTOR = Struct(
    {"matchLabels": TextMap(), "matchExpressions": ListOf(REQUIREMENT)},
    strict=True,
)
IP_BLOCK = Struct({"cidr": TEXT, "except": TEXTS}, strict=True)
PEER = Struct(
    {"podSelector": SELECTOR, "namespaceSelector": SELECTOR, "ipBlock": IP_BLOCK},
    strict=True,
)
POLICY_PORT = Struct({"protocol": TEXT, "port": PORT, "endPort": INTEGER}, strict=True)
INGRESS_RULE = Struct({"from": ListOf(PEER), "ports": ListOf(POLICY_PORT)}, strict=True)
EGRESS_RULE = Struct({"to": ListOf(PEER), "ports": ListOf(POLICY_PORT)}, strict=True)
POLICY_SPEC = Struct(
    {
        "podSelector": SELECTOR,
        "policyTypes": TEXTS,
        "ingress": ListOf(INGRESS_RULE),
        "egress": ListOf(EGRESS_RULE),
    },
    strict=True,
)
NETWORK_POLICY = Struct(
    {
        "apiVersion": TEXT,
        "kind": TEXT,
        "metadata": STRICT_METADATA,
        "spec": POLICY_SPEC,
        "status": ANYTHING,
    },
    strict=True,
)

# --- cluster-scoped policies: kubernetes-sigs/network-policy-api, apis/v1alpha2 and v1alpha1 ----

NAMESPACED_POD = Struct({"namespaceSelector": SELECTOR, "podSelector": SELECTOR}, strict=True)
SUBJECT = Struct({"namespaces": SELECTOR, "pods": NAMESPACED_POD}, strict=True)
BASELINE_PEER = Struct({**SUBJECT.fields, "nodes": SELECTOR, "networks": TEXTS}, strict=True)
EGRESS_PEER = Struct({**BASELINE_PEER.fields, "domainNames": TEXTS}, strict=True)
PORT_RANGE = Struct({"start": INTEGER, "end": INTEGER}, strict=True)
DESTINATION_PORT = Struct({"number": INTEGER, "range": PORT_RANGE}, strict=True)
_PROTOCOL = Struct({"destinationPort": DESTINATION_PORT}, strict=True)
PROTOCOLS = ListOf(
    Struct(
        {"tcp": _PROTOCOL, "udp": _PROTOCOL, "sctp": _PROTOCOL, "destinationNamedPort": TEXT},
        strict=True,
    )
)
ADMIN_PORTS = ListOf(
    Struct(
        {
            "portNumber": Struct({"protocol": TEXT, "port": INTEGER}, strict=True),
            "portRange": Struct({"protocol": TEXT, **PORT_RANGE.fields}, strict=True),
            "namedPort": TEXT,
        },
        strict=True,
    )
)


def _cluster_policy(ports: dict[str, Shape], peer: Struct, **fields: Shape) -> Struct:
    rule = {"name": TEXT, "action": TEXT, **ports}
    ingress = Struct({**rule, "from": ListOf(SUBJECT)}, strict=True)
    egress = Struct({**rule, "to": ListOf(peer)}, strict=True)
    spec = {**fields, "subject": SUBJECT, "ingress": ListOf(ingress), "egress": ListOf(egress)}
    return Struct({**NETWORK_POLICY.fields, "spec": Struct(spec, strict=True)}, strict=True)


CLUSTER_NETWORK_POLICY = _cluster_policy(
    {"protocols": PROTOCOLS}, EGRESS_PEER, tier=TEXT, priority=INTEGER
)
ADMIN_NETWORK_POLICY = _cluster_policy({"ports": ADMIN_PORTS}, EGRESS_PEER, priority=INTEGER)
BASELINE_ADMIN_NETWORK_POLICY = _cluster_policy({"ports": ADMIN_PORTS}, BASELINE_PEER)

# --- what we read of the other kinds: k8s.io/api/core/v1/types.go ---------------------------


def _kind(**fields: Struct) -> Struct:
    return Struct({"metadata": METADATA, **fields})


ADDRESS = Struct({"ip": TEXT})
CONTAINER_PORT = Struct({"name": TEXT, "containerPort": INTEGER, "protocol": TEXT})
CONTAINER = Struct({"ports": ListOf(CONTAINER_PORT), "restartPolicy": TEXT})
POD_SPEC = Struct(
    {
        "nodeName": TEXT,
        "hostNetwork": BOOLEAN,
        "containers": ListOf(CONTAINER),
        "initContainers": ListOf(CONTAINER),
    }
)
CONDITION = Struct({"type": TEXT, "status": TEXT})
POD_STATUS = Struct(
    {
        "phase": TEXT,
        "podIP": TEXT,
        "podIPs": ListOf(ADDRESS),
        "hostIP": TEXT,
        "hostIPs": ListOf(ADDRESS),
        "conditions": ListOf(CONDITION),
    }
)
POD = _kind(spec=POD_SPEC, status=POD_STATUS)

NAMESPACE = _kind()
NODE = _kind(
    status=Struct({"addresses": ListOf(Struct({"type": TEXT, "address": TEXT}))}),
)
SERVICE = _kind(
    spec=Struct(
        {
            "selector": TextMap(),
            "ports": ListOf(
                Struct({"name": TEXT, "port": INTEGER, "targetPort": PORT, "protocol": TEXT})
            ),
            "clusterIP": TEXT,
            "clusterIPs": TEXTS,
            "type": TEXT,
            "externalName": TEXT,
            "externalTrafficPolicy": TEXT,
            "publishNotReadyAddresses": BOOLEAN,
        }
    ),
)

# --- workloads: k8s.io/api/apps/v1/types.go, k8s.io/api/batch/v1/types.go -------------------

POD_TEMPLATE = Struct({"metadata": METADATA, "spec": POD_SPEC})
WORKLOAD_SPEC = Struct({"replicas": INTEGER, "suspend": BOOLEAN, "template": POD_TEMPLATE})
WORKLOAD_STATUS = Struct({"conditions": ListOf(CONDITION)})
WORKLOAD = _kind(spec=WORKLOAD_SPEC, status=WORKLOAD_STATUS)
CRON_JOB = _kind(
    spec=Struct({"suspend": BOOLEAN, "jobTemplate": Struct({"spec": WORKLOAD_SPEC})}),
)
