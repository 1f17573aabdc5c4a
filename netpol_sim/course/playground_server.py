"""Serve the playground to a browser on this machine: ``netpol start --playground``.

Needs no Jupyter.  Whoever has the address, with its secret, may use it; each page that is opened
has a playground of its own, which ends with the process.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import threading
import webbrowser
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from netpol_sim.cluster import Cluster
from netpol_sim.course.catalog import WORLDS
from netpol_sim.course.workspace import WorkspaceError
from netpol_sim.manifest import load
from netpol_sim.render.playground import page
from netpol_sim.render.playground.state import LONGEST, Playground, begin, step
from netpol_sim.render.playground.view import view

FIRST = "bank-and-shop"
FIRST_POLICY = "lessons/policies/allow-frontend-to-backend.yaml"
HERE = "127.0.0.1"
MOST_PAGES = 32
PORTS_TRIED = 50


class Pages:
    """The playgrounds of the pages that are open; the one not used for longest gives way."""

    def __init__(self, worlds: Mapping[str, Cluster], policies: str = "") -> None:
        self.start = begin(worlds, policies)
        self.open: OrderedDict[str, Playground] = OrderedDict()
        self.lock = threading.Lock()

    def new(self) -> tuple[str, Mapping[str, object]]:
        """Begin a playground; its session and what it shows."""
        session = secrets.token_urlsafe(16)
        with self.lock:
            self.open[session] = self.start
            if len(self.open) > MOST_PAGES:
                self.open.popitem(last=False)
        return session, view(self.start)

    def act(self, session: str, action: Mapping[str, object]) -> Mapping[str, object] | None:
        """What a playground shows after an action; None when it is not open any more."""
        with self.lock:
            if session not in self.open:
                return None
            self.open[session] = step(self.open[session], action)
            self.open.move_to_end(session)
            return view(self.open[session])


class _Handler(BaseHTTPRequestHandler):
    """Answers for one page: ``GET /SECRET/`` gives it, ``POST /SECRET/act`` is what it asks."""

    server: PlaygroundServer

    def do_GET(self) -> None:
        if not self._is_for_us("/"):
            return
        nonce = secrets.token_urlsafe(16)
        session, shown = self.server.pages.new()
        allowed = "connect-src 'self'; style-src 'unsafe-inline'"  # pictures style their parts
        policy = f"default-src 'none'; {allowed}; script-src 'nonce-{nonce}'"
        headers = {"Content-Security-Policy": policy}
        text = page.page(shown, session=session, nonce=nonce)
        self._answer(HTTPStatus.OK, text, "text/html", headers)

    def do_POST(self) -> None:
        if not self._is_for_us("/act"):
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > 8 * LONGEST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This text is too long.")
            return
        try:
            action = json.loads(self.rfile.read(int(length)))
        except ValueError:
            action = None
        if not isinstance(action, dict):
            self._answer(HTTPStatus.BAD_REQUEST, "An action is a JSON object.")
            return
        shown = self.server.pages.act(self.headers.get("X-Session", ""), action)
        if shown is None:
            self._answer(HTTPStatus.GONE, "This page has been left for too long; load it again")
        else:
            self._answer(HTTPStatus.OK, json.dumps(shown), "application/json")

    def _is_for_us(self, path: str) -> bool:
        """Whether the address is ours; another name for this machine may be another site's."""
        asked = self.path.removesuffix("?")
        ours = hmac.compare_digest(asked.encode(), f"/{self.server.secret}{path}".encode())
        known = self.headers.get("Host") in self.server.names
        if not (ours and known):
            self._answer(HTTPStatus.NOT_FOUND, "There is nothing here.")
        return ours and known

    def _answer(
        self,
        status: HTTPStatus,
        text: str,
        kind: str = "text/plain",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is for the address."""


class PlaygroundServer(ThreadingHTTPServer):
    """Listens to this machine alone, on the first free port from ``port`` on.

    Raises:
        WorkspaceError: No port is free.
    """

    daemon_threads = True

    def __init__(self, pages: Pages, port: int) -> None:
        self.pages = pages
        self.secret = secrets.token_urlsafe(16)
        for tried in range(port, min(port + PORTS_TRIED, 65536)):
            with contextlib.suppress(OSError):
                super().__init__((HERE, tried), _Handler)
                self.names = {f"{name}:{self.server_port}" for name in (HERE, "localhost")}
                return
        raise WorkspaceError(f"no port from {port} on is free; choose another with --port")

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HERE}:{self.server_port}/{self.secret}/"


def course_pages(content: Path) -> Pages:
    """Playgrounds in the worlds of the course, that begin in the first with its first policy."""
    paths = sorted((content / WORLDS).glob("*.yaml"), key=lambda path: (path.stem != FIRST, path))
    worlds = {path.stem: load(path) for path in paths}
    return Pages(worlds, (content / FIRST_POLICY).read_text("utf-8"))


def serve(pages: Pages, *, port: int, browser: bool) -> None:
    """Serve playgrounds until Ctrl-C.

    Raises:
        WorkspaceError: No port is free.
    """
    with PlaygroundServer(pages, port) as server:
        print(f"The playground is open at {server.address}\nCtrl-C closes it.", flush=True)
        if browser:
            webbrowser.open(server.address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    print("Closed.", flush=True)
