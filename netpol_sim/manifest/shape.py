"""Whether plain values have the shape of an API type, field by field.

``fit`` gives back the value without what does not fit, or ``DROPPED`` when it does not fit at all;
everything dropped is reported.  A field that is null is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from netpol_sim.errors import ProblemKind
from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value

DROPPED: Any = object()


class Scalar(Enum):
    """The types of single values, as messages call them."""

    TEXT = "text"
    INTEGER = "a whole number"
    PORT = "a number or a name"
    BOOLEAN = "true or false"
    ANYTHING = "anything"

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value; a number without a fraction is a whole number, however it is written."""
        kind = value.__class__
        if kind is float and value.is_integer() and self in _NUMBERS:
            return int(value)
        if kind not in _CLASSES[self] and self is not Scalar.ANYTHING:
            report.wrong_type(path, value, self.value)
            return DROPPED
        if kind is str and not value.isascii() and _has_half_characters(value):
            report.refuse(ProblemKind.INVALID, path, "holds half a character", value=value)
            return DROPPED
        return value


_NUMBERS = (Scalar.INTEGER, Scalar.PORT)
_CLASSES: dict[Scalar, tuple[type, ...]] = {
    Scalar.TEXT: (str,),
    Scalar.INTEGER: (int,),
    Scalar.PORT: (int, str),
    Scalar.BOOLEAN: (bool,),
    Scalar.ANYTHING: (),
}


def _has_half_characters(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


@dataclass(frozen=True, slots=True)
class Struct:
    """A mapping with these fields; a ``strict`` one has no others."""

    fields: Mapping[str, Shape]
    strict: bool = False

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The mapping; ``path`` is spoiled when something was dropped from it."""
        if value.__class__ is not dict:
            report.wrong_type(path, value, "a mapping")
            return DROPPED
        fitted = value
        for name, item in value.items():
            shape = self.fields.get(name)
            if shape is None:
                if not self.strict:
                    continue
                report.unknown_field(path, name, item, self.fields)
                kept = DROPPED
            elif item is None:
                continue
            else:
                kept = shape.fit(item, f"{path}.{name}" if path else name, report)
            if kept is not item:
                fitted = dict(value) if fitted is value else fitted
                fitted[name] = kept
            if kept is DROPPED:
                del fitted[name]
                report.spoiled.add(path)
        return fitted


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape; a null among structs is an empty struct."""

    item: Shape

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The list; a struct that does not fit leaves None, so that the others keep their places.

        A list of scalars is dropped as a whole.
        """
        if value.__class__ is not list:
            report.wrong_type(path, value, "a list")
            return DROPPED
        holds_structs = isinstance(self.item, Struct)
        fitted = [
            {}
            if item is None and holds_structs
            else self.item.fit(item, f"{path}[{index}]", report)
            for index, item in enumerate(value)
        ]
        if DROPPED not in fitted:
            return fitted
        return [None if item is DROPPED else item for item in fitted] if holds_structs else DROPPED


@dataclass(frozen=True, slots=True)
class TextMap:
    """A mapping from text to text, as labels are."""

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The mapping without the entries that do not fit."""
        if value.__class__ is not dict:
            report.wrong_type(path, value, "a mapping")
            return DROPPED
        fit = Scalar.TEXT.fit
        odd = [key for key in value if fit(value[key], f"{path}.{key}", report) is DROPPED]
        return {key: value[key] for key in value if key not in odd} if odd else value


Shape = Scalar | Struct | ListOf | TextMap


def homes(root: Struct) -> dict[str, tuple[str, ...]]:
    """Where each field name of a type belongs, in words."""
    found: dict[str, dict[str, None]] = {}
    for name, home in _homes(root, "the top of the manifest"):
        found.setdefault(name, {})[home] = None
    return {name: tuple(places) for name, places in found.items()}


def _homes(shape: Shape, home: str) -> Iterator[tuple[str, str]]:
    match shape:
        case Struct(fields=fields):
            for name, inner in fields.items():
                yield name, home
                inside = f"an entry of `{name}`" if isinstance(inner, ListOf) else f"`{name}`"
                yield from _homes(inner, inside)
        case ListOf(item=item):
            yield from _homes(item, home)
        case Scalar() | TextMap():
            return
