"""Egress to Services whose answer depends on whether a plugin judges it before translation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from netpol_sim import services
from netpol_sim.analysis.lint.survey import Survey
from netpol_sim.cluster_peers import Networks
from netpol_sim.cluster_policy import AnyPolicy, Tier
from netpol_sim.evaluate import evaluate_end
from netpol_sim.model import Connection, Pod, Service
from netpol_sim.peers import IPBlock
from netpol_sim.plugin import Profile
from netpol_sim.policy import Direction
from netpol_sim.verdict import EndVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """A connection to a Service, and what its egress end says here and on another plugin."""

    asked: str
    connection: Connection
    here: EndVerdict
    there: EndVerdict


def first_difference(survey: Survey, other: Profile) -> Dialled | None:
    """The first connection to a Service that the egress end of another plugin decides otherwise."""
    there = survey.cluster.with_profile(other)
    for policies, sources in _alike(survey):
        has_ranges = any(_has_ranges(policy) for policy in policies)
        for service, port, connection in _dialled(survey, sources):
            if port == connection.port and not has_ranges:
                continue
            ends = [
                evaluate_end(cluster, connection, Direction.EGRESS)
                for cluster in (survey.cluster, there)
            ]
            if ends[0].allowed is not ends[1].allowed and _let_in(survey, connection):
                asked = f"{connection.source} -> {service.key}:{port}/{connection.protocol}"
                return Dialled(asked=asked, connection=connection, here=ends[0], there=ends[1])
    return None


def _alike(survey: Survey) -> Iterator[tuple[Sequence[AnyPolicy], list[Pod]]]:
    """Two pods at most of all for which the same policies decide about egress."""
    found: dict[object, tuple[Sequence[AnyPolicy], list[Pod]]] = {}
    for pod in survey.all_subjects:
        of_tiers = (survey.cluster.in_tier(tier, pod, Direction.EGRESS) for tier in Tier)
        policies: tuple[AnyPolicy, ...] = (
            *survey.isolating(pod, Direction.EGRESS),
            *chain.from_iterable(of_tiers),
        )
        if policies:
            key = tuple(policy.key for policy in policies)
            pods = found.setdefault(key, (policies, []))[1]
            # One stands for all, and a second where the first is itself behind the Service.
            if len(pods) < 2:
                pods.append(pod)
    yield from found.values()


def _dialled(survey: Survey, sources: list[Pod]) -> Iterator[tuple[Service, int, Connection]]:
    """Connections through the cluster IP of each Service, each by one of the sources."""
    for service in () if not sources else survey.cluster.services:
        for port in service.ports:
            for source in sources:
                for connection in services.connections(
                    survey.cluster, source, service, port.port, port.protocol
                ):
                    if connection.dialled is not None and connection.destination is not source:
                        yield service, port.port, connection


def _has_ranges(policy: AnyPolicy) -> bool:
    return any(
        isinstance(peer, IPBlock | Networks)
        for rule in policy.rules(Direction.EGRESS)
        for peer in rule.peers
    )


def _let_in(survey: Survey, connection: Connection) -> bool:
    return evaluate_end(survey.cluster, connection, Direction.INGRESS).allowed
