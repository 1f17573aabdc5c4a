"""Comparing policy sets with cluster-scoped policies agrees with trying everything.

As in ``test_compare_laws``: an alphabet with one value more than the policies mention, so that
nothing they can tell apart is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.compare import Outcome, Scope, compare
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import DomainNames, NamedPort, Nodes
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy, ClusterRule, Tier
from netpol_sim.labels import EVERYTHING, LabelSelector, Operator
from netpol_sim.model import Connection, Entity, External, Namespace, Node, Pod
from netpol_sim.peers import PodPeer
from netpol_sim.plugin import BaselineSkipped, HostNetwork, Profile
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule
from netpol_sim.verdict import Caveat
from tests.builders import (
    admin,
    baseline,
    block,
    decision,
    labelled,
    namespaces,
    networks,
    pods,
    policy,
    requirement,
    rule,
)
from tests.laws.strategies import OUTSIDE, PORTS, cluster_policy_sets, clusters, policy_sets
from tests.laws.test_compare_laws import (
    APPS,
    MORE,
    SWAPPED,
    TEAMS,
    allows,
    claimed,
    dials,
    families,
    pod,
    pods_of,
)

Side = tuple[AnyPolicy, ...]

# --- a small alphabet ------------------------------------------------------------------------

BANK = LabelSelector(match_labels={"kubernetes.io/metadata.name": "bank"})
SPACES = st.sampled_from(
    [
        EVERYTHING,
        labelled(team="a"),
        labelled(requirement("team", "DoesNotExist")),
        BANK,
        LabelSelector(
            match_expressions=(requirement("kubernetes.io/metadata.name", "NotIn", "bank", "lab"),)
        ),
    ]
)
PODS = st.sampled_from(
    [None, labelled(app="web"), labelled(requirement("app", Operator.NOT_IN, "web"))]
)
PICKED = st.builds(PodPeer, namespace_selector=SPACES, pod_selector=PODS)
PICKED_PLAINLY = st.sampled_from(
    [
        PodPeer(namespace_selector=EVERYTHING),
        PodPeer(namespace_selector=EVERYTHING, pod_selector=labelled(app="web")),
        PodPeer(namespace_selector=BANK),
    ]
)
NUMBERS = (
    PolicyPort(port=80),
    PolicyPort(port=80, end_port=81),
    PolicyPort(port=1, end_port=65535, protocol=Protocol.UDP),
)
FAR = (
    networks("0.0.0.0/0"),
    networks("10.1.0.0/16", "::/0"),
    Nodes(selector=labelled(role="edge")),
    Nodes(selector=EVERYTHING),
    DomainNames(names=("example.com",)),
)
PROFILES = st.builds(
    Profile,
    ip_block_matches_nodes=st.booleans(),
    ip_block_matches_pods=st.booleans(),
    baseline_skipped=st.sampled_from(BaselineSkipped),
    host_network=st.sampled_from(HostNetwork),
)
ROLES: tuple[Mapping[str, str], ...] = ({}, {"role": "edge"})


def decisions(direction: Direction, *, far: bool) -> st.SearchStrategy[ClusterRule]:
    """Rules about pods, or (of egress) about addresses and nodes."""
    actions = st.sampled_from(("Accept", "Deny", "Pass"))
    if far and direction is Direction.EGRESS:
        peers = st.sampled_from(FAR) | st.just(PodPeer(namespace_selector=EVERYTHING))
        ports: st.SearchStrategy[list[object]] = st.lists(st.sampled_from(NUMBERS), max_size=1)
    else:
        peers = PICKED_PLAINLY if far else PICKED
        ports = st.lists(st.sampled_from((*NUMBERS, NamedPort(name="http"))), max_size=2)
    return st.builds(ClusterRule, action=actions, peers=st.tuples(peers), ports=ports.map(tuple))


def tier_policies(*, far: bool) -> st.SearchStrategy[ClusterNetworkPolicy]:
    """Policies of either tier."""
    return st.builds(
        ClusterNetworkPolicy,
        name=st.just("drawn"),
        tier=st.sampled_from(Tier),
        priority=st.sampled_from((1, 2)),
        subject=PICKED_PLAINLY if far else PICKED,
        ingress=st.lists(decisions(Direction.INGRESS, far=far), max_size=2),
        egress=st.lists(decisions(Direction.EGRESS, far=far), max_size=2),
    )


NETWORK_POLICIES = st.sampled_from(
    [
        policy("bank/p"),
        policy("bank/p", ingress=[rule()], egress=[rule(ports=[80])]),
        policy("bank/p", ingress=[rule(namespaces(team="a"))]),
        policy("bank/p", egress=[rule(ports=["http"])]),
        NetworkPolicy(
            namespace="lab", name="p", policy_types=(Direction.INGRESS,), ingress=(Rule(),)
        ),
    ]
)

FAR_NETWORK_POLICIES = st.sampled_from(
    [
        policy("bank/p", egress=[rule(block("0.0.0.0/0", "10.1.0.0/16"))]),
        policy("bank/p", egress=[rule(pods(), block("::/0"), ports=[80])]),
        policy("bank/p", ingress=[rule(pods(app="web"))]),
    ]
)


@st.composite
def sides(draw: st.DrawFn, *, far: bool) -> tuple[Side, Side]:
    """Two sides; often the second is the first without its last policy, or in another order."""
    every = st.lists(tier_policies(far=far), max_size=3)
    first, second = draw(every), draw(every)
    change = draw(st.sampled_from(("other", "less", "turned")))
    if change == "less":
        second = first[:-1]
    if change == "turned":
        second = first[::-1]
    beside = st.lists(FAR_NETWORK_POLICIES if far else NETWORK_POLICIES, max_size=1).map(tuple)
    common = draw(beside)
    own = common if draw(st.booleans()) else draw(beside)
    return (*common, *_numbered(first)), (*own, *_numbered(second))


def _numbered(policies: list[ClusterNetworkPolicy]) -> Side:
    return tuple(replace(each, name=f"c{index}") for index, each in enumerate(policies))


# --- trying everything -----------------------------------------------------------------------

Places = Iterator[tuple[Cluster, Iterator[Connection]]]


def put(cluster: Cluster, side: Side) -> Cluster:
    """A cluster with the policies of a side."""
    return replace(cluster, policies=(), cluster_policies=()).with_policy(*side)


def tried(mine: Side, reference: Side, places: Places) -> dict[Outcome, int]:
    """The ways in which two sides really differ, with the fewest pods it takes."""
    found: dict[Outcome, int] = {}
    for cluster, connections in places:
        ours, theirs = put(cluster, mine), put(cluster, reference)
        for connection in connections:
            here = allows(ours, connection)
            if here != allows(theirs, connection):
                way = Outcome.TOO_OPEN if here else Outcome.TOO_TIGHT
                count = pods_of(connection)
                found[way] = min(count, found.get(way, count))
    return found


def labelled_places(profile: Profile) -> Places:
    """Every two pods, as far as labels and the names of their namespaces matter."""
    names = ("bank", "lab", "zoo")
    for near, far in product(names, (*names, "zoo-2")):
        for own, other in product(TEAMS[:2], repeat=2):
            if near == far and own != other:
                continue
            spaces = {near: own, far: other}
            cluster = Cluster(
                namespaces=tuple(Namespace(name=n, labels=team) for n, team in spaces.items()),
                profile=profile,
            )
            pairs = product(APPS[:2], repeat=2)
            yield (
                cluster,
                (
                    each
                    for here, there in pairs
                    for each in dials(pod(near, "here", here), pod(far, "there", there))
                ),
            )
            outside = External.of("192.0.2.1")
            yield (
                cluster,
                (each for app in APPS[:2] for each in dials(pod(near, "x", app), outside)),
            )


FAMILIAR = ("10.1.0.7", "192.0.2.1", "fd00::1")
"""An address of each case: only a destination's matters, for no rule of ingress has a range."""


