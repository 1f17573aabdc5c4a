"""The playground's server: who may ask, and what is answered."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from netpol_sim.course import playground_server, workspace
from netpol_sim.course.playground_server import MOST_PAGES, Pages, PlaygroundServer
from netpol_sim.course.workspace import WorkspaceError
from netpol_sim.manifest import loads

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n"
EDIT = {"do": "edit", "text": "kind: [", "count": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


class Client:
    """Asks a server that runs beside the test."""

    def __init__(self, server: PlaygroundServer) -> None:
        self.server = server

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Reply:
        """One request; ``path`` stands behind the secret."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/{self.server.secret}{path}", body, named)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return Reply(status=reply.status, headers=reply.headers, text=text)

    def session(self) -> str:
        """Open a page; its session."""
        found = re.search(r'"session": "([^"]+)"', self.ask("GET", "/").text)
        assert found
        return found[1]


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a server with one small world."""
    with PlaygroundServer(Pages({"small": loads(POD)}), 49_152) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Client(server)
        server.shutdown()
        thread.join()


def test_a_page_fetches_nothing_from_elsewhere(client: Client) -> None:
    """The page allows its own script only, and names no other place."""
    reply = client.ask("GET", "/")
    assert reply.status == 200
    nonce = re.search(r"script-src 'nonce-([^']+)'", reply.headers["Content-Security-Policy"])
    assert nonce
    assert f'<script type="module" nonce="{nonce[1]}">' in reply.text
    assert "http" not in re.sub(r"http://www\.w3\.org/[\w/]*", "", reply.text)


def test_an_action_changes_its_own_page_only(client: Client) -> None:
    """What one page edits, another does not see."""
    one, other = client.session(), client.session()
    edited = json.loads(client.ask("POST", "/act", json.dumps(EDIT), X_Session=one).text)
    assert (edited["text"], len(edited["problems"])) == ("kind: [", 1)
    same = json.loads(client.ask("POST", "/act", "{}", X_Session=other).text)
    assert (same["text"], same["problems"]) == ("", [])


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/other", "", {}, 404),
        ("GET", "/", "", {"Host": "somewhere.example"}, 404),
        ("POST", "/act", "{}", {"Host": "somewhere.example"}, 404),
        ("POST", "/act", "{}", {"X-Session": "unknown"}, 410),
        ("POST", "/act", "{", {}, 400),
        ("POST", "/act", "[]", {}, 400),
        ("POST", "/act", "", {"Content-Length": "99999999999"}, 413),
        ("POST", "/act", "", {"Content-Length": "-1"}, 413),
    ],
)
def test_what_is_not_ours_is_refused(
    client: Client, method: str, path: str, body: str, headers: dict[str, str], status: int
) -> None:
    """Another address, another name of this machine, and what is no action are all refused."""
    assert client.ask(method, path, body, **headers).status == status


def test_without_the_secret_there_is_nothing(client: Client) -> None:
    """The secret is part of the address."""
    connection = http.client.HTTPConnection("127.0.0.1", client.server.server_port, timeout=30)
    connection.request("GET", "/guess/")
    assert connection.getresponse().status == 404
    connection.close()


def test_old_pages_give_way() -> None:
    """No more than so many playgrounds are kept; the one not used for longest goes."""
    pages = Pages({"small": loads(POD)})
    first, _ = pages.new()
    second, _ = pages.new()
    pages.act(first, {})
    for _ in range(MOST_PAGES - 1):
        pages.new()
    assert pages.act(second, {}) is None
    assert pages.act(first, {}) is not None


def test_a_port_in_use_is_passed_over() -> None:
    """The next free port is taken, and when there is none it is said."""
    pages = Pages({"small": loads(POD)})
    with PlaygroundServer(pages, 49_400) as one, PlaygroundServer(pages, one.server_port) as two:
        assert two.server_port > one.server_port
        assert two.address.startswith(f"http://127.0.0.1:{two.server_port}/")
    with pytest.raises(WorkspaceError, match="no port from 65536 on is free"):
        PlaygroundServer(pages, 65_536)


def test_the_course_has_its_worlds() -> None:
    """All worlds of the course can be chosen, and the first policy of the course is there."""
    pages = playground_server.course_pages(workspace.content_folder())
    assert {"bank-and-shop", "finance-team"} <= set(pages.start.worlds)
    assert pages.start.world == "bank-and-shop"
    assert "allow-frontend-to-backend" in pages.start.text
    assert pages.start.problems == ()
