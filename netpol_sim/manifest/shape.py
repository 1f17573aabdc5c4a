"""Check that plain values have the shape of an API type, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from netpol_sim.errors import InvalidValueError, Problem, ProblemKind, join_field, nearest
from netpol_sim.manifest.tree import Value

DROPPED: Any = object()
"""What becomes of a value of the wrong type: it is reported and left out."""


@dataclass(slots=True)
class Report:
    """The problems of one object; ``spoiled`` are the mappings that something was dropped from."""

    problems: list[Problem] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)

    def wrong_type(self, path: str, value: Value, expected: str) -> Any:
        """Report a value of the wrong type; it is dropped."""
        self.problems.append(
            Problem(
                kind=ProblemKind.TYPE_INVALID,
                field=path,
                message=f"must be {expected}, not {_name_of_type(value)}",
            )
        )
        return DROPPED

    def add(self, error: InvalidValueError, path: str) -> None:
        """Report what a constructor refused, unless fields are missing because we dropped them."""
        if path not in self.spoiled:
            self.problems += [problem.under(path) for problem in error.problems]


def _name_of_type(value: Value) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case None:
            return "nothing"
        case _:
            return "text"


class Scalar(StrEnum):
    """The types of single values."""

    TEXT = "text"
    INTEGER = "a whole number"
    PORT = "a number or a name"
    BOOLEAN = "true or false"
    ANYTHING = "anything"

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value, or ``DROPPED``."""
        fits: bool
        match self:
            case Scalar.TEXT:
                fits = value.__class__ is str
            case Scalar.BOOLEAN:
                fits = value.__class__ is bool
            case Scalar.ANYTHING:
                fits = True
            case Scalar.PORT if value.__class__ is str:
                fits = True
            case _:
                if value.__class__ is float and value.is_integer():
                    return int(value)
                fits = value.__class__ is int
        return value if fits else report.wrong_type(path, value, self.value)


@dataclass(frozen=True, slots=True)
class Struct:
    """A mapping with these fields; other fields are refused when it is ``strict``."""

    fields: Mapping[str, Shape]
    strict: bool = False

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value without what does not fit, or ``DROPPED``."""
        if value.__class__ is not dict:
            return report.wrong_type(path, value, "a mapping")
        fitted = value
        for name, item in value.items():
            shape = self.fields.get(name)
            if shape is not None and item is not None:
                kept = shape.fit(item, f"{path}.{name}" if path else name, report)
            elif shape is None and self.strict:
                self._unknown(name, path, report)
                kept = DROPPED
            else:
                continue
            if kept is not item:
                fitted = fitted if fitted is not value else dict(value)
                fitted[name] = kept
            if kept is DROPPED:
                del fitted[name]
                report.spoiled.add(path)
        return fitted

    def _unknown(self, name: str, path: str, report: Report) -> None:
        meant = nearest(name, self.fields)
        report.problems.append(
            Problem(
                kind=ProblemKind.FORBIDDEN,
                field=join_field(path, name),
                message="there is no such field",
                help=f"did you mean `{meant}`?" if meant else "",
            )
        )


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    item: Shape

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value without what does not fit, or ``DROPPED``."""
        if value.__class__ is not list:
            return report.wrong_type(path, value, "a list")
        fitted = []
        for index, item in enumerate(value):
            if item is None and isinstance(self.item, Struct):
                fitted.append({})
                continue
            kept = self.item.fit(item, f"{path}[{index}]", report)
            fitted.append(kept)
        return fitted


@dataclass(frozen=True, slots=True)
class TextMap:
    """A mapping from text to text, as labels are."""

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value without what does not fit, or ``DROPPED``."""
        if value.__class__ is not dict:
            return report.wrong_type(path, value, "a mapping")
        fitted = value
        for key, item in value.items():
            if item.__class__ is not str:
                report.wrong_type(f"{path}.{key}", item, "text")
                fitted = fitted if fitted is not value else dict(value)
                del fitted[key]
        return fitted


Shape = Scalar | Struct | ListOf | TextMap
