"""A Service address and the pod connections behind it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netpol_sim import services
from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.model import Connection, Phase, Service, ServicePort
from netpol_sim.policy import Protocol
from tests.builders import cluster, pod, service

WEB = pod("shop/web", app="web")
ONE = pod("shop/one", app="db", ip=["10.0.0.1", "fd00::1"], ports=["pg:5432", "dns:53/UDP"])
TWO = pod("shop/two", app="db", ip="10.0.0.2", ports=["pg:5433", "pg:9999/UDP"])
NOT_READY = pod("shop/not-ready", app="db", ready=False)
FINISHED = pod("shop/finished", app="db", phase=Phase.FAILED)
ELSEWHERE = pod("bank/one", app="db")
DB = service(
    "shop/db",
    select={"app": "db"},
    ports=["sql:80>pg", "number:81>8081", "same:82", "dns:53/UDP"],
    ip=["10.96.0.1", "fd96::1"],
)
SHOP = cluster(WEB, ONE, TWO, NOT_READY, FINISHED, ELSEWHERE, DB)


def dialled(
    found: tuple[Connection, ...],
) -> list[tuple[str, int, int | None, tuple[object, int] | None]]:
    """What is known of each connection."""
    return [(each.destination.key, each.port, each.family, each.dialled) for each in found]


def test_backends() -> None:
    """Behind a Service are the ready pods of its namespace with the labels of its selector."""
    assert services.backends(SHOP, DB) == (ONE, TWO)


def test_backends_that_are_not_ready() -> None:
    """A Service may publish pods that are not ready, but never finished ones."""
    early = Service(
        namespace="shop", name="early", selector={"app": "db"}, publish_not_ready_addresses=True
    )
    assert services.backends(SHOP, early) == (ONE, TWO, NOT_READY)


@pytest.mark.parametrize(
    "without",
    [
        service("shop/none"),
        service("shop/empty", select={}),
        service("shop/name", external_name="example.com"),
        service("shop/odd", select={"app": "db"}, external_name="example.com"),
        service("shop/nobody", select={"app": "nobody"}),
    ],
    ids=str,
)
def test_no_backends(without: Service) -> None:
    """Without a selector, or with an external name, no pod is behind a Service."""
    assert services.backends(SHOP, without) == ()


@pytest.mark.parametrize(
    ("port", "protocol", "expected"),
    [
        (80, Protocol.TCP, "80/TCP -> pg"),
        ("sql", Protocol.TCP, "80/TCP -> pg"),
        (81, Protocol.TCP, "81/TCP -> 8081"),
        (53, Protocol.UDP, "53/UDP -> 53"),
    ],
)
def test_service_ports(port: int | str, protocol: Protocol, expected: str) -> None:
    """A port of a Service is found by number or name, in its protocol."""
    assert str(services.service_port(DB, port, protocol)) == expected


@pytest.mark.parametrize(
    ("of", "port", "protocol", "text"),
    [
        (
            DB,
            5432,
            Protocol.TCP,
            (
                "svc:shop/db has no port 5432/TCP; it has 80/TCP -> pg, 81/TCP -> 8081, "
                "82/TCP -> 82, 53/UDP -> 53"
            ),
        ),
        (DB, 53, Protocol.TCP, "svc:shop/db has no port 53/TCP; it has "),
        (DB, "pg", Protocol.TCP, "svc:shop/db has no port pg/TCP; it has "),
        (service("shop/x"), 80, Protocol.TCP, "svc:shop/x has no port 80/TCP; it has no ports"),
    ],
)
def test_unknown_service_ports(of: Service, port: int | str, protocol: Protocol, text: str) -> None:
    """An unknown port is said together with those there are."""
    with pytest.raises(UnknownNameError) as error:
        services.service_port(of, port, protocol)
    assert str(error.value).startswith(text)


V4, V6 = ip_address("10.96.0.1"), ip_address("fd96::1")


@pytest.mark.parametrize(
    ("port", "protocol", "address", "expected"),
    [
        (
            80,
            Protocol.TCP,
            None,
            [("shop/one", 5432, 4, (V4, 80)), ("shop/two", 5433, 4, (V4, 80))],
        ),
        (
            "sql",
            Protocol.TCP,
            V6,
            [("shop/one", 5432, 6, (V6, 80)), ("shop/two", 5433, None, (V6, 80))],
        ),
        (
            81,
            Protocol.TCP,
            None,
            [("shop/one", 8081, 4, (V4, 81)), ("shop/two", 8081, 4, (V4, 81))],
        ),
        (82, Protocol.TCP, None, [("shop/one", 82, 4, (V4, 82)), ("shop/two", 82, 4, (V4, 82))]),
    ],
)
def test_translation(
    port: int | str, protocol: Protocol, address: object, expected: list[object]
) -> None:
    """A Service port becomes each backend's own, in the family of the address that was dialled."""
    found = services.connections(SHOP, WEB, DB, port, protocol, dialled=address)  # type: ignore[arg-type]
    assert dialled(found) == expected
    assert {each.source for each in found} == {WEB}


def test_a_named_target_needs_the_protocol() -> None:
    """A backend whose port of that name has another protocol gets no traffic."""
    dns = Service(
        namespace="shop",
        name="dns",
        selector={"app": "db"},
        ports=(ServicePort(port=53, target_port="dns", protocol=Protocol.UDP),),
    )
    found = services.connections(SHOP, WEB, dns, 53, Protocol.UDP)
    assert dialled(found) == [("shop/one", 53, None, (None, 53))]


def test_headless() -> None:
    """A headless Service leads straight to the pods: a number stays, a name is looked up."""
    headless = service("shop/db", select={"app": "db"}, ports=["sql:80>pg"], headless=True)
    by_number = services.connections(SHOP, WEB, headless, 80)
    assert dialled(by_number) == [("shop/one", 80, None, None), ("shop/two", 80, None, None)]
    by_name = services.connections(SHOP, WEB, headless, "sql")
    assert dialled(by_name) == [("shop/one", 5432, None, None), ("shop/two", 5433, None, None)]
    with pytest.raises(UnknownNameError):
        services.connections(SHOP, WEB, headless, "pg")


def test_no_backend_no_connection() -> None:
    """A Service without backends leads nowhere, but its port must still exist."""
    empty = cluster(WEB, DB)
    assert services.connections(empty, WEB, DB, 80) == ()
    with pytest.raises(UnknownNameError):
        services.connections(Cluster(services=(DB,)), WEB, DB, 1)
