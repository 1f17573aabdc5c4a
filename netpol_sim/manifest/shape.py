"""Whether plain values have the shape of an API type, field by field.

``fit`` gives back the value without what does not fit, or ``DROPPED`` when it does not fit at all;
everything dropped is reported.  A field that is null is absent.  Nearly everything fits, which
``fits`` finds out faster, without a thought for where things are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from netpol_sim.manifest.report import Report
from netpol_sim.manifest.tree import Value

DROPPED: Any = object()


class Scalar(NamedTuple):
    """A single value of one of these Python types; ``words`` is what messages call it.

    No types at all: anything will do, mappings and lists too.
    """

    words: str
    types: tuple[type, ...]

    def fits(self, value: Value) -> bool:
        """Whether ``fit`` would leave a value as it is."""
        return value.__class__ in self.types or not self.types

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The value; a number without a fraction is a whole number, however it is written."""
        if self.fits(value):
            return value
        if value.__class__ is float and int in self.types and value.is_integer():
            return int(value)
        report.wrong_type(path, value, self.words)
        return DROPPED


TEXT = Scalar("text", (str,))
INTEGER = Scalar("a whole number", (int,))
PORT = Scalar("a number or a name", (int, str))
BOOLEAN = Scalar("true or false", (bool,))
ANYTHING = Scalar("anything", ())


class Struct:
    """A mapping with these fields; a ``strict`` one has no others."""

    def __init__(self, fields: Mapping[str, Shape], *, strict: bool = False) -> None:
        self.fields = fields
        self.strict = strict
        self._usual: Mapping[str, Shape | type] = {
            name: shape.types[0] if isinstance(shape, Scalar) and shape.types else shape
            for name, shape in fields.items()
        }
        """The usual type of a scalar; the shape of anything else."""

    def fits(self, value: Value) -> bool:
        """Whether ``fit`` would leave a value as it is."""
        if value.__class__ is not dict:
            return False
        usual = self._usual
        for name, item in value.items():
            expected = usual.get(name)
            # Most entries are unknown, or scalars of their usual type, which needs no call.
            if expected is None or expected is item.__class__ or item is None:
                continue
            if not self.fields[name].fits(item):
                return False
        return not self.strict or value.keys() <= usual.keys()

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
            elif item is None or shape.fits(item):
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


class ListOf(NamedTuple):
    """A list of values of one shape; a null among structs is an empty struct."""

    item: Shape

    def fits(self, value: Value) -> bool:
        """Whether ``fit`` would leave a value as it is."""
        if value.__class__ is not list:
            return False
        fits = self.item.fits
        for item in value:  # noqa: SIM110  lists are short, and this is the fastest
            if not fits(item):
                return False
        return True

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The list; a struct that does not fit leaves None, so that the others keep their places.

        A list of scalars is dropped as a whole.
        """
        if value.__class__ is not list:
            report.wrong_type(path, value, "a list")
            return DROPPED
        shape, fitted = self.item, value
        holds_structs = isinstance(shape, Struct)
        for index, item in enumerate(value):
            if shape.fits(item):
                continue
            if item is None and holds_structs:
                kept: Value = {}
            else:
                kept = shape.fit(item, f"{path}[{index}]", report)
            if kept is not item:
                fitted = list(value) if fitted is value else fitted
                fitted[index] = None if kept is DROPPED and holds_structs else kept
        return DROPPED if not holds_structs and DROPPED in fitted else fitted


class TextMap:
    """A mapping from text to text, as labels are."""

    def fits(self, value: Value) -> bool:
        """Whether ``fit`` would leave a value as it is."""
        return value.__class__ is dict and {*map(type, value.values())} <= {str}

    def fit(self, value: Value, path: str, report: Report) -> Value:
        """The mapping without the entries that do not fit."""
        if value.__class__ is not dict:
            report.wrong_type(path, value, "a mapping")
            return DROPPED
        odd = [key for key, item in value.items() if item.__class__ is not str]
        for key in odd:
            report.wrong_type(f"{path}.{key}", value[key], TEXT.words)
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
