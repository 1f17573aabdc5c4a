"""Connection texts: every form and every fault."""

from __future__ import annotations

import pytest

from netpol_sim import connection_text
from netpol_sim.errors import ConnectionTextError
from netpol_sim.policy import Protocol

FORM = (
    "; write `SOURCE -> DESTINATION:PORT[/PROTOCOL]`, such as `bank/frontend -> bank/api:8080/TCP`"
)


@pytest.mark.parametrize(
    ("text", "source", "destination", "port", "protocol"),
    [
        ("a/b -> c/d:80", "a/b", "c/d", 80, "TCP"),
        ("  a/b->c/d:80  ", "a/b", "c/d", 80, "TCP"),
        ("a/b -> c/d:http/UDP", "a/b", "c/d", "http", "UDP"),
        ("a/b -> c/d:80/sctp", "a/b", "c/d", 80, "SCTP"),
        ("a/b -> c/d:00080", "a/b", "c/d", 80, "TCP"),
        ("a/b -> c/d:0000000000000000080", "a/b", "c/d", 80, "TCP"),
        ("node/n1 -> node/n2:10250", "node/n1", "node/n2", 10250, "TCP"),
        ("10.0.0.1 -> 10.0.0.2:1", "10.0.0.1", "10.0.0.2", 1, "TCP"),
        ("fd00::1 -> [fd00::2]:65535/TCP", "fd00::1", "fd00::2", 65535, "TCP"),
        ("[fd00::1] -> [fd00::2]:443", "fd00::1", "fd00::2", 443, "TCP"),
        ("a/b -> svc:c/d:80", "a/b", "svc:c/d", 80, "TCP"),
        ("a/b -> svc:c/d:web/TCP", "a/b", "svc:c/d", "web", "TCP"),
        ("a/b-c.d -> c/d.e-f:80", "a/b-c.d", "c/d.e-f", 80, "TCP"),
    ],
)
def test_texts(text: str, source: str, destination: str, port: int | str, protocol: str) -> None:
    """A connection text has a source, a destination, a port, and TCP unless it says otherwise."""
    assert connection_text.parse(text) == connection_text.Question(
        source=source, destination=destination, port=port, protocol=Protocol(protocol)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"`` has no `->`{FORM}"),
        ("a/b c/d:80", f"`a/b c/d:80` has no `->`{FORM}"),
        ("-> c/d:80", f"`-> c/d:80` has nothing before `->`{FORM}"),
        ("a/b ->", f"`a/b ->` has nothing after `->`{FORM}"),
        ("a/b -> c/d", f"`a/b -> c/d` names no port{FORM}"),
        ("a/b -> svc:c/d", f"`a/b -> svc:c/d` names no port{FORM}"),
        ("a/b -> [fd00::1]", f"`a/b -> [fd00::1]` names no port{FORM}"),
        ("a/b -> fd00::1:80", f"`a/b -> fd00::1:80` has an IPv6 address without brackets{FORM}"),
        ("a/b -> c d:80", f"`a/b -> c d:80` has a blank inside a name{FORM}"),
        ("a b -> c/d:80", f"`a b -> c/d:80` has a blank inside a name{FORM}"),
        ("a/b -> c/d:80:", f"`a/b -> c/d:80:` has an IPv6 address without brackets{FORM}"),
        ("a/b -> :80", f"`a/b -> :80` cannot be read{FORM}"),
        ("a/b -> c/d:80/", f"`a/b -> c/d:80/` cannot be read{FORM}"),
        ("a/b -> c/d:0", "port `0` must be between 1 and 65535"),
        ("a/b -> c/d:65536", "port `65536` must be between 1 and 65535"),
        (
            "a/b -> c/d:99999999999999999999",
            "port `99999999999999999999` must be between 1 and 65535",
        ),
        (
            "a/b -> c/d:80/ICMP",
            "protocol `ICMP` is not one that policies speak about; use TCP, UDP, SCTP",
        ),
    ],
)
def test_faults_of_texts(text: str, message: str) -> None:
    """A text that cannot be read is answered with what is wrong and how it is written."""
    with pytest.raises(ConnectionTextError) as error:
        connection_text.parse(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "usual", "expected"),
    [
        ("8080", "TCP", (8080, Protocol.TCP)),
        ("53/UDP", "TCP", (53, Protocol.UDP)),
        (" http ", "sctp", ("http", Protocol.SCTP)),
        ("080", Protocol.UDP, (80, Protocol.UDP)),
    ],
)
def test_ports_alone(text: str, usual: str, expected: tuple[int | str, Protocol]) -> None:
    """A port may bring its protocol; otherwise it has the one that was asked for."""
    assert connection_text.parse_port(text, usual) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`` is no port; write it as `8080`, `53/UDP` or `http`"),
        ("80/", "`80/` is no port; write it as `8080`, `53/UDP` or `http`"),
        ("/UDP", "`/UDP` is no port; write it as `8080`, `53/UDP` or `http`"),
        ("0", "port `0` must be between 1 and 65535"),
        ("80/x", "protocol `x` is not one that policies speak about; use TCP, UDP, SCTP"),
    ],
)
def test_faults_of_ports(text: str, message: str) -> None:
    """A port that cannot be read is shown how to be written."""
    with pytest.raises(ConnectionTextError) as error:
        connection_text.parse_port(text)
    assert str(error.value) == message


def test_a_question_as_text() -> None:
    """A question shows in full."""
    assert str(connection_text.parse("a/b -> svc:c/d:80")) == "a/b -> svc:c/d:80/TCP"
