"""Policies as values: what is refused, in which order, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from netpol_sim.errors import InvalidValueError, Problem, ProblemKind
from netpol_sim.labels import EVERYTHING
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule
from tests.builders import block, labelled, namespaces, pods, pods_in, policy, port, rule

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS


def faults(make: Callable[[], object]) -> list[str]:
    """Field, kind and message of each problem, in order."""
    with pytest.raises(InvalidValueError) as error:
        make()
    return [
        f"{problem.field}: {problem.kind}: {problem.message}" for problem in error.value.problems
    ]


def test_directions_name_their_fields() -> None:
    """Each direction knows where its rules and their peers are written."""
    assert (INGRESS.rules_field, INGRESS.peers_field) == ("ingress", "from")
    assert (EGRESS.rules_field, EGRESS.peers_field) == ("egress", "to")


@pytest.mark.parametrize(
    ("entry", "numbers", "text"),
    [
        (PolicyPort(), range(1, 65536), "every TCP port"),
        (PolicyPort(protocol=Protocol.UDP), range(1, 65536), "every UDP port"),
        (PolicyPort(port=80), range(80, 81), "80/TCP"),
        (PolicyPort(port=80, end_port=80), range(80, 81), "80-80/TCP"),
        (PolicyPort(port=80, end_port=90), range(80, 91), "80-90/TCP"),
        (PolicyPort(port=65535, protocol=Protocol.SCTP), range(65535, 65536), "65535/SCTP"),
        (PolicyPort(port="http"), None, "http/TCP"),
    ],
)
def test_ports(entry: PolicyPort, numbers: range | None, text: str) -> None:
    """An entry covers a range of numbers, or names a port."""
    assert entry.ports == numbers
    assert str(entry) == text


def test_a_protocol_may_be_given_as_text() -> None:
    """The text of a protocol becomes the protocol."""
    entry = PolicyPort(protocol="UDP", port=53)  # type: ignore[arg-type]
    assert entry.protocol is Protocol.UDP
    assert entry == port("53/UDP")


SUPPORTED = "supported are TCP, UDP, SCTP (in exactly this case)"
RANGE = "must be between 1 and 65535"
CHARACTERS = "must contain only lower case letters, digits and `-`"
LETTER = "must contain at least one letter"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"protocol": "tcp"}, [f"protocol: NotSupported: {SUPPORTED}"]),
        ({"protocol": ""}, [f"protocol: NotSupported: {SUPPORTED}"]),
        ({"port": 0}, [f"port: Invalid: {RANGE}"]),
        ({"port": 65536}, [f"port: Invalid: {RANGE}"]),
        ({"port": "80"}, [f"port: Invalid: {LETTER}"]),
        ({"port": ""}, [f"port: Invalid: {CHARACTERS}", f"port: Invalid: {LETTER}"]),
        ({"port": 90, "end_port": 80}, ["endPort: Invalid: must not be below `port`"]),
        ({"port": 90, "end_port": 65536}, [f"endPort: Invalid: {RANGE}"]),
        (
            {"port": 90, "end_port": 0},
            ["endPort: Invalid: must not be below `port`", f"endPort: Invalid: {RANGE}"],
        ),
        (
            {"port": "http", "end_port": 90},
            ["endPort: Invalid: may not be given when `port` is a name"],
        ),
        ({"end_port": 90}, ["endPort: Invalid: may not be given when `port` is missing"]),
        (
            {"protocol": "ICMP", "port": "A", "end_port": 1},
            [
                f"protocol: NotSupported: {SUPPORTED}",
                "endPort: Invalid: may not be given when `port` is a name",
                f"port: Invalid: {CHARACTERS}",
                f"port: Invalid: {LETTER}",
            ],
        ),
    ],
)
def test_bad_ports(fields: dict[str, object], expected: list[str]) -> None:
    """Each fault of an entry is named, in the server's order."""
    assert faults(lambda: PolicyPort(**fields)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "help_text"),
    [
        ({"protocol": "tcp"}, "did you mean `TCP`?"),
        ({"protocol": "udp"}, "did you mean `UDP`?"),
        ({"protocol": "ICMP"}, ""),
        ({"port": "80"}, "quotes make it a port name; for the number write `port: 80`"),
        ({"port": "80-90"}, "for a range write `port: 80` and `endPort: 90`"),
        ({"port": "http_s"}, ""),
    ],
)
def test_help_for_bad_ports(fields: dict[str, object], help_text: str) -> None:
    """What was probably meant is said where it can be guessed."""
    with pytest.raises(InvalidValueError) as error:
        PolicyPort(**fields)  # type: ignore[arg-type]
    assert error.value.problems[0].help == help_text


