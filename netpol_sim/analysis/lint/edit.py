"""Edits of a manifest's text, each for one kind of repair.

Every function returns edits to be worked out on demand.  They come to nothing where the text is
written in a way that we would rather not touch; what they make is read back before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from netpol_sim import manifest
from netpol_sim.analysis.lint.fix import Edit, Edits
from netpol_sim.analysis.lint.likeness import Correction
from netpol_sim.analysis.lint.page import Nested, Page, indented, inline, written
from netpol_sim.labels import LabelSelector
from netpol_sim.model import NAMESPACE_NAME_LABEL
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol

_Arguments = ParamSpec("_Arguments")
_Changes = tuple[Edit, ...]


def _on_demand(
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


def _at(extent: tuple[int, int] | None, text: str) -> _Changes:
    return (Edit(start=extent[0], end=extent[1], text=text),) if extent else ()


def _insert(offset: int, text: str) -> Edit:
    return Edit(start=offset, end=offset, text=text)


@_on_demand
def scalar(page: Page, path: str, text: str) -> _Changes:
    """Write another scalar into a field."""
    return _at(page.scalar(path), written(text) if not text.isdigit() else text)


@_on_demand
def relabelled(page: Page, field: str, meant: Correction) -> _Changes:
    """Write another label into a selector: another value, or another key."""
    (old_key, old_value), (new_key, new_value) = meant.old, meant.new
    path = f"{field}.matchLabels.{old_key}"
    if page.places.text_of(path) == old_value:
        if old_key != new_key:
            return _at(page.key(path, old_key), written(new_key))
        return _at(page.scalar(path), written(new_value))
    for place in range(_length(page, f"{field}.matchExpressions")):
        item = f"{field}.matchExpressions[{place}]"
        if page.places.text_of(f"{item}.key") != old_key:
            continue
        if old_key != new_key:
            return _at(page.scalar(f"{item}.key"), written(new_key))
        for number in range(_length(page, f"{item}.values")):
            if page.places.text_of(f"{item}.values[{number}]") == old_value:
                return _at(page.scalar(f"{item}.values[{number}]"), written(new_value))
    return ()


def _length(page: Page, path: str) -> int:
    number = 0
    while f"{path}[{number}]" in page.places:
        number += 1
    return number


@_on_demand
def reselected(page: Page, field: str, selector: LabelSelector) -> _Changes:
    """Write other labels into a selector that is empty, or has one label for one."""
    labels = selector.match_labels
    name = field.rpartition(".")[2]
    key = page.key(field, name)
    if key is not None and (empty := re.compile(r":\s*\{\s*\}").match(page.text, key[1])):
        wanted: Nested = {"matchLabels": {label: written(value) for label, value in labels.items()}}
        return _at((key[1], empty.end()), f": {inline(wanted)}")
    listed = [path for path in page.places if path.startswith(f"{field}.matchLabels.")]
    if len(listed) != 1 or len(labels) != 1 or selector.match_expressions:
        return ()
    ((label, value),) = labels.items()
    old = listed[0].removeprefix(f"{field}.matchLabels.")
    changes = _at(page.scalar(listed[0]), written(value))
    return changes if old == label else (*changes, *_at(page.key(listed[0], old), written(label)))


@_on_demand
def removed(page: Page, field: str, label: str) -> _Changes:
    """Delete the line of a label."""
    extent = page.scalar(f"{field}.{label}")
    key = page.key(f"{field}.{label}", label)
    if extent is None or key is None:
        return ()
    start, end = page.line_start(key[0]), page.line_end(extent[1])
    alone = page.text[start : key[0]].isspace() and not page.text[extent[1] : end].strip()
    return (Edit(start=start, end=end + 1, text=""),) if alone else ()


@_on_demand
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


def _with_key(page: Page, field: str, key: str, value: Nested | str) -> _Changes:
    offset = page.value(field)
    if offset is None:
        return ()
    if page.is_flow(offset):
        rest = page.text[offset + 1 :].lstrip()
        comma = "" if rest.startswith("}") else ", "
        return (_insert(offset + 1, f"{key}: {inline(value)}{comma}"),)
    column = page.column(offset)
    return (_insert(offset, f"{indented({key: value}, column)}\n{' ' * column}"),)


@_on_demand
def with_namespace(page: Page, field: str, name: str) -> _Changes:
    """Write a namespaceSelector for one namespace into a peer."""
    by_name: Nested = {"matchLabels": {NAMESPACE_NAME_LABEL: written(name)}}
    return _with_key(page, field, "namespaceSelector", by_name)


@_on_demand
def by_name(page: Page, field: str, old: LabelSelector, new: LabelSelector) -> _Changes:
    """Ask for the label that holds a namespace's name, where another was asked for."""
    changes: _Changes = ()
    for key in old.match_labels:
        if key not in new.match_labels:
            path = f"{field}.matchLabels.{key}"
            changes += _at(page.key(path, key), NAMESPACE_NAME_LABEL)
    pairs = zip(old.match_expressions, new.match_expressions, strict=True)
    for place, (before, after) in enumerate(pairs):
        if before != after:
            path = f"{field}.matchExpressions[{place}].key"
            changes += _at(page.scalar(path), NAMESPACE_NAME_LABEL)
    return changes


