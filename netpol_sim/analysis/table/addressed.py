"""Who has which address: the positions that a range of addresses covers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from netpol_sim.addresses import IPNetwork
from netpol_sim.analysis.table.index import bitset
from netpol_sim.analysis.table.outside import family_of, on_line, stretch_of
from netpol_sim.cluster import Cluster
from netpol_sim.model import Node, Pod
from netpol_sim.policy import Direction, IPBlock


class Addressed:
    """The addresses of pods and nodes, by position.

    Args:
        cluster: Where they are, and on which plugin.
        entities: The pods, then the nodes.
        family: As for ``Population``.
        on_host_network: The pods that the plugin sees as their node.
        gone: The pods that take no part any more.
    """

    def __init__(
        self,
        cluster: Cluster,
        entities: Sequence[Pod | Node],
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
        self._nodes = range(len(cluster.pods), len(entities))
        self._of = [tuple(map(on_line, entity.ips)) for entity in entities]
        for position, pod in enumerate(entities[: len(cluster.pods)]):
            # A pod on the host network may have the addresses of its node.
            if isinstance(pod, Pod) and pod.host_network and not pod.ips and pod.node is not None:
                self._of[position] = tuple(map(on_line, cluster.node(pod.node).ips))
        self._ordered: dict[tuple[int | None, bool], tuple[list[int], list[int]]] = {}
        self._within: dict[tuple[IPNetwork, int | None, bool], int] = {}

    @cached_property
    def taken(self) -> frozenset[int]:
        """The addresses of nodes and running pods, as numbers."""
        running = self._of
        if self._gone:
            running = [found for i, found in enumerate(self._of) if i not in self._gone]
        return frozenset(chain.from_iterable(running))

    @cached_property
    def is_dual_stack(self) -> bool:
        """Whether any pod or node has addresses of both families."""
        several = [found for found in self._of if len(found) > 1]
        return any(len(set(map(family_of, found))) > 1 for found in several)

    def sight(self, position: int, direction: Direction) -> int | None:
        """Which address of dual-stack far ends counts for a near end: 4, 6, or None for the first.

        The rule is that of ``evaluate.far_address``: the first address of the destination whose
        family the source has too.
        """
        if not self.is_dual_stack or self._family is not None:
            return None
        families = dict.fromkeys(map(family_of, self._of[position]))
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
            for position in () if always else self._skipped:
                found.pop(position, None)
            positions = sorted(found, key=found.__getitem__)
            self._ordered[sight, always] = ([found[each] for each in positions], positions)
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

    def _seen(self, sight: int | None) -> dict[int, int]:
        """Each position with the address of it that counts, if it has any."""
        wanted = self._family or sight
        found = {position: addresses[0] for position, addresses in enumerate(self._of) if addresses}
        for position, first in found.items() if wanted is not None else ():
            if family_of(first) != wanted:
                in_family = (each for each in self._of[position] if family_of(each) == wanted)
                found[position] = next(in_family, first)
        if self._family:
            return {
                i: address for i, address in found.items() if family_of(address) == self._family
            }
        return found
