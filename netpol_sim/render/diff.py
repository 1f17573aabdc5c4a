"""A difference between two clusters: as text, HTML, Markdown for a pull request, and JSON.

The JSON document, in the notation of ``json.py``::

    Diff      {changed, summary, added: [change], removed: [change],
               onlyBefore: [object], onlyAfter: [object]}
    change    {sources: [name], destinations: [name], ports: [range], pairs, example: connection
               as text, before: side?, after: side?, facts: [fact]}; pairs counts them; null is a
               side on which an end does not exist
    fact      {profile, field, says, source}: what a network plugin does, and by that makes the
               change; empty unless the two sides are on different plugins
    side      {allowed, summary, rules: [{policy, field, location?}]}; the rules that match, or of a
               refusal the policies of the ends that refuse, with an empty field
    object    {kind: Namespace | Node | Pod, name}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netpol_sim.analysis.diff import Change, Diff
from netpol_sim.analysis.plugins import Cause, causes
from netpol_sim.analysis.table import Place
from netpol_sim.model import Namespace, Node, Pod
from netpol_sim.origin import Location
from netpol_sim.render import facts, json, sheet, text, words
from netpol_sim.render.everyone import Everyone
from netpol_sim.render.markup import Markup
from netpol_sim.render.palette import Tone
from netpol_sim.render.sheet import Mark, Sheet, escaped
from netpol_sim.verdict import Verdict

NOTHING = "No connection appears or disappears."
_TITLE = "Network policy: what this change does"
_MOST_NAMES = 8
_MOST_CHANGES = 4
_NAMELESS = "one of its ends does not exist"
_EXAMPLE = "for example {connection}"
_PAIRS = "{count} pairs"
_HEAD = ("change", "from", "to", "ports", "why")
_MARKS = {
    "+": Mark(tone=Tone.ADDED, word="appears"),
    "-": Mark(tone=Tone.REMOVED, word="disappears"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the two clusters are called."""

    before: str = "before"
    after: str = "after"


def as_text(diff: Diff, sides: Sides | None = None) -> str:
    """A difference as plain text: a line for each change, with the reasons on both sides."""
    everyone = Everyone(diff.places)
    lines = [_headline(diff)]
    lines += _one_sided(diff)
    for sign, change in _changes(diff):
        lines += ["", f"{sign} {_ends(change, everyone)}: {change.ports}{_count(change)}"]
        lines += [f"    {_EXAMPLE.format(connection=change.example)}"]
        lines += [f"    {line}" for line in _reasons(change, sides)]
    return "\n".join(lines)


def as_html(diff: Diff, sides: Sides | None = None) -> Markup:
    """A difference as HTML, with the same content: a row for each change."""
    everyone = Everyone(diff.places)
    rows = []
    for sign, change in _changes(diff):
        sources, destinations = (_cut(names) for names in _names(change, everyone))
        why = (_EXAMPLE.format(connection=change.example), *_reasons(change, sides))
        ports = (
            str(change.ports),
            *([_PAIRS.format(count=change.count)] if change.count > 1 else ()),
        )
        rows.append((_MARKS[sign], sources, destinations, ports, why))
    table = Sheet(head=_HEAD, rows=tuple(rows), shown=_MOST_CHANGES)
    return sheet.as_html((_headline(diff), *_one_sided(diff), table))


def as_markdown(diff: Diff, sides: Sides | None = None, *, title: str = _TITLE) -> str:
    """A difference as Markdown, for a comment on a pull request."""
    lines = [f"### {escaped(title)}", "", escaped(_headline(diff))]
    lines += [f"- {escaped(sentence)}" for sentence in _one_sided(diff)]
    everyone = Everyone(diff.places)
    changes = list(_changes(diff))
    if changes:
        lines += ["", "| | From | To | Ports | Pairs |", "| --- | --- | --- | --- | ---: |"]
    for sign, change in changes:
        sources, destinations = (escaped(_listed(names)) for names in _names(change, everyone))
        verb = f"**{sign}** {_MARKS[sign].word}"
        ports = escaped(str(change.ports))
        lines.append(f"| {verb} | {sources} | {destinations} | {ports} | {change.count} |")
    if changes:
        lines += ["", "<details><summary>Which rules decide</summary>", ""]
        for _, change in changes:
            lines.append(f"- `{change.example}`")
            lines += [f"  - {escaped(line)}" for line in _reasons(change, sides)]
        lines += ["", "</details>"]
    return "\n".join(lines)


