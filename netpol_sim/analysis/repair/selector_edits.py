"""Every edit of a label selector that may bring it nearer to a reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netpol_sim.analysis.repair.edit import EditKind
from netpol_sim.analysis.repair.spots import Change, Spot
from netpol_sim.labels import LabelSelector, Operator, Requirement
from netpol_sim.model import NAMESPACE_NAME_LABEL

_OPPOSITE = {
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
    Operator.EXISTS: Operator.DOES_NOT_EXIST,
    Operator.DOES_NOT_EXIST: Operator.EXISTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One requirement of a selector: its path, and the selector without it."""

    field: str
    requirement: Requirement
    rest: LabelSelector


def selector_edits(spot: Spot[LabelSelector], known: Iterable[Requirement]) -> Iterator[Change]:
    """Change, remove or add one requirement; ``known`` are those of the reference."""
    known = tuple(known)
    present = tuple(_entries(spot.value))
    have = {each.requirement for each in present}
    for entry in present:
        for wanted in _instead(entry.requirement, known):
            if wanted not in have:
                yield spot.change(
                    _kind(entry.requirement, wanted),
                    _with(entry.rest, wanted),
                    field=entry.field,
                    before=entry.requirement,
                    after=wanted,
                )
    for entry in present:
        yield spot.change(
            EditKind.REMOVE_LABEL, entry.rest, field=entry.field, before=entry.requirement
        )
    for wanted in known:
        if wanted not in have:
            yield spot.change(EditKind.ADD_LABEL, _with(spot.value, wanted), after=wanted)


def _entries(selector: LabelSelector) -> Iterator[_Entry]:
    labels, expressions = selector.match_labels, selector.match_expressions
    for key, value in labels.items():
        others = {name: text for name, text in labels.items() if name != key}
        yield _Entry(
            field=f".matchLabels.{key}",
            requirement=Requirement(key=key, operator=Operator.IN, values=(value,)),
            rest=LabelSelector(match_labels=others, match_expressions=expressions),
        )
    for index, requirement in enumerate(expressions):
        yield _Entry(
            field=f".matchExpressions[{index}]",
            requirement=requirement,
            rest=LabelSelector(
                match_labels=labels,
                match_expressions=(*expressions[:index], *expressions[index + 1 :]),
            ),
        )


def _with(selector: LabelSelector, wanted: Requirement) -> LabelSelector:
    """A selector with one requirement more, as a label where that says it."""
    labels, expressions = selector.match_labels, selector.match_expressions
    if _is_label(wanted) and wanted.key not in labels:
        more = {**labels, wanted.key: wanted.values[0]}
        return LabelSelector(match_labels=more, match_expressions=expressions)
    return LabelSelector(match_labels=labels, match_expressions=(*expressions, wanted))


def _is_label(requirement: Requirement) -> bool:
    return requirement.operator is Operator.IN and len(requirement.values) == 1


def _instead(present: Requirement, known: Iterable[Requirement]) -> Iterator[Requirement]:
    """What may stand in the place of a requirement: the nearest first."""
    yield Requirement(key=present.key, operator=_OPPOSITE[present.operator], values=present.values)
    yield from (each for each in known if each.key == present.key)
    yield from (each for each in known if each.key != present.key)


def _kind(before: Requirement, after: Requirement) -> EditKind:
    if before.key != after.key and after.key == NAMESPACE_NAME_LABEL:
        return EditKind.USE_NAME_LABEL
    if before.key == after.key and before.operator is not after.operator:
        return EditKind.CHANGE_OPERATOR
    return EditKind.CHANGE_LABEL
