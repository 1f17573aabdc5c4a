"""The universe of any pods: in any namespaces (scope ANY), or in given ones (scope NAMESPACES).

Every pod has an address, as in a running cluster, and it may be any; so may be its labels, and the
names of its ports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from netpol_sim.analysis.compare.atoms import ABSENT, LabelCases, Mask, fresh, requirements
from netpol_sim.analysis.compare.concrete import Choice
from netpol_sim.analysis.compare.policy_set import PolicySet
from netpol_sim.analysis.compare.search import Conjunction, Domains, conjoin
from netpol_sim.analysis.compare.universe import End, Pair, Place, PlaceKind
from netpol_sim.analysis.compare.vocabulary import (
    DECLARED,
    ON_HOST,
    Vocabulary,
    mentioned_namespaces,
)
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_peers import (
    ClusterPeer,
    ClusterPort,
    DomainNames,
    NamedPort,
    Networks,
    Nodes,
)
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, Connection
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.plugin import HostNetwork, Profile
from netpol_sim.policy import Direction, NetworkPolicy, Protocol


class AnyPods:
    """Any pods, in the namespaces given (name -> labels) or, when None, in any.

    ``given`` are the policies of both sides; ``known`` is a cluster whose names mean something to
    people.
    """

    def __init__(
        self,
        given: PolicySet,
        profile: Profile,
        namespaces: Mapping[str, Mapping[str, str]] | None = None,
        known: Cluster | None = None,
    ) -> None:
        self._vocabulary = Vocabulary.of(given)
        self.profile, self._given, self._namespaces = profile, given, namespaces
        self._known = known or Cluster()
        self._masks: dict[tuple[int, LabelSelector], dict[str, Mask]] = {}
        self.variables = self._vocabulary.variables
        self.port = self._vocabulary.port()

    def pairs(self, direction: Direction, denying: PolicySet) -> Iterator[Pair]:
        """The near end where these policies may deny, the far end wherever that can matter."""
        if denying.judges(direction):
            judged = self._told_apart
        else:
            isolating = (each for each in denying.policies if each.isolates(direction))
            judged = tuple(dict.fromkeys(each.namespace for each in isolating))
        for namespace in judged:
            near = End(place=Place(kind=PlaceKind.PODS, namespace=namespace), near=True)
            for place in self._far_places(direction, namespace):
                yield Pair(direction=direction, near=near, far=End(place=place, near=False))

    def _far_places(self, direction: Direction, namespace: str) -> Iterator[Place]:
        yield Place(kind=PlaceKind.OUTSIDE)
        picked = self._vocabulary.node_labels is not None
        if picked or not self.profile.ip_block_matches_nodes:
            yield Place(kind=PlaceKind.NODES)
        if self._namespaces is not None or self._given.cluster_policies:
            others = self._told_apart
        else:
            # Policies that mention no other name cannot tell other namespaces from this one.
            own = (each for each in self._given.policies if each.namespace == namespace)
            others = (*mentioned_namespaces(direction, own), self._strangers[0])
        found = dict.fromkeys((namespace, *others))
        if namespace == self._strangers[0] and self._namespaces is None:
            found[self._strangers[1]] = None
        yield from (Place(kind=PlaceKind.PODS, namespace=name) for name in found)

    @cached_property
    def _told_apart(self) -> tuple[str, ...]:
        """A namespace for each case of namespaces that policies can tell apart by name."""
        if self._namespaces is None:
            return (*self._vocabulary.named_namespaces, self._strangers[0])
        found: dict[object, str] = {}
        for name, labels in self._namespaces.items():
            own = name if name in self._vocabulary.namespaces else None
            picked = (each.matches(labels) for each in self._vocabulary.namespace_selectors)
            found.setdefault((own, *picked), name)
        return tuple(found.values())

    @cached_property
    def _strangers(self) -> tuple[str, str]:
        """Names for two namespaces that nobody mentions."""
        taken = (
            *self._vocabulary.named_namespaces,
            *(each.name for each in self._known.namespaces),
        )
        return fresh("other", taken), fresh("another", taken)

    def subject(self, policy: NetworkPolicy, end: End) -> Conjunction | None:
        """When a policy selects the pod at an end; None for never."""
        if end.place.namespace != policy.namespace:
            return None
        return self._pod_conjunction(policy.pod_selector, end)

    def peer(self, policy: NetworkPolicy, peer: Peer, end: End) -> Conjunction | None:
        """When a peer of a NetworkPolicy matches the far end; None for never."""
        if isinstance(peer, IPBlock):
            return self._block(peer, end)
        if end.place.kind is not PlaceKind.PODS:
            return None
        if peer.namespace_selector is not None:
            inside = self._namespace_conjunction(peer.namespace_selector, end)
        else:
            inside = () if end.place.namespace == policy.namespace else None
        if inside is None or peer.pod_selector is None:
            return inside
        picked = self._pod_conjunction(peer.pod_selector, end)
        return None if picked is None else conjoin((inside, picked))

    def cluster_peer(self, peer: ClusterPeer, end: End) -> Conjunction | None:
        """When a peer, or the subject, of a cluster-scoped policy is at an end; None for never."""
        match peer:
            case PodPeer():
                return self._ordinary_pod(peer, end)
            case Networks(blocks=blocks):
                # These cover pods and nodes, whatever the plugin makes of an `ipBlock`.
                return self._addresses(blocks, end)
            case Nodes(selector=selector):
                return self._node(selector, end)
            case DomainNames():
                return None

    def ports(self, entry: ClusterPort, destination: End) -> Iterator[Conjunction]:
        """When a port entry matches: in any of these cases."""
        known, is_pod = self._vocabulary.ports, destination.place.kind is PlaceKind.PODS
        if isinstance(entry, NamedPort):
            for protocol in Protocol if is_pod else ():
                declared = self._vocabulary.declares(entry.name, protocol)
                named = ((self.port, known.within(protocol)), (declared, DECLARED))
                yield (*named, *self._own_network(destination))
        elif (numbers := entry.ports) is not None:
            yield ((self.port, known.within(entry.protocol, numbers[0], numbers[-1])),)
        elif is_pod:
            declared = self._vocabulary.declares(str(entry.port), entry.protocol)
            yield ((self.port, known.within(entry.protocol)), (declared, DECLARED))

    def accepts(self, pair: Pair, domains: Domains) -> bool:
        """Whether some choice is a connection: one address cannot be at both ends."""
        near, far = (domains.get(self._vocabulary.address(end), 0) for end in (pair.near, pair.far))
        return near != far or not self._vocabulary.addresses.single(near)

    def concrete(self, pair: Pair, domains: Domains) -> tuple[Cluster, Connection]:
        """A cluster with as little in it as possible, without policies, and the connection."""
        return Choice(
            vocabulary=self._vocabulary,
            profile=self.profile,
            namespaces=self._namespaces,
            known=self._known,
            pair=pair,
            domains=domains,
        ).concrete()

    def _block(self, block: IPBlock, end: End) -> Conjunction | None:
        match end.place.kind:
            case PlaceKind.OUTSIDE:
                covered = True
            case PlaceKind.PODS:
                covered = self.profile.ip_block_matches_pods
            case PlaceKind.NODES | PlaceKind.HOST_PODS:
                covered = self.profile.ip_block_matches_nodes
        return self._addresses([block], end) if covered else None

    def _addresses(self, blocks: Iterable[IPBlock], end: End) -> Conjunction | None:
        mask = 0
        for block in blocks:
            mask |= self._vocabulary.addresses.of(block)
        return ((self._vocabulary.address(end), mask),) if mask else None

    def _ordinary_pod(self, picked: PodPeer, end: End) -> Conjunction | None:
        if end.place.kind is not PlaceKind.PODS:
            return None
        parts = [self._own_network(end)]
        for selector, conjunction in (
            (picked.namespace_selector, self._namespace_conjunction),
            (picked.pod_selector, self._pod_conjunction),
        ):
            part = () if selector is None else conjunction(selector, end)
            if part is None:
                return None
            parts.append(part)
        return conjoin(parts)

    def _own_network(self, end: End) -> Conjunction:
        """That the pod at an end does not use the network of its node.

        Where the plugin sees such a pod as its node, it is in another place anyway.
        """
        if self.profile.host_network is HostNetwork.AS_NODE:
            return ()
        return ((self._vocabulary.host(end), ABSENT),)

    def _node(self, selector: LabelSelector, end: End) -> Conjunction | None:
        """That there is a node with some labels at an end, or a pod on its network."""
        as_pod = self.profile.host_network is HostNetwork.AS_POD
        match end.place.kind:
            case PlaceKind.NODES:
                on_host: Conjunction = ()
            case PlaceKind.PODS if as_pod:
                on_host = ((self._vocabulary.host(end), ON_HOST),)
            case _:
                return None
        masks = self._cases(selector, self._vocabulary.node_labels or {})
        labels = (((self._vocabulary.node_label(key, end), mask),) for key, mask in masks.items())
        return conjoin([on_host, *labels])

    def _pod_conjunction(self, selector: LabelSelector, end: End) -> Conjunction | None:
        masks = self._cases(selector, self._vocabulary.pod_labels)
        parts = (((self._vocabulary.pod_label(key, end), mask),) for key, mask in masks.items())
        return conjoin(parts)

    def _namespace_conjunction(self, selector: LabelSelector, end: End) -> Conjunction | None:
        name = end.place.namespace
        if self._namespaces is not None:
            return () if selector.matches(self._namespaces[name or ""]) else None
        parts = []
        masks = self._cases(selector, self._vocabulary.namespace_labels)
        for key, mask in masks.items():
            if key != NAMESPACE_NAME_LABEL:
                parts.append(((self._vocabulary.namespace_label(key, end), mask),))
            elif not mask & self._vocabulary.case_of_name(name):
                return None
        return conjoin(parts)

    def _cases(
        self, selector: LabelSelector, known: Mapping[str, LabelCases]
    ) -> Mapping[str, Mask]:
        """The cases of each key in which a selector can match."""
        found = self._masks.get((id(known), selector))
        if found is None:
            found = {}
            for each in requirements(selector):
                mask = known[each.key].of(each)
                found[each.key] = found.get(each.key, mask) & mask
            self._masks[id(known), selector] = found
        return found
