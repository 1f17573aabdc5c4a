"""The words of a test in JupyterLab: put files there, open a notebook, run it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seen, Server, watched

ROOT = Path(__file__).resolve().parents[2]

_READY = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const { context, sessionContext } = app.shell.currentWidget;
  await context.ready;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
}"""
COMMAND = "([name, args]) => window.jupyterapp.commands.execute(name, args)"


def write(server: Server, name: str, cells: Sequence[str]) -> None:
    """Put a notebook of these code cells into the server's folder."""
    empty: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    code = [{**empty, "source": cell} for cell in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}}
    (server.folder / name).write_text(json.dumps({**notebook, "cells": code}))


def bring(server: Server, *folders: str) -> None:
    """Copy folders of the course into the server's folder."""
    for folder in folders:
        shutil.copytree(ROOT / folder, server.folder / folder, dirs_exist_ok=True)


def opened(browser: Browser, server: Server, name: str, *, width: int = 1300) -> tuple[Page, Seen]:
    """Open a notebook and wait until its kernel answers."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = watched(page)
    page.goto(f"{server.address}/lab/tree/{name}?token={server.token}&reset")
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=60_000)
    page.evaluate(_READY)
    return page, seen


def run_all(page: Page) -> None:
    """Run every cell, and wait until the kernel has answered them all."""
    page.evaluate(COMMAND, ["notebook:run-all-cells", {}])


def theme(page: Page, name: str) -> None:
    """Change JupyterLab's theme."""
    page.evaluate(COMMAND, ["apputils:change-theme", {"theme": name}])
    light = "false" if "Dark" in name else "true"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