@_on_demand
def with_types(page: Page, types: tuple[Direction, ...]) -> _Changes:
    """Write ``policyTypes``: where they are, before the rules, or at the end."""
    line = f"policyTypes: [{', '.join(types)}]"
    key = page.key("spec.policyTypes", "policyTypes")
    if key is not None:
        list_ = re.compile(r":[ \t]*(\[[^\]\n]*\]|(?=\r?\n|$))").match(page.text, key[1])
        count = _length(page, "spec.policyTypes")
        if count and list_ and not list_.group(1):
            return _one_more_type(page, count, types)
        return _at((key[0], list_.end()), line) if list_ else ()
    rules = [name for way in Direction if (name := page.name(f"spec.{way.rules_field}"))]
    if rules:
        first = min(rules)
        gap = ", " if page.in_flow(first) else f"\n{' ' * page.column(first)}"
        return (_insert(first, line + gap),)
    return _at_end_of_spec(page, line)


def _one_more_type(page: Page, count: int, types: tuple[Direction, ...]) -> _Changes:
    known = {page.places.text_of(f"spec.policyTypes[{place}]") for place in range(count)}
    offset = page.value(f"spec.policyTypes[{count - 1}]")
    dash = None if offset is None else page.dash(offset)
    if offset is None or dash is None:
        return ()
    before = page.text[page.line_start(offset) : offset]
    added = "".join(f"\n{before}{kind}" for kind in types if kind not in known)
    return (_insert(page.line_end(offset), added),)


def _at_end_of_spec(page: Page, line: str) -> _Changes:
    first = page.name("spec.podSelector")
    inside = [page.value(path) or 0 for path in page.places if path.startswith("spec.")]
    if first is None:
        return ()
    if page.in_flow(first):
        return (_insert(first, f"{line}, "),)
    return (_insert(page.line_end(max(inside)), f"\n{' ' * page.column(first)}{line}"),)


@_on_demand
def without_item(page: Page, field: str) -> _Changes:
    """Delete an entry of a list; when it was the only one, leave ``[]``."""
    offset = page.value(field)
    list_field = field.rpartition("[")[0]
    name = list_field.rpartition(".")[2]
    key = page.key(list_field, name)
    if offset is None or key is None:
        return ()
    dash = page.dash(offset)
    alone = _length(page, list_field) == 1
    if dash is None:
        empty = re.compile(r":\s*\[\s*\{\s*\}\s*\]").match(page.text, key[1])
        return _at((key[1], empty.end()), ": []") if empty and alone else ()
    end = page.entry_end(offset, dash)
    if not alone:
        return (Edit(start=page.line_start(offset), end=end, text=""),)
    return (Edit(start=key[1], end=end, text=": []\n"),)


