"""The objects of all files together: no name twice, and no second pod for a workload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netpol_sim.errors import ProblemKind
from netpol_sim.manifest import workloads
from netpol_sim.manifest.objects import Object, Thing, make
from netpol_sim.model import Pod


def things(items: Sequence[Object]) -> list[Thing]:
    """What the objects describe, in their order; problems go to the objects' reports."""
    unique = list(_unique(items))
    owners = workloads.Owners()
    for item in unique:
        if item.kind.is_workload:
            owners.add(item.key, item.metadata)
    made = [(item, make(item, owners)) for item in unique]
    return list(_with_one_pod_each([(item, thing) for item, thing in made if thing], owners))


def _unique(items: Sequence[Object]) -> Iterator[Object]:
    """The objects whose name is not taken.  Only a namespace may be declared again, unchanged."""
    known: dict[workloads.Key, Object] = {}
    for item in items:
        first = known.setdefault(item.key, item)
        if first is item or not item.name:
            yield item
        elif item.kind.name != "Namespace" or item.labels() != first.labels():
            _refuse_duplicate(item, first)


def _refuse_duplicate(item: Object, first: Object) -> None:
    place = first.origin
    item.report.refuse(
        ProblemKind.DUPLICATE,
        "metadata.name",
        f"there is already a {item.kind.name} of this name, at {place.file}:{place.line}",
        value=f"{item.namespace}/{item.name}" if item.namespace else item.name,
        help_text="give one of them another name: in a cluster the second would replace the first",
    )


def _with_one_pod_each(
    made: Sequence[tuple[Object, Thing]], owners: workloads.Owners
) -> Iterator[Thing]:
    """Everything, less the pods of workloads that have their pods already or make none."""
    real = [(item, thing) for item, thing in made if item.kind.name == "Pod"]
    taken = {thing.key for _, thing in real if isinstance(thing, Pod)}
    with_pods = {
        key for item, _ in real for key in owners.workloads_of(item.namespace, item.metadata)
    }
    for item, thing in made:
        if not item.kind.is_workload or not isinstance(thing, Pod):
            yield thing
        elif (
            workloads.makes_pods(item.spec, item.status)
            and not owners.has_maker(item.key)
            and item.key not in with_pods
        ):
            kind = item.kind.name.lower()
            pod = replace(thing, name=f"{thing.name}-{kind}") if thing.key in taken else thing
            taken.add(pod.key)
            yield pod
