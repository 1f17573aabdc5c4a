"""What policies do to real pods: who may connect to whom, counted on the table of all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from netpol_sim.analysis.lint import phrases
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.gates import Gate
from netpol_sim.analysis.table.index import bitset, members
from netpol_sim.analysis.table.ports import point
from netpol_sim.model import Connection, Pod
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol

Probe = tuple[int, Protocol]
"""A port and protocol that is tried."""

Probes = Callable[[Pod], tuple[Probe, ...]]
"""The ports of a destination that are tried."""

_ANY_PORT: Probe = (80, Protocol.TCP)


def declared_ports(destination: Pod) -> tuple[Probe, ...]:
    """The ports a pod declares; when it declares none, one that stands for any."""
    ports = tuple((port.port, port.protocol) for port in destination.ports)
    return tuple(dict.fromkeys(ports)) or (_ANY_PORT,)


def ports_of(written: WrittenRule) -> Probes:
    """The ports a rule is about: one for each of its entries, or those declared if it has none."""
    entries = written.rule.ports

    def probes(destination: Pod) -> tuple[Probe, ...]:
        if not entries:
            return declared_ports(destination)
        return tuple(probe for entry in entries for probe in _of_entry(entry, destination))

    return probes


def _of_entry(entry: PolicyPort, destination: Pod) -> tuple[Probe, ...]:
    if entry.port is None:
        found = (probe for probe in declared_ports(destination) if probe[1] is entry.protocol)
        return tuple(found) or ((_ANY_PORT[0], entry.protocol),)
    if isinstance(entry.port, int):
        return ((entry.port, entry.protocol),)
    named = destination.ports_named(entry.port)
    return tuple((port.port, port.protocol) for port in named if port.protocol is entry.protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Which pods may connect to which, on the ports that were tried.

    ``into`` holds, for the position of each destination, the positions of the sources that pass.
    """

    table: Table
    probes: Probes
    into: dict[int, int]

    @property
    def sources(self) -> list[Pod]:
        """The pods that open some connection."""
        found = union(self.into.values())
        return [self.table.population.pods[place] for place in members(found)]

    @property
    def destinations(self) -> list[Pod]:
        """The pods that some connection goes to."""
        return [self.table.population.pods[place] for place, found in self.into.items() if found]

    def __bool__(self) -> bool:
        return any(self.into.values())

    def less(self, other: Flows) -> Flows:
        """Those of these flows that others do not have."""
        into = {place: found & ~other.into.get(place, 0) for place, found in self.into.items()}
        return Flows(table=self.table, probes=self.probes, into=into)

    def pairs(self) -> Iterator[tuple[Pod, Pod]]:
        """Each pair of pods, source first."""
        pods = self.table.population.pods
        for place, found in self.into.items():
            for source in members(found):
                yield pods[source], pods[place]

    def __iter__(self) -> Iterator[Connection]:
        """One connection for each pair of pods."""
        pods = self.table.population.pods
        for place, found in self.into.items():
            for source in members(found):
                probes = self.probes(pods[place])
                port, protocol = next(
                    each for each in probes if _passes(self.table, source, place, each)
                )
                yield Connection(
                    source=pods[source], destination=pods[place], port=port, protocol=protocol
                )


def _passes(table: Table, source: int, destination: int, probe: Probe) -> bool:
    at = point(probe[1], probe[0])
    inward = table.gate(destination, Direction.INGRESS).row(at) >> source & 1
    return bool(inward and table.gate(source, Direction.EGRESS).row(at) >> destination & 1)


def union(sets: Iterable[int]) -> int:
    """The positions that are in any of some sets."""
    return reduce(or_, sets, 0)


Senders = dict[Gate, int]
"""Sources by what their egress lets pass: the positions behind each gate."""


def senders(table: Table, sources: Iterable[Pod]) -> Senders:
    """Some pods, by their egress gates."""
    behind: dict[Gate, list[int]] = {}
    for pod in sources:
        place = table.population.positions[pod.key]
        behind.setdefault(table.gate(place, Direction.EGRESS), []).append(place)
    return {gate: bitset(places) for gate, places in behind.items()}


def flows(
    table: Table,
    sources: Senders | Iterable[Pod],
    destinations: Iterable[Pod],
    probes: Probes,
) -> Flows:
    """Which of some pods may connect to which of others; a pod and itself do not count.

    The pods are ones that policies have a say about: what no policy can stop is not looked for.
    """
    behind = sources if isinstance(sources, dict) else senders(table, sources)
    into = {}
    for pod in destinations:
        place = table.population.positions[pod.key]
        gate, found = table.gate(place, Direction.INGRESS), 0
        for port, protocol in probes(pod):
            at = point(protocol, port)
            admitted = gate.row(at)
            for out, places in behind.items():
                if admitted & places and out.row(at) >> place & 1:
                    found |= admitted & places
        into[place] = found & ~(1 << place)
    return Flows(table=table, probes=probes, into=into)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """With which pods those of a policy may exchange connections, as written and changed."""

    direction: Direction
    subjects: tuple[Pod, ...]
    before: Flows
    after: Flows

    @property
    def gone(self) -> Flows:
        """The flows that the change takes away."""
        return self.before.less(self.after)

    @property
    def new(self) -> Flows:
        """The flows that the change adds."""
        return self.after.less(self.before)

    def clause(self, changed: str) -> str:
        """``: `` and the sentence; nothing where nothing would change."""
        return f": {self.sentence(changed)}" if self.gone or self.new else ""

    def sentence(self, changed: str) -> str:
        """Both numbers: ``as written 14 pods may connect to prod/web; CHANGED, 1 pod (...)``."""
        subjects = phrases.listed([pod.key for pod in self.subjects])
        before, after = phrases.pods(self._far(self.before)), phrases.pods(self._far(self.after))
        if self.direction is Direction.INGRESS:
            return f"as written {before} may connect to {subjects}; {changed}, {after}"
        return f"as written {subjects} may connect to {before}; {changed}, to {after}"

    def _far(self, found: Flows) -> list[Pod]:
        return found.sources if self.direction is Direction.INGRESS else found.destinations


def of_change(
    survey: Survey, written: WrittenRule, changed: NetworkPolicy, probes: Probes | None = None
) -> Effect:
    """What a rule's policy means for pods now, and what it would mean when changed.

    Asked on the ports that the rule is about, unless others are given.
    """
    subjects = survey.subjects(written.policy)
    return of_policies(survey, subjects, written.direction, changed, probes or ports_of(written))


def of_policies(
    survey: Survey,
    subjects: tuple[Pod, ...],
    direction: Direction,
    changed: NetworkPolicy,
    probes: Probes,
) -> Effect:
    """Who may exchange connections with some pods now, and with a policy changed or added."""
    others = survey.all_subjects
    tables = (survey.table, survey.table.edited(survey.cluster.with_policy(changed)))
    ends = (others, subjects) if direction is Direction.INGRESS else (subjects, others)
    before, after = (flows(table, *ends, probes) for table in tables)
    return Effect(direction=direction, subjects=subjects, before=before, after=after)
