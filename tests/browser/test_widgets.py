"""Each widget in a real browser: mouse, keyboard, what is read out, themes, small windows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import netpol_sim as netpol
from tests.browser.conftest import Seen
from tests.browser.stage import answer_next, hold_answers, mounted, violations
from tests.builders import EGRESS, block, cluster, labelled, pod, pods, policy, rule

WORLD = cluster(
    pod("bank/api", app="api", ports=["http:8080"]),
    pod("bank/db", app="db", ports=["pg:5432"]),
    pod("bank/rogue", app="rogue"),
    pod("shop/web", app="web"),
)
GUARDED = WORLD.with_policy(
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"), ports=[5432])])
)
RANGED = cluster(
    pod("bank/api", ip="10.0.0.1"),
    pod("bank/db", ip="10.0.0.2"),
    pod("shop/web", ip="10.0.0.3"),
    policy("bank/wide", types=[EGRESS], egress=[rule(block("0.0.0.0/0"))]),
)
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: bank, name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: api}}}]
"""

Stage = Any
"""Shows a widget and gives its page; afterwards it checks that nothing went wrong there."""


@pytest.fixture(name="stage")
def _stage(browser: Browser) -> Iterator[Stage]:
    shown: list[tuple[Page, Seen]] = []

    def show(widget: object, **options: Any) -> Page:  # noqa: ANN401  as ``mounted`` has them
        shown.append(mounted(browser, widget, **options))
        return shown[-1][0]

    yield show
    for page, seen in shown:
        page.close()
        assert seen == Seen()


def cell(page: Page, name: str) -> Any:  # noqa: ANN401  a locator
    """A cell of the grid by what it is called."""
    return page.locator(f"td[role=gridcell][aria-label^='{name}']")


def said(page: Page) -> Any:  # noqa: ANN401  a locator
    """What is read out."""
    return page.locator("[role=status]")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus, as one does without a mouse."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_a_click_tells_why(stage: Stage) -> None:
    """A click on a cell shows the steps and the reasons, and they are read out."""
    page = stage(netpol.explore(GUARDED, 5432))
    cell(page, "bank/rogue to bank/db").click()
    why = page.get_by_role("region", name="Why")
    expect(why).to_contain_text("Ingress: denied")
    expect(why).to_contain_text("bank/rogue has app=rogue, not app=api")
    expect(said(page)).to_contain_text("bank/rogue -> bank/db:5432/TCP is denied")
    expect(cell(page, "bank/rogue to bank/db")).to_have_attribute("aria-selected", "true")


def test_the_way_of_a_connection_is_never_cut(stage: Stage) -> None:
    """Beside a wide matrix, and on a phone, the steps go on below each other."""
    for width in (900, 375):
        page = stage(netpol.explore(WORLD, 5432), width=width)
        cell(page, "bank/rogue to bank/db").click()
        why = page.get_by_role("region", name="Why")
        expect(why).to_contain_text("port 5432/TCP")
        assert why.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_the_arrow_keys_walk_through_the_matrix(stage: Stage) -> None:
    """Without a mouse: Tab to the grid, walk with the arrow keys, jump to its ends."""
    page = stage(netpol.explore(GUARDED, 5432))
    tab_to(page, "td[role=gridcell]")
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("bank/api -> bank/db:5432/TCP is allowed")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(said(page)).to_contain_text("bank/rogue -> bank/db:5432/TCP is denied")
    page.keyboard.press("Control+End")
    expect(page.locator("td:focus")).to_have_attribute(
        "aria-label", "outside 0.0.0.0/0 to outside 0.0.0.0/0: itself, always allowed"
    )
    page.keyboard.press("Home")
    expect(said(page)).to_contain_text("-> bank/api:5432/TCP is allowed")
    # One stop for the whole grid: the next Tab leaves it.
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Why")).to_be_focused()


def test_port_protocol_and_filter(stage: Stage) -> None:
    """Port and protocol can be chosen, and pods filtered, while the rest follows."""
    page = stage(netpol.explore(GUARDED))
    expect(page.get_by_label("Port", exact=True)).to_have_value("8080")
    page.get_by_label("Usual ports").select_option("5432/TCP")
    expect(cell(page, "bank/api to bank/db")).to_have_text("✓")
    page.get_by_label("Protocol").select_option("UDP")
    expect(cell(page, "bank/api to bank/db")).to_have_text("✗I")
    page.get_by_label("Show pods with").fill("shop")
    expect(page.locator("td[role=gridcell]")).to_have_count(1)


