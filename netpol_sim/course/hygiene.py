"""What a built notebook may not hold: what differs from machine to machine or run to run.

Nothing is rewritten here.  A fault ends the build, and its author decides what to show instead.
"""

from __future__ import annotations

import getpass
import re
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Paths that people write in prose about Linux (/etc/hosts, /proc/1) are left alone.
_KINDS = {
    "an absolute path": (
        r"(?<![\w./:<-])/(?:home|opt|private|root|srv|tmp|usr|var|work|workspaces?|Users|Volumes)"
        r"/[\w.+@-]+|\b[A-Za-z]:\\\w"
    ),
    "a memory address": r"\b0x[0-9a-fA-F]{4,}",
    "a process number": r"\bipykernel_\d+|\b(?:pid|PID)\b\W{0,3}\d+",
    "a date": r"(?<![\w.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)",
    "a time of day": r"(?<![\w:.])(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?![\w:])",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}
_ORDINARY_WORDS = {"admin", "codespace", "docker", "jovyan", "root", "runner", "ubuntu", "user"}
_WIDGET = "application/vnd.jupyter.widget-view+json"
_SVG = "image/svg+xml"


def this_machine() -> Mapping[str, str]:
    """Texts that only this machine would show, with what each is."""
    texts = {
        str(Path.cwd()): "this folder",
        str(Path.home()): "the home folder",
        tempfile.gettempdir(): "the folder for temporary files",
        socket.gethostname(): "the name of this machine",
    }
    user = getpass.getuser()
    if user not in _ORDINARY_WORDS:
        texts[user] = "the user's name"
    return {text: meaning for text, meaning in texts.items() if len(text) > 3}


def faults_of_text(text: str, local: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one text that a kernel produced; ``local`` as of ``this_machine``."""
    for kind, pattern in _PATTERNS.items():
        if found := pattern.search(text):
            yield f"shows {kind}, `{found[0]}`"
    for value, meaning in local.items():
        if re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text):
            yield f"shows {meaning}, `{value}`"


def faults(notebook: Mapping[str, Any], local: Mapping[str, str]) -> list[str]:
    """What is wrong with a notebook, one sentence for each fault, with the cell's number."""
    found = []
    if "widgets" in notebook["metadata"]:
        found.append("the notebook stores the state of widgets (`metadata.widgets`)")
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            found += [f"cell {number} {fault}" for fault in _faults_of_cell(cell, local)]
    return found


def _faults_of_cell(cell: Mapping[str, Any], local: Mapping[str, str]) -> Iterator[str]:
    if cell["execution_count"] is None:
        yield "was not run"
    for output in cell["outputs"]:
        if output.get("name") == "stderr":
            yield f"writes to stderr: `{_joined(output['text']).strip()}`"
        yield from _faults_of_data(output.get("data", {}))
        for text in _texts(output):
            yield from faults_of_text(text, local)


def _faults_of_data(data: Mapping[str, Any]) -> Iterator[str]:
    if _WIDGET in data and not {"text/html", "text/markdown", _SVG} & data.keys():
        yield "shows a widget that is nothing without a kernel: display its text twin with it"
    for kind in (_SVG, "text/html"):
        for picture in re.findall(r"<svg\b.*?</svg>", _joined(data.get(kind, "")), re.DOTALL):
            if not ("<title" in picture and "<desc" in picture):
                yield "shows an SVG picture without a title and a description"


def _texts(output: Mapping[str, Any]) -> Iterator[str]:
    """Every text of an output that is compared or shown."""
    yield _joined(output.get("text", ""))
    yield "\n".join(
        (output.get("ename", ""), output.get("evalue", ""), *output.get("traceback", ()))
    )
    for kind, value in output.get("data", {}).items():
        if kind != _WIDGET:
            yield _joined(value)


def _joined(text: object) -> str:
    """Text as one string; notebooks may also store a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
