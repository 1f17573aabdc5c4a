"""Who has which address: the positions that a range of addresses covers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from netpol_sim.addresses import IPNetwork
from netpol_sim.analysis.table.index import bitset
from netpol_sim.analysis.table.outside import family_of, on_lines, stretch_of
from netpol_sim.cluster import Cluster
from netpol_sim.peers import IPBlock
from netpol_sim.policy import Direction


class Addressed:
    """The addresses of pods and nodes, by position.

    Args:
        cluster: Where they are, and on which plugin.
        positions: Those of the pods, in cluster order; after them come the nodes.
        family: As for ``Population``.
        on_host_network: The pods that the plugin sees as their node.
        gone: The pods that take no part any more.
    """

    def __init__(
        self,
        cluster: Cluster,
        positions: Sequence[int],
        *,
        family: int | None,
        on_host_network: frozenset[int],
        gone: frozenset[int],
    ) -> None:
        self._profile = cluster.profile
        self._family = family
        self._on_host_network = on_host_network
        self._gone = gone
        self._pods = range(len(cluster.pods))
        self._nodes = range(len(cluster.pods), len(cluster.pods) + len(cluster.nodes))
        ips = [pod.ips for pod in cluster.pods]
        for number in [number for number, found in enumerate(ips) if not found]:
            pod = cluster.pods[number]
            # A pod on the host network may have the addresses of its node.
            if pod.host_network and pod.node is not None:
                ips[number] = cluster.node(pod.node).ips
        ips += [node.ips for node in cluster.nodes]
        owners = chain(positions, self._nodes)
        self._owners = [owner for owner, found in zip(owners, ips, strict=True) for _ in found]
        self._have_several = any(len(found) > 1 for found in ips)
        addresses = [address for found in ips for address in found]
        self._numbers = on_lines(addresses)
        self._is_mixed = len(set(map(type, addresses))) > 1
        self._ordered: dict[tuple[int | None, bool], tuple[list[int], list[int]]] = {}
        self._within: dict[tuple[IPNetwork, int | None, bool], int] = {}

    @cached_property
    def taken(self) -> frozenset[int]:
        """The addresses of nodes and running pods, as numbers."""
        if not self._gone:
            return frozenset(self._numbers)
        owned = zip(self._owners, self._numbers, strict=True)
        return frozenset([number for owner, number in owned if owner not in self._gone])

    @cached_property
    def is_dual_stack(self) -> bool:
        """Whether any pod or node has addresses of both families."""
        return any(len(families) > 1 for families in self._families.values())

    @cached_property
    def _families(self) -> dict[int, list[int]]:
        """The families of the addresses of each position, in order; empty if all are of one."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        owned = zip(self._owners, self._numbers, strict=True) if self._is_mixed else ()
        for owner, number in owned:
            if family_of(number) not in found[owner]:
                found[owner].append(family_of(number))
        return found

    def sight(self, position: int, direction: Direction) -> int | None:
        """Which address of dual-stack far ends counts for a near end: 4, 6, or None for the first.

        The rule is that of ``evaluate.far_address``: the first address of the destination whose
        family the source has too.
        """
        if not self.is_dual_stack or self._family is not None:
            return None
        families = self._families.get(position, [])
        any_will_do = direction is Direction.EGRESS and len(families) > 1
        return None if any_will_do else next(iter(families), None)

    def covered(self, block: IPBlock, sight: int | None) -> int:
        """Those that an ``ipBlock`` covers, as far as the plugin lets it cover anybody."""
        found = self.within(block.network, sight)
        for cut in block.excluded:
            found &= ~self.within(cut, sight)
        return found

    def within(self, network: IPNetwork, sight: int | None, *, always: bool = False) -> int:
        """Those with an address in a range; ``always``, whatever an ``ipBlock`` may cover."""
        known = self._within.get((network, sight, always))
        if known is None:
            addresses, positions = self._in_order(sight, always=always)
            first, last = stretch_of(network)
            covered = slice(bisect_left(addresses, first), bisect_right(addresses, last))
            known = bitset(positions[covered])
            self._within[network, sight, always] = known
        return known

    def _in_order(self, sight: int | None, *, always: bool) -> tuple[list[int], list[int]]:
        """The addresses that ranges are held against, in order, and the position of each."""
        if (sight, always) not in self._ordered:
            found = self._seen(sight)
            if not always and self._skipped:
                found = [pair for pair in found if pair[1] not in self._skipped]
            found.sort()
            self._ordered[sight, always] = [pair[0] for pair in found], [pair[1] for pair in found]
        return self._ordered[sight, always]

    @cached_property
    def _skipped(self) -> set[int]:
        """The positions that no ``ipBlock`` covers."""
        skipped: set[int] = set()
        if not self._profile.ip_block_matches_nodes:
            skipped.update(self._on_host_network, self._nodes)
        if not self._profile.ip_block_matches_pods:
            skipped.update(
                position for position in self._pods if position not in self._on_host_network
            )
        return skipped

    def _seen(self, sight: int | None) -> list[tuple[int, int]]:
        """The address that counts of each position, and the position."""
        owned = list(zip(self._numbers, self._owners, strict=True))
        if self._family:
            owned = [pair for pair in owned if family_of(pair[0]) == self._family]
        elif sight is not None:
            # Those of the family come first; where there are none, the first of the others counts.
            owned.sort(key=lambda pair: family_of(pair[0]) != sight)
        if not self._have_several:
            return owned
        first: dict[int, int] = {}
        for number, owner in owned:
            first.setdefault(owner, number)
        return [(number, owner) for owner, number in first.items()]
