"""Laws of ``compare``: it agrees with trying everything, and does not mind how a thing is written.

Trying everything means: on a small alphabet of names, labels, addresses and ports, every pod at
every end of every connection is evaluated.  The alphabet has one value more than the policies
mention, so nothing that they can tell apart is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.analysis.compare import Outcome, Relation, Scope, compare
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate_end
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.model import (
    NAMESPACE_NAME_LABEL,
    Connection,
    ContainerPort,
    Entity,
    External,
    Namespace,
    Node,
    Pod,
)
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.plugin import HostNetwork, Profile
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule
from tests.laws.strategies import OUTSIDE, PORTS, clusters, policy_sets

Policies = tuple[NetworkPolicy, ...]
SWAPPED = {Outcome.TOO_OPEN: Outcome.TOO_TIGHT, Outcome.TOO_TIGHT: Outcome.TOO_OPEN}

# --- a small alphabet, and everything that can be said in it --------------------------------

OPERATORS = (Operator.EXISTS, Operator.DOES_NOT_EXIST)


def requirements(key: str, *values: str) -> list[Requirement]:
    """Every requirement on a key that has these values."""
    listing = [
        Requirement(key=key, operator=operator, values=(value,))
        for operator in (Operator.IN, Operator.NOT_IN)
        for value in values
    ]
    return listing + [Requirement(key=key, operator=operator) for operator in OPERATORS]


def selectors(found: Sequence[Requirement]) -> st.SearchStrategy[LabelSelector]:
    """Selectors of up to two requirements."""
    return st.lists(st.sampled_from(found), max_size=2).map(
        lambda chosen: LabelSelector(match_expressions=tuple(chosen))
    )


POD_SELECTORS = selectors(requirements("app", "web"))
NAMESPACE_SELECTORS = selectors(
    [*requirements("team", "a"), *requirements(NAMESPACE_NAME_LABEL, "bank", "lab")]
)
POD_PEERS = (
    st.builds(PodPeer, pod_selector=POD_SELECTORS)
    | st.builds(PodPeer, namespace_selector=NAMESPACE_SELECTORS)
    | st.builds(PodPeer, pod_selector=POD_SELECTORS, namespace_selector=NAMESPACE_SELECTORS)
)
BLOCKS = st.sampled_from(
    [
        IPBlock(cidr="0.0.0.0/0"),
        IPBlock(cidr="0.0.0.0/0", except_=("10.1.0.0/16",)),
        IPBlock(cidr="10.0.0.0/8"),
        IPBlock(cidr="10.1.0.7/32"),
        IPBlock(cidr="::/0"),
    ]
)
ENTRIES = st.sampled_from(
    [
        PolicyPort(port=80),
        PolicyPort(port=80, end_port=81),
        PolicyPort(port="http"),
        PolicyPort(port="http", protocol=Protocol.UDP),
        PolicyPort(protocol=Protocol.UDP),
        PolicyPort(),
    ]
)
APPS: tuple[Mapping[str, str], ...] = ({}, {"app": "web"}, {"app": "zz"})
TEAMS: tuple[Mapping[str, str], ...] = ({}, {"team": "a"}, {"team": "zz"})
ADDRESSES = ("10.1.0.7", "10.1.0.9", "10.2.0.1", "192.0.2.1", "fd00::1")
DIALS = ((80, Protocol.TCP), (81, Protocol.TCP), (9999, Protocol.TCP), (80, Protocol.UDP))
MORE = ("192.0.2.1", "10.0.1.200", "203.0.113.1", "10.5.0.1", "fd00::5:5")
PROFILES = st.builds(
    Profile,
    ip_block_matches_pods=st.booleans(),
    ip_block_matches_nodes=st.booleans(),
    host_network=st.sampled_from(HostNetwork),
)


def rules(peers: st.SearchStrategy[Peer]) -> st.SearchStrategy[tuple[Rule, ...]]:
    """Up to two rules."""
    rule = st.builds(
        Rule,
        peers=st.lists(peers, max_size=2).map(tuple),
        ports=st.lists(ENTRIES, max_size=2).map(tuple),
    )
    return st.lists(rule, max_size=2).map(tuple)


@st.composite
def pairs(draw: st.DrawFn, peers: st.SearchStrategy[Peer]) -> tuple[Policies, Policies]:
    """Two policy sets of one namespace; often the second is the first without its last policy."""
    policy = st.builds(
        NetworkPolicy,
        namespace=st.just("bank"),
        name=st.just("drawn"),
        pod_selector=POD_SELECTORS,
        policy_types=st.sampled_from([(), tuple(Direction), (Direction.EGRESS,)]),
        ingress=rules(peers),
        egress=rules(peers),
    )
    first, second = draw(st.lists(policy, max_size=3)), draw(st.lists(policy, max_size=3))
    if draw(st.booleans()):
        second = first[:-1]
    return _numbered(first), _numbered(second)


def _numbered(policies: Sequence[NetworkPolicy]) -> Policies:
    return tuple(replace(policy, name=f"p{index}") for index, policy in enumerate(policies))


# --- trying everything ----------------------------------------------------------------------

Places = Iterator[tuple[Cluster, Iterator[Connection]]]
"""Clusters without policies, and the connections to try in each."""


def tried(mine: Policies, reference: Policies, places: Places) -> dict[Outcome, int]:
    """The ways in which two policy sets really differ, with the fewest pods it takes."""
    found: dict[Outcome, int] = {}
    for cluster, connections in places:
        ours, theirs = cluster.with_policies(mine), cluster.with_policies(reference)
        for connection in connections:
            here = allows(ours, connection)
            if here != allows(theirs, connection):
                way = Outcome.TOO_OPEN if here else Outcome.TOO_TIGHT
                pods = pods_of(connection)
                found[way] = min(pods, found.get(way, pods))
    return found


def allows(cluster: Cluster, connection: Connection) -> bool:
    """What ``evaluate`` says, without caveats, which cost more than the answer."""
    return all(evaluate_end(cluster, connection, each).allowed for each in Direction)


def pods_of(connection: Connection) -> int:
    """How many of its ends are pods."""
    return sum(isinstance(end, Pod) for end in (connection.source, connection.destination))


def claimed(relation: Relation) -> dict[Outcome, int]:
    """The ways in which ``compare`` says that two policy sets differ, with the pods it took."""
    witnesses = {Outcome.TOO_OPEN: relation.too_open, Outcome.TOO_TIGHT: relation.too_tight}
    return {way: len(found.pods) for way, found in witnesses.items() if found is not None}


def pod_pairs(profile: Profile) -> Places:
    """Every pod where the policies are with every other, as far as labels and names matter."""
    for other, own_team, other_team in product(("bank", "lab", "zoo"), TEAMS, TEAMS):
        if other == "bank" and own_team != other_team:
            continue
        spaces = {"bank": own_team, other: other_team}
        cluster = Cluster(
            namespaces=tuple(Namespace(name=name, labels=team) for name, team in spaces.items()),
            profile=profile,
        )
        pairs_of_labels = product(APPS, APPS)
        yield (
            cluster,
            (
                each
                for near, far in pairs_of_labels
                for each in dials(pod("bank", "here", near), pod(other, "there", far))
            ),
        )
        outside = External.of("192.0.2.1")
        yield cluster, (each for near in APPS for each in dials(pod("bank", "here", near), outside))


def addressed_pairs(profile: Profile) -> Places:
    """Every pod with every other pod, node and outside address, as far as addresses matter."""
    nodes = tuple(Node(name=f"n{i}", ips=(ip_address(ip),)) for i, ip in enumerate(ADDRESSES))
    cluster = Cluster(nodes=nodes, profile=profile)
    for app, address in product(APPS[:2], ADDRESSES):
        here = pod("bank", "here", app, address)
        others: list[Entity] = [External.of(text) for text in ADDRESSES if text != address]
        others += [node for node in nodes if node.ips != here.ips]
        others += [
            pod(space, "there", far, text)
            for space, far, text in product(("bank", "zoo"), APPS[:2], ADDRESSES)
            if text != address
        ]
        spaces = cluster.with_pod(here, pod("zoo", "there"))
        yield spaces, (each for there in others for each in dials(here, there))


def pod(namespace: str, name: str, labels: Mapping[str, str] = APPS[0], ip: str = "") -> Pod:
    """A pod, with an address when it is given."""
    return Pod(namespace=namespace, name=name, labels=labels, ips=(ip_address(ip),) if ip else ())


def dials(here: Pod, there: Entity) -> Iterator[Connection]:
    """Both ways, each port; each destination that is a pod calls it ``http``, or does not."""
    for (source, end), (port, protocol) in product(((here, there), (there, here)), DIALS):
        named: tuple[ContainerPort, ...] = (
            ContainerPort(name="http", port=port, protocol=Protocol.TCP),
            ContainerPort(name="http", port=port, protocol=Protocol.UDP),
        )
        chosen = [end] if not isinstance(end, Pod) else [end, replace(end, ports=named)]
        for destination in chosen:
            yield Connection(source=source, destination=destination, port=port, protocol=protocol)


@settings(max_examples=12)
@given(pairs(POD_PEERS), PROFILES)
def test_labels_agree_with_trying_everything(
    policies: tuple[Policies, Policies], profile: Profile
) -> None:
    """EQUAL where no pods differ, else a witness each way that differs, with the fewest pods."""
    relation = compare(*policies, profile=profile)
    assert relation.limit is None
    assert claimed(relation) == tried(*policies, pod_pairs(profile))


@settings(max_examples=12)
@given(pairs(BLOCKS | st.just(PodPeer(pod_selector=LabelSelector()))), PROFILES)
def test_addresses_agree_with_trying_everything(
    policies: tuple[Policies, Policies], profile: Profile
) -> None:
    """EQUAL where no addresses differ, else a witness each way that differs, with fewest pods."""
    relation = compare(*policies, profile=profile)
    assert relation.limit is None
    found = claimed(relation)
    assert found == tried(*policies, addressed_pairs(profile))


@settings(max_examples=20)
@given(clusters(max_pods=4, max_policies=3), st.none() | policy_sets(3))
def test_world_agrees_with_trying_everything(cluster: Cluster, others: Policies | None) -> None:
    """In a given world: EQUAL where no connection differs, else a witness each way that differs."""
    reference = cluster.policies[:-1] if others is None else others
    relation = compare(cluster.policies, reference, scope=Scope.WORLD, world=cluster)
    entities: list[Entity] = [*cluster.pods, *cluster.nodes, *map(External.of, (*OUTSIDE, *MORE))]
    ends = [(a, b) for a, b in product(entities, entities) if Pod in (type(a), type(b))]
    connections = (
        Connection(source=a, destination=b, port=port, protocol=protocol, family=family)
        for (a, b), port, protocol in product(ends, (*PORTS, 82, 1), Protocol)
        for family in families(cluster, a, b)
    )
    found = tried(cluster.policies, reference, iter([(cluster, connections)]))
    assert set(claimed(relation)) == set(found)


def families(cluster: Cluster, source: Entity, destination: Entity) -> Sequence[int | None]:
    """The families in which two entities meet: those that both have, or any when it is one."""
    ours, theirs = (versions(cluster, each) for each in (source, destination))
    if len(ours) < 2 and len(theirs) < 2:
        return [None]
    return sorted(ours & theirs) if ours and theirs else sorted(ours | theirs)


def versions(cluster: Cluster, entity: Entity) -> set[int]:
    """The families of the addresses of an entity; those of its node on the node's network."""
    match entity:
        case External(address=address):
            return {address.version}
        case Pod(ips=(), host_network=True, node=str(node)):
            return {address.version for address in cluster.node(node).ips}
        case _:
            return {address.version for address in entity.ips}


