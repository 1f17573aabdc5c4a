"""Edits of a manifest's text, each for one kind of repair.

Every function returns edits to be worked out on demand.  They come to nothing where the text is
written in a way that we would rather not touch; what they make is read back before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from netpol_sim.analysis.lint.fix import Edit, Edits
from netpol_sim.analysis.lint.likeness import Correction
from netpol_sim.analysis.lint.page import Nested, Page, indented, inline, written
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort

_Arguments = ParamSpec("_Arguments")
_Changes = tuple[Edit, ...]


def on_demand(
    work: Callable[Concatenate[Page, _Arguments], _Changes],
) -> Callable[Concatenate[NetworkPolicy, _Arguments], Edits]:
    """Find the page of a policy, and work only when asked to."""

    def prepare(
        policy: NetworkPolicy, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Edits:
        def changes() -> _Changes:
            page = Page.of(policy)
            return work(page, *args, **kwargs) if page else ()

        return changes

    return prepare


def at(extent: tuple[int, int] | None, text: str) -> _Changes:
    """Write a text in the place of an extent, if there is one."""
    return (Edit(start=extent[0], end=extent[1], text=text),) if extent else ()


def insert(offset: int, text: str) -> Edit:
    """Write a text before an offset."""
    return Edit(start=offset, end=offset, text=text)


@on_demand
def scalar(page: Page, path: str, text: str) -> _Changes:
    """Write another scalar into a field."""
    return at(page.scalar(path), written(text) if not text.isdigit() else text)


@on_demand
def relabelled(page: Page, field: str, meant: Correction) -> _Changes:
    """Write another label into a selector: another value, or another key."""
    (old_key, old_value), (new_key, new_value) = meant.old, meant.new
    path = f"{field}.matchLabels.{old_key}"
    if page.places.text_of(path) == old_value:
        if old_key != new_key:
            return at(page.key(path, old_key), written(new_key))
        return at(page.scalar(path), written(new_value))
    for place in range(length(page, f"{field}.matchExpressions")):
        item = f"{field}.matchExpressions[{place}]"
        if page.places.text_of(f"{item}.key") != old_key:
            continue
        if old_key != new_key:
            return at(page.scalar(f"{item}.key"), written(new_key))
        for number in range(length(page, f"{item}.values")):
            if page.places.text_of(f"{item}.values[{number}]") == old_value:
                return at(page.scalar(f"{item}.values[{number}]"), written(new_value))
    return ()


def length(page: Page, path: str) -> int:
    """How many entries a list was written with."""
    number = 0
    while f"{path}[{number}]" in page.places:
        number += 1
    return number


@on_demand
def reselected(page: Page, field: str, selector: LabelSelector) -> _Changes:
    """Write other labels into a selector that is empty, or has one label for one."""
    labels = selector.match_labels
    name = field.rpartition(".")[2]
    key = page.key(field, name)
    if key is not None and (empty := re.compile(r":\s*\{\s*\}").match(page.text, key[1])):
        wanted: Nested = {"matchLabels": {label: written(value) for label, value in labels.items()}}
        return at((key[1], empty.end()), f": {inline(wanted)}")
    listed = [path for path in page.places if path.startswith(f"{field}.matchLabels.")]
    if len(listed) != 1 or len(labels) != 1 or selector.match_expressions:
        return ()
    ((label, value),) = labels.items()
    old = listed[0].removeprefix(f"{field}.matchLabels.")
    changes = at(page.scalar(listed[0]), written(value))
    return changes if old == label else (*changes, *at(page.key(listed[0], old), written(label)))


@on_demand
def removed(page: Page, field: str, label: str) -> _Changes:
    """Delete the line of a label."""
    extent = page.scalar(f"{field}.{label}")
    key = page.key(f"{field}.{label}", label)
    if extent is None or key is None:
        return ()
    start, end = page.line_start(key[0]), page.line_end(extent[1])
    alone = page.text[start : key[0]].isspace() and not page.text[extent[1] : end].strip()
    return (Edit(start=start, end=end + 1, text=""),) if alone else ()


@on_demand
def joined(page: Page, field: str) -> _Changes:
    """Make an entry of a list part of the one before it."""
    offset = page.value(field)
    if offset is None:
        return ()
    dash = page.dash(offset)
    if dash is not None:
        place = page.line_start(offset) + dash
        return (Edit(start=place, end=place + 1, text=" "),)
    border = re.search(r"\}\s*,\s*$", page.text[:offset])
    if border and page.is_flow(offset):
        return (Edit(start=border.start(), end=offset + 1, text=", "),)
    return ()


def with_first_key(page: Page, field: str, key: str, value: Nested | str) -> _Changes:
    """Write one more field into an entry of a list, before those it has."""
    offset = page.value(field)
    if offset is None:
        return ()
    if page.is_flow(offset):
        rest = page.text[offset + 1 :].lstrip()
        comma = "" if rest.startswith("}") else ", "
        return (insert(offset + 1, f"{key}: {inline(value)}{comma}"),)
    column = page.column(offset)
    return (insert(offset, f"{indented({key: value}, column)}\n{' ' * column}"),)


@on_demand
def with_namespace(page: Page, field: str, name: str) -> _Changes:
    """Write a namespaceSelector for one namespace into a peer."""
    by_name: Nested = {"matchLabels": {NAMESPACE_NAME_LABEL: written(name)}}
    return with_first_key(page, field, "namespaceSelector", by_name)


@on_demand
def by_name(page: Page, field: str, old: LabelSelector, new: LabelSelector) -> _Changes:
    """Ask for the label that holds a namespace's name, where another was asked for."""
    changes: _Changes = ()
    for key in old.match_labels:
        if key not in new.match_labels:
            path = f"{field}.matchLabels.{key}"
            changes += at(page.key(path, key), NAMESPACE_NAME_LABEL)
    pairs = zip(old.match_expressions, new.match_expressions, strict=True)
    for place, (before, after) in enumerate(pairs):
        if before != after:
            path = f"{field}.matchExpressions[{place}].key"
            changes += at(page.scalar(path), NAMESPACE_NAME_LABEL)
    return changes