def addressed_places(profile: Profile) -> Places:
    """A pod with every other pod, node and address, as far as addresses and nodes matter."""
    hosts = tuple(Node(name=f"host-{index}", labels=role) for index, role in enumerate(ROLES))
    nodes = tuple(
        Node(name=f"node-{index}", ips=(ip_address(text),), labels=role)
        for index, (text, role) in enumerate(product(FAMILIAR, ROLES))
    )
    spaces = tuple(Namespace(name=name) for name in ("bank", "zoo"))
    cluster = Cluster(namespaces=spaces, nodes=(*nodes, *hosts), profile=profile)
    outside = [External.of(text) for text in FAMILIAR]
    for space, app in product(("bank", "zoo"), APPS[:2]):
        for here in on_networks(pod(space, "here", app, "10.9.9.9"), hosts[:1], profile):
            others = (
                there
                for text, other, labels in product(FAMILIAR, ("bank", "zoo"), APPS[:2])
                for there in on_networks(pod(other, "there", labels, text), hosts, profile)
            )
            ends: list[Entity] = [*outside, *nodes, *others]
            yield cluster, (each for there in ends for each in dials(here, there))


def on_networks(found: Pod, hosts: Sequence[Node], profile: Profile) -> Iterator[Pod]:
    """A pod on a network of its own, and on that of each node if such a pod is seen at all."""
    yield found
    if profile.host_network is HostNetwork.AS_POD:
        for host in hosts:
            yield replace(found, host_network=True, node=host.name)


