"""What a cluster is made of, as values."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from netpol_sim.errors import InvalidValueError
from netpol_sim.model import (
    Connection,
    ContainerPort,
    External,
    Namespace,
    Node,
    Phase,
    Pod,
    Service,
    ServicePort,
)
from netpol_sim.plugin import EgressJudged, HostNetwork, Profile
from netpol_sim.policy import Direction, Protocol
from tests.builders import connection, external, node, pod, service

WEB, DB = pod("shop/web", app="web", ip="10.0.0.1"), pod("shop/db")


def test_a_namespace_always_has_its_name_as_a_label() -> None:
    """The label of the name is added, and wins over what was given."""
    assert Namespace(name="shop").labels == {"kubernetes.io/metadata.name": "shop"}
    told = Namespace(name="shop", labels={"kubernetes.io/metadata.name": "bank", "team": "a"})
    assert told.labels == {"kubernetes.io/metadata.name": "shop", "team": "a"}
    assert str(told) == "shop"


def test_a_pod_takes_text_for_its_parts() -> None:
    """Labels, addresses and phase may be given as they are written."""
    one = Pod(
        namespace="shop",
        name="web",
        labels={"app": "web"},
        ips=("10.0.0.1", ip_address("fd00::1")),  # type: ignore[arg-type]
        phase="Running",  # type: ignore[arg-type]
    )
    assert one.ips == (ip_address("10.0.0.1"), ip_address("fd00::1"))
    assert one.phase is Phase.RUNNING
    assert one.key == str(one) == "shop/web"
    assert hash(one) == hash(pod("shop/web", app="web", ip=["10.0.0.1", "fd00::1"]))


@pytest.mark.parametrize(
    ("phase", "ip", "host_network", "takes_part"),
    [
        (Phase.RUNNING, (), False, True),
        (Phase.UNKNOWN, (), False, True),
        (Phase.PENDING, (), False, False),
        (Phase.PENDING, "10.0.0.1", False, True),
        (Phase.PENDING, (), True, True),
        (Phase.SUCCEEDED, "10.0.0.1", False, False),
        (Phase.FAILED, "10.0.0.1", False, False),
        (Phase.FAILED, (), True, False),
    ],
)
def test_which_pods_take_part(
    phase: Phase,
    ip: str | tuple[str, ...],
    host_network: bool,  # noqa: FBT001
    takes_part: bool,  # noqa: FBT001
) -> None:
    """Finished pods do not, nor do pending ones without an address of their own or their node's."""
    one = pod("shop/web", phase=phase, ip=ip, host_network=host_network)
    assert one.takes_part is takes_part


def test_ports_by_name() -> None:
    """A name may stand for several declared ports, and for none."""
    one = pod("shop/web", ports=["dns:53", "dns:53/UDP", 80, "http:8080"])
    assert one.ports_named("dns") == (
        ContainerPort(port=53, name="dns"),
        ContainerPort(port=53, name="dns", protocol=Protocol.UDP),
    )
    assert one.ports_named("https") == ()
    assert [str(port) for port in one.ports] == [
        "dns:53/TCP",
        "dns:53/UDP",
        "80/TCP",
        "http:8080/TCP",
    ]


def test_where_something_was_written_does_not_count() -> None:
    """Two values that say the same are equal wherever they were written."""
    assert Node(name="n1") == node("n1")
    assert node("n1", "10.0.0.1").key == str(node("n1")) == "node/n1"


def test_an_outside_address() -> None:
    """An outside address is known by its text, in its shortest form."""
    assert external("FD00:0::1").key == "fd00::1"
    assert str(external("::ffff:10.0.0.1")) == "10.0.0.1"
    with pytest.raises(ValueError, match="nonsense"):
        External.of("nonsense")


@pytest.mark.parametrize("selector", [None, {}])
def test_a_service_without_a_selector(selector: dict[str, str] | None) -> None:
    """An empty selector is none, as to the API server."""
    assert Service(namespace="shop", name="db", selector=selector).selector is None


def test_a_service_has_a_key() -> None:
    """A Service is written with a prefix, so that it is no pod."""
    one = service("shop/db", select={"app": "db"}, ports=["sql:80>pg"], ip="10.96.0.1")
    assert one.key == str(one) == "svc:shop/db"
    assert one.cluster_ips == (ip_address("10.96.0.1"),)
    assert [str(port) for port in one.ports] == ["80/TCP -> pg"]
    assert ServicePort(port=53, target_port=53, protocol="UDP").protocol is Protocol.UDP  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Namespace, {"name": "a.b"}),
        (Namespace, {"name": "shop", "labels": {"a b": "c"}}),
        (Pod, {"namespace": "shop", "name": "Web"}),
        (Pod, {"namespace": "a.b", "name": "web"}),
        (Pod, {"namespace": "shop", "name": "web", "labels": {"app": "a b"}}),
        (ContainerPort, {"port": 0}),
        (ContainerPort, {"port": 65536}),
        (ContainerPort, {"port": 80, "name": "-http"}),
        (ServicePort, {"port": 0, "target_port": 80}),
        (ServicePort, {"port": 65536, "target_port": 65536}),
        (ServicePort, {"port": 80, "target_port": 0}),
        (ServicePort, {"port": 80, "target_port": "http!"}),
        (Node, {"name": "N1"}),
        (Service, {"namespace": "shop", "name": "1db"}),
        (Service, {"namespace": "a.b", "name": "db"}),
        (Service, {"namespace": "shop", "name": "db", "selector": {"a b": "c"}}),
    ],
)
def test_bad_names_and_labels(kind: type, fields: dict[str, object]) -> None:
    """Names and labels that the API server refuses cannot be in a cluster."""
    with pytest.raises(InvalidValueError):
        kind(**fields)


@pytest.mark.parametrize("number", [0, 65536, -1])
def test_a_connection_goes_to_a_port(number: int) -> None:
    """The port of a connection lies between 1 and 65535."""
    with pytest.raises(InvalidValueError) as error:
        connection(WEB, DB, number)
    assert str(error.value) == f"port: Invalid value: `{number}`: must be between 1 and 65535"


def test_the_ends_of_a_connection() -> None:
    """Egress is about the source, ingress about the destination."""
    one = connection(WEB, DB, 5432)
    assert (one.near(Direction.EGRESS), one.far(Direction.EGRESS)) == (WEB, DB)
    assert (one.near(Direction.INGRESS), one.far(Direction.INGRESS)) == (DB, WEB)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (connection(WEB, DB, 5432), "shop/web -> shop/db:5432/TCP"),
        (
            connection(WEB, external("203.0.113.7"), 53, Protocol.UDP),
            "shop/web -> 203.0.113.7:53/UDP",
        ),
        (connection(node("n1"), external("2001:db8::7"), 443), "node/n1 -> [2001:db8::7]:443/TCP"),
    ],
)
def test_connections_as_text(made: Connection, text: str) -> None:
    """A connection shows as it would be asked; IPv6 stands in brackets before a port."""
    assert str(made) == text


def test_a_profile_takes_text_for_its_choices() -> None:
    """Text would otherwise never be the choice that it names."""
    said: dict[str, Any] = {"egress_judged": "before-translation", "host_network": "as-pod"}
    profile = Profile(**said)
    assert profile.egress_judged is EgressJudged.BEFORE_TRANSLATION
    assert profile.host_network is HostNetwork.AS_POD
