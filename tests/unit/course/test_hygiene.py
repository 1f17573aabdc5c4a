from __future__ import annotations

from typing import Any

import pytest

from netpol_sim.course.hygiene import faults, faults_of_text

LOCAL = {"morgan": "the user's name", "build-host": "the name of this machine"}
TWIN = {"text/html": "<p>3</p>"}
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "0x1234567"}}
PICTURE = "<svg><title>Pods</title><desc>Two pods</desc></svg>"


def notebook(*outputs: dict[str, Any], count: int | None = 1, **metadata: object) -> dict[str, Any]:
    """A notebook with one code cell that gave these outputs."""
    cell = {"cell_type": "code", "execution_count": count, "outputs": list(outputs)}
    return {"metadata": metadata, "cells": [{"cell_type": "markdown"}, cell]}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    """What `print` gives."""
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: object) -> dict[str, Any]:
    """What `display` gives."""
    return {"output_type": "display_data", "data": {"text/plain": "x", **data}}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("read /home/ann/course/a.yaml", "shows an absolute path, `/home/ann`"),
        ("'/tmp/x1'", "shows an absolute path, `/tmp/x1`"),
        ("/var/folders/ab", "shows an absolute path, `/var/folders`"),
        (r"C:\Users\ann", r"shows an absolute path, `C:\U`"),
        ("<Pod object at 0x7f3a2b>", "shows a memory address, `0x7f3a2b`"),
        ("File ipykernel_4711/1.py", "shows a process number, `ipykernel_4711`"),
        ("pid=4711", "shows a process number, `pid=4711`"),
        ("on 2026-11-23", "shows a date, `2026-11-23`"),
        ("2026-11-23T10:00:00Z", "shows a date, `2026-11-23`"),
        ("at 23:59:59", "shows a time of day, `23:59:59`"),
        ("by morgan", "shows the user's name, `morgan`"),
        ("on build-host.", "shows the name of this machine, `build-host`"),
    ],
)
def test_what_differs_between_machines_is_a_fault(text: str, fault: str) -> None:
    """Paths, addresses, process numbers, dates, times and names are each found."""
    assert list(faults_of_text(text, LOCAL))[:1] == [fault]
    assert faults(notebook(printed(text)), LOCAL)[:1] == [f"cell 2 {fault}"]
    assert faults(notebook(shown(**{"text/html": text})), LOCAL)[:1] == [f"cell 2 {fault}"]
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["x", text]}
    assert faults(notebook(error), LOCAL)[:1] == [f"cell 2 {fault}"]


@pytest.mark.parametrize(
    "text",
    [
        "bank/frontend -> bank/api:8080/TCP",
        "10.0.0.0/8 and 2001:db8::/32, [2001:db8:10:20:30::1]:443",
        "fd00:10:20:30:40:50:60:70",
        "networking.k8s.io/v1",
        "<td>allowed</td><br/>",
        "https://kubernetes.io/docs/concepts/services-networking",
        "cat /etc/resolv.conf",
        "lessons/policies/a.yaml:12:5",
        "ports 2000-2010, 1999-12-99",
        "morgan-db",
        "0x1F",
        "rapid=12",
    ],
)
def test_the_course_s_own_words_are_no_faults(text: str) -> None:
    """What every machine shows alike passes."""
    assert faults(notebook(printed(text), shown(**{"text/html": [text]})), LOCAL) == []


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (notebook(count=None), "cell 2 was not run"),
        (notebook(printed("careful\n", "stderr")), "cell 2 writes to stderr: `careful`"),
        (notebook(widgets={}), "the notebook stores the state of widgets (`metadata.widgets`)"),
        (
            notebook(shown(**WIDGET)),
            "cell 2 shows a widget that is nothing without a kernel: display its text twin with it",
        ),
        (
            notebook(shown(**{"image/svg+xml": PICTURE.replace("desc", "text")})),
            "cell 2 shows an SVG picture without a title and a description",
        ),
        (
            notebook(shown(**{"text/html": ["<p>", "<svg>\n", "</svg></p>"]})),
            "cell 2 shows an SVG picture without a title and a description",
        ),
    ],
)
def test_what_readers_could_not_use_is_a_fault(found: dict[str, Any], fault: str) -> None:
    """Cells that did not run, warnings, stored widgets and mute pictures are each found."""
    assert faults(found, LOCAL) == [fault]


def test_a_widget_with_a_twin_is_no_fault() -> None:
    """A widget may be shown beside what says the same without a kernel."""
    assert (
        faults(notebook(shown(**WIDGET, **TWIN), shown(**{"image/svg+xml": PICTURE})), LOCAL) == []
    )