@settings(max_examples=10)
@given(sides(far=False), PROFILES)
def test_labels_agree_with_trying_everything(policies: tuple[Side, Side], profile: Profile) -> None:
    """EQUAL where no pods differ, else a witness each way that differs, with the fewest pods."""
    relation = compare(*policies, profile=profile)
    assert relation.limit is None
    assert claimed(relation) == tried(*policies, labelled_places(profile))


@settings(max_examples=7)
@given(sides(far=True), PROFILES)
def test_addresses_agree_with_trying_everything(
    policies: tuple[Side, Side], profile: Profile
) -> None:
    """The same of addresses, of nodes, and of pods on the network of their node."""
    relation = compare(*policies, profile=profile)
    assert relation.limit is None
    assert claimed(relation) == tried(*policies, addressed_places(profile))


@settings(max_examples=12)
@given(clusters(max_pods=4, max_policies=2, tiers=True), st.none() | cluster_policy_sets())
def test_world_agrees_with_trying_everything(cluster: Cluster, others: Side | None) -> None:
    """In a given world: EQUAL where no connection differs, else a witness each way that differs."""
    mine = cluster.every_policy
    reference = mine[:-1] if others is None else (*cluster.policies, *others)
    relation = compare(mine, reference, scope=Scope.WORLD, world=cluster)
    entities: list[Entity] = [*cluster.pods, *cluster.nodes, *map(External.of, (*OUTSIDE, *MORE))]
    ends = [(a, b) for a, b in product(entities, entities) if Pod in (type(a), type(b))]
    connections = (
        Connection(source=a, destination=b, port=port, protocol=protocol, family=family)
        for (a, b), port, protocol in product(ends, (*PORTS, 82, 1), Protocol)
        for family in families(cluster, a, b)
    )
    found = tried(mine, reference, iter([(cluster, connections)]))
    assert set(claimed(relation)) == set(found)


# --- how a thing is written ------------------------------------------------------------------


def reworded(policies: tuple[ClusterNetworkPolicy, ...]) -> Side:
    """A policy of its own for each rule, with new names and priorities in the same order."""
    alone = [
        replace(each, ingress=(), egress=(single,))
        if direction is Direction.EGRESS
        else replace(each, ingress=(single,), egress=())
        for each in sorted(policies, key=lambda each: each.priority)
        for direction in Direction
        for single in each.rules(direction)
    ]
    return tuple(
        replace(each, name=f"r{index}", priority=index) for index, each in enumerate(alone)
    )


@settings(max_examples=30)
@given(cluster_policy_sets(), policy_sets(2))
def test_wording_does_not_matter(
    policies: tuple[ClusterNetworkPolicy, ...], beside: tuple[NetworkPolicy, ...]
) -> None:
    """A set equals itself, and the same rules in other policies: names and numbers say nothing."""
    written: Side = (*beside, *policies)
    assert compare(written, written).equal
    assert compare(written, (*beside, *reworded(policies))).equal


@st.composite
def any_sets(draw: st.DrawFn, most: int = 3) -> Side:
    """Some policies of both scopes."""
    return (*draw(policy_sets(2)), *draw(cluster_policy_sets(most)))


