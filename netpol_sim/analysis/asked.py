"""Needed connections as questions: one for all connections that no policy can tell apart.

``bank/* -> kube-system/coredns:53/UDP`` stands for one connection from each pod of the bank.  Pods
of a namespace that look the same to all selectors, ranges and port names get the same verdicts
whatever is applied, so that one of them is asked about for all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from netpol_sim import ask, connection_text
from netpol_sim.analysis.ends import block_of, is_several, positions, service_of
from netpol_sim.analysis.table import Place, Table
from netpol_sim.analysis.table.index import members
from netpol_sim.analysis.table.outside import Outside, OutsideRange
from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.model import Connection, Node, Pod
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import NetworkPolicy
from netpol_sim.rule_steps import RuleStep
from netpol_sim.verdict import Answer, ServiceVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about the cluster, the need it comes from, and how many connections it is about.

    ``question`` is what ``ask.evaluate`` takes.
    """

    need: str
    question: str | Connection
    pairs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A connection that is needed, as it was asked, and what becomes of it.

    ``connection`` may mean several connections.  Then ``answer`` is about one of those that are
    spoken of, and ``pairs`` counts them.  ``waits_for`` are the rules that will allow what is
    denied now.
    """

    connection: str
    answer: Answer
    pairs: int = 1
    waits_for: tuple[RuleStep, ...] = ()


def answers(cluster: Cluster, questions: Iterable[Asked]) -> tuple[Answer, ...]:
    """What a cluster answers to questions, in their order."""
    return tuple(ask.evaluate(cluster, each.question) for each in questions)


def verdicts_of(answer: Answer) -> tuple[Verdict, ...]:
    """The verdicts that an answer consists of: itself, or one for each backend of a Service."""
    return answer.backends if isinstance(answer, ServiceVerdict) else (answer,)


def needs_of(pairs: Iterable[tuple[Asked, Answer]]) -> tuple[Need, ...]:
    """Questions with their answers, those of one need together."""
    found: dict[str, Need] = {}
    for each, answer in pairs:
        known = found.get(each.need, Need(connection=each.need, answer=answer, pairs=0))
        found[each.need] = replace(known, pairs=known.pairs + each.pairs)
    return tuple(found.values())


def rules_to_come(now: Answer, in_the_end: Answer) -> tuple[RuleStep, ...]:
    """The rules that allow a connection in the end, at the ends that refuse it now."""
    found: dict[tuple[str, str], RuleStep] = {}
    for refused, allowed in zip(verdicts_of(now), verdicts_of(in_the_end), strict=True):
        for end, later in zip(refused.ends, allowed.ends, strict=True):
            if not end.allowed:
                found |= {(step.policy.key, step.field): step for step in later.matched}
    return tuple(found.values())


def asked(needs: Iterable[str | Connection], before: Cluster, after: Cluster) -> tuple[Asked, ...]:
    """The questions that needs ask, on any cluster with policies of two clusters.

    Args:
        needs: Connections, as values or as text, whose ends may mean several places.
        before: A cluster.
        after: The same with other policies.

    Raises:
        ConnectionTextError: A need cannot be read.
        UnknownNameError: The cluster has no such pod, namespace, Service or port.
    """
    given = tuple(needs)
    parsed = {need: connection_text.parse(need) for need in given if isinstance(need, str)}
    tables = (Table(before), Table(after))
    ends = [end for each in parsed.values() for end in (each.source, each.destination)]
    blocks = tables[0].blocks | tables[1].blocks
    cuts = blocks | {block for end in ends if (block := block_of(end)) is not None}
    table = tables[1]
    table.outside = Outside(cuts, table.population.addresses)
    look = _Look(blocks=blocks, keys=_keys(before, after))
    found: list[Asked] = []
    for need in given:
        question = parsed.get(need) if isinstance(need, str) else None
        if question is None or not isinstance(need, str):
            found.append(Asked(need=str(need), question=need))
        else:
            found += _several(table, look, need, question)
    return tuple(found)


def _several(
    table: Table, look: _Look, need: str, question: connection_text.Question
) -> Iterator[Asked]:
    """One question for each kind of source and destination; the need itself if it is one."""
    if not (is_several(table, question.source) or is_several(table, question.destination)):
        yield Asked(need=need, question=need)
        return
    port = f"{question.port}/{question.protocol}"
    sources = _places(table, question.source)
    service = service_of(table.cluster, question.destination)
    if service is not None:
        for group in look.groups(sources, beside=table.places):
            text = f"{_text(group[0])} -> {service.key}:{port}"
            yield Asked(need=need, question=text, pairs=len(group))
        return
    destinations = _places(table, question.destination)
    far = look.groups(destinations, beside=sources)
    for group in look.groups(sources, beside=destinations):
        for others in far:
            ends = next(((a, b) for a in group for b in others if a is not b), None)
            if ends is not None:
                same = {*map(id, group)} & {*map(id, others)}
                text = f"{_text(ends[0])} -> {_text(ends[1])}:{port}"
                yield Asked(need=need, question=text, pairs=len(group) * len(others) - len(same))


def _places(table: Table, end: str) -> Sequence[Place]:
    return [table.places[position] for position in members(positions(table, end))]


def _text(place: Place) -> str:
    """A place as the text of a connection names it."""
    if not isinstance(place, OutsideRange):
        return place.key
    address = place.sample.address
    return f"[{address}]" if address.version == 6 else str(address)


# -- What policies can tell apart ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What of a pod policies can see: labels with these keys (None: all), addresses in blocks."""

    blocks: frozenset[IPBlock]
    keys: frozenset[str] | None

    def groups(self, places: Iterable[Place], beside: Iterable[Place]) -> list[list[Place]]:
        """Places that look alike, in order of the first of each.

        ``beside`` are the other ends: where a node is among them, it matters on which node a pod
        runs, since a pod and its node are never kept apart.
        """
        nodes = any(not isinstance(each, OutsideRange) and _uses_a_node(each) for each in beside)
        found: dict[Hashable, list[Place]] = {}
        for place in places:
            found.setdefault(self._seen(place, nodes=nodes), []).append(place)
        return list(found.values())

    def _seen(self, place: Place, *, nodes: bool) -> Hashable:
        if not isinstance(place, Pod) or place.host_network:
            return id(place)
        labels = place.labels
        seen = [(key, labels[key]) for key in labels if self.keys is None or key in self.keys]
        within = [
            (ip.version, *(block for block in self.blocks if block.contains(ip)))
            for ip in place.ips
        ]
        return (
            place.namespace,
            frozenset(seen),
            tuple(within),
            place.ports,
            place.takes_part,
            place.node if nodes else None,
        )


def _uses_a_node(place: Pod | Node) -> bool:
    return isinstance(place, Node) or place.host_network


def _keys(*clusters: Cluster) -> frozenset[str] | None:
    """The keys of pod labels that policies speak of; None where there may be others, too."""
    if any(cluster.cluster_policies for cluster in clusters):
        return None
    selectors = (each for cluster in clusters for each in _selectors(cluster.policies))
    return frozenset(
        key
        for selector in selectors
        for key in (*selector.match_labels, *(each.key for each in selector.match_expressions))
    )


def _selectors(policies: Iterable[NetworkPolicy]) -> Iterator[LabelSelector]:
    for policy in policies:
        yield policy.pod_selector
        for rule in (*policy.ingress, *policy.egress):
            for peer in rule.peers:
                if isinstance(peer, PodPeer) and peer.pod_selector is not None:
                    yield peer.pod_selector
