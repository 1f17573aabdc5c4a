"""A real browser, and a real JupyterLab for it to open."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

expect.set_options(timeout=30_000)  # a busy machine is no failure

ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium(playwright: Playwright) -> Browser:
    """A headless Chromium of the system."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("there is no Chromium; on Debian: apt-get install chromium", pytrace=False)
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@dataclass
class Seen:
    """What a page did that it should not: requests elsewhere, errors."""

    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def watched(page: Page) -> Seen:
    """Note what a page asks for beyond this machine, and its errors."""
    seen = Seen()
    local = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(local) else seen.elsewhere.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "console",
        lambda message: seen.errors.append(message.text) if message.type == "error" else None,
    )
    return seen


@dataclass(frozen=True)
class Server:
    """A JupyterLab of its own, with a folder to open notebooks from."""

    address: str
    token: str
    folder: Path


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start JupyterLab, wait until it answers, and stop it at the end."""
    home, folder = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks")
    settings = home / "config" / "labconfig" / "page_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"disabledExtensions": {ANNOUNCEMENTS: True}}))
    whole = home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    whole.parent.mkdir(parents=True)
    whole.write_text(json.dumps({"windowingMode": "none"}))  # all of a notebook is on the page
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "NETPOL_WORKSPACE": str(folder),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": token,
        "LabApp.expose_app_in_browser": True,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *arguments],
            env={**os.environ, **own},
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(server, f"{address}/api/status?token={token}", home / "log")
            yield Server(address=address, token=token, folder=folder)
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Ask until the server answers; a server that has ended never will."""
    while True:
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own address
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                continue
        pytest.fail(f"JupyterLab has ended: {log.read_text()}", pytrace=False)
