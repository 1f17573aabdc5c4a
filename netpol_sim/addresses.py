"""IP addresses and ranges, read the way the API server reads them.

The server's parser is lenient in three ways that Python's is not: leading zeros in an IPv4 part
are decimal (``010.0.0.0/8`` is ``10.0.0.0/8``), host bits below the prefix are ignored, and an
IPv4 address mapped into IPv6 (``::ffff:10.0.0.1``) is that IPv4 address.  Source:
``k8s.io/utils/net`` (ParseIPSloppy, ParseCIDRSloppy).
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

KNOWN_OUTSIDE = (
    "203.0.113.10",
    "198.51.100.10",
    "192.0.2.10",
    "2001:db8::10",
    "8.8.8.8",
    "1.1.1.1",
    "192.168.0.10",
    "172.16.0.10",
    "10.0.0.10",
)
"""Addresses that people know, to stand for somebody outside; first those of RFC 5737 and 3849."""

_IPV4 = re.compile(r"(\d{1,8})\.(\d{1,8})\.(\d{1,8})\.(\d{1,8})", re.ASCII)


@lru_cache(maxsize=65536)
def parse_address(text: str) -> IPAddress:
    """The address a text stands for.

    Raises:
        ValueError: The text is no IPv4 or IPv6 address.
    """
    if ipv4 := _IPV4.fullmatch(text):
        first, second, third, fourth = parts = [int(part) for part in ipv4.groups()]
        if max(parts) > 255:
            raise ValueError(f"`{text}` has a part above 255")
        return IPv4Address(first << 24 | second << 16 | third << 8 | fourth)
    if "%" in text:
        raise ValueError(f"`{text}` has a zone; an address in a policy has none")
    address = IPv6Address(text)
    return address.ipv4_mapped or address


@lru_cache(maxsize=65536)
def parse_network(text: str) -> IPNetwork:
    """The range a CIDR such as ``10.0.0.0/8`` stands for.

    Raises:
        ValueError: The text is no CIDR; an address without a prefix length is none either.
    """
    address_text, slash, prefix_text = text.partition("/")
    if not slash or not re.fullmatch("[0-9]{1,4}", prefix_text):
        raise ValueError(f"`{text}` has no prefix length")
    prefix = int(prefix_text)
    if _IPV4.fullmatch(address_text):
        return IPv4Network((int(parse_address(address_text)), prefix), strict=False)
    if "%" in address_text:
        raise ValueError(f"`{text}` has a zone; a range in a policy has none")
    network = IPv6Network((int(IPv6Address(address_text)), prefix), strict=False)
    mapped = network.network_address.ipv4_mapped
    if mapped is not None and prefix >= 96:
        return IPv4Network((int(mapped), prefix - 96))
    return network


def contains(outer: IPNetwork, inner: IPNetwork) -> bool:
    """Whether every address of ``inner`` is in ``outer``; families never mix."""
    if isinstance(outer, IPv4Network):
        return isinstance(inner, IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and inner.subnet_of(outer)
