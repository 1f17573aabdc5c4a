"""Many places in few words: whole namespaces and workloads instead of their pods one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netpol_sim.analysis.table import Place
from netpol_sim.analysis.table.choice import workload_key
from netpol_sim.model import Node, Pod
from netpol_sim.render import describe

_Groups = dict[str, dict[str, None]]

_FEW = 3
"""Where so few pods are missing, and more are not, those are named that are."""


def gathered(
    places: Sequence[Place], among: Iterable[Place], opposite: Sequence[Place] = ()
) -> tuple[str, ...]:
    """What places are called together.

    Args:
        places: Whom to name.
        among: Everyone there is, which says what is a whole namespace or workload.
        opposite: The other end of their connections.  Where it is a single pod, that pod need not
            be among the places of its namespace: "all other pods of bank".
    """
    everyone = list(among)
    alone = opposite[0].key if len(opposite) == 1 else ""
    wanted = {each.key: None for each in places if isinstance(each, Pod)}
    pods = [each for each in everyone if isinstance(each, Pod)]
    if len(pods) > len(wanted) == len({pod.key for pod in pods} - {alone}) > 1:
        words = [f"all other pods ({len(wanted)})"]
    elif len(pods) == len(wanted) > 1:
        words = [f"all pods ({len(wanted)})"]
    elif len(missing := _missing(wanted, pods, alone)) <= _FEW < len(wanted):
        other = "" if alone in wanted or alone not in {pod.key for pod in pods} else "other "
        words = [f"all {other}pods but {describe.listed(missing)} ({len(wanted)})"]
    else:
        words = list(_by_group(wanted, pods, alone))
    words += [str(each) for each in places if isinstance(each, Node)]
    outside = [each for each in places if not isinstance(each, Pod | Node)]
    ranges = sum(not isinstance(each, Pod | Node) for each in everyone)
    if outside and len(outside) == ranges:
        return (*words, "everything outside")
    return (*words, *map(str, outside))


def _missing(wanted: dict[str, None], pods: list[Pod], alone: str) -> list[str]:
    return [pod.key for pod in pods if pod.key not in wanted and pod.key != alone]


def _by_group(wanted: dict[str, None], pods: list[Pod], alone: str) -> Iterable[str]:
    """Namespaces whose pods are all wanted, then workloads, then pods, in order of their pods."""
    of_namespace: _Groups = {}
    of_workload: _Groups = {}
    for pod in pods:
        of_namespace.setdefault(pod.namespace, {})[pod.key] = None
        of_workload.setdefault(workload_key(pod), {})[pod.key] = None
    told: set[str] = set()
    for pod in pods:
        if pod.key not in wanted or pod.key in told:
            continue
        namespace = of_namespace[pod.namespace].keys()
        workload = of_workload[workload_key(pod)].keys()
        for known, name in (
            (namespace, "all pods of {namespace} ({count})"),
            (namespace - {alone}, "all other pods of {namespace} ({count})"),
            (workload, "{workload} ({count} pods)"),
        ):
            if len(known) > 1 and known <= wanted.keys():
                told |= known
                words = {"namespace": pod.namespace, "workload": workload_key(pod)}
                yield name.format(count=len(known), **words)
                break
        else:
            yield pod.key