def document(diff: Diff) -> json.Document:
    """A difference as a JSON document."""
    return json.envelope(
        "Diff",
        {
            "changed": bool(diff),
            "summary": str(diff),
            "added": [_change(change) for change in diff.added],
            "removed": [_change(change) for change in diff.removed],
            "onlyBefore": [_object(each) for each in diff.only_before],
            "onlyAfter": [_object(each) for each in diff.only_after],
        },
    )


# -- Words ---------------------------------------------------------------------------------------


def _headline(diff: Diff) -> str:
    summary = str(diff)
    return f"{summary[0].upper()}{summary[1:]}." if diff else NOTHING


def _one_sided(diff: Diff) -> Iterator[str]:
    for side, found in (("Only before", diff.only_before), ("Only after", diff.only_after)):
        if found:
            names = [f"{type(each).__name__.lower()} {_name(each)}" for each in found]
            yield f"{side}: {_listed(names)}."


def _name(each: Namespace | Node | Pod) -> str:
    return each.key if isinstance(each, Pod) else each.name


def _changes(diff: Diff) -> Iterator[tuple[str, Change]]:
    yield from (("-", change) for change in diff.removed)
    yield from (("+", change) for change in diff.added)


def _ends(change: Change, everyone: Everyone) -> str:
    return " -> ".join(_listed(names) for names in _names(change, everyone))


def _names(change: Change, everyone: Everyone) -> Iterator[Sequence[str]]:
    ends: tuple[tuple[Place, ...], ...] = (change.sources, change.destinations)
    for end, opposite in (ends, ends[::-1]):
        yield everyone.called(end, opposite)


def _listed(names: Sequence[str]) -> str:
    shown = _cut(names)
    by = ", " if len(shown) == len(names) else " "
    return by.join((", ".join(shown[:_MOST_NAMES]), *shown[_MOST_NAMES:]))


def _cut(names: Sequence[str]) -> Sequence[str]:
    """So many names as can be read, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return (*names[:_MOST_NAMES], f"and {more} more") if more > 1 else names


def _count(change: Change) -> str:
    return f" ({_PAIRS.format(count=change.count)})" if change.count > 1 else ""


def _reasons(change: Change, sides: Sides | None = None) -> Iterator[str]:
    names = sides or Sides()
    for side, verdict in ((names.before, change.before), (names.after, change.after)):
        yield f"{side}: {_NAMELESS if verdict is None else _reason(verdict)}"
    for fact in facts.told(_causes(change)):
        yield f"because on {fact}"


def _causes(change: Change) -> tuple[Cause, ...]:
    """What of the network plugins makes the change, where it is moved to another one."""
    if change.before is None or change.after is None:
        return ()
    return causes(change.before, change.after.cluster.profile)


def _reason(verdict: Verdict) -> str:
    """The answer, what decided it, and where that is written."""
    said = f"{words.ANSWERS[verdict.allowed]}: {text.reason(verdict)}"
    found = (str(place) for _, _, place in _responsible(verdict) if place)
    places = _listed(tuple(dict.fromkeys(found)))
    return f"{said} ({places})" if places else said


def _responsible(verdict: Verdict) -> Iterator[tuple[str, str, Location | None]]:
    """What decides: the rules that match, or the policies of an end that refuses.

    Each as policy, field within it and place.
    """
    for end in verdict.ends:
        for step in end.matched if verdict.allowed else ():
            yield step.policy.key, step.field, step.locate()
        for policy in () if end.allowed else end.isolated_by:
            yield policy.key, "", policy.origin.locate() if policy.origin else None


# -- JSON ----------------------------------------------------------------------------------------


def _change(change: Change) -> json.Json:
    return {
        "sources": [each.key for each in change.sources],
        "destinations": [each.key for each in change.destinations],
        "ports": json.port_ranges(change.ports),
        "pairs": change.count,
        "example": str(change.example),
        "before": _side(change.before),
        "after": _side(change.after),
        "facts": facts.as_json(_causes(change)),
    }


def _side(verdict: Verdict | None) -> json.Json:
    if verdict is None:
        return None
    rules = [
        {"policy": policy, "field": field, "location": json.location(place)}
        for policy, field, place in _responsible(verdict)
    ]
    summary = text.explain(verdict, text.Length.LINE)
    return {"allowed": verdict.allowed, "summary": summary, "rules": rules}


def _object(each: Namespace | Node | Pod) -> json.Json:
    return {"kind": type(each).__name__, "name": _name(each)}
