"""The playground on a page of its own, served without Jupyter."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from netpol_sim.course import playground_server, workspace
from tests.browser.conftest import Seen, watched
from tests.browser.stage import violations


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[playground_server.PlaygroundServer]:
    pages = playground_server.course_pages(workspace.content_folder())
    with playground_server.PlaygroundServer(pages, 49_600) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(name="page", params=["light", "dark"])
def _page(
    browser: Browser,
    server: playground_server.PlaygroundServer,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    page = browser.new_page(color_scheme=request.param)
    seen = watched(page)
    page.goto(server.address)
    yield page
    page.close()
    assert seen == Seen()


def test_editing_shows_what_changes(page: Page) -> None:
    """A typing mistake is shown at its line and the last good world stays; then it is mended."""
    editor = page.get_by_role("textbox", name="Network policies in YAML")
    expect(page.get_by_text("362 of 380 connections are allowed")).to_be_visible()
    right = editor.input_value()
    editor.fill(right.replace("app: frontend", "app: [frontend"))
    expect(page.locator("p.np-denied")).to_contain_text("1 problem, in line 16")
    expect(page.get_by_text("362 of 380 connections are allowed")).to_be_visible()
    editor.fill(right.replace("- Ingress", "- Ingress\n  - Egress"))
    expect(page.locator("p.np-allowed")).to_contain_text("No problems.")
    page.get_by_role("tab", name="Changes").press("Enter")
    expect(page.get_by_text("disappear").first).to_be_visible()
    assert violations(page, "#playground") == []


def test_another_world_can_be_chosen(page: Page) -> None:
    """The same policies are tried in another world."""
    page.get_by_label("World").select_option("finance-team")
    expect(page.get_by_role("row", name="finance/report").first).to_be_visible()
