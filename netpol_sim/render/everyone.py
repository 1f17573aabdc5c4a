"""Many places in few words: whole namespaces and workloads instead of their pods one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.choice import workload_key
from netpol_sim.model import Node, Pod
from netpol_sim.render import describe

_FEW = 3
"""Where so few pods are missing, and more are not, those are named that are."""


class Everyone:
    """Everyone there is, which says what is a whole namespace or workload."""

    def __init__(self, places: Iterable[Place]) -> None:
        known = list(places)
        self._pods = {each.key: each for each in known if isinstance(each, Pod)}
        self._order = {key: number for number, key in enumerate(self._pods)}
        self._ranges = sum(not isinstance(each, Pod | Node) for each in known)
        self._namespaces = Counter(pod.namespace for pod in self._pods.values())
        self._workloads = Counter(map(workload_key, self._pods.values()))

    def called(self, places: Sequence[Place], opposite: Sequence[Place] = ()) -> tuple[str, ...]:
        """What some of them are called together.

        Args:
            places: Whom to name.
            opposite: The other end of their connections.  Where it is a single pod, that pod need
                not be among the places of its namespace: "all other pods of bank".
        """
        alone = self._pods.get(opposite[0].key) if len(opposite) == 1 else None
        wanted = {each.key: each for each in places if isinstance(each, Pod)}
        if alone is not None and alone.key in wanted:
            alone = None
        nodes = (str(each) for each in places if isinstance(each, Node))
        words = (*self._of_pods(wanted, alone), *nodes)
        outside = [each for each in places if not isinstance(each, Pod | Node)]
        if outside and len(outside) == self._ranges:
            return (*words, "everything outside")
        return (*words, *map(str, outside))

    def _of_pods(self, wanted: dict[str, Pod], alone: Pod | None) -> Iterator[str]:
        count, other = len(wanted), "" if alone is None else "other "
        missing = len(self._pods) - count - (alone is not None)
        if missing == 0 and count > 1:
            yield f"all {other}pods ({count})"
        elif missing <= _FEW < count:
            left = [key for key in self._pods if key not in wanted and self._pods[key] != alone]
            yield f"all {other}pods but {describe.listed(left)} ({count})"
        else:
            yield from self._of_groups(wanted, alone)

    def _of_groups(self, wanted: dict[str, Pod], alone: Pod | None) -> Iterator[str]:
        """Namespaces whose pods are all wanted, then workloads, then pods, in their order."""
        spaces = _whole(wanted, self._namespaces, lambda pod: pod.namespace, alone)
        workloads = _whole(wanted, self._workloads, workload_key, None)
        spared = alone.namespace if alone is not None else None
        told: set[str] = set()
        for key in sorted(wanted, key=self._order.__getitem__):
            namespace, workload = wanted[key].namespace, workload_key(wanted[key])
            if namespace in spaces:
                other = "other " if namespace == spared else ""
                words = f"all {other}pods of {namespace} ({spaces[namespace]})"
            elif workload in workloads:
                words = f"{workload} ({workloads[workload]} pods)"
            else:
                words = key
            if words not in told:
                told.add(words)
                yield words


def _whole(
    wanted: dict[str, Pod],
    sizes: Counter[str],
    group_of: Callable[[Pod], str],
    alone: Pod | None,
) -> dict[str, int]:
    """The groups of more than one pod that are wanted whole, up to the one alone; how many."""
    found = Counter(map(group_of, wanted.values()))
    spared = group_of(alone) if alone is not None else None
    return {
        name: count
        for name, count in found.items()
        if count > 1 and count == sizes[name] - (name == spared)
    }