@pytest.mark.parametrize(
    ("peer", "text"),
    [
        (pods(app="web"), "pods app=web"),
        (pods(), "pods {}"),
        (namespaces(team="a"), "namespaces team=a"),
        (pods_in(namespaces(), pods(app="web")), "namespaces {} and pods app=web"),
        (block("10.0.0.0/8"), "10.0.0.0/8"),
        (
            block("10.0.0.7/8", "10.1.0.0/16", "10.2.0.0/16"),
            "10.0.0.7/8 except 10.1.0.0/16, 10.2.0.0/16",
        ),
    ],
)
def test_peers_as_text(peer: PodPeer | IPBlock, text: str) -> None:
    """A peer shows as it was written."""
    assert str(peer) == text


def test_a_peer_needs_a_selector() -> None:
    """A peer without any selector is no peer; help says what to write instead."""
    with pytest.raises(InvalidValueError) as error:
        PodPeer()
    assert error.value.problems == (
        Problem(
            kind=ProblemKind.REQUIRED,
            field="",
            message="must specify a peer: `podSelector`, `namespaceSelector` or `ipBlock`",
            help="an empty selector is written `podSelector: {}`; to let everybody pass, leave the "
            "list of peers out",
        ),
    )


@pytest.mark.parametrize(
    ("cidr", "excepted", "address", "covered"),
    [
        ("10.0.0.0/8", (), "10.255.255.255", True),
        ("10.0.0.0/8", (), "11.0.0.0", False),
        ("10.0.0.0/8", ("10.1.0.0/16",), "10.1.2.3", False),
        ("10.0.0.0/8", ("10.1.0.0/16",), "10.2.2.3", True),
        ("10.9.9.9/8", (), "10.1.1.1", True),
        ("0.0.0.0/0", (), "::1", False),
        ("::/0", (), "10.0.0.1", False),
        ("::ffff:10.0.0.0/104", (), "10.0.0.1", True),
    ],
)
def test_ranges(cidr: str, excepted: tuple[str, ...], address: str, covered: bool) -> None:  # noqa: FBT001
    """A range covers its addresses less those of its exceptions, in its own family."""
    assert block(cidr, *excepted).contains(ip_address(address)) is covered


def test_ranges_are_equal_as_written() -> None:
    """What was written counts for equality; what it means does not show."""
    assert block("10.0.0.0/8") == IPBlock(cidr="10.0.0.0/8", except_=[])  # type: ignore[arg-type]
    assert block("10.0.0.1/8") != block("10.0.0.0/8")
    assert "network" not in repr(block("10.0.0.0/8"))


NO_RANGE = "must be a range such as `10.0.0.0/8` or `fd00::/8`"
WITHIN = "must lie within `10.0.0.0/8` and be smaller than it"


@pytest.mark.parametrize(
    ("cidr", "excepted", "expected"),
    [
        ("", ("nonsense",), ["cidr: Required: must be a range such as `10.0.0.0/8`"]),
        ("10.0.0.1", (), [f"cidr: Invalid: {NO_RANGE}"]),
        ("nonsense", ("nonsense",), [f"cidr: Invalid: {NO_RANGE}"]),
        ("10.0.0.0/8", ("10.0.0.0/8",), [f"except[0]: Invalid: {WITHIN}"]),
        ("10.0.0.0/8", ("10.0.0.0/7",), [f"except[0]: Invalid: {WITHIN}"]),
        ("10.0.0.0/8", ("fd00::/16",), [f"except[0]: Invalid: {WITHIN}"]),
        (
            "10.0.0.0/8",
            ("10.0.0.0/9", "11.0.0.0/9", "x"),
            [f"except[1]: Invalid: {WITHIN}", f"except[2]: Invalid: {NO_RANGE}"],
        ),
    ],
)
def test_bad_ranges(cidr: str, excepted: tuple[str, ...], expected: list[str]) -> None:
    """A range needs a prefix length, and its exceptions must be smaller and within it."""
    assert faults(lambda: block(cidr, *excepted)) == expected


