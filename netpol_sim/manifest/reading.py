"""From files to a cluster: read every object, report every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError, ManifestError, Problem
from netpol_sim.manifest import pods, schema
from netpol_sim.manifest.documents import Written, objects
from netpol_sim.manifest.policies import network_policy
from netpol_sim.manifest.shape import DROPPED, Report, Struct
from netpol_sim.manifest.sources import Source, sources
from netpol_sim.model import Namespace, Node, Pod, Service, ServicePort
from netpol_sim.policy import NetworkPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """What some files hold: the cluster they describe, and what in them is none of its business.

    ``ignored`` counts the objects of each kind that plays no part in network policy.
    """

    cluster: Cluster
    ignored: Mapping[str, int]
    files: tuple[str, ...]


def load(*paths: str | PathLike[str]) -> Cluster:
    """The cluster that files and folders of manifests describe."""
    return read(*paths).cluster


def loads(text: str, file: str = "<text>") -> Cluster:
    """The cluster that the text of manifests describes; ``file`` names it in messages."""
    return _read([Source(file=file, text=text)], []).cluster


def read(*paths: str | PathLike[str]) -> Manifests:
    """What files and folders of manifests hold."""
    problems: list[Problem] = []
    return _read(sources(paths, problems), problems)


_SHAPES: dict[str, Struct] = {
    "NetworkPolicy": schema.NETWORK_POLICY,
    "Pod": schema.POD,
    "Namespace": schema.NAMESPACE,
    "Node": schema.NODE,
    "Service": schema.SERVICE,
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"),
        schema.WORKLOAD,
    ),
    "CronJob": schema.CRON_JOB,
}


def _read(found: Iterable[Source], problems: list[Problem]) -> Manifests:
    ignored: Counter[str] = Counter()
    files = []
    things: list[Any] = []
    for source in found:
        files.append(source.file)
        for written in objects(source, problems):
            kind = written.value.get("kind")
            if kind not in _SHAPES:
                ignored[str(kind)] += 1
                continue
            report = Report()
            thing = _thing(kind, written, report)
            things.append(thing)
            for problem in report.problems:
                place = written.origin.locate(problem.field)
                problems.append(
                    Problem(
                        kind=problem.kind,
                        field=problem.field,
                        message=problem.message,
                        help=problem.help,
                        value=problem.value,
                        object=str(kind),
                        file=place.file,
                        line=place.line,
                        column=place.column,
                    )
                )
    if problems:
        raise ManifestError(problems)
    try:
        cluster = Cluster(
            namespaces=tuple(thing for thing in things if isinstance(thing, Namespace)),
            pods=tuple(thing for thing in things if isinstance(thing, Pod)),
            nodes=tuple(thing for thing in things if isinstance(thing, Node)),
            services=tuple(thing for thing in things if isinstance(thing, Service)),
            policies=tuple(thing for thing in things if isinstance(thing, NetworkPolicy)),
        )
    except InvalidValueError as error:
        raise ManifestError(error.problems) from None
    return Manifests(cluster=cluster, ignored=dict(ignored), files=tuple(files))


def _thing(kind: str, written: Written, report: Report) -> Any:
    fields = _SHAPES[kind].fit(written.value, "", report)
    if fields is DROPPED:
        return None
    metadata = fields.get("metadata") or {}
    name = metadata.get("name") or ""
    namespace = metadata.get("namespace") or "default"
    labels = metadata.get("labels") or {}
    spec, status = fields.get("spec") or {}, fields.get("status") or {}
    origin = written.origin
    if kind == "NetworkPolicy":
        return network_policy(fields, name, namespace, origin, report)
    try:
        if kind == "Namespace":
            return Namespace(name=name, labels=labels, origin=origin)
        if kind == "Pod":
            facts = pods.spec_facts(spec, "spec", report)
            facts |= pods.status_facts(status, host_network=facts["host_network"], report=report)
            return Pod(namespace=namespace, name=name, labels=labels, origin=origin, **facts)
        if kind == "Node":
            ips = [
                entry["address"]
                for entry in status.get("addresses") or ()
                if entry["type"] in ("InternalIP", "ExternalIP")
            ]
            return Node(name=name, ips=tuple(ips), labels=labels, origin=origin)
        if kind == "Service":
            ips = spec.get("clusterIPs") or [spec.get("clusterIP") or ""]
            return Service(
                namespace=namespace,
                name=name,
                selector=spec.get("selector") or None,
                ports=tuple(
                    ServicePort(
                        port=entry["port"],
                        target_port=entry.get("targetPort") or entry["port"],
                        name=entry.get("name") or None,
                        protocol=entry.get("protocol") or "TCP",
                    )
                    for entry in spec.get("ports") or ()
                ),
                cluster_ips=tuple(ip for ip in ips if ip and ip != "None"),
                headless="None" in ips,
                external_name=spec.get("externalName") or None,
                type=spec.get("type") or "ClusterIP",
                external_traffic_policy=spec.get("externalTrafficPolicy") or "Cluster",
                publish_not_ready_addresses=bool(spec.get("publishNotReadyAddresses")),
                origin=origin,
            )
        template = (
            (spec.get("jobTemplate") or {}).get("spec") or {} if kind == "CronJob" else spec
        ).get("template") or {}
        facts = pods.spec_facts(template.get("spec") or {}, "spec.template.spec", report)
        template_labels = (template.get("metadata") or {}).get("labels") or {}
        if spec.get("replicas") == 0:
            return None
        return Pod(
            namespace=namespace,
            name=name,
            labels=template_labels,
            workload=f"{kind}/{name}",
            origin=origin,
            **facts,
        )
    except InvalidValueError as error:
        report.problems += error.problems
        return None
