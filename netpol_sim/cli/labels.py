"""Labels, and selectors of labels, as they are written on a command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from netpol_sim.errors import ConnectionTextError, InvalidValueError
from netpol_sim.labels import Labels, LabelSelector, Operator, Requirement

_REQUIREMENT = re.compile(
    r"\s*(?:"
    r"!(?P<absent>[^\s,=!()]+)"
    r"|(?P<key>[^\s,=!()]+)\s*"
    r"(?:(?P<equality>==?|!=)\s*(?P<value>[^\s,=!()]*)"
    r"|(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?"
    r")\s*(?:,|$)"
)
_HELP = "write `key=value`, `key!=value`, `key`, `!key` or `key in (a,b)`, with commas between them"


def labels(text: str, option: str) -> Labels:
    """Labels written as ``key=value``, with commas between them; ``option`` is where.

    Raises:
        ConnectionTextError: A part has no ``=``, or a key stands there twice.
        InvalidValueError: A key or value that no label can have.
    """
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        key, equals, value = (each.strip() for each in part.partition("="))
        if not equals:
            raise ConnectionTextError(f"`{part}` is no label; write KEY=VALUE, such as `app=api`")
        if key in found:
            raise ConnectionTextError(f"`{option}` has `{key}` twice; a label has one value")
        found[key] = value
    with _of_option(option):
        return Labels(found)


@contextmanager
def _of_option(option: str) -> Iterator[None]:
    """Let problems name the option that they are about."""
    try:
        yield
    except InvalidValueError as error:
        raise InvalidValueError([each.under(option) for each in error.problems]) from None


def selector(text: str | None) -> LabelSelector:
    """A label selector as ``kubectl -l`` takes it; without one everything is picked.

    Raises:
        ConnectionTextError: It cannot be read.
        InvalidValueError: A key or value that no label can have.

    Source: kubernetes.io/docs/concepts/overview/working-with-objects/labels, "Label selectors".
    """
    with _of_option("--selector"):
        return LabelSelector(match_expressions=tuple(_requirements(text or "")))


def _requirements(text: str) -> Iterator[Requirement]:
    start = 0
    while start < len(text):
        found = _REQUIREMENT.match(text, start)
        if found is None:
            raise ConnectionTextError(f"`{text}` is no label selector; {_HELP}")
        yield _requirement(found)
        start = found.end()


def _requirement(found: re.Match[str]) -> Requirement:
    if found["absent"]:
        return Requirement(key=found["absent"], operator=Operator.DOES_NOT_EXIST)
    key = found["key"]
    if found["set"]:
        operator = Operator.IN if found["set"] == "in" else Operator.NOT_IN
        values = tuple(value.strip() for value in found["values"].split(","))
        return Requirement(key=key, operator=operator, values=values)
    if found["equality"]:
        operator = Operator.NOT_IN if found["equality"] == "!=" else Operator.IN
        return Requirement(key=key, operator=operator, values=(found["value"],))
    return Requirement(key=key, operator=Operator.EXISTS)
