"""A list of needed connections, held against what policies allow.

A need is written as a connection, ``SOURCE -> DESTINATION:PORT[/PROTOCOL]``, whose ends may mean
several places (``ends.py``); the destination may be a Service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netpol_sim import ask, connection_text, services
from netpol_sim.analysis.ends import block_of, positions, service_of
from netpol_sim.analysis.flows import Flow, joined
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.choice import entity_at, place
from netpol_sim.analysis.table.index import bitset, members, span
from netpol_sim.analysis.table.outside import Outside
from netpol_sim.analysis.table.ports import NO_PORTS, PortSet
from netpol_sim.analysis.table.reach import Reach
from netpol_sim.analysis.table.regions import ByPorts
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.evaluate import evaluate
from netpol_sim.model import Connection, External, Pod, Service
from netpol_sim.policy import Direction
from netpol_sim.verdict import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingNeed:
    """A need that policies do not fulfil: how many of its pairs are refused, and one of them.

    ``pairs`` is 0 for a Service without backends: there is nobody to answer.
    """

    text: str
    pairs: int
    answer: Answer

    def __str__(self) -> str:
        return f"{self.text}: {self.answer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReport:
    """What policies allow, beside what is needed; true when they agree.

    ``met`` and ``missing`` share the needs out.  What is allowed and not needed is in one of two
    places: ``unused`` where a policy isolates an end and yet opens it, ``unprotected`` where no
    policy speaks about the connection at all.
    """

    met: tuple[str, ...]
    missing: tuple[MissingNeed, ...]
    unused: tuple[Flow, ...]
    unprotected: tuple[Flow, ...]

    def __bool__(self) -> bool:
        return not (self.missing or self.unused or self.unprotected)

    def __str__(self) -> str:
        return (
            f"{len(self.met)} needs met, {len(self.missing)} missing; allowed without need: "
            f"{len(self.unused)} groups of connections that a rule opens, "
            f"{len(self.unprotected)} that no policy speaks about"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """One need as sets of positions: from each source to each destination on all of the ports."""

    text: str
    pairs: tuple[tuple[int, int, PortSet], ...]


def check_needs(cluster: Cluster, texts: Iterable[str]) -> NeedsReport:
    """Hold needed connections against what a cluster allows.

    Connections between pods, and between pods and outside addresses, are looked at; a pod and
    itself are not.

    Args:
        cluster: Pods, namespaces, policies and plugin profile.
        texts: The needs, as described at the top of this module.

    Raises:
        ConnectionTextError: A need cannot be read.
        UnknownNameError: The cluster has no such pod, namespace, Service or port.
    """
    questions = {text: connection_text.parse(text) for text in texts}
    table = Table(cluster)
    ranges = [end for each in questions.values() for end in (each.source, each.destination)]
    blocks = table.blocks | {block for end in ranges if (block := block_of(end)) is not None}
    table.outside = Outside(blocks, table.population.addresses)
    needs = [_need(table, text, question) for text, question in questions.items()]
    reach = Reach(table, Direction.EGRESS)
    missing = tuple(
        found
        for need in needs
        if (found := _unanswered(table, need, questions[need.text]) or _missing(table, reach, need))
    )
    refused = {each.text for each in missing}
    unused, unprotected = _not_needed(table, reach, needs)
    return NeedsReport(
        met=tuple(need.text for need in needs if need.text not in refused),
        missing=missing,
        unused=joined(table, unused),
        unprotected=joined(table, unprotected),
    )


# -- Reading needs -------------------------------------------------------------------------------


def _need(table: Table, text: str, question: connection_text.Question) -> _Need:
    sources = positions(table, question.source)
    service = service_of(table.cluster, question.destination)
    if service is not None:
        return _Need(text=text, pairs=tuple(_behind(table, sources, service, question)))
    numbers: defaultdict[PortSet, list[int]] = defaultdict(list)
    for position in members(positions(table, question.destination)):
        numbers[_port(table, position, question)].append(position)
    pairs = ((sources, bitset(found), ports) for ports, found in numbers.items())
    return _Need(text=text, pairs=tuple(pairs))


def _port(table: Table, position: int, question: connection_text.Question) -> PortSet:
    if isinstance(question.port, int):
        return PortSet.single(question.protocol, question.port)
    found = table.places[position]
    named = found.ports_named(question.port) if isinstance(found, Pod) else ()
    numbers = [each.port for each in named if each.protocol is question.protocol]
    if not numbers:
        raise UnknownNameError(
            f"{found.key} declares no port `{question.port}`/{question.protocol}; write the number"
        )
    return PortSet.union(PortSet.single(question.protocol, number) for number in numbers)


def _behind(
    table: Table, sources: int, service: Service, question: connection_text.Question
) -> Iterator[tuple[int, int, PortSet]]:
    """The pods behind a Service, each with the port that it is sent to."""
    anybody = External.of("192.0.2.1")
    for found in services.connections(
        table.cluster, anybody, service, question.port, question.protocol
    ):
        position = place(table, found.destination.key)
        yield sources, 1 << position, PortSet.single(found.protocol, found.port)


# -- Comparing -----------------------------------------------------------------------------------


def _missing(table: Table, reach: Reach, need: _Need) -> MissingNeed | None:
    refused: list[tuple[int, int, PortSet]] = []
    for sources, destinations, ports in need.pairs:
        for near, found in reach.alike(sources):
            passing = sum(far for allowed, far in found.items() if ports <= allowed)
            for source in members(near):
                wanted = destinations & ~passing & ~(1 << source)
                refused += ((source, position, ports) for position in members(wanted))
    if not refused:
        return None
    source, destination, ports = refused[0]
    verdicts = [
        evaluate(
            table.cluster,
            Connection(
                source=entity_at(table, source),
                destination=entity_at(table, destination),
                port=each.first,
                protocol=each.protocol,
            ),
        )
        for each in ports.ranges
    ]
    answer = next(verdict for verdict in verdicts if not verdict.allowed)
    return MissingNeed(text=need.text, pairs=len(refused), answer=answer)


def _unanswered(
    table: Table, need: _Need, question: connection_text.Question
) -> MissingNeed | None:
    """A need of somebody for a Service without backends."""
    sources = positions(table, question.source)
    service = service_of(table.cluster, question.destination)
    if need.pairs or not sources or service is None:
        return None
    source = entity_at(table, next(members(sources)))
    answer = ask.ask_service(table.cluster, source, service, question.port, question.protocol)
    return MissingNeed(text=need.text, pairs=0, answer=answer)


_Pairs = list[tuple[int, int, PortSet]]


def _not_needed(table: Table, reach: Reach, needs: list[_Need]) -> tuple[_Pairs, _Pairs]:
    """What is allowed and not needed: opened by a rule, and not spoken of by any policy."""
    pods = span(range(len(table.population.pods)))
    outside = span(range(len(table.population.entities), len(table.places)))
    wanted = [pair for need in needs for pair in need.pairs]
    alike: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for position in members(pods | outside):
        met = (number for number, pair in enumerate(wanted) if pair[0] >> position & 1)
        alike[tuple(met)].append(position)
    unused: _Pairs = []
    unprotected: _Pairs = []
    for numbers, near_ends in alike.items():
        for near, found in reach.alike(bitset(near_ends)):
            rest = _without(found, [wanted[number][1:] for number in numbers])
            far_open = _unspoken(table, next(members(near)))
            for sources, targets in ((near & pods, pods | outside), (near & ~pods, pods)):
                for ports, far in rest.items():
                    unprotected.append((sources, far & targets & far_open, ports))
                    unused.append((sources, far & targets & ~far_open, ports))
    return unused, unprotected


def _without(found: ByPorts, needed: list[tuple[int, PortSet]]) -> ByPorts:
    for destinations, ports in needed:
        rest: ByPorts = {}
        for allowed, far in found.items():
            for kept, those in (
                (allowed - ports, far & destinations),
                (allowed, far & ~destinations),
            ):
                if kept != NO_PORTS and those:
                    rest[kept] = rest.get(kept, 0) | those
        found = rest
    return found


def _unspoken(table: Table, source: int) -> int:
    """The destinations of a source about which policies say nothing, or have no say."""
    freed, admitted = table.exempt(source, Direction.EGRESS)
    exempt = (freed | admitted) & ~(1 << source)
    if table.gate(source, Direction.EGRESS).is_spoken_of:
        return exempt
    gates = table.gates[Direction.INGRESS]
    isolated = bitset(position for position, gate in enumerate(gates) if gate.is_spoken_of)
    return exempt | ~isolated
