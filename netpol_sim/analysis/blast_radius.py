"""The blast radius: how far an intruder in a pod gets, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.choice import Name, place
from netpol_sim.analysis.table.index import bitset, members, span
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.cluster import Cluster
from netpol_sim.model import Pod
from netpol_sim.policy import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A place that is reached, from where (the first place that can connect to it), and how."""

    hop: int
    place: Place
    via: Place
    ports: PortSet

    def __str__(self) -> str:
        return f"{self.hop}: {self.via.key} -> {self.place.key}: {self.ports}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastRadius:
    """How far an intruder in a pod gets who takes over every pod that can be connected to.

    ``steps`` holds each place once, at the hop at which it is first reached.  Outside ranges are
    reached but nothing starts from them.  ``safe`` are the pods that are never reached, ``places``
    all that were looked at.
    """

    source: Place
    steps: tuple[Step, ...]
    safe: tuple[Pod, ...]
    places: tuple[Place, ...]

    def at_hop(self, hop: int) -> tuple[Step, ...]:
        """What is first reached at a hop; hops count from 1."""
        return tuple(step for step in self.steps if step.hop == hop)

    def path(self, name: str) -> tuple[Step, ...]:
        """The steps that lead to a place, by its key; none when it is not reached."""
        arriving = {step.place.key: step for step in self.steps}
        steps: list[Step] = []
        while name in arriving:
            steps.insert(0, arriving[name])
            name = arriving[name].via.key
        return tuple(steps)

    def __str__(self) -> str:
        reached = sum(isinstance(step.place, Pod) for step in self.steps)
        return f"from {self.source.key} {reached} pods can be taken over, {len(self.safe)} cannot"


def blast_radius(
    cluster: Cluster, name: Name, *, hops: int | None = None, ports: PortSet = ALL_PORTS
) -> BlastRadius:
    """Follow an intruder step by step through everything that policies allow.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        name: Where the intruder starts: a pod, or an outside address.
        hops: At most so many steps; None goes on until nothing new is reached.
        ports: Only connections on these ports count.

    Raises:
        ConnectionTextError: The name cannot be read.
        UnknownNameError: The cluster has nothing of this name.
        AmbiguousNameError: A workload's pods differ.
    """
    table = Table(cluster)
    reach = Reach(table, Direction.EGRESS)
    start = place(table, name)
    nodes = range(len(table.population.pods), len(table.population.entities))
    pods, shown = span(range(nodes.start)), span(range(len(table.places))) & ~span(nodes)
    frontier = reached = 1 << start
    steps: list[Step] = []
    while frontier and (hops is None or not steps or steps[-1].hop < hops) and hops != 0:
        hop = steps[-1].hop + 1 if steps else 1
        arrived: dict[int, Step] = {}
        for near, found in sorted(reach.alike(frontier), key=lambda group: _first(group[0])):
            via = table.places[_first(near)]
            # Nothing passes between two ends of which none is a pod.
            targets = shown if near & pods else pods
            for open_ports, far in found.items():
                common = open_ports & ports
                for position in members(far & targets & ~reached) if common else ():
                    step = Step(hop=hop, place=table.places[position], via=via, ports=common)
                    arrived.setdefault(position, step)
        steps += [arrived[position] for position in sorted(arrived)]
        new = bitset(sorted(arrived))
        reached |= new
        frontier = new & pods
    safe = tuple(pod for i, pod in enumerate(table.population.pods) if not reached >> i & 1)
    return BlastRadius(
        source=table.places[start],
        steps=tuple(steps),
        safe=safe,
        places=tuple(table.places[position] for position in members(shown)),
    )


def _first(positions: int) -> int:
    return (positions & -positions).bit_length() - 1
