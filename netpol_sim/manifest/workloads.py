"""Workloads: who made which pod, and the pods that a workload would make.

A Deployment makes ReplicaSets, which make pods; a CronJob makes Jobs, which make pods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from netpol_sim.manifest.tree import Value

Fields = dict[str, Value]
Key = tuple[str, str, str]
"""Namespace, kind and name."""

_MAKERS = {"ReplicaSet": "Deployment", "Job": "CronJob"}
_HASH = "pod-template-hash"
_RUN = re.compile(r"(.+)-\d{8,10}")
_FINISHED = ("Complete", "Failed")


class Owners:
    """Who made what, as far as the manifests tell."""

    def __init__(self) -> None:
        self.makers: dict[Key, Key | None] = {}

    def add(self, key: Key, metadata: Fields) -> None:
        """Take in a workload."""
        self.makers[key] = controller(key[0], metadata)

    def workload_of(self, namespace: str, metadata: Fields) -> str | None:
        """The kind and name of the workload at the head of those that made a pod."""
        makers = self.workloads_of(namespace, metadata)
        return f"{makers[-1][1]}/{makers[-1][2]}" if makers else None

    def workloads_of(self, namespace: str, metadata: Fields) -> list[Key]:
        """The workload that made a pod, then the one that made that one, if any."""
        maker = controller(namespace, metadata)
        if maker is None or maker[1] == "Node":
            # A mirror of a static pod belongs to its node; no workload made it.
            return []
        above = None
        if maker in self.makers:
            above = self.makers[maker] if maker[1] in _MAKERS else None
        else:
            above = self._implied(maker, metadata.get("labels") or {})
        return [maker, above] if above else [maker]

    def _implied(self, maker: Key, labels: Mapping[str, str]) -> Key | None:
        """What the names tell when the ReplicaSet or Job itself is not among the manifests."""
        namespace, kind, name = maker
        if kind == "ReplicaSet" and (suffix := labels.get(_HASH)) and name.endswith(f"-{suffix}"):
            return namespace, "Deployment", name.removesuffix(f"-{suffix}")
        if kind == "Job" and (run := _RUN.fullmatch(name)):
            cron_job = namespace, "CronJob", run[1]
            return cron_job if cron_job in self.makers else None
        return None

    def has_maker(self, key: Key) -> bool:
        """Whether another workload makes this one, so that its pods are that one's."""
        maker = self.makers.get(key)
        return maker is not None and _MAKERS.get(key[1]) == maker[1]


def controller(namespace: str, metadata: Fields) -> Key | None:
    """The owner that controls an object, if it has one."""
    for owner in metadata.get("ownerReferences") or ():
        if owner and owner.get("controller") is not False and owner.get("kind"):
            return namespace, owner["kind"], owner.get("name") or ""
    return None


def pod_template(kind: str, spec: Fields) -> tuple[Fields, str]:
    """The template that a workload makes its pods from, and its path."""
    if kind == "CronJob":
        job = (spec.get("jobTemplate") or {}).get("spec") or {}
        return job.get("template") or {}, "spec.jobTemplate.spec.template"
    return spec.get("template") or {}, "spec.template"


def makes_pods(spec: Fields, status: Fields) -> bool:
    """Whether a workload has pods: not when scaled to zero, suspended, or finished."""
    return not (
        spec.get("replicas") == 0
        or spec.get("suspend")
        or _is_finished(status.get("conditions") or ())
    )


def _is_finished(conditions: Iterable[Fields | None]) -> bool:
    return any(
        condition.get("type") in _FINISHED and condition.get("status") == "True"
        for condition in conditions
        if condition is not None
    )