# --- how a thing is written -----------------------------------------------------------------


def split(policies: Policies) -> Policies:
    """One policy for each direction and each peer of each rule, and one that only isolates."""
    found = []
    for policy, direction in product(policies, Direction):
        if not policy.isolates(direction):
            continue
        alone = [
            replace(rule, peers=(peer,) if peer else ())
            for rule in policy.rules(direction)
            for peer in rule.peers or (None,)
        ]
        for rules_ in ((), *((rule,) for rule in alone)):
            ingress, egress = (rules_ if each is direction else () for each in Direction)
            found.append(replace(policy, policy_types=(direction,), ingress=ingress, egress=egress))
    return _numbered(found)


def reworded(policies: Policies) -> Policies:
    """The other way round, with labels as requirements and every list reversed."""
    return _numbered(
        [
            replace(
                policy,
                pod_selector=as_requirements(policy.pod_selector),
                ingress=tuple(map(_reworded_rule, reversed(policy.ingress))),
                egress=tuple(map(_reworded_rule, reversed(policy.egress))),
            )
            for policy in reversed(policies)
        ]
    )


def _reworded_rule(rule: Rule) -> Rule:
    peers = [
        peer
        if isinstance(peer, IPBlock)
        else PodPeer(
            pod_selector=peer.pod_selector and as_requirements(peer.pod_selector),
            namespace_selector=peer.namespace_selector and as_requirements(peer.namespace_selector),
        )
        for peer in reversed(rule.peers)
    ]
    return Rule(peers=tuple(peers), ports=rule.ports[::-1])