@settings(max_examples=25)
@given(any_sets(), any_sets(), PROFILES)
def test_sides_can_be_swapped(mine: Side, reference: Side, profile: Profile) -> None:
    """Swapping the sides swaps too open and too tight, and each witness differs as it says."""
    there, back = (
        compare(*sides, profile=profile) for sides in ((mine, reference), (reference, mine))
    )
    assert back.outcome is SWAPPED.get(there.outcome, there.outcome)
    for found, expected in ((there.too_open, True), (there.too_tight, False)):
        if found is not None:
            assert allows(put(found.cluster, mine), found.connection) is expected
            assert allows(put(found.cluster, reference), found.connection) is not expected


@settings(max_examples=15)
@given(clusters(max_pods=4, max_policies=2, tiers=True), st.none() | cluster_policy_sets())
def test_a_narrower_scope_has_no_more_differences(world: Cluster, others: Side | None) -> None:
    """What is equal stays equal where less may vary; a narrower difference is a wider one."""
    mine = world.every_policy
    reference = mine[::-1] if others is None else (*world.policies, *others)
    every = (compare(mine, reference, scope=scope, world=world) for scope in Scope)
    wide, narrower, narrowest = (set(claimed(relation)) for relation in every)
    assert narrowest <= narrower <= wide


# --- what the API leaves open ----------------------------------------------------------------

ACCEPT, DENY = (admin(word.lower(), ingress=[decision(word)]) for word in ("Accept", "Deny"))
SHUT = baseline("shut", ingress=[decision("Deny")])
ONE_WAY = NetworkPolicy(namespace="bank", name="p", policy_types=(Direction.EGRESS,))

# mine, reference, what is left open
OPEN_POINTS: list[tuple[Side, Side, list[Caveat]]] = [
    ((ACCEPT, DENY), (ACCEPT,), [Caveat.EQUAL_PRIORITIES]),
    ((ACCEPT, replace(DENY, priority=500)), (ACCEPT,), []),
    ((DENY, replace(DENY, name="again")), (DENY,), []),
    ((ONE_WAY, SHUT), (ONE_WAY,), []),
    ((ONE_WAY, SHUT), (policy("bank/p", types=[Direction.INGRESS], ingress=[rule()]), SHUT), []),
    (
        (ONE_WAY, SHUT),
        (replace(ONE_WAY, pod_selector=labelled(app="x")), SHUT),
        [Caveat.BASELINE_SKIPPED],
    ),
]


@pytest.mark.parametrize(("mine", "reference", "caveats"), OPEN_POINTS)
def test_open_points_are_told(mine: Side, reference: Side, caveats: list[Caveat]) -> None:
    """They are told where they matter, and only there."""
    assert list(compare(mine, reference).caveats) == caveats


def test_a_skipped_baseline_is_told() -> None:
    """What is equal as long as each direction stands alone is not where both count together."""
    open_way = policy("bank/q", types=[Direction.EGRESS], egress=[rule()])
    relation = compare((open_way, SHUT), (SHUT,))
    assert relation.equal
    assert relation.caveats == (Caveat.BASELINE_SKIPPED,)
    other = Profile(baseline_skipped=BaselineSkipped.PER_POD)
    assert compare((open_way, SHUT), (SHUT,), profile=other).outcome is Outcome.TOO_OPEN


@settings(max_examples=15)
@given(any_sets(2), any_sets())
def test_without_caveats_the_order_does_not_matter(mine: Side, reference: Side) -> None:
    """Where nothing is said of priorities, the other order gives the same outcome."""
    relation = compare(mine, reference)
    if Caveat.EQUAL_PRIORITIES not in relation.caveats:
        assert compare(mine[::-1], reference).outcome is relation.outcome


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [(HostNetwork.AS_NODE, Outcome.EQUAL), (HostNetwork.AS_POD, Outcome.TOO_OPEN)],
)
def test_tiers_do_not_see_pods_on_the_network_of_a_node(
    seen: HostNetwork, outcome: Outcome
) -> None:
    """Where NetworkPolicies see such pods, what a tier denies to all pods is open to them."""
    opened, shut = policy("bank/p", ingress=[rule(namespaces())]), policy("bank/p")
    relation = compare((DENY, opened), (DENY, shut), profile=Profile(host_network=seen))
    assert relation.outcome is outcome
    if relation.too_open is not None:
        assert any(found.host_network for found in relation.too_open.pods)
