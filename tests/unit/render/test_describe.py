"""The parts of a policy in words."""

from __future__ import annotations

import pytest

from netpol_sim.labels import LabelSelector
from netpol_sim.origin import Location
from netpol_sim.peers import Peer
from netpol_sim.policy import PolicyPort
from netpol_sim.render import describe
from tests.builders import (
    block,
    labelled,
    namespaces,
    pods,
    pods_in,
    port,
    requirement,
)

NAME = "kubernetes.io/metadata.name"

SELECTORS: list[tuple[LabelSelector, str]] = [
    (labelled(), "every pod"),
    (labelled(app="web"), "pods with app=web"),
    (labelled(tier="api", app="web"), "pods with app=web and tier=api"),
    (labelled(requirement("tier", "In", "api")), "pods with tier=api"),
    (labelled(requirement("tier", "In", "web", "api")), "pods with tier in (web, api)"),
    (labelled(requirement("tier", "NotIn", "data")), "pods with tier not in (data)"),
    (labelled(requirement("tier", "Exists")), "pods with a label tier"),
    (labelled(requirement("tier", "DoesNotExist")), "pods with no label tier"),
    (labelled(app=""), 'pods with app=""'),
    (
        labelled(requirement("a", "Exists"), requirement("b", "DoesNotExist"), app="web"),
        "pods with app=web, a label a and no label b",
    ),
]


@pytest.mark.parametrize(("selector", "said"), SELECTORS)
def test_selectors(selector: LabelSelector, said: str) -> None:
    """A selector says what it asks for; the empty one is every pod."""
    assert describe.pods(selector, "namespace shop") == f"{said} in namespace shop"


PEERS: list[tuple[Peer, str]] = [
    (pods(), "every pod in namespace shop"),
    (pods(app="web"), "pods with app=web in namespace shop"),
    (namespaces(), "every pod in every namespace"),
    (namespaces(env="dev"), "every pod in namespaces with env=dev"),
    (namespaces(requirement(NAME, "In", "a")), "every pod in namespace a"),
    (namespaces(requirement(NAME, "In", "a", "b")), "every pod in namespaces a or b"),
    (
        namespaces(requirement(NAME, "NotIn", "a")),
        f"every pod in namespaces with {NAME} not in (a)",
    ),
    (
        pods_in(namespaces(env="dev"), pods(app="web")),
        "pods with app=web in namespaces with env=dev",
    ),
    (pods_in(namespaces(), pods(app="web")), "pods with app=web in every namespace"),
    (block("10.0.0.0/8"), "addresses in 10.0.0.0/8"),
    (
        block("10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"),
        "addresses in 10.0.0.0/8 except 10.1.0.0/16 and 10.2.0.0/16",
    ),
]


@pytest.mark.parametrize(("peer", "said"), PEERS)
def test_peers(peer: Peer, said: str) -> None:
    """A peer says whom it picks, and where a podSelector alone looks."""
    assert describe.peer(peer, "shop") == said


PORTS: list[tuple[PolicyPort, str]] = [
    (port(80), "port 80/TCP"),
    (port("8000-8010/UDP"), "ports 8000 to 8010/UDP"),
    (PolicyPort(port=80, end_port=80), "port 80/TCP"),
    (port("http"), "the port named `http` (TCP)"),
    (port("/SCTP"), "every SCTP port"),
]


@pytest.mark.parametrize(("entry", "said"), PORTS)
def test_ports(entry: PolicyPort, said: str) -> None:
    """A port entry says which ports it allows."""
    assert describe.port(entry) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(items: list[str], said: str) -> None:
    """Items are listed as people list them."""
    assert describe.listed(items) == said


def test_places() -> None:
    """A field is named with its place in a file when that is known."""
    place = Location(file="a.yaml", line=3)
    assert describe.where("spec.ingress[0]", place) == "spec.ingress[0] (a.yaml:3)"
    assert describe.where("spec.ingress[0]", None) == "spec.ingress[0]"
