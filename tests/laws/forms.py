"""Other ways to write the same manifests."""

from __future__ import annotations

import json
from typing import Any

import yaml

from netpol_sim.manifest import composer


def values(text: str) -> list[Any]:
    """The documents of a text as plain values."""
    reading = composer.Composer(yaml.SafeLoader(text).get_event)
    found = []
    while (document := reading.document()) is not None:
        found.append(document.value)
    return found


def as_it_is(text: str) -> str:
    """The same."""
    return text


def as_json(text: str) -> str:
    """The same manifests as one JSON list."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": values(text)}, indent=1)


def as_list(text: str) -> str:
    """The same manifests as one YAML list, as kubectl prints it."""
    documents = [document for document in text.split("---\n") if document]
    items = ["  ".join(document.splitlines(keepends=True)) for document in documents]
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(f"- {item}" for item in items)


def as_flow(text: str) -> str:
    """The same manifests in the flow style of YAML."""
    return yaml.safe_dump_all(values(text), default_flow_style=True)


def with_windows_line_ends(text: str) -> str:
    """The same with CRLF."""
    return text.replace("\n", "\r\n")


def as_one_line(text: str) -> str:
    """The same as JSON documents, one on each line."""
    return "\n".join(map(json.dumps, values(text)))


FORMS = [as_json, as_list, as_flow, as_one_line, with_windows_line_ends]
