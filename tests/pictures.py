"""The pictures of the README: ``python -m tests.pictures`` draws them anew.

The picture of the bank is compared with what is drawn today; the screenshot is not, because no two
browsers draw the same pixels.
"""

from __future__ import annotations

import threading
from pathlib import Path

import netpol_sim as netpol
from netpol_sim.course import playground_server, workspace

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "lessons" / "pictures"
BANK = ("exercises/worlds/bank-and-shop.yaml", "lessons/policies/bank")


def bank() -> str:
    """What is left open when the policies of lesson 4 are applied, as SVG."""
    cluster = netpol.load(*(ROOT / part for part in BANK))
    return str(netpol.draw(cluster).content)


def screenshot() -> bytes:
    """The page of the playground, with one cell explained, as PNG."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only needed here

    from tests.browser.conftest import chromium  # noqa: PLC0415

    pages = playground_server.course_pages(workspace.content_folder())
    with playground_server.PlaygroundServer(pages, 49_700) as server, sync_playwright() as player:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        browser = chromium(player)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(server.address)
        page.locator("td[role=gridcell]").nth(1).click()
        page.get_by_text("no policy isolates").first.wait_for()
        taken = page.screenshot()
        browser.close()
        server.shutdown()
        thread.join()
    return taken


if __name__ == "__main__":
    (PICTURES / "bank.svg").write_text(bank(), "utf-8")
    (PICTURES / "playground.png").write_bytes(screenshot())
