"""A widget on a page of its own: its script in a real browser, its state in this process."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Seen, watched

_MOUNT = """async ([script, view]) => {
  const source = new Blob([script], { type: "text/javascript" });
  const module = await import(URL.createObjectURL(source));
  const state = { view }, heard = [];
  window.receive = (next) => { state.view = next; heard.forEach((hear) => hear()); };
  const model = { get: (name) => state[name], on: (_, hear) => heard.push(hear),
    send: (message) => window.send(message).then(window.receive) };
  module.default.render({ model, el: document.getElementById("stage") });
}"""
_PAGE = """<!doctype html><html lang="en"><head><title>stage</title><style>{css}</style></head>
<body data-jp-theme-light="{light}" style="margin:0;background:{page}">
<main id="stage"></main></body></html>"""


def mounted(
    browser: Browser,
    widget: Any,  # noqa: ANN401  anywidget comes without types
    *,
    dark: bool = False,
    width: int = 1200,
) -> tuple[Page, Seen]:
    """Show a widget; what it sends is answered at once, as a kernel would."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = watched(page)

    def send(message: object) -> object:
        widget._handle_custom_msg(message, [])  # noqa: SLF001  where messages arrive
        return widget.view

    page.expose_function("send", send)
    light, colour = ("false", "#111418") if dark else ("true", "#ffffff")
    page.set_content(_PAGE.format(css=widget._css, light=light, page=colour))  # noqa: SLF001
    page.evaluate(_MOUNT, [str(widget._esm), widget.view])  # noqa: SLF001  what a browser gets
    return page, seen


def hold_answers(page: Page) -> None:
    """From now on a kernel that is slow: each answer waits for ``answer_next``."""
    page.evaluate("""() => {
      const show = window.receive, late = [];
      window.receive = (view) => late.push(view);
      window.waiting = () => late.length;
      window.answer = () => show(late.shift());
    }""")


def answer_next(page: Page) -> None:
    """Give the oldest answer that waits, as soon as there is one."""
    page.wait_for_function("window.waiting() > 0")
    page.evaluate("window.answer()")


def violations(page: Page, within: str) -> list[str]:
    """The serious accessibility problems that axe finds in a part of a page."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        """async (within) => (await axe.run(within, { resultTypes: ["violations"] })).violations""",
        within,
    )
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
