"""Which policies isolate which pod, in which direction."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.analysis.table import Table
from netpol_sim.cluster import Cluster
from netpol_sim.model import Pod
from netpol_sim.policy import Direction, NetworkPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The policies that isolate a pod, by direction; none where it is open."""

    pod: Pod
    ingress: tuple[NetworkPolicy, ...]
    egress: tuple[NetworkPolicy, ...]

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions in which the pod is isolated."""
        return tuple(direction for direction in Direction if self.by(direction))

    def by(self, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies that isolate it in a direction."""
        return self.ingress if direction is Direction.INGRESS else self.egress

    def __str__(self) -> str:
        listed = " and ".join(self.directions).lower()
        return f"{self.pod.key} is isolated for {listed}" if listed else f"{self.pod.key} is open"


def isolation(cluster: Cluster) -> tuple[Isolation, ...]:
    """Say for each pod, in cluster order, which policies isolate it in which direction.

    Where policies have no say (a pod that has finished, or that the plugin sees as its node; a
    plugin that does not enforce) nothing isolates.
    """
    table = Table(cluster)
    positions = table.population.positions
    return tuple(
        Isolation(
            pod=pod,
            ingress=table.gate(positions[pod.key], Direction.INGRESS).policies,
            egress=table.gate(positions[pod.key], Direction.EGRESS).policies,
        )
        for pod in cluster.pods
    )