@on_demand
def with_types(page: Page, types: tuple[Direction, ...]) -> _Changes:
    """Write ``policyTypes``: where they are, before the rules, or at the end."""
    line = f"policyTypes: [{', '.join(types)}]"
    key = page.key("spec.policyTypes", "policyTypes")
    if key is not None:
        list_ = re.compile(r":[ \t]*(\[[^\]\n]*\]|(?=\r?\n|$))").match(page.text, key[1])
        count = length(page, "spec.policyTypes")
        if count and list_ and not list_.group(1):
            return _one_more_type(page, count, types)
        return at((key[0], list_.end()), line) if list_ else ()
    rules = [name for way in Direction if (name := page.name(f"spec.{way.rules_field}"))]
    if rules:
        first = min(rules)
        gap = ", " if page.in_flow(first) else f"\n{' ' * page.column(first)}"
        return (insert(first, line + gap),)
    return _at_end_of_spec(page, line)


def _one_more_type(page: Page, count: int, types: tuple[Direction, ...]) -> _Changes:
    """Write the missing types after those of a list, or before them."""
    known = tuple(page.places.text_of(f"spec.policyTypes[{place}]") for place in range(count))
    first, last = page.value("spec.policyTypes[0]"), page.value(f"spec.policyTypes[{count - 1}]")
    if first is None or last is None or page.dash(first) is None:
        return ()
    before = page.text[page.line_start(first) : first]
    if known == types[:count]:
        added = "".join(f"\n{before}{kind}" for kind in types[count:])
        return (insert(page.line_end(last), added),)
    if known == types[-count:]:
        added = "".join(f"{before}{kind}\n" for kind in types[:-count])
        return (insert(page.line_start(first), added),)
    return ()


def _at_end_of_spec(page: Page, line: str) -> _Changes:
    first = page.name("spec.podSelector")
    inside = [page.value(path) or 0 for path in page.places if path.startswith("spec.")]
    if first is None:
        return ()
    if page.in_flow(first):
        return (insert(first, f"{line}, "),)
    return (insert(page.line_end(max(inside)), f"\n{' ' * page.column(first)}{line}"),)


@on_demand
def port(page: Page, field: str, old: PolicyPort, new: PolicyPort) -> _Changes:
    """Write another name or protocol into a port entry."""
    changes: _Changes = ()
    if old.port != new.port:
        changes += at(page.scalar(f"{field}.port"), str(new.port))
    if old.protocol is not new.protocol:
        if f"{field}.protocol" in page.places:
            changes += at(page.scalar(f"{field}.protocol"), new.protocol)
        else:
            changes += with_first_key(page, field, "protocol", new.protocol)
    return changes


@on_demand
def namespaced(page: Page, name: str) -> _Changes:
    """Write the namespace of an object."""
    known = page.scalar("metadata.namespace")
    if known is not None:
        return at(known, written(name))
    offset = page.name("metadata.name")
    if offset is None:
        return ()
    gap = ", " if page.in_flow(offset) else f"\n{' ' * page.column(offset)}"
    return (insert(offset, f"namespace: {written(name)}{gap}"),)