def _with_item(page: Page, field: str, item: Nested) -> _Changes:
    """One more entry after one of a list."""
    offset = page.value(field)
    if offset is None:
        return ()
    dash = page.dash(offset)
    if dash is None:
        end = page.closing(offset) if page.is_flow(offset) else None
        return (_insert(end + 1, f", {inline(item)}"),) if end else ()
    before = page.text[page.line_start(offset) : offset]
    entry = inline(item) if page.is_flow(offset) else indented(item, len(before))
    end = page.entry_end(offset, dash)
    start = "" if page.text[end - 1 : end] == "\n" else "\n"
    return (_insert(end, f"{start}{before}{entry}\n"),)


def _port_item(port: PolicyPort) -> Nested:
    number = {} if port.port is None else {"port": str(port.port)}
    return {"protocol": str(port.protocol), **number}


@_on_demand
def added_port(page: Page, field: str, port: PolicyPort) -> _Changes:
    """Write one more port after one of a rule's."""
    return _with_item(page, field, _port_item(port))


@_on_demand
def protocols(page: Page, field: str, ports: tuple[PolicyPort, ...]) -> _Changes:
    """Write the protocol into a port entry that has none, and the other entries after it."""
    first, *more = ports
    changes = _with_key(page, field, "protocol", first.protocol)
    for port in more:
        changes += _with_item(page, field, _port_item(port))
    return changes


@_on_demand
def with_protocols(page: Page, fields: Sequence[str]) -> _Changes:
    """Write `protocol: TCP` into port entries that have none."""
    return tuple(
        change for field in fields for change in _with_key(page, field, "protocol", Protocol.TCP)
    )


@_on_demand
def port(page: Page, field: str, old: PolicyPort, new: PolicyPort) -> _Changes:
    """Write another name or protocol into a port entry."""
    changes: _Changes = ()
    if old.port != new.port:
        changes += _at(page.scalar(f"{field}.port"), str(new.port))
    if old.protocol is not new.protocol:
        if f"{field}.protocol" in page.places:
            changes += _at(page.scalar(f"{field}.protocol"), new.protocol)
        else:
            changes += _with_key(page, field, "protocol", new.protocol)
    return changes


@_on_demand
def namespaced(page: Page, name: str) -> _Changes:
    """Write the namespace of an object."""
    known = page.scalar("metadata.namespace")
    if known is not None:
        return _at(known, written(name))
    offset = page.name("metadata.name")
    if offset is None:
        return ()
    gap = ", " if page.in_flow(offset) else f"\n{' ' * page.column(offset)}"
    return (_insert(offset, f"namespace: {written(name)}{gap}"),)


@_on_demand
def excepted(page: Page, field: str, cidr: str) -> _Changes:
    """Write one more exception into a range."""
    count = _length(page, f"{field}.except")
    last = page.scalar(f"{field}.except[{count - 1}]") if count else page.scalar(f"{field}.cidr")
    key = page.name(f"{field}.cidr")
    if last is None or key is None:
        return ()
    if count:
        dash = page.dash(last[0])
        before = page.text[page.line_start(last[0]) : last[0]]
        if dash is None:
            return (_insert(last[1], f", {cidr}"),)
        return (_insert(page.line_end(last[0]), f"\n{before}{cidr}"),)
    if page.in_flow(key):
        return (_insert(last[1], f", except: [{cidr}]"),)
    return (_insert(page.line_end(last[0]), f"\n{' ' * page.column(key)}except: [{cidr}]"),)


@_on_demand
def appended(page: Page, policy: NetworkPolicy) -> _Changes:
    """Write one more policy at the end of the file."""
    end = len(page.text)
    start = "" if page.text.endswith("\n") else "\n"
    return (_insert(end, f"{start}---\n{manifest.dump(policy)}"),)
