"""Labels, and the selectors that pick things by them.

Source: kubernetes.io/docs/concepts/overview/working-with-objects/labels, and
``k8s.io/apimachinery/pkg/labels/selector.go``.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, overload

from netpol_sim import names
from netpol_sim.errors import Problem, ProblemKind, nearest, raise_if_any

_T = TypeVar("_T")


class Labels(Mapping[str, str]):
    """What is written on a pod or a namespace: an immutable mapping with a hash.

    Raises:
        InvalidValueError: A key is no qualified name, or a value is no label value.  The problems
            have an empty field: the API server names the map, not the key.
    """

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[str, str] | None = None) -> None:
        self._items = dict(items or {})
        self._hash: int | None = None
        for key, value in self._items.items():
            if names.label_key(key) or names.label_value(value):
                raise_if_any(_label_problems(self._items))

    def __getitem__(self, key: str) -> str:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    # The inherited methods do the same, many times slower.

    @overload
    def get(self, key: str, default: None = None, /) -> str | None: ...

    @overload
    def get(self, key: str, default: str | _T, /) -> str | _T: ...

    def get(self, key: str, default: str | _T | None = None, /) -> str | _T | None:
        """The value of a label; ``default`` when there is no such label."""
        return self._items.get(key, default)

    def items(self) -> ItemsView[str, str]:
        """The labels as pairs."""
        return self._items.items()

    def values(self) -> ValuesView[str]:
        """The values alone."""
        return self._items.values()

    @staticmethod
    def plain(labels: Mapping[str, str]) -> Mapping[str, str]:
        """The same labels in Python's own mapping, for those who look into very many."""
        return labels._items if isinstance(labels, Labels) else labels  # noqa: SLF001  our own

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Labels):
            return self._items == other._items
        return NotImplemented if not isinstance(other, Mapping) else self._items == dict(other)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __str__(self) -> str:
        return ",".join(f"{key}={value}" for key, value in sorted(self._items.items()))

    def __repr__(self) -> str:
        return f"Labels({self._items!r})"


def _label_problems(items: Mapping[str, str]) -> list[Problem]:
    problems = []
    for key, value in items.items():
        for message in names.label_key(key):
            problems.append(Problem(kind=ProblemKind.INVALID, field="", value=key, message=message))
        for message in names.label_value(value):
            problems.append(
                Problem(kind=ProblemKind.INVALID, field="", value=value, message=message)
            )
    return problems


NO_LABELS = Labels()


class Operator(StrEnum):
    """How a requirement looks at a label."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


_OPERATORS = tuple(Operator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One entry of ``matchExpressions``.

    Raises:
        InvalidValueError: Unknown operator; values missing for In or NotIn, or given for Exists or
            DoesNotExist; a malformed key or value.
    """

    key: str
    operator: Operator
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        raise_if_any(self._problems())
        object.__setattr__(self, "operator", Operator(self.operator))

    def _problems(self) -> list[Problem]:
        problems = []
        if self.operator not in _OPERATORS:
            meant = nearest(str(self.operator).capitalize(), list(Operator))
            allowed = ", ".join(Operator)
            problems.append(
                Problem(
                    kind=ProblemKind.INVALID,
                    field="operator",
                    value=str(self.operator),
                    message=f"not an operator; allowed are {allowed} (in exactly this case)",
                    help=f"did you mean `{meant}`?" if meant else "",
                )
            )
        elif self.operator in (Operator.IN, Operator.NOT_IN) and not self.values:
            problems.append(
                Problem(
                    kind=ProblemKind.REQUIRED,
                    field="values",
                    message="must be given when `operator` is In or NotIn",
                )
            )
        elif self.operator in (Operator.EXISTS, Operator.DOES_NOT_EXIST) and self.values:
            problems.append(
                Problem(
                    kind=ProblemKind.FORBIDDEN,
                    field="values",
                    message="may not be given when `operator` is Exists or DoesNotExist",
                )
            )
        for message in names.label_key(self.key):
            problems.append(
                Problem(
                    kind=ProblemKind.INVALID,
                    field="key",
                    value=self.key,
                    message=message,
                )
            )
        for index, value in enumerate(self.values):
            for message in names.label_value(value):
                problems.append(
                    Problem(
                        kind=ProblemKind.INVALID,
                        field=f"values[{index}]",
                        value=value,
                        message=message,
                    )
                )
        return problems

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet this requirement.

        An absent key meets NotIn and DoesNotExist, and never In or Exists.
        """
        value = labels.get(self.key)
        match self.operator:
            case Operator.IN:
                return value in self.values
            case Operator.NOT_IN:
                return value not in self.values
            case Operator.EXISTS:
                return value is not None
            case Operator.DOES_NOT_EXIST:
                return value is None

    def __str__(self) -> str:
        match self.operator:
            case Operator.IN | Operator.NOT_IN:
                return f"{self.key} {self.operator} [{', '.join(self.values)}]"
            case _:
                return f"{self.key} {self.operator}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSelector:
    """Picks by labels: every entry of ``match_labels`` AND every requirement must hold.

    A selector without entries matches everything; one that is absent is None, which is something
    else (see ``PodPeer``).
    """

    match_labels: Mapping[str, str] = NO_LABELS
    match_expressions: tuple[Requirement, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.match_labels, Labels):
            object.__setattr__(self, "match_labels", Labels(self.match_labels))
        object.__setattr__(self, "match_expressions", tuple(self.match_expressions))

    @property
    def matches_everything(self) -> bool:
        """Whether this is the empty selector, ``{}``."""
        return not self.match_labels and not self.match_expressions

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is picked."""
        if not self.match_labels.items() <= labels.items():
            return False
        asked = self.match_expressions
        return not asked or all(requirement.matches(labels) for requirement in asked)

    def __str__(self) -> str:
        parts = [f"{key}={value}" for key, value in sorted(self.match_labels.items())]
        parts += [str(requirement) for requirement in self.match_expressions]
        return ", ".join(parts) if parts else "{}"


EVERYTHING = LabelSelector()