def as_requirements(selector: LabelSelector) -> LabelSelector:
    """A selector without ``matchLabels``."""
    listing = [
        Requirement(key=key, operator=Operator.IN, values=(value,))
        for key, value in selector.match_labels.items()
    ]
    return LabelSelector(match_expressions=(*listing, *selector.match_expressions))


@given(policy_sets(4))
def test_wording_does_not_matter(policies: Policies) -> None:
    """A set equals itself, its parts as single policies, the whole reworded, and these each other.

    That is: reflexive, and transitive where all are equal.
    """
    ways = (policies, split(policies), reworded(policies), reworded(split(policies)))
    assert all(compare(one, other).equal for one, other in product(ways, ways))


@given(policy_sets(3), policy_sets(3))
def test_sides_can_be_swapped(mine: Policies, reference: Policies) -> None:
    """Swapping the sides swaps too open and too tight."""
    there, back = compare(mine, reference), compare(reference, mine)
    assert back.outcome is SWAPPED.get(there.outcome, there.outcome)


@given(policy_sets(3), policy_sets(3))
def test_witnesses_differ_in_their_direction(mine: Policies, reference: Policies) -> None:
    """Each witness, evaluated again, is allowed by the one side and denied by the other."""
    relation = compare(mine, reference)
    for found, expected in ((relation.too_open, True), (relation.too_tight, False)):
        if found is not None:
            ours, theirs = (found.cluster.with_policies(each) for each in (mine, reference))
            assert allows(ours, found.connection) is expected
            assert allows(theirs, found.connection) is not expected


@given(policy_sets(3), policy_sets(3))
def test_equal_means_equal_in_every_context(mine: Policies, reference: Policies) -> None:
    """Policies that are equal stay so in every narrower scope."""
    world = Cluster(pods=(pod("bank", "one"), pod("shop", "two", {"app": "api"}, "10.0.0.1")))
    if compare(mine, reference).equal:
        assert compare(mine, reference, scope=Scope.NAMESPACES, world=world).equal