def test_a_mistake_is_shown_at_its_line_and_mended(stage: Stage) -> None:
    """While typing: a problem stands at its line, the last good world stays, the fix clears it."""
    page = stage(netpol.playground(WORLD, POLICY))
    editor = page.get_by_role("textbox", name="Network policies")
    expect(cell(page, "bank/rogue to bank/db")).to_have_text("✗I")
    editor.fill(POLICY.replace("podSelector: {matchLabels: {app: db", "podSelectr: {a: {b: c"))
    problems = page.get_by_label("Problems")
    expect(problems).to_contain_text("line 5")
    expect(problems.locator("code").first).to_have_text("podSelector")
    expect(page.locator(".np-paper pre b")).to_have_text("✗ 5")
    expect(said(page)).to_contain_text("line 5")
    expect(cell(page, "bank/rogue to bank/db")).to_have_text("✗I")
    problems.get_by_role("button").first.click()
    expect(editor).to_be_focused()
    editor.fill(POLICY.replace("app: api", "app: rogue"))
    expect(problems.get_by_role("listitem")).to_have_count(0)
    expect(cell(page, "bank/rogue to bank/db")).to_have_text("✓")
    expect(cell(page, "bank/api to bank/db")).to_have_text("✗I")


def test_the_editor_helps_and_never_holds_the_keyboard(stage: Stage) -> None:
    """Enter keeps the indentation, Tab indents, Escape and then Tab leaves."""
    page = stage(netpol.playground(WORLD))
    editor = page.get_by_role("textbox", name="Network policies")
    editor.click()
    page.keyboard.type("spec:\npodSelector: {}\n")
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    expect(editor).to_have_value("spec:\n  podSelector: {}\n    x")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


def test_undo_redo_and_reset(stage: Stage) -> None:
    """Buttons and keys go back and forth, and back to the beginning."""
    page = stage(netpol.playground(WORLD, POLICY))
    editor = page.get_by_role("textbox", name="Network policies")
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    editor.fill("# one")
    expect(undo).to_be_enabled()
    editor.fill("# two")
    editor.press("Control+z")
    expect(editor).to_have_value("# one")
    undo.click()
    expect(editor).to_have_value(POLICY)
    redo.click()
    expect(editor).to_have_value("# one")
    page.get_by_role("button", name="Reset").click()
    expect(editor).to_have_value(POLICY)


def test_the_tabs_show_the_world(stage: Stage) -> None:
    """Picture, findings and changes follow the text; tabs are walked with the arrow keys."""
    page = stage(netpol.playground(WORLD, POLICY))
    page.get_by_role("tab", name="Matrix").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Picture")).to_be_focused()
    expect(page.locator(".np-panel svg")).to_be_visible()
    page.get_by_role("tab", name="Findings").click()
    expect(page.locator(".np-panel")).to_contain_text("NP")
    page.get_by_role("tab", name="Changes").click()
    expect(page.locator(".np-panel")).to_contain_text("No connection appears or disappears")
    page.get_by_role("textbox", name="Network policies").fill("# open again\n")
    expect(page.locator(".np-panel")).to_contain_text("appears")


def test_another_world_and_the_clipboard(stage: Stage) -> None:
    """The text moves to another world; what is copied can be pasted and applied."""
    shop = cluster(pod("shop/web", app="web"))
    page = stage(netpol.playground({"bank": WORLD, "shop": shop}, POLICY))
    page.get_by_label("World").select_option("shop")
    expect(page.locator("td[role=gridcell]")).to_have_count(4)
    page.evaluate("navigator.clipboard = undefined")
    page.evaluate("document.execCommand = () => { window.held = document.activeElement.value; }")
    page.get_by_role("button", name="Copy to share").click()
    page.wait_for_function("window.held")
    assert page.evaluate("window.held") == f"# world: shop\n{POLICY}"


