"""The label that was probably meant: what is there, one slip away from what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from netpol_sim.labels import LabelSelector, Operator, Requirement

Label = tuple[str, str]
"""A key and a value."""

_SHORTEST = 3
"""The length from which a word can be recognised in spite of a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A selector with one label, ``old``, changed to ``new`` so that it picks something."""

    selector: LabelSelector
    old: Label
    new: Label
    distance: int

    def __str__(self) -> str:
        return "=".join(self.new)


def correction(
    selector: LabelSelector, candidates: Iterable[Mapping[str, str]]
) -> Correction | None:
    """The smallest slip that explains why a selector picks none of some objects.

    One demanded label is replaced by one that the objects have, with the same key and a similar
    value or the same value and a similar key.  None when nothing is near, or two are equally near.
    """
    objects = list(candidates)
    present = {pair: None for labels in objects for pair in labels.items()}
    found = sorted(
        (
            made
            for made in _changed(selector, present)
            if any(made.selector.matches(labels) for labels in objects)
        ),
        key=lambda made: made.distance,
    )
    if not found or (len(found) > 1 and found[0].distance == found[1].distance):
        return None
    return found[0]


def _changed(selector: LabelSelector, present: Iterable[Label]) -> Iterator[Correction]:
    pairs = list(present)
    for old in demanded(selector):
        for new in pairs:
            distance = _slips(old, new)
            if distance is not None and old != new:
                yield Correction(
                    selector=_with(selector, old, new),
                    old=old,
                    new=new,
                    distance=distance,
                )


def demanded(selector: LabelSelector) -> tuple[Label, ...]:
    """Every label that a selector asks for by value, those of ``In`` lists included."""
    expressions = (
        (requirement.key, value)
        for requirement in selector.match_expressions
        if requirement.operator is Operator.IN
        for value in requirement.values
    )
    return (*selector.match_labels.items(), *expressions)


def _slips(old: Label, new: Label) -> int | None:
    """How many slips lie between two labels; None when it is more than a typing mistake."""
    if old[0] == new[0]:
        return _if_near(old[1], new[1])
    return _if_near(old[0], new[0]) if old[1] == new[1] else None


def _if_near(written: str, known: str) -> int | None:
    shorter = min(len(written), len(known))
    # `v1` is no slip for `v2`, nor is `a` for `b`.
    if shorter < _SHORTEST or _without_digits(written) == _without_digits(known):
        return None
    distance = slips(written, known)
    return distance if distance <= max(1, shorter // 4) else None


def _without_digits(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())


def slips(written: str, known: str) -> int:
    """How many letters were dropped, added, changed or swapped; a change of case is free."""
    first, second = written.lower(), known.lower()
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, 1):
        above, row = rows[-1], [i]
        for j, other in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _with(selector: LabelSelector, old: Label, new: Label) -> LabelSelector:
    labels = {
        (new if pair == old else pair)[0]: (new if pair == old else pair)[1]
        for pair in selector.match_labels.items()
    }
    expressions = tuple(_replaced(item, old, new) for item in selector.match_expressions)
    return replace(selector, match_labels=labels, match_expressions=expressions)


def _replaced(requirement: Requirement, old: Label, new: Label) -> Requirement:
    if requirement.operator is not Operator.IN or requirement.key != old[0]:
        return requirement
    if old[1] not in requirement.values:
        return requirement
    if old[0] != new[0]:
        return replace(requirement, key=new[0])
    values = tuple(new[1] if value == old[1] else value for value in requirement.values)
    return replace(requirement, values=values)
