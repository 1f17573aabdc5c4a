"""The universe of any pods: in any namespaces (scope ANY), or in given ones (scope NAMESPACES).

Every pod has an address, as in a running cluster, and it may be any; so may be its labels, and the
names of its ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netpol_sim.analysis.compare.atoms import LabelCases, Mask, requirements
from netpol_sim.analysis.compare.concrete import Choice
from netpol_sim.analysis.compare.search import Conjunction, Domains, conjoin
from netpol_sim.analysis.compare.universe import End, Pair, Place, PlaceKind
from netpol_sim.analysis.compare.vocabulary import DECLARED, Vocabulary, mentioned_namespaces
from netpol_sim.cluster import Cluster
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL, Connection, Profile
from netpol_sim.policy import Direction, IPBlock, NetworkPolicy, Peer, PolicyPort


class AnyPods:
    """Any pods, in the namespaces given (name -> labels) or, when None, in any.

    ``known`` is a cluster whose names mean something to people.
    """

    def __init__(
        self,
        policies: Sequence[NetworkPolicy],
        profile: Profile,
        namespaces: Mapping[str, Mapping[str, str]] | None = None,
        known: Cluster | None = None,
    ) -> None:
        self._vocabulary = Vocabulary.of(policies)
        self._policies, self._profile, self._namespaces = policies, profile, namespaces
        self._known = known or Cluster()
        self._masks: dict[tuple[int, LabelSelector], dict[str, Mask]] = {}
        self.variables = self._vocabulary.variables
        self.port = self._vocabulary.port()

    def pairs(self, direction: Direction, namespace: str) -> Iterator[Pair]:
        """The near end in a namespace, the far end in each place that its policies can tell."""
        near = End(place=Place(kind=PlaceKind.PODS, namespace=namespace), near=True)
        for place in self._far_places(direction, namespace):
            yield Pair(direction=direction, near=near, far=End(place=place, near=False))

    def _far_places(self, direction: Direction, namespace: str) -> Iterator[Place]:
        yield Place(kind=PlaceKind.OUTSIDE)
        if not self._profile.ip_block_matches_nodes:
            yield Place(kind=PlaceKind.NODES)
        if self._namespaces is None:
            own = (each for each in self._policies if each.namespace == namespace)
            found = dict.fromkeys((namespace, *mentioned_namespaces(direction, own)))
            yield from (Place(kind=PlaceKind.PODS, namespace=name) for name in found)
            # Policies that mention no other name cannot tell other namespaces from this one.
            yield Place(kind=PlaceKind.PODS)
        else:
            others = (name for name in self._namespaces if name != namespace)
            for name in (namespace, *others):
                yield Place(kind=PlaceKind.PODS, namespace=name)

    def subject(self, policy: NetworkPolicy, end: End) -> Conjunction | None:
        """When a policy selects the pod at an end; None for never."""
        if end.place.namespace != policy.namespace:
            return None
        return self._pod_conjunction(policy.pod_selector, end)

    def peer(self, policy: NetworkPolicy, peer: Peer, end: End) -> Conjunction | None:
        """When a peer matches the far end; None for never."""
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

    def ports(self, entry: PolicyPort, destination: End) -> Iterator[Conjunction]:
        """When a port entry matches: in any of these cases."""
        numbers, known = entry.ports, self._vocabulary.ports
        if numbers is not None:
            yield ((self.port, known.within(entry.protocol, numbers[0], numbers[-1])),)
        elif destination.place.kind is PlaceKind.PODS:
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
            profile=self._profile,
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
                covered = self._profile.ip_block_matches_pods
            case PlaceKind.NODES | PlaceKind.HOST_PODS:
                covered = self._profile.ip_block_matches_nodes
        mask = self._vocabulary.addresses.of(block)
        return ((self._vocabulary.address(end), mask),) if covered and mask else None

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
