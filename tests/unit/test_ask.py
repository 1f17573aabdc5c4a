"""What connection texts come to in a cluster."""

from __future__ import annotations

import pytest

from netpol_sim import ask
from netpol_sim.cluster import Cluster
from netpol_sim.errors import AmbiguousNameError, ConnectionTextError, UnknownNameError
from netpol_sim.model import External, Phase, Service
from netpol_sim.verdict import ServiceOutcome, ServiceVerdict, Verdict
from tests.builders import (
    EGRESS,
    block,
    cluster,
    connection,
    labelled,
    node,
    pod,
    policy,
    rule,
    service,
)

WEB = pod("shop/web", app="web", ip="10.0.0.1", node="n1")
DB = pod("shop/db", app="db", ip=["10.0.0.2", "fd00::2"], ports=["pg:5432", "dns:53/UDP"])
API = [
    pod(f"shop/api-{index}", app="api", ip=f"10.0.1.{index}", workload="Deployment/api")
    for index in (1, 2)
]
SHOP = cluster(
    WEB,
    DB,
    *API,
    pod("shop/mixed-1", workload="Job/mixed", app="a"),
    pod("shop/mixed-2", workload="Job/mixed", app="b"),
    node("n1", "192.168.0.1"),
    service("shop/sql", select={"app": "db"}, ports=["sql:80>pg"], ip=["10.96.0.1", "fd96::1"]),
    service("shop/partner", external_name="partner.example", ports=["443"]),
    policy("shop/db", select=labelled(app="db"), ingress=[rule(ports=["pg"])]),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/web", WEB),
        ("shop/api", API[0]),
        ("node/n1", SHOP.nodes[0]),
        ("svc:shop/sql", SHOP.services[0]),
        ("10.0.0.1", WEB),
        ("fd00::2", DB),
        ("::ffff:10.0.0.1", WEB),
        ("010.0.0.1", WEB),
        ("192.168.0.1", SHOP.nodes[0]),
        ("10.96.0.1", SHOP.services[0]),
        ("fd96::1", SHOP.services[0]),
        ("203.0.113.7", External.of("203.0.113.7")),
    ],
)
def test_names(text: str, expected: object) -> None:
    """A name or address means a pod, a workload's pod, a node, a Service or somebody outside."""
    assert ask.entity(SHOP, text) == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "web",
            ConnectionTextError,
            (
                "`web` is neither an IP address nor `namespace/pod`, `node/NAME` or "
                "`svc:namespace/name`"
            ),
        ),
        (
            "a/b/c",
            ConnectionTextError,
            (
                "`a/b/c` is neither an IP address nor `namespace/pod`, `node/NAME` or "
                "`svc:namespace/name`"
            ),
        ),
        (
            "shop/wbe",
            UnknownNameError,
            "there is no pod `shop/wbe` in this cluster; did you mean `shop/web`?",
        ),
        (
            "shop/ap",
            UnknownNameError,
            "there is no pod `shop/ap` in this cluster; did you mean `shop/api`?",
        ),
        ("zoo/ape", UnknownNameError, "there is no pod `zoo/ape` in this cluster"),
        (
            "shop/sql",
            UnknownNameError,
            "there is no pod `shop/sql` in this cluster; for the Service write `svc:shop/sql`",
        ),
        (
            "shop/mixed",
            AmbiguousNameError,
            "`shop/mixed` has pods that differ: mixed-1, mixed-2; name one of them",
        ),
        ("node/n9", UnknownNameError, "there is no node `n9` in this cluster"),
        (
            "svc:shop/sq",
            UnknownNameError,
            "there is no Service `shop/sq` in this cluster; did you mean `shop/sql`?",
        ),
    ],
)
def test_names_that_mean_nothing(text: str, error: type[Exception], message: str) -> None:
    """An unknown or ambiguous name is answered with what is near or what it could be."""
    with pytest.raises(error) as raised:
        ask.entity(SHOP, text)
    assert str(raised.value) == message


def answer(text: str, within: Cluster = SHOP) -> Verdict:
    """The verdict of a text that is not about a Service."""
    found = ask.evaluate(within, text)
    assert isinstance(found, Verdict)
    return found


def service_answer(text: str, within: Cluster = SHOP) -> ServiceVerdict:
    """The verdict of a text that is about a Service."""
    found = ask.evaluate(within, text)
    assert isinstance(found, ServiceVerdict)
    return found


