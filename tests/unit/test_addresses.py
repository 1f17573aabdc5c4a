"""Addresses and ranges, read the way the API server reads them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from netpol_sim.addresses import contains, parse_address, parse_network


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),  # noqa: S104  nothing listens here
        ("010.001.000.08", "10.1.0.8"),
        ("fd00::1", "fd00::1"),
        ("FD00:0::0:1", "fd00::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::ffff:a00:1", "10.0.0.1"),
        ("::10.0.0.1", "::a00:1"),
    ],
)
def test_addresses(text: str, meaning: str) -> None:
    """Leading zeros are decimal, and a mapped IPv4 address is that IPv4 address."""
    assert parse_address(text) == ip_address(meaning)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.1.2",
        "10.0.0.-1",
        "10.0.0.1/32",
        " 10.0.0.1",
        "fd00::1%eth0",
        "fd00::1::2",
        "g::",
        "shop/web",
        "\u0661\u0660.0.0.1",
    ],
)
def test_no_addresses(text: str) -> None:
    """Anything else is no address."""
    with pytest.raises(ValueError, match=r".+"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("010.0.0.0/08", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("10.0.0.1/32", "10.0.0.1/32"),
        ("fd00::1/8", "fd00::/8"),
        ("::/0", "::/0"),
        ("::1/128", "::1/128"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
    ],
)
def test_networks(text: str, meaning: str) -> None:
    """Host bits are ignored, and a range of mapped addresses is an IPv4 range."""
    assert parse_network(text) == ip_network(meaning)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/\u0668",
        "fd00::/129",
        "fd00::%1/8",
        "/8",
        "nonsense/8",
    ],
)
def test_no_networks(text: str) -> None:
    """A range needs an address and a prefix length that fits it."""
    with pytest.raises(ValueError, match=r".+"):
        parse_network(text)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("10.0.0.0/8", "10.1.0.0/16", True),
        ("10.0.0.0/8", "10.0.0.0/8", True),
        ("10.0.0.0/8", "10.0.0.0/7", False),
        ("10.0.0.0/8", "11.0.0.0/16", False),
        ("0.0.0.0/0", "::/128", False),
        ("::/0", "10.0.0.0/8", False),
        ("fd00::/8", "fd00:1::/32", True),
    ],
)
def test_ranges_within_ranges(outer: str, inner: str, expected: bool) -> None:  # noqa: FBT001
    """A range lies within another when every address does; families never mix."""
    assert contains(parse_network(outer), parse_network(inner)) is expected
