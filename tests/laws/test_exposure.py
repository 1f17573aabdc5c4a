"""Law of exposure: a pod that does not exist yet is judged as ``evaluate`` would judge it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.exposure import Exposed, exposure
from netpol_sim.analysis.table.outside import OutsideRange
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import Labels
from netpol_sim.model import Connection
from netpol_sim.policy import Protocol
from tests.laws.strategies import NAMESPACES, clusters, labels, port_numbers


def opened(found: Exposed, protocol: Protocol, port: int) -> set[str]:
    """Who shares a port with the pod."""
    return {place.key for ports, places in found if (protocol, port) in ports for place in places}


@given(
    clusters(),
    st.sampled_from((*NAMESPACES, "new")),
    labels(),
    st.none() | labels(),
    port_numbers(),
    st.sampled_from(Protocol),
)
def test_exposure(
    cluster: Cluster,
    namespace: str,
    own: Labels,
    around: Labels | None,
    port: int,
    protocol: Protocol,
) -> None:
    """The places on each port are those that ``evaluate`` allows, in both directions."""
    found = exposure(cluster, namespace, own, namespace_labels=around)
    assert found.pod in found.cluster.pods
    assert found.pod.labels == own
    for place in found.places:
        end = place.sample if isinstance(place, OutsideRange) else place
        for source, destination, side in (
            (end, found.pod, found.reached_by),
            (found.pod, end, found.reaches),
        ):
            question = Connection(
                source=source, destination=destination, port=port, protocol=protocol
            )
            allowed = evaluate(found.cluster, question).allowed
            assert (place.key in opened(side, protocol, port)) is allowed


@given(clusters(), labels())
def test_nothing_else_changes(cluster: Cluster, own: Labels) -> None:
    """The cluster asked about is the same with one more pod, which takes nobody's name."""
    found = exposure(cluster, "bank", own)
    assert found.cluster.pods[:-1] == cluster.pods
    assert found.cluster.policies == cluster.policies
    again = exposure(found.cluster, "bank", own)
    assert len(again.cluster.pods) == len(cluster.pods) + 2
