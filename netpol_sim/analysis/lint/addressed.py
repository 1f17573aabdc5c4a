"""Which pods have an address in a range, found without asking each pod."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from netpol_sim.model import Pod
from netpol_sim.peers import IPBlock


class Addressed:
    """Pods in the order of their addresses."""

    def __init__(self, pods: Sequence[Pod]) -> None:
        self._pods = pods
        found = sorted(
            ((ip.version, int(ip)), position) for position, pod in enumerate(pods) for ip in pod.ips
        )
        self._addresses = [address for address, _ in found]
        self._owners = [position for _, position in found]

    def within(self, block: IPBlock) -> list[Pod]:
        """The pods with an address in a range, in the order given."""
        network = block.network
        first = (network.version, int(network.network_address))
        last = (network.version, int(network.broadcast_address))
        inside = slice(bisect_left(self._addresses, first), bisect_right(self._addresses, last))
        pods = [self._pods[position] for position in sorted({*self._owners[inside]})]
        if not block.excluded:
            return pods
        return [pod for pod in pods if any(map(block.contains, pod.ips))]
