"""The names Kubernetes accepts, and what is said about the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netpol_sim import names
from netpol_sim.names import Messages

TOO_LONG = "must be no more than {} characters"
LABEL = (
    "must consist of lower case letters, digits or `-`, and start and end with a letter or digit "
    "(such as `my-name` or `123-abc`)"
)
SUBDOMAIN = (
    "must consist of lower case letters, digits, `-` or `.`, and start and end with a letter or "
    "digit (such as `example.com`)"
)
DNS_1035 = (
    "must consist of lower case letters, digits or `-`, start with a letter and end with a letter "
    "or digit (such as `my-name` or `abc-123`)"
)
QUALIFIED = (
    "name part must consist of letters, digits, `-`, `_` or `.`, and start and end with a letter "
    "or digit (such as `MyName` or `my.name`)"
)
VALUE = (
    "must be empty, or consist of letters, digits, `-`, `_` or `.` and start and end with a letter "
    "or digit (such as `MyValue` or `12345`)"
)
CHARACTERS = "must contain only lower case letters, digits and `-`"
ONE_LETTER = "must contain at least one letter"
DASHES = "must not contain two `-` in a row"
EDGES = "must not begin or end with `-`"


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (names.dns_label, "a"),
        (names.dns_label, "0"),
        (names.dns_label, "my-name-1"),
        (names.dns_label, "a" * 63),
        (names.dns_subdomain, "a"),
        (names.dns_subdomain, "1.2-3.x"),
        (names.dns_subdomain, "a" * 253),
        (names.dns_1035_label, "a"),
        (names.dns_1035_label, "abc-123"),
        (names.dns_1035_label, "a" * 63),
        (names.label_key, "app"),
        (names.label_key, "A"),
        (names.label_key, "9"),
        (names.label_key, "a" * 63),
        (names.label_key, "My.Key_with-all"),
        (names.label_key, "example.com/key"),
        (names.label_key, "a" * 253 + "/" + "b" * 63),
        (names.label_value, ""),
        (names.label_value, "a" * 63),
        (names.label_value, "My.Value_with-all"),
        (names.label_value, "1"),
        (names.port_name, "http"),
        (names.port_name, "a"),
        (names.port_name, "8080-a"),
        (names.port_name, "a23456789012345"),
    ],
)
def test_accepted(check: Callable[[str], Messages], text: str) -> None:
    """Nothing is wrong with a text that the API server accepts."""
    assert check(text) == ()


@pytest.mark.parametrize(
    ("check", "text", "messages"),
    [
        (names.dns_label, "", (LABEL,)),
        (names.dns_label, "a.b", (LABEL,)),
        (names.dns_label, "A", (LABEL,)),
        (names.dns_label, "-a", (LABEL,)),
        (names.dns_label, "a-", (LABEL,)),
        (names.dns_label, "a\n", (LABEL,)),
        (names.dns_label, "é", (LABEL,)),
        (names.dns_label, "a" * 64, (TOO_LONG.format(63),)),
        (names.dns_label, "A" * 64, (TOO_LONG.format(63), LABEL)),
        (names.dns_subdomain, "", (SUBDOMAIN,)),
        (names.dns_subdomain, "a..b", (SUBDOMAIN,)),
        (names.dns_subdomain, ".a", (SUBDOMAIN,)),
        (names.dns_subdomain, "a-.b", (SUBDOMAIN,)),
        (names.dns_subdomain, "a_b", (SUBDOMAIN,)),
        (names.dns_subdomain, "a" * 254, (TOO_LONG.format(253),)),
        (names.dns_1035_label, "1a", (DNS_1035,)),
        (names.dns_1035_label, "a.b", (DNS_1035,)),
        (names.dns_1035_label, "a-", (DNS_1035,)),
        (names.dns_1035_label, "a" * 64, (TOO_LONG.format(63),)),
        (names.label_key, "", ("name part must not be empty", QUALIFIED)),
        (names.label_key, "/a", ("prefix part must not be empty",)),
        (names.label_key, "a/", ("name part must not be empty", QUALIFIED)),
        (
            names.label_key,
            "a/b/c",
            ("must be a name with at most one prefix before `/` (such as `example.com/MyName`)",),
        ),
        (names.label_key, "A.com/key", (f"prefix part {SUBDOMAIN}",)),
        (names.label_key, "-a", (QUALIFIED,)),
        (names.label_key, "a b", (QUALIFIED,)),
        (names.label_key, "a" * 64, (f"name part {TOO_LONG.format(63)}",)),
        (names.label_key, "a" * 254 + "/b", (f"prefix part {TOO_LONG.format(253)}",)),
        (names.label_value, "-a", (VALUE,)),
        (names.label_value, "a.", (VALUE,)),
        (names.label_value, "a/b", (VALUE,)),
        (names.label_value, "a\n", (VALUE,)),
        (names.label_value, "ü", (VALUE,)),
        (names.label_value, "a" * 64, (TOO_LONG.format(63),)),
        (names.port_name, "", (CHARACTERS, ONE_LETTER)),
        (names.port_name, "80", (ONE_LETTER,)),
        (names.port_name, "HTTP", (CHARACTERS, ONE_LETTER)),
        (names.port_name, "http_s", (CHARACTERS,)),
        (names.port_name, "a--b", (DASHES,)),
        (names.port_name, "-a", (EDGES,)),
        (names.port_name, "a-", (EDGES,)),
        (names.port_name, "a234567890123456", (TOO_LONG.format(15),)),
        (names.port_name, "--", (ONE_LETTER, DASHES, EDGES)),
    ],
)
def test_refused(check: Callable[[str], Messages], text: str, messages: Messages) -> None:
    """Each fault of a text that the API server refuses is said, in the server's order."""
    assert check(text) == messages


@pytest.mark.parametrize("number", [1, 80, 65535])
def test_port_numbers(number: int) -> None:
    """A port number lies between 1 and 65535."""
    assert names.port_number(number) == ()


@pytest.mark.parametrize("number", [-1, 0, 65536])
def test_no_port_numbers(number: int) -> None:
    """Other numbers are no ports."""
    assert names.port_number(number) == ("must be between 1 and 65535",)
