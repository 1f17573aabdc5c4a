"""Edits of the lists in a manifest: entries of rules and ports, exceptions, whole documents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netpol_sim import manifest
from netpol_sim.analysis.lint.edit import at, insert, length, on_demand, with_first_key
from netpol_sim.analysis.lint.fix import Edit
from netpol_sim.analysis.lint.page import Nested, Page, indented, inline
from netpol_sim.policy import NetworkPolicy, PolicyPort, Protocol

_Changes = tuple[Edit, ...]
_BARE_PORT = re.compile(r"^( *)- port: ", re.MULTILINE)


@on_demand
def without_item(page: Page, field: str) -> _Changes:
    """Delete an entry of a list; when it was the only one, leave ``[]``."""
    offset = page.value(field)
    list_field = field.rpartition("[")[0]
    name = list_field.rpartition(".")[2]
    key = page.key(list_field, name)
    if offset is None or key is None:
        return ()
    dash = page.dash(offset)
    alone = length(page, list_field) == 1
    if dash is None:
        empty = re.compile(r":\s*\[\s*\{\s*\}\s*\]").match(page.text, key[1])
        return at((key[1], empty.end()), ": []") if empty and alone else ()
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
        return (insert(end + 1, f", {inline(item)}"),) if end else ()
    before = page.text[page.line_start(offset) : offset]
    entry = inline(item) if page.is_flow(offset) else indented(item, len(before))
    end = page.entry_end(offset, dash)
    start = "" if page.text[end - 1 : end] == "\n" else "\n"
    return (insert(end, f"{start}{before}{entry}\n"),)


def _port_item(port: PolicyPort) -> Nested:
    number = {} if port.port is None else {"port": str(port.port)}
    return {"protocol": str(port.protocol), **number}


@on_demand
def added_port(page: Page, field: str, port: PolicyPort) -> _Changes:
    """Write one more port after one of a rule's."""
    return _with_item(page, field, _port_item(port))


@on_demand
def protocols(page: Page, field: str, ports: tuple[PolicyPort, ...]) -> _Changes:
    """Write the protocol into a port entry that has none, and the other entries after it."""
    first, *more = ports
    changes = with_first_key(page, field, "protocol", first.protocol)
    for port in more:
        changes += _with_item(page, field, _port_item(port))
    return changes


@on_demand
def with_protocols(page: Page, fields: Sequence[str]) -> _Changes:
    """Write `protocol: TCP` into port entries that have none."""
    return tuple(
        change
        for field in fields
        for change in with_first_key(page, field, "protocol", Protocol.TCP)
    )


@on_demand
def excepted(page: Page, field: str, cidr: str) -> _Changes:
    """Write one more exception into a range."""
    count = length(page, f"{field}.except")
    last = page.scalar(f"{field}.except[{count - 1}]") if count else page.scalar(f"{field}.cidr")
    key = page.name(f"{field}.cidr")
    if last is None or key is None:
        return ()
    if count:
        dash = page.dash(last[0])
        before = page.text[page.line_start(last[0]) : last[0]]
        if dash is None:
            return (insert(last[1], f", {cidr}"),)
        return (insert(page.line_end(last[0]), f"\n{before}{cidr}"),)
    if page.in_flow(key):
        return (insert(last[1], f", except: [{cidr}]"),)
    return (insert(page.line_end(last[0]), f"\n{' ' * page.column(key)}except: [{cidr}]"),)


@on_demand
def appended(page: Page, policy: NetworkPolicy) -> _Changes:
    """Write one more policy at the end of the file."""
    end = len(page.text)
    start = "" if page.text.endswith("\n") else "\n"
    document = _BARE_PORT.sub(r"\1- protocol: TCP\n\1  port: ", manifest.dump(policy))
    return (insert(end, f"{start}---\n{document}"),)
