"""What the tiers of cluster-scoped policies make of gates.

All that may come through an end is one set of pairs, of a place and a port.  Each rule of a tier
takes out of it what it matches and no earlier rule did: accepted, denied, or passed on.  What is
left after the Admin tier goes through the gate of the NetworkPolicies, where one isolates the pod,
and through the Baseline tier, where none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from typing import Protocol as Shape

from netpol_sim.analysis.table.gates import CLOSED, OPEN, Gate, Share
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.peers import Peers, PortName
from netpol_sim.analysis.table.population import Population
from netpol_sim.analysis.table.ports import ALL_PORTS, PortSet, numbered_ports
from netpol_sim.analysis.table.regions import ByPorts, grouped, meeting
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import ClusterPeer, DomainNames, NamedPort, Networks, Nodes
from netpol_sim.cluster_policy import Action, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.plugin import BaselineSkipped
from netpol_sim.policy import Direction, PolicyPort, Protocol


class TableInMaking(Shape):
    """What is known of a table before its gates are settled."""

    cluster: Cluster
    population: Population

    @property
    def places(self) -> Sequence[object]:
        """What has a position."""

    def bits(self, peers: Peers) -> int:
        """The positions that some peers mean."""

    def covered(self, block: IPBlock) -> int:
        """The positions of the outside ranges that a block covers."""


def blocks_of(policies: Iterable[ClusterNetworkPolicy]) -> frozenset[IPBlock]:
    """The ranges that cluster-scoped policies speak of."""
    return frozenset(
        block
        for policy in policies
        for rule in policy.egress
        for peer in rule.peers
        if isinstance(peer, Networks)
        for block in peer.blocks
    )


def settled(
    table: TableInMaking, gates: Mapping[Direction, list[Gate]]
) -> dict[Direction, list[Gate]]:
    """The gates of pods and nodes after all tiers; those without a rule of a tier stay."""
    return {
        direction: _Settling(table, direction).gates(found) for direction, found in gates.items()
    }


_Near = tuple[int | None, tuple[tuple[PortName, int], ...]]
"""What matters about a near pod, as in ``gates``: its sight, and its port names for ingress."""


class _Match(NamedTuple):
    """Pairs of a place and a port that a rule decides about."""

    action: Action
    places: int
    ports: PortSet


class _Settling:
    """The rules of both tiers for one direction, each worked out once for near ends alike."""

    def __init__(self, table: TableInMaking, direction: Direction) -> None:
        self._table = table
        self._population = table.population
        self._direction = direction
        self._everything = (1 << len(table.places)) - 1
        self._policies = {
            tier: [
                (policy, self._population.ordinary(policy.subject))
                for policy in table.cluster.tier(tier)
                if policy.rules(direction)
            ]
            for tier in Tier
        }
        self._names = sorted(set(_port_names(self._policies, direction)))
        self._matches: dict[tuple[str, _Near], list[_Match]] = {}
        self._made: dict[object, Gate] = {}
        self._free = self._kept_out_of_baseline()

    def gates(self, gates: list[Gate]) -> list[Gate]:
        """These gates, settled."""
        concerned = 0
        for policies in self._policies.values():
            for _, subject in policies:
                concerned |= subject
        found = list(gates)
        for position in members(concerned):
            if found[position] is not CLOSED:
                found[position] = self._settled(position, found[position])
        return found

    def _settled(self, position: int, gate: Gate) -> Gate:
        chosen = {
            tier: tuple(policy for policy, subject in policies if subject >> position & 1)
            for tier, policies in self._policies.items()
        }
        free = bool(self._free >> position & 1)
        if not chosen[Tier.ADMIN] and (gate is not OPEN or free):
            return gate
        population = self._population
        declared = tuple(population.declared(position, self._names))
        near = population.sight(position, self._direction), declared
        keys = tuple(tuple(policy.key for policy in policies) for policies in chosen.values())
        key = (keys, gate, near, free)
        if key not in self._made:
            self._made[key] = self._through(chosen, gate, near, is_free=free)
        return self._made[key]

    def _through(
        self,
        chosen: Mapping[Tier, Sequence[ClusterNetworkPolicy]],
        gate: Gate,
        near: _Near,
        *,
        is_free: bool,
    ) -> Gate:
        """What comes through an end: past Admin, then NetworkPolicies, then Baseline."""
        admin = [each for policy in chosen[Tier.ADMIN] for each in self._of(policy, near)]
        accepted, onward = _asked(admin, {ALL_PORTS: self._everything})
        if gate is not OPEN:
            opened = grouped(
                (self._table.bits(peers), ports) for peers, ports in gate.openings.items()
            )
            passing = meeting(onward, opened)
        elif is_free:
            passing = onward
        else:
            base = [each for policy in chosen[Tier.BASELINE] for each in self._of(policy, near)]
            more, rest = _asked(base, onward)
            passing = grouped([*_pairs(more), *_pairs(rest)])
        openings = [
            (Peers(places), ports) for places, ports in (*_pairs(accepted), *_pairs(passing))
        ]
        return Gate(gate.policies, (Share(openings),), settled=True)

    def _of(self, policy: ClusterNetworkPolicy, near: _Near) -> list[_Match]:
        known = self._matches.get((policy.key, near))
        if known is None:
            known = [
                match
                for rule in policy.rules(self._direction)
                for match in self._matched(rule, near)
            ]
            self._matches[policy.key, near] = known
        return known

    def _matched(self, rule: ClusterRule, near: _Near) -> Iterator[_Match]:
        if rule.action is not Action.ACCEPT and _has_domain_names(rule):
            yield _Match(Action.DENY, self._everything, ALL_PORTS)
            return
        places = 0
        for peer in rule.peers:
            places |= self._meant(peer, near[0])
        numbers = tuple(port for port in rule.ports if isinstance(port, PolicyPort))
        ports = numbered_ports(numbers) if numbers or not rule.ports else PortSet()
        if ports:
            yield _Match(rule.action, places, ports)
        for port in rule.ports:
            if isinstance(port, NamedPort):
                for named, found in self._named(port.name, near):
                    yield _Match(rule.action, places & found, named)

    def _named(self, name: str, near: _Near) -> Iterator[tuple[PortSet, int]]:
        """The ports that a name means, and the places on which, if those are the destinations."""
        if self._direction is Direction.INGRESS:
            for (declared, protocol), number in near[1]:
                if declared == name:
                    yield PortSet.single(protocol, number), self._everything
            return
        for protocol in Protocol:
            for number, found in self._population.declaring((name, protocol)).items():
                yield PortSet.single(protocol, number), found

    def _meant(self, peer: ClusterPeer, sight: int | None) -> int:
        match peer:
            case PodPeer():
                return self._population.ordinary(peer)
            case Networks(blocks=blocks):
                found = 0
                for block in blocks:
                    found |= self._population.within(block.network, sight)
                    found |= self._table.covered(block)
                return found
            case Nodes(selector=selector):
                return self._population.on_nodes(selector)
            case DomainNames():
                return 0

    def _kept_out_of_baseline(self) -> int:
        """The pods that a NetworkPolicy for either direction frees from the Baseline tier."""
        cluster, found = self._table.cluster, 0
        if cluster.profile.baseline_skipped is BaselineSkipped.PER_POD:
            for policy in cluster.policies:
                start = self._population.spans[policy.namespace].start
                found |= self._population.subjects(policy) << start
        return found


def _has_domain_names(rule: ClusterRule) -> bool:
    return any(isinstance(peer, DomainNames) for peer in rule.peers)


def _port_names(
    policies: Mapping[Tier, Sequence[tuple[ClusterNetworkPolicy, int]]], direction: Direction
) -> Iterator[PortName]:
    """The names that rules look up on the near pod itself, which is so for ingress only."""
    if direction is Direction.INGRESS:
        for found in policies.values():
            for policy, _ in found:
                for rule in policy.ingress:
                    for port in rule.ports:
                        if isinstance(port, NamedPort):
                            yield from ((port.name, protocol) for protocol in Protocol)


def _asked(matches: Iterable[_Match], region: ByPorts) -> tuple[ByPorts, ByPorts]:
    """What a tier accepts of a region, and what it leaves to the next."""
    accepted: list[tuple[int, PortSet]] = []
    passed: list[tuple[int, PortSet]] = []
    for match in matches:
        left: ByPorts = {}
        for ports, places in region.items():
            both, common = places & match.places, ports & match.ports
            if not both or not common:
                _add(left, ports, places)
                continue
            _add(left, ports, places & ~both)
            _add(left, ports - common, both)
            if match.action is Action.ACCEPT:
                accepted.append((both, common))
            elif match.action is Action.PASS:
                passed.append((both, common))
        region = left
    return grouped(accepted), grouped([*_pairs(region), *passed])


def _add(region: ByPorts, ports: PortSet, places: int) -> None:
    if ports and places:
        region[ports] = region.get(ports, 0) | places


def _pairs(region: ByPorts) -> Iterator[tuple[int, PortSet]]:
    for ports, places in region.items():
        yield places, ports