@pytest.mark.parametrize(
    ("cidr", "help_text"),
    [
        ("10.0.0.1", "for a single address write `10.0.0.1/32`"),
        ("fd00::1", "for a single address write `fd00::1/128`"),
        ("10.0.0.0/33", ""),
    ],
)
def test_help_for_bad_ranges(cidr: str, help_text: str) -> None:
    """An address without a prefix length is shown how to be a range."""
    with pytest.raises(InvalidValueError) as error:
        block(cidr)
    assert error.value.problems[0].help == help_text


def test_rules_are_values() -> None:
    """A rule keeps its peers and ports as tuples, so that it has a hash."""
    one = Rule(peers=[pods()], ports=[port(80)])  # type: ignore[arg-type]
    assert one == rule(pods(), ports=[80])
    assert hash(one) == hash(rule(pods(), ports=[80]))


@pytest.mark.parametrize(
    ("types", "egress", "expected"),
    [
        ((), (), (INGRESS,)),
        ((), (Rule(),), (INGRESS, EGRESS)),
        ((EGRESS,), (), (EGRESS,)),
        ((INGRESS,), (Rule(),), (INGRESS,)),
        ((EGRESS, INGRESS), (), (EGRESS, INGRESS)),
        ((INGRESS, INGRESS), (), (INGRESS, INGRESS)),
        (("Egress",), (), (EGRESS,)),
    ],
)
def test_types_default(
    types: tuple[Direction, ...], egress: tuple[Rule, ...], expected: tuple[Direction, ...]
) -> None:
    """No types mean Ingress, and Egress with at least one egress rule; given types stay."""
    assert policy("shop/p", types=types, egress=egress).policy_types == expected


def test_only_rules_in_force_count() -> None:
    """Rules of a direction that the types leave out are there but not in force."""
    one = policy("shop/p", types=[EGRESS], ingress=[rule()], egress=[rule(), rule(pods())])
    assert one.isolates(EGRESS)
    assert not one.isolates(INGRESS)
    assert one.rules(INGRESS) == ()
    assert one.rules(EGRESS) == (rule(), rule(pods()))
    assert one.ingress == (rule(),)


def test_a_policy_has_a_key() -> None:
    """A policy is known by its namespace and name, and selects everything if not told otherwise."""
    one = NetworkPolicy(namespace="shop", name="p")
    assert one.key == str(one) == "shop/p"
    assert one.pod_selector is EVERYTHING
    assert policy("shop/p", select=labelled(app="web")) != one


SUBDOMAIN = (
    "must consist of lower case letters, digits, `-` or `.`, and start and end with a letter or "
    "digit (such as `example.com`)"
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": ""}, ["metadata.name: Required: a name is required"]),
        ({"name": "A"}, [f"metadata.name: Invalid: {SUBDOMAIN}"]),
        ({"namespace": ""}, ["metadata.namespace: Required: a namespace is required"]),
        (
            {"policy_types": ("ingress", "Egress")},
            [
                (
                    "spec.policyTypes[0]: NotSupported: "
                    "supported are Ingress, Egress (in exactly this case)"
                )
            ],
        ),
        (
            {"policy_types": ("Ingress", "Egress", "x")},
            ["spec.policyTypes: Invalid: may not list more than two types"],
        ),
    ],
)
def test_bad_policies(fields: dict[str, object], expected: list[str]) -> None:
    """A policy needs a name, a namespace, and at most two of the two types."""
    usual: dict[str, object] = {"namespace": "shop", "name": "p"}
    assert faults(lambda: NetworkPolicy(**{**usual, **fields})) == expected  # type: ignore[arg-type]


def test_all_faults_of_a_policy_are_named() -> None:
    """Name first, then namespace, then types."""
    made = faults(lambda: NetworkPolicy(namespace="", name="", policy_types=("x",)))  # type: ignore[arg-type]
    assert [fault.split(":")[0] for fault in made] == [
        "metadata.name",
        "metadata.namespace",
        "spec.policyTypes[0]",
    ]
