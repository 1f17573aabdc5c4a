"""The text form of a connection, taken apart: ``SOURCE -> DESTINATION:PORT[/PROTOCOL]``.

SOURCE is ``namespace/pod``, an IP address or ``node/NAME``; DESTINATION the same or
``svc:namespace/name``.  PROTOCOL is TCP when left out, PORT a number or the name of a port, and an
IPv6 address before a port stands in brackets.  ``ask`` looks up what they stand for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netpol_sim.errors import ConnectionTextError
from netpol_sim.policy import Protocol

FORM = "`SOURCE -> DESTINATION:PORT[/PROTOCOL]`, such as `bank/frontend -> bank/api:8080/TCP`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A connection text, taken apart but not yet looked up in a cluster."""

    source: str
    destination: str
    port: int | str
    protocol: Protocol

    def __str__(self) -> str:
        return f"{self.source} -> {self.destination}:{self.port}/{self.protocol}"


def parse(text: str) -> Question:
    """Take a connection text apart.

    Raises:
        ConnectionTextError: A part is missing or malformed; the message says which.
    """
    found = _QUESTION.fullmatch(text.strip())
    if found is None:
        raise ConnectionTextError(f"`{text}` {_fault(text)}; write {FORM}")
    return Question(
        source=found["source"].strip("[]"),
        destination=found["destination"].strip("[]"),
        port=_port(found["port"]),
        protocol=_protocol(found["protocol"] or "TCP"),
    )


_QUESTION = re.compile(
    r"(?P<source>\S+?)\s*->\s*"
    r"(?P<destination>\[[^\[\]\s]+\]|svc:[^\[\]:\s]+|(?!svc:)[^\[\]:\s]+)"
    r":(?P<port>[^:/\s]+)(?:/(?P<protocol>\w+))?"
)


def parse_ends(text: str) -> tuple[str, str]:
    """Take ``SOURCE -> DESTINATION`` apart, which names no port.

    Raises:
        ConnectionTextError: An end is missing, or has a blank inside.
    """
    source, _, destination = (part.strip() for part in text.partition("->"))
    if not source or not destination or " " in source or " " in destination:
        raise ConnectionTextError(
            f"`{text}` is no pair of ends; write `SOURCE -> DESTINATION`, such as "
            "`bank/frontend -> bank/api`"
        )
    return source, destination.strip("[]")


def _fault(text: str) -> str:
    source, arrow, rest = (part.strip() for part in text.partition("->"))
    if not arrow:
        return "has no `->`"
    if not source or not rest:
        return f"has nothing {'after' if source else 'before'} `->`"
    if " " in source or " " in rest:
        return "has a blank inside a name"
    destination = rest.removeprefix("svc:")
    if destination.count(":") > 1 and not destination.startswith("["):
        return "has an IPv6 address without brackets"
    if ":" not in destination.rpartition("]")[2]:
        return "names no port"
    return "cannot be read"


def parse_port(text: str, protocol: Protocol | str = Protocol.TCP) -> tuple[int | str, Protocol]:
    """Take a text such as ``8080``, ``53/UDP`` or ``http`` apart.

    Raises:
        ConnectionTextError: A number out of range, or an unknown protocol.
    """
    port, slash, own = text.strip().partition("/")
    if not port or (slash and not own):
        raise ConnectionTextError(f"`{text}` is no port; write it as `8080`, `53/UDP` or `http`")
    return _port(port), _protocol(own or protocol)


def _port(text: str) -> int | str:
    if not (text.isascii() and text.isdigit()):
        return text
    digits = text.lstrip("0")
    number = int(digits) if 1 <= len(digits) <= 5 else 0
    if not 1 <= number <= 65535:
        raise ConnectionTextError(f"port `{text}` must be between 1 and 65535")
    return number


def _protocol(text: str) -> Protocol:
    if text.upper() not in list(Protocol):
        raise ConnectionTextError(
            f"protocol `{text}` is not one that policies speak about; use {', '.join(Protocol)}"
        )
    return Protocol(text.upper())