def test_a_prediction_by_keyboard(stage: Stage) -> None:
    """Without a mouse: fill the grid, check it, read why a guess was wrong."""
    widget = netpol.predict(
        GUARDED,
        sources=["bank/api", "bank/rogue"],
        destinations=["bank/db"],
        port=5432,
        because=lambda *_: "Perhaps you thought of something else.",
    )
    page = stage(widget)
    check = page.get_by_role("button", name="Check my prediction")
    tab_to(page, "td[role=gridcell]")
    expect(check).to_be_disabled()
    for key in ("a", "ArrowDown", "a"):
        page.keyboard.press(key)
    expect(check).to_be_enabled()
    tab_to(page, "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 2 predictions are right")).to_be_visible()
    expect(cell(page, "bank/rogue to bank/db")).to_have_text("✗ denied: you said ✓")
    cell(page, "bank/rogue to bank/db").focus()
    page.keyboard.press("Enter")
    why = page.get_by_role("region", name="Why")
    expect(why).to_contain_text("Perhaps you thought of something else.")
    expect(said(page)).to_contain_text("Wrong. bank/rogue -> bank/db:5432/TCP is denied")


def test_a_late_answer_takes_no_guess_back(stage: Stage) -> None:
    """Who types faster than the kernel answers loses neither a guess nor the place."""
    page = stage(netpol.predict(GUARDED, ["bank/api -> bank/db:80", "bank/rogue -> bank/db:80"]))
    hold_answers(page)
    tab_to(page, "td[role=gridcell]")
    for key in ("a", "d", "ArrowDown"):
        page.keyboard.press(key)
    answer_next(page)
    page.keyboard.press("a")
    for _ in range(2):
        answer_next(page)
    expect(page.locator("td[role=gridcell]")).to_have_text(["✗", "✓"])
    expect(page.locator("td[role=gridcell]").last).to_be_focused()
    expect(page.get_by_role("button", name="Check my prediction")).to_be_enabled()


def test_a_prediction_by_mouse_survives_rapid_clicks(stage: Stage) -> None:
    """A click turns a cell from ? to allowed to denied and back, however fast they come."""
    page = stage(netpol.predict(GUARDED, ["bank/api -> bank/db:5432"]))
    one = page.locator("td[role=gridcell]")
    for sign in ("✓", "✗", "?", "✓"):
        one.click()
        expect(one).to_have_text(sign)
    # Two clicks at once are two turns, even when the first is not yet answered.
    one.dblclick()
    expect(one).to_have_text("?")


def test_a_plugin_is_chosen_by_keyboard(stage: Stage) -> None:
    """Without a mouse: choose a plugin, hear what it changes, walk to a changed cell, read why."""
    page = stage(netpol.plugins(RANGED))
    changes = page.get_by_role("region", name="What the plugin changes")
    expect(changes).to_contain_text("No connection appears or disappears")
    tab_to(page, "select")
    page.keyboard.type("cilium")
    expect(said(page)).to_contain_text("cilium: connections disappear")
    expect(cell(page, "bank/api to shop/web")).to_have_text("\N{MINUS SIGN}")
    expect(cell(page, "shop/web to bank/db")).to_have_text("✓")
    expect(changes).to_contain_text("https://github.com/cilium/cilium/issues/9209")
    tab_to(page, "td[role=gridcell]")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("region", name="Why")).to_contain_text(
        "With cilium: bank/api -> bank/db:80/TCP is denied"
    )
    expect(said(page)).to_contain_text("By the documentation: bank/api -> bank/db:80/TCP is allow")


MADE = {
    "explore": lambda: netpol.explore(GUARDED, 5432),
    "playground": lambda: netpol.playground(WORLD, POLICY.replace("spec:", "spc:")),
    "plugins": lambda: netpol.plugins(RANGED, "cilium"),
    "predict": lambda: netpol.predict(
        GUARDED, sources=["bank/api"], destinations=["bank/db"], port=1
    ),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", MADE)
def test_axe_finds_nothing_serious(stage: Stage, name: str, dark: bool) -> None:  # noqa: FBT001
    """In both themes axe finds no serious problem, with the reasons open too."""
    page = stage(MADE[name](), dark=dark)
    page.locator("td[role=gridcell]").first.click()
    expect(page.locator("td[role=gridcell]").first).to_have_attribute("aria-selected", "true")
    assert violations(page, "#stage") == []


@pytest.mark.parametrize("name", MADE)
def test_a_small_window_shows_it_all(stage: Stage, name: str) -> None:
    """In a window as narrow as a phone nothing sticks out of the page."""
    page = stage(MADE[name](), width=375)
    page.locator("td[role=gridcell]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
