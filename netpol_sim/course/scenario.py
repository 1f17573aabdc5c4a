"""Make up a small cluster and an intent about one of its pods: in words, and as policies.

Everything is drawn from numbers that ``random.Random(seed).random`` gives, which is the one thing
that Python promises to be the same on every machine and version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, ContainerPort, Namespace, Pod
from netpol_sim.peers import IPBlock, PodPeer
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol, Rule

_T = TypeVar("_T")

_NAMESPACES = ("harbour", "library", "museum", "orchard", "railway", "theatre", "bakery", "clinic")
_APPS = {
    "portal": 8080,
    "catalogue": 8081,
    "accounts": 9000,
    "search": 9200,
    "queue": 5672,
    "store": 5432,
    "cache": 6379,
    "reports": 8443,
}
_KEYS = ("app", "role", "component")
_RANGES = (
    ("198.51.100.0/24", "198.51.100.64/26"),
    ("203.0.113.0/24", "203.0.113.128/25"),
    ("192.0.2.0/24", "192.0.2.16/28"),
)
MOST_RULES = 5
DNS = "kube-system"


class Dice:
    """Draws that depend on the seed alone."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  nothing secret is drawn

    def below(self, count: int) -> int:
        """A number from 0 to one less than the count."""
        return int(self._random.random() * count)

    def pick(self, items: Sequence[_T]) -> _T:
        """One of several."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[_T], count: int) -> tuple[_T, ...]:
        """So many different ones of several, in the order they are drawn."""
        left, drawn = list(items), list[_T]()
        while left and len(drawn) < count:
            drawn.append(left.pop(self.below(len(left))))
        return tuple(drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A cluster, what shall hold for one of its pods in words, and policies that say so.

    ``references`` are two ways to say it: one policy, and one for each permission.  ``outside`` are
    addresses that are worth asking about.
    """

    cluster: Cluster
    words: tuple[str, ...]
    references: tuple[tuple[NetworkPolicy, ...], ...]
    outside: tuple[str, ...] = ()

    @property
    def rules(self) -> int:
        """How many permissions the intent has."""
        return len(self.references[1]) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Permission:
    """One rule of the intent."""

    direction: Direction
    rule: Rule
    words: str


def draw(dice: Dice) -> Scenario:
    """Draw a scenario."""
    key = dice.pick(_KEYS)
    names = dice.some(_NAMESPACES, 2 + dice.below(3))
    pods = tuple(pod for name in names for pod in _pods(dice, name, key))
    count = 1 + dice.below(MOST_RULES)
    target = pods[0]
    permissions = tuple(_permissions(dice, target, pods, key))[:count]
    cluster = Cluster(
        namespaces=tuple(Namespace(name=name) for name in (*names, DNS)),
        pods=(*pods, _dns_pod()),
    )
    ranges = [peer for each in permissions for peer in each.rule.peers if isinstance(peer, IPBlock)]
    return Scenario(
        cluster=cluster,
        words=_words(target, key, permissions),
        references=_references(target, key, permissions),
        outside=tuple(str(network[1]) for each in ranges for network in _networks(each)),
    )


def _networks(block: IPBlock) -> tuple[Sequence[object], ...]:
    return (block.network, *block.excluded)  # type: ignore[arg-type]


def _pods(dice: Dice, namespace: str, key: str) -> Iterator[Pod]:
    for app in dice.some(tuple(_APPS), 3):
        port = ContainerPort(port=_APPS[app])
        yield Pod(namespace=namespace, name=app, labels={key: app}, ports=(port,))


def _dns_pod() -> Pod:
    ports = tuple(ContainerPort(port=53, protocol=each) for each in (Protocol.UDP, Protocol.TCP))
    return Pod(namespace=DNS, name="coredns", labels={"k8s-app": "kube-dns"}, ports=ports)


