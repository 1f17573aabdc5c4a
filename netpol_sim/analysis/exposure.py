"""What a pod that does not exist yet could reach, and be reached by."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_sim.cluster import Cluster


class Exposure:
    """Who could connect to a pod that does not exist yet, and what it could reach."""


def exposure(cluster: Cluster, namespace: str, labels: Mapping[str, str]) -> Exposure:
    """Add the pod and look at its connections."""
    raise NotImplementedError
