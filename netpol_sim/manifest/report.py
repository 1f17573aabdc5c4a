"""Collect the problems of one object, and say where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from netpol_sim.errors import InvalidValueError, Problem, ProblemKind, join_field
from netpol_sim.manifest import advice
from netpol_sim.manifest.documents import Written
from netpol_sim.manifest.places import Place
from netpol_sim.manifest.sources import shown
from netpol_sim.manifest.tree import Value

_T = TypeVar("_T")
_WITHOUT_NAMESPACE = (
    "Namespace",
    "Node",
    "ClusterNetworkPolicy",
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "ClusterRole",
    "ClusterRoleBinding",
)


class Report:
    """The problems of one object so far, each with its place.

    ``spoiled`` holds the paths of mappings that something was dropped from, because it had the
    wrong type: what is missing there was not forgotten.  ``habits`` explains unknown fields.
    """

    def __init__(self, written: Written, habits: advice.Habits) -> None:
        self.problems: list[Problem] = []
        self.spoiled: set[str] = set()
        self._written = written
        self._habits = habits
        if written.has_repeated_keys:
            self._report_repeated_keys()

    def add(self, problem: Problem) -> None:
        """Report a problem, at the place its field was written or would have to be."""
        line, column = self._place(problem)
        value = problem.value
        self.problems.append(
            replace(
                problem,
                value=None if value is None else shown(value),
                object=_object_name(self._written),
                file=self._written.origin.file,
                line=line,
                column=column,
            )
        )

    def refuse(
        self,
        kind: ProblemKind,
        field: str,
        message: str,
        *,
        value: str | None = None,
        help_text: str = "",
    ) -> None:
        """Report a problem that no constructor knows."""
        self.add(Problem(kind=kind, field=field, message=message, help=help_text, value=value))

    def refuse_missing(self, field: str, message: str) -> None:
        """Report a field that must be there, unless it was there and had the wrong type."""
        if field.rpartition(".")[0] not in self.spoiled:
            self.refuse(ProblemKind.REQUIRED, field, message)

    def attempt(self, constructor: Callable[..., _T], path: str, **arguments: Value) -> _T | None:
        """What the constructor makes; None, and its problems reported, when it refuses.

        Its problems are not reported where it was not given all that was written.
        """
        try:
            return constructor(**arguments)
        except InvalidValueError as error:
            if path not in self.spoiled:
                for problem in error.problems:
                    self.add(problem.under(path))
            return None

    def wrong_type(self, field: str, value: Value, expected: str) -> None:
        """Report a value of the wrong type."""
        text = self._written.places.text_of(field)
        spoken = advice.Spoken(text=text, is_yaml=not self._written.passage.is_json)
        message, help_text = advice.wrong_type(field, value, expected, spoken)
        self.refuse(
            ProblemKind.TYPE_INVALID, field, message, value=text or None, help_text=help_text
        )

    def unknown_field(
        self, path: str, name: str, value: Value, known: Mapping[str, object]
    ) -> None:
        """Report a field that its mapping does not have."""
        self.refuse(
            ProblemKind.FORBIDDEN,
            join_field(path, name),
            "there is no such field here",
            help_text=advice.unknown_field(path, name, value, known, self._habits),
        )

    def _report_repeated_keys(self) -> None:
        for repeated in self._written.places.repeated_keys:
            line, column = repeated.place
            problem = Problem(
                kind=ProblemKind.DUPLICATE,
                field=repeated.field,
                value=shown(repeated.key),
                message=f"this key is there already, on line {repeated.first[0]}",
                help=advice.repeated_key(repeated.field, repeated.key),
                object=_object_name(self._written),
                file=self._written.origin.file,
                line=line,
                column=column,
            )
            self.problems.append(problem)

    def _place(self, problem: Problem) -> Place:
        places = self._written.places
        if problem.kind is ProblemKind.FORBIDDEN and (place := places.name_of(problem.field)):
            return place
        if problem.kind is ProblemKind.INVALID and problem.value is not None:
            # The API server names the map of labels; we point to the entry.
            entry = places.entry_with(problem.field, problem.value)
            if entry is not None:
                return entry
        location = self._written.origin.locate(problem.field)
        return location.line, location.column


def _object_name(written: Written) -> str:
    """The kind and name of an object, as far as they can be read."""
    kind = written.kind if isinstance(written.kind, str) else "object without a kind"
    metadata = written.fields.get("metadata")
    if not isinstance(metadata, dict):
        return kind
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str) or not name:
        return kind
    if kind in _WITHOUT_NAMESPACE:
        return f"{kind} {name}"
    return f"{kind} {namespace if isinstance(namespace, str) and namespace else 'default'}/{name}"
