"""The ends of a needed connection: which places of a table a text such as ``bank/*`` means.

Besides pods, workloads (all their pods), nodes and addresses, an end may be ``namespace/*`` (every
pod of a namespace), ``*`` (every pod) or a range such as ``203.0.113.0/24`` (all of it).  A pod
that has finished is meant only by its own name: it takes no part any more.
"""

from __future__ import annotations

from netpol_sim.addresses import contains, parse_address, parse_network
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.choice import names_of, place
from netpol_sim.analysis.table.index import bitset, span
from netpol_sim.cluster import Cluster
from netpol_sim.errors import ConnectionTextError
from netpol_sim.model import Service
from netpol_sim.peers import IPBlock


def block_of(end: str) -> IPBlock | None:
    """The block of addresses that an end is, so that outside ranges are cut there."""
    for text in (end, f"{end}/32", f"{end}/128"):
        try:
            parse_network(text)
        except ValueError:
            continue
        return IPBlock(cidr=text)
    return None


def service_of(cluster: Cluster, end: str) -> Service | None:
    """The Service that a destination names, with ``svc:`` or by its cluster IP.

    Raises:
        UnknownNameError: The cluster has no such Service.
    """
    if end.startswith("svc:"):
        return cluster.service(end.removeprefix("svc:"))
    return cluster.service_at(parse_address(end)) if _is_address(end) else None


def is_several(table: Table, end: str) -> bool:
    """Whether an end may mean several places: a workload with several pods, too."""
    if "*" in end or ("/" in end and block_of(end) is not None):
        return True
    if end in table.population.positions:
        return False
    return sum(end in names_of(pod) for pod in table.population.pods) > 1


def positions(table: Table, end: str) -> int:
    """The positions that an end means, as a set of bits.

    Raises:
        ConnectionTextError: The text is neither a name of a place nor a pattern.
        UnknownNameError: The cluster has nothing of this name.
    """
    population = table.population
    running = ~bitset(population.finished)
    if end == "*":
        return span(range(len(population.pods))) & running
    namespace, _, name = end.partition("/")
    if "*" in end and (name != "*" or namespace == "*"):
        raise ConnectionTextError(
            f"`{end}` is no end of a need: `*` means every pod, and `namespace/*` every pod of a "
            "namespace"
        )
    if name == "*":
        return span(population.spans[table.cluster.namespace(namespace).name]) & running
    if "/" in end and (block := block_of(end)) is not None:
        return _inside(table, block)
    if name.isdigit() and _is_address(namespace):
        raise ConnectionTextError(f"`{end}` is no range of addresses, such as 203.0.113.0/24")
    if end in population.positions:
        return 1 << population.positions[end]
    pods = bitset(i for i, pod in enumerate(population.pods) if end in names_of(pod))
    return pods & running or pods or 1 << place(table, end)


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _inside(table: Table, block: IPBlock) -> int:
    """The ranges outside that make up a block, and nothing else."""
    start = len(table.population.entities)
    return bitset(
        start + index
        for index, each in enumerate(table.outside.ranges)
        if all(contains(block.network, network) for network in each.networks)
    )
