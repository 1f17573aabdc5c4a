"""From files to a cluster: read every object, report every problem."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import TypeVar

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.errors import ManifestError, Problem, ProblemKind
from netpol_sim.manifest import flattened
from netpol_sim.manifest.assembly import things
from netpol_sim.manifest.documents import Written, objects
from netpol_sim.manifest.kinds import Kind, habits_of, kind_of
from netpol_sim.manifest.objects import Object, Thing
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.sources import Source, from_text, sources
from netpol_sim.model import Namespace, Node, Pod, Service
from netpol_sim.policy import NetworkPolicy

_T = TypeVar("_T", Namespace, Node, Pod, Service, NetworkPolicy, ClusterNetworkPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """What some files hold.

    ``ignored`` counts, by kind, the objects that play no part in network policy; a kind that
    shares its name with one of ours is called by its API group too, such as
    ``NetworkPolicy.projectcalico.org``.  ``files`` are those that were read, and
    ``empty`` those of them that hold no object.
    """

    cluster: Cluster
    ignored: Mapping[str, int]
    files: tuple[str, ...]
    empty: tuple[str, ...]


def load(*paths: str | PathLike[str]) -> Cluster:
    """The cluster that manifests describe.

    Takes Namespace, Node, Pod, Service, NetworkPolicy, ClusterNetworkPolicy and what it replaced
    (AdminNetworkPolicy, BaselineAdminNetworkPolicy), and the pods that Deployment, StatefulSet,
    DaemonSet, ReplicaSet, ReplicationController, Job and CronJob would make; other kinds are
    ignored (``read`` counts them).  The output of ``kubectl get -o yaml`` and ``-o json`` loads as
    it is.  Defaults are filled in as the API server does; an object without a namespace is in
    ``default``.

    Args:
        paths: Files and folders of YAML and JSON; ``-`` is standard input.

    Raises:
        ManifestError: A file cannot be read, or holds what the API server would refuse; every
            problem of every file is in it.
    """
    return read(*paths).cluster


def loads(text: str, file: str = "<text>") -> Cluster:
    """The cluster that the text of manifests describes.

    Args:
        text: YAML or JSON, as for ``load``.
        file: What messages call the text.

    Raises:
        ManifestError: As for ``load``.
    """
    problems: list[Problem] = []
    return _read(from_text(text, file, problems), problems).cluster


def read(*paths: str | PathLike[str]) -> Manifests:
    """What manifests hold: the cluster, and what was ignored.

    Raises:
        ManifestError: As for ``load``.
    """
    problems: list[Problem] = []
    return _read(sources(paths, problems), problems)


def _read(found: Iterable[Source], problems: list[Problem]) -> Manifests:
    with _collector_at_rest():
        reading = _Reading(problems)
        for source in found:
            reading.take(source)
        return reading.result()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Loading makes many objects and no garbage: looking for it would take most of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                # What was loaded is old now: it need not be looked at once more as if new.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


class _Reading:
    """The objects and problems of the files read so far; ``of_files`` concern no object."""

    def __init__(self, of_files: list[Problem]) -> None:
        self._of_files = of_files
        self._sources: list[Source] = []
        self._reports: list[tuple[Written, Report]] = []
        self._objects: list[Object] = []
        self._ignored: Counter[str] = Counter()

    def take(self, source: Source) -> None:
        """Read a file."""
        self._sources.append(source)
        for written in objects(source, self._of_files):
            report = Report(written, habits_of(written.kind))
            kind = kind_of(written, report)
            if problem := flattened.problem(written):
                report.problems = [problem]
            elif isinstance(kind, Kind):
                self._objects.append(Object.of(kind, written, report))
            elif kind is not None:
                report.problems = []
                self._ignored[kind] += 1
            self._reports.append((written, report))

    def result(self) -> Manifests:
        """Everything together, or every problem."""
        found = things(self._objects)
        problems = self._problems()
        if problems:
            raise ManifestError(problems)
        cluster = Cluster(
            namespaces=_of(Namespace, found),
            pods=_of(Pod, found),
            nodes=_of(Node, found),
            services=_of(Service, found),
            policies=_of(NetworkPolicy, found),
            cluster_policies=_of(ClusterNetworkPolicy, found),
        )
        files = tuple(source.file for source in self._sources)
        holding = {written.origin.file for written, _ in self._reports}
        return Manifests(
            cluster=cluster,
            ignored=dict(self._ignored),
            files=files,
            empty=tuple(file for file in files if file not in holding),
        )

    def _problems(self) -> list[Problem]:
        """All problems: by file, then by object, those of one object in the server's order."""
        order = {source.file: number for number, source in enumerate(self._sources)}
        placed = [
            ((order.get(item.file or "", -1), item.line or 0), item) for item in self._of_files
        ]
        for written, report in self._reports:
            place = order[written.origin.file], written.origin.line
            placed += [(place, problem) for problem in report.problems]
        placed.sort(key=lambda pair: pair[0])
        problems = [problem for _, problem in placed]
        return problems or _nothing_in(self._sources)


def _nothing_in(files: list[Source]) -> list[Problem]:
    if any(source.has_content for source in files):
        return []
    return [
        Problem(
            kind=ProblemKind.MALFORMED,
            field="",
            message="there is nothing to load",
            help="a manifest begins with `apiVersion:` and `kind:`",
            file=files[0].file if len(files) == 1 else None,
        )
    ]


def _of(kind: type[_T], found: list[Thing]) -> tuple[_T, ...]:
    return tuple(thing for thing in found if isinstance(thing, kind))