def _permissions(dice: Dice, target: Pod, pods: tuple[Pod, ...], key: str) -> Iterator[_Permission]:
    """What may be allowed, the simplest first."""
    own, other = pods[1 : 1 + 2], pods[3:]
    port = target.ports[0].port
    neighbour, stranger = dice.pick(own), dice.pick(other)
    yield _Permission(
        direction=Direction.INGRESS,
        rule=_rule(_labelled(neighbour, key), port),
        words=f"The pods of `{target.namespace}` labelled `{_label(neighbour, key)}` may reach "
        f"them on port {port}.",
    )
    there = LabelSelector(match_labels={NAMESPACE_NAME_LABEL: stranger.namespace})
    yield _Permission(
        direction=Direction.INGRESS,
        rule=_rule(replace(_labelled(stranger, key), namespace_selector=there), port),
        words=f"The pods of the namespace `{stranger.namespace}` labelled "
        f"`{_label(stranger, key)}` may reach them on port {port}.",
    )
    behind = next(pod for pod in own if pod != neighbour)
    yield _Permission(
        direction=Direction.EGRESS,
        rule=_rule(_labelled(behind, key), behind.ports[0].port),
        words=f"They may reach the pods of `{target.namespace}` labelled `{_label(behind, key)}` "
        f"on port {behind.ports[0].port}.",
    )
    yield _Permission(
        direction=Direction.EGRESS,
        rule=_dns_rule(),
        words="They may look up names: pods labelled `k8s-app: kube-dns` in the namespace "
        f"`{DNS}`, port 53, over UDP and TCP.",
    )
    whole, cut = dice.pick(_RANGES)
    yield _Permission(
        direction=Direction.INGRESS,
        rule=Rule(peers=(IPBlock(cidr=whole, except_=(cut,)),), ports=(PolicyPort(port=port),)),
        words=f"Addresses in {whole} may reach them on port {port}, but not those in {cut}.",
    )


def _label(pod: Pod, key: str) -> str:
    return f"{key}: {pod.labels[key]}"


def _labelled(pod: Pod, key: str) -> PodPeer:
    return PodPeer(pod_selector=LabelSelector(match_labels={key: pod.labels[key]}))


def _rule(peer: PodPeer, port: int) -> Rule:
    return Rule(peers=(peer,), ports=(PolicyPort(port=port),))


def _dns_rule() -> Rule:
    peer = PodPeer(
        pod_selector=LabelSelector(match_labels={"k8s-app": "kube-dns"}),
        namespace_selector=LabelSelector(match_labels={NAMESPACE_NAME_LABEL: DNS}),
    )
    ports = tuple(PolicyPort(port=53, protocol=each) for each in (Protocol.UDP, Protocol.TCP))
    return Rule(peers=(peer,), ports=ports)


def _words(target: Pod, key: str, permissions: tuple[_Permission, ...]) -> tuple[str, ...]:
    both = any(each.direction is Direction.EGRESS for each in permissions)
    ways = "in both directions" if both else "for ingress"
    first = f"Isolate the pods of `{target.namespace}` labelled `{_label(target, key)}` {ways}."
    free = "Nothing else may reach them. What they open themselves stays as free as it is."
    last = "Nothing else may reach them, and they may reach nothing else." if both else free
    return (first, *(each.words for each in permissions), last)


def _references(
    target: Pod, key: str, permissions: tuple[_Permission, ...]
) -> tuple[tuple[NetworkPolicy, ...], ...]:
    """One policy with every rule; and one policy that isolates, with one for each permission."""
    directions = tuple(
        way for way in Direction if any(each.direction is way for each in permissions)
    )
    bare = NetworkPolicy(
        namespace=target.namespace,
        name=target.name,
        pod_selector=LabelSelector(match_labels={key: target.labels[key]}),
        policy_types=directions,
    )
    parts = tuple(
        _with(replace(bare, name=f"{target.name}-{number}", policy_types=(each.direction,)), each)
        for number, each in enumerate(permissions, start=1)
    )
    whole = bare
    for each in permissions:
        whole = _with(whole, each)
    return (whole,), (bare, *parts)


def _with(policy: NetworkPolicy, permission: _Permission) -> NetworkPolicy:
    if permission.direction is Direction.INGRESS:
        return replace(policy, ingress=(*policy.ingress, permission.rule))
    return replace(policy, egress=(*policy.egress, permission.rule))