@pytest.mark.parametrize(
    ("text", "shown", "family"),
    [
        ("shop/web -> shop/db:5432", "shop/web -> shop/db:5432/TCP", None),
        ("shop/web -> shop/db:pg", "shop/web -> shop/db:5432/TCP", None),
        ("shop/web -> shop/db:dns/UDP", "shop/web -> shop/db:53/UDP", None),
        ("shop/web -> 10.0.0.2:80", "shop/web -> shop/db:80/TCP", 4),
        ("shop/web -> [fd00::2]:80", "shop/web -> shop/db:80/TCP", 6),
        ("10.0.0.1 -> shop/db:80", "shop/web -> shop/db:80/TCP", 4),
        ("203.0.113.7 -> shop/db:80", "203.0.113.7 -> shop/db:80/TCP", None),
        ("shop/web -> 192.168.0.1:80", "shop/web -> node/n1:80/TCP", None),
        ("shop/api -> shop/web:80", "shop/api-1 -> shop/web:80/TCP", None),
    ],
)
def test_what_a_text_asks(text: str, shown: str, family: int | None) -> None:
    """Names become values; an address that is written out decides the family."""
    asked = answer(text).connection
    assert str(asked) == shown
    assert asked.family == family


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "shop/web -> shop/db:http",
            UnknownNameError,
            "shop/db declares no port `http`/TCP; it declares pg:5432/TCP, dns:53/UDP",
        ),
        (
            "shop/web -> shop/db:dns",
            UnknownNameError,
            "shop/db declares no port `dns`/TCP; it declares pg:5432/TCP, dns:53/UDP",
        ),
        (
            "shop/db -> shop/web:http",
            UnknownNameError,
            "shop/web declares no port `http`/TCP; it declares no ports",
        ),
        (
            "shop/web -> node/n1:http",
            UnknownNameError,
            "node/n1 declares no port names; write the port as a number",
        ),
        (
            "shop/web -> 203.0.113.7:http",
            UnknownNameError,
            "203.0.113.7 declares no port names; write the port as a number",
        ),
        (
            "svc:shop/sql -> shop/web:80",
            ConnectionTextError,
            "`svc:shop/sql` is a Service; connections come from pods, nodes or addresses",
        ),
        (
            "10.96.0.1 -> shop/web:80",
            ConnectionTextError,
            "`10.96.0.1` is a Service; connections come from pods, nodes or addresses",
        ),
    ],
)
def test_questions_without_an_answer(text: str, error: type[Exception], message: str) -> None:
    """A question that cannot be asked of a cluster says why."""
    with pytest.raises(error) as raised:
        ask.evaluate(SHOP, text)
    assert str(raised.value) == message


def test_a_port_name_with_several_numbers() -> None:
    """A name that a pod gives to two ports asks for a number."""
    two = pod("shop/two", ports=["http:80", "http:8080", "dns:53", "dns:53"])
    with pytest.raises(AmbiguousNameError) as raised:
        ask.evaluate(cluster(WEB, two), "shop/web -> shop/two:http")
    assert str(raised.value) == "`http` is several ports of shop/two: 80, 8080"
    assert answer("shop/web -> shop/two:dns", cluster(WEB, two)).connection.port == 53


def test_a_workload_is_its_running_pods() -> None:
    """Finished pods of a workload do not make its name ambiguous, unless there are no others."""
    done = pod("shop/j-1", workload="Job/j", phase=Phase.SUCCEEDED, labels={"try": "1"})
    runs = pod("shop/j-2", workload="Job/j")
    assert ask.entity(cluster(done, runs), "shop/j") is runs
    assert ask.entity(cluster(done), "shop/j") is done


def test_a_connection_may_be_given_as_a_value() -> None:
    """A value is asked as it is."""
    asked = connection(WEB, DB, 5432)
    assert ask.evaluate(SHOP, asked) == answer("shop/web -> shop/db:5432")


def test_services_in_texts() -> None:
    """A Service is asked by name or address, its port by number or name."""
    for text in (
        "shop/web -> svc:shop/sql:80",
        "shop/web -> svc:shop/sql:sql",
        "shop/web -> 10.96.0.1:80",
        "shop/web -> [fd96::1]:80",
    ):
        found = service_answer(text)
        assert found.outcome is ServiceOutcome.ALLOWED
        assert found.port == 80
        assert [str(verdict) for verdict in found.backends] == [
            "shop/web -> shop/db:5432/TCP: allowed"
        ]
    assert str(service_answer("shop/web -> [fd96::1]:80").dialled) == "fd96::1"
    assert service_answer("shop/web -> [fd96::1]:80").backends[0].connection.family == 6
    assert service_answer("shop/web -> svc:shop/sql:80").dialled is None


@pytest.mark.parametrize(
    ("source", "things", "outcome"),
    [
        ("shop/web", (), ServiceOutcome.ALLOWED),
        ("shop/web", (policy("shop/x", types=[EGRESS]),), ServiceOutcome.UNKNOWN),
        ("node/n1", (policy("shop/x", types=[EGRESS]),), ServiceOutcome.ALLOWED),
        ("203.0.113.7", (policy("shop/x", types=[EGRESS]),), ServiceOutcome.ALLOWED),
        (
            "shop/web",
            (policy("shop/x", types=[EGRESS], egress=[rule(block("203.0.113.0/24"))]),),
            ServiceOutcome.UNKNOWN,
        ),
    ],
)
def test_external_names(source: str, things: tuple[object, ...], outcome: ServiceOutcome) -> None:
    """Where an external name leads is known only for a source that may send anywhere."""
    partner = service("shop/partner", external_name="partner.example", ports=["443"])
    within = cluster(WEB, node("n1"), partner, *things)  # type: ignore[arg-type]
    assert service_answer(f"{source} -> svc:shop/partner:443", within).outcome is outcome


def test_unknown_ports_of_a_service() -> None:
    """A Service that does not have the port says which it has."""
    with pytest.raises(UnknownNameError) as raised:
        ask.evaluate(SHOP, "shop/web -> svc:shop/sql:5432")
    assert str(raised.value) == "svc:shop/sql has no port 5432/TCP; it has 80/TCP -> pg"


def test_a_service_as_a_value() -> None:
    """A Service that a text names is the cluster's own."""
    assert isinstance(ask.entity(SHOP, "svc:shop/sql"), Service)
