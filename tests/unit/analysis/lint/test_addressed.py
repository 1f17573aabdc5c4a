"""Pods by their addresses: what a range holds, as asking each pod would tell."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netpol_sim.analysis.lint.addressed import Addressed
from netpol_sim.model import Pod
from netpol_sim.peers import IPBlock

ADDRESSES = {
    "last": ("10.0.1.255",),
    "first": ("10.0.0.0",),
    "both": ("fd00::5", "10.0.0.7"),
    "six": ("fd00::1",),
    "outside": ("10.0.2.0",),
    "twice": ("10.0.0.8", "10.0.0.9"),
    "none": (),
}
PODS = [
    Pod(name=name, namespace="shop", ips=tuple(map(ip_address, ips)))
    for name, ips in ADDRESSES.items()
]


@pytest.mark.parametrize(
    ("cidr", "except_", "names"),
    [
        ("10.0.0.0/23", (), ["last", "first", "both", "twice"]),
        ("10.0.0.0/24", (), ["first", "both", "twice"]),
        ("10.0.0.8/32", (), ["twice"]),
        ("10.0.0.0/24", ("10.0.0.8/29",), ["first", "both"]),
        ("10.0.0.0/24", ("10.0.0.8/32",), ["first", "both", "twice"]),
        ("0.0.0.0/0", (), ["last", "first", "both", "outside", "twice"]),
        ("fd00::/64", (), ["both", "six"]),
        ("::/0", ("fd00::4/126",), ["six"]),
        ("192.0.2.0/24", (), []),
    ],
)
def test_within(cidr: str, except_: tuple[str, ...], names: list[str]) -> None:
    """In the order of the pods, each one once; the first and the last address belong to a range."""
    block = IPBlock(cidr=cidr, except_=except_)
    assert [pod.name for pod in Addressed(PODS).within(block)] == names
    assert [pod.name for pod in PODS if any(map(block.contains, pod.ips))] == names
