"""Who there is, in a fixed order, and who of them a peer means: each answer is a set of positions.

Pods come first, those of a namespace side by side and in cluster order; then come the nodes.
Everything is worked out when it is first asked for, and once.  What ``evaluate`` says about one
entity at a time is said here about all of them; property tests hold the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from operator import or_

from netpol_sim.addresses import IPNetwork
from netpol_sim.analysis.table.addressed import Addressed
from netpol_sim.analysis.table.index import LabelIndex, bitset, members, span
from netpol_sim.analysis.table.peers import Opened, Peers, PortName
from netpol_sim.analysis.table.ports import PortSet
from netpol_sim.cluster import Cluster
from netpol_sim.labels import EVERYTHING as EVERY_LABEL_SET
from netpol_sim.labels import Labels, LabelSelector
from netpol_sim.model import ContainerPort, Node, Phase, Pod
from netpol_sim.peers import IPBlock, Peer, PodPeer
from netpol_sim.plugin import HostNetwork
from netpol_sim.policy import Direction, NetworkPolicy, Protocol


class Population:
    """The pods and nodes of a cluster, by position.

    ``family`` is the address family that all connections use: 4, 6, or None for each connection's
    own choice between the addresses of dual-stack pods, as in ``Connection``.
    """

    def __init__(self, cluster: Cluster, family: int | None = None) -> None:
        self.cluster = cluster
        self.family = family
        by_namespace: dict[str, list[int]] = {name.name: [] for name in cluster.namespaces}
        for number, pod in enumerate(cluster.pods):
            by_namespace[pod.namespace].append(number)
        numbers = [number for found in by_namespace.values() for number in found]
        self.pods = tuple([cluster.pods[number] for number in numbers])
        self.entities: tuple[Pod | Node, ...] = (*self.pods, *cluster.nodes)
        self.spans: dict[str, range] = {}
        start = 0
        for name, found in by_namespace.items():
            self.spans[name] = range(start, start + len(found))
            start += len(found)
        # The pods in cluster order, which is how they lie in memory: for those who look at all.
        self._order = [0] * len(numbers)
        for position, number in enumerate(numbers):
            self._order[number] = position
        self._selected: dict[LabelSelector, int] = {}
        self._namespaces_selected: dict[LabelSelector, int] = {}
        self._picked_peers: dict[int, Peers] = {}
        self._in_ranges: dict[tuple[IPBlock, int | None], Peers] = {}
        self._blocks: list[IPBlock] = []
        self._marks: dict[IPBlock, int] = {}
        self._named: dict[tuple[Peers, PortName], Opened] = {}

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each pod and node, by its key."""
        return {entity.key: position for position, entity in enumerate(self.entities)}

    # -- Those that policies have no say about ---------------------------------------------------

    @cached_property
    def finished(self) -> frozenset[int]:
        """The pods that take no part any more."""
        return frozenset([position for position, pod in self._unusual if not pod.takes_part])

    @cached_property
    def on_host_network(self) -> frozenset[int]:
        """The pods that the plugin sees as their node."""
        if self.cluster.profile.host_network is not HostNetwork.AS_NODE:
            return frozenset()
        return frozenset([position for position, pod in self._unusual if pod.host_network])

    @cached_property
    def _unusual(self) -> list[tuple[int, Pod]]:
        """The pods that do not run, or that use the network of their node."""
        running = Phase.RUNNING
        return [
            (position, pod)
            for position, pod in zip(self._order, self.cluster.pods, strict=True)
            if pod.host_network or pod.phase is not running
        ]

    @cached_property
    def on_node_network(self) -> frozenset[int]:
        """The nodes, and the pods that the plugin sees as their node."""
        return self.on_host_network.union(range(len(self.pods), len(self.entities)))

    @cached_property
    def own_node(self) -> dict[str, tuple[int, int]]:
        """For each node: the running ordinary pods on it, and what uses its network as its own."""
        nodes = range(len(self.pods), len(self.entities))
        sharing = {self.entities[i].name: [i] for i in nodes}
        ordinary: dict[str, list[int]] = {name: [] for name in sharing}
        as_node, finished = self.on_host_network, self.finished
        for position, pod in enumerate(self.pods):
            if pod.node is not None and position in as_node:
                sharing[pod.node].append(position)
            elif pod.node is not None and position not in finished:
                ordinary[pod.node].append(position)
        return {name: (bitset(ordinary[name]), bitset(found)) for name, found in sharing.items()}

    # -- Selectors -------------------------------------------------------------------------------

    @cached_property
    def _pod_index(self) -> LabelIndex:
        # A pod on the host network is not picked by labels, neither as subject nor as peer.
        as_node = self.on_host_network
        label_sets = [Labels.plain(pod.labels) for pod in self.cluster.pods]
        return LabelIndex(self._order, label_sets, skipped=as_node)

    @cached_property
    def _namespace_index(self) -> LabelIndex:
        """Namespaces by their labels; each stands for all its pods."""
        spans = [span(positions) for positions in self.spans.values()]
        label_sets = [self.cluster.namespace_labels(name) for name in self.spans]
        return LabelIndex(
            range(len(spans)),
            label_sets,
            as_set=lambda found: reduce(or_, [spans[i] for i in found], 0),
        )

    def subjects(self, policy: NetworkPolicy) -> int:
        """The pods a policy selects, relative to the start of its namespace's span."""
        return self._select(policy.namespace, policy.pod_selector)

    def _select(self, namespace: str | None, selector: LabelSelector) -> int:
        """The pods that a selector picks; of a namespace, relative to the start of its span."""
        picked = self._selected.get(selector)
        if picked is None:
            picked = self._selected[selector] = self._pod_index.select(selector)
        if namespace is None:
            return picked
        return self._in(namespace, picked)

    def _in(self, namespace: str, found: int) -> int:
        """Those of a set in a namespace, relative to the start of its span."""
        within = self.spans[namespace]
        return found >> within.start & (1 << len(within)) - 1

    def _in_namespaces(self, selector: LabelSelector) -> int:
        """All pods of the namespaces that a selector picks."""
        known = self._namespaces_selected.get(selector)
        if known is None:
            known = self._namespaces_selected[selector] = self._namespace_index.select(selector)
        return known

    # -- Peers -----------------------------------------------------------------------------------

    def peers(self, policy: NetworkPolicy, peer: Peer, sight: int | None) -> Peers:
        """Whom a peer of a policy means to near ends of some ``sight``.

        Peers that mean the same pods are one object, and so are equal ranges.
        """
        if isinstance(peer, IPBlock):
            known = self._in_ranges.get((peer, sight))
            if known is None:
                known = Peers(self._addressed.covered(peer, sight), peer, self._mark(peer))
                self._in_ranges[peer, sight] = known
            return known
        inside = self._picked(policy, peer)
        known = self._picked_peers.get(inside)
        if known is None:
            known = self._picked_peers[inside] = Peers(inside)
        return known

    def _mark(self, block: IPBlock) -> int:
        if block not in self._marks:
            self._marks[block] = 1 << len(self.entities) + len(self._blocks)
            self._blocks.append(block)
        return self._marks[block]

    def marked(self, marks: int) -> Iterator[IPBlock]:
        """The ranges that marks, shifted down to 0, stand for."""
        for number in members(marks):
            yield self._blocks[number]

    def named(self, peers: Peers, name: PortName) -> Opened:
        """Those of some peers that declare a port name, by the number it stands for on them.

        Outside nobody declares ports.  Equal peers are one object.
        """
        known = self._named.get((peers, name))
        if known is None:
            known = self._named[peers, name] = [
                (Peers(peers.inside & declaring), PortSet.single(name[1], number))
                for number, declaring in self.declaring(name).items()
            ]
        return known

    def _picked(self, policy: NetworkPolicy, peer: PodPeer) -> int:
        pods = EVERY_LABEL_SET if peer.pod_selector is None else peer.pod_selector
        if peer.namespace_selector is None:
            return self._select(policy.namespace, pods) << self.spans[policy.namespace].start
        return self._in_namespaces(peer.namespace_selector) & self._select(None, pods)

    # -- Addresses -------------------------------------------------------------------------------

    @cached_property
    def _addressed(self) -> Addressed:
        return Addressed(
            self.cluster,
            self._order,
            family=self.family,
            on_host_network=self.on_host_network,
            gone=self.finished,
        )

    @property
    def addresses(self) -> frozenset[int]:
        """The addresses of nodes and running pods, as numbers."""
        return self._addressed.taken

    @cached_property
    def is_dual_stack(self) -> bool:
        """Whether any pod or node has addresses of both families."""
        return self._addressed.is_dual_stack

    def sight(self, position: int, direction: Direction) -> int | None:
        """Which address of dual-stack far ends counts for a near end (``Addressed.sight``)."""
        return self._addressed.sight(position, direction) if self.is_dual_stack else None

    # -- What cluster-scoped policies pick -------------------------------------------------------

    def ordinary(self, picked: PodPeer) -> int:
        """The pods of a subject or peer: none of them is on the network of its node."""
        spaces, pods = picked.namespace_selector, picked.pod_selector
        found = self._in_namespaces(spaces or EVERY_LABEL_SET) & ~self._host_networked
        return found & self._select(None, pods) if pods is not None else found

    @cached_property
    def _host_networked(self) -> int:
        return bitset([position for position, pod in self._unusual if pod.host_network])

    def within(self, network: IPNetwork, sight: int | None) -> int:
        """Everyone with an address in a range, whatever the plugin does with an ``ipBlock``."""
        return self._addressed.within(network, sight, always=True)

    def on_nodes(self, selector: LabelSelector) -> int:
        """The nodes with some labels, and the pods on their network."""
        names = {node.name for node in self.cluster.nodes if selector.matches(node.labels)}
        found = [i for i, pod in enumerate(self.pods) if pod.host_network and pod.node in names]
        nodes = enumerate(self.cluster.nodes, len(self.pods))
        return bitset(found + [i for i, node in nodes if node.name in names])

    # -- Named ports -----------------------------------------------------------------------------

    def declared(self, position: int, names: Iterable[PortName]) -> Iterator[tuple[PortName, int]]:
        """What some port names stand for on a pod, if it declares them."""
        for name in names:
            for number, declaring in self.declaring(name).items():
                if declaring >> position & 1:
                    yield name, number

    def declared_in(
        self, namespace: str, names: Iterable[PortName]
    ) -> list[tuple[tuple[PortName, int], int]]:
        """What some port names stand for, and on which pods of a namespace (as ``subjects``)."""
        return [
            ((name, number), found)
            for name in sorted(names)
            for number, declaring in self.declaring(name).items()
            if (found := self._in(namespace, declaring))
        ]

    def declaring(self, name: PortName) -> dict[int, int]:
        """The numbers that a port name stands for, each with the pods on which it does."""
        return self._declaring.get(name, {})

    @cached_property
    def _declaring(self) -> dict[PortName, dict[int, int]]:
        # By identity first: pods that were read together share equal ports.
        by_port: dict[int, tuple[ContainerPort, list[int]]] = {}
        for position, pod in zip(self._order, self.cluster.pods, strict=True):
            for port in pod.ports:
                known = by_port.get(id(port))
                if known is None:
                    by_port[id(port)] = port, [position]
                else:
                    known[1].append(position)
        by_number: defaultdict[tuple[str | None, Protocol, int], list[int]] = defaultdict(list)
        for port, positions in by_port.values():
            by_number[port.name, port.protocol, port.port] += positions
        not_as_node = ~bitset(self.on_host_network)
        found: defaultdict[PortName, dict[int, int]] = defaultdict(dict)
        for (named, protocol, number), positions in by_number.items():
            if named is not None:
                found[named, protocol][number] = bitset(positions) & not_as_node
        return found
