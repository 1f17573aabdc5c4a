"""The panel below an answer as a Jupyter widget: feedback, a form, a button for the next hint."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from netpol_sim.course.panel import Panel
from netpol_sim.render.widgets import front

_JS = r"""
function render({ model, el }) {
  const { root, say } = frame(el, model.get("view").name);
  const told = node("div", { class: "np-told" });
  const rows = node("tbody");
  const check = node("button", { type: "button", onclick: () => model.send({ do: "check" }) },
    "Check my answers");
  const form = node("div", {}, node("table", { class: "np-form" }, rows),
    node("div", { class: "np-bar" }, check));
  const hints = node("ol", { class: "np-hints" });
  const hint = node("button", { type: "button", onclick: () => model.send({ do: "hint" }) });
  const message = node("p");
  root.append(told, form, hints, message, node("div", { class: "np-bar" }, hint));
  let asked = "";
  const sent = {};  // chosen here, and not yet answered: a late answer must not take it back

  function build(view) {
    const choice = (item, word) => node("label", {}, node("input", { type: "radio", value: word,
      name: `${view.name} ${item.row}`, "aria-label": `${item.row}: ${word}`,
      onchange: () => {
        sent[item.row] = word;
        model.send({ do: "choose", row: item.row, word });
      } }), word);
    rows.replaceChildren(...view.rows.map((item) => node("tr", {},
      node("th", { scope: "row" }, item.says),
      node("td", {}, ...view.words.map((word) => choice(item, word))))));
  }

  function show() {
    const view = model.get("view");
    told.innerHTML = view.html;
    const next = JSON.stringify([view.rows.map((item) => item.row), view.words]);
    if (next !== asked) build(view);
    asked = next;
    form.hidden = !view.rows.length;
    check.disabled = view.rows.some((item) => !item.given);
    view.rows.forEach((item, index) => {
      if (sent[item.row] === item.given) delete sent[item.row];
      const given = sent[item.row] ?? item.given;
      for (const input of rows.rows[index].querySelectorAll("input"))
        input.checked = input.value === given;
    });
    hints.replaceChildren(...view.hints.map((item) => node("li", {}, node("b", {}, item.title),
      node("pre", {}, item.text))));
    hints.hidden = !view.hints.length;
    hint.textContent = view.hints.length ? "Next hint" : "Give me a hint";
    hint.hidden = !view.more;
    message.textContent = view.message;
    message.hidden = !view.message;
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""

_CSS = """
.np .np-told { overflow-x: auto; }
.np .np-told table, .np table.np-form { width: auto; color: inherit; font-size: 13px; }
.np .np-told tr:nth-child(n), .np table.np-form tr:nth-child(n) { background: transparent; }
.np .np-told td, .np .np-told th { max-width: none; background-clip: padding-box; }
.np table.np-form { border-collapse: collapse; margin: 6px 0; }
.np table.np-form th { text-align: left; font-weight: normal; padding: 3px 12px 3px 0;
  max-width: 46em; white-space: normal; }
.np table.np-form td { padding: 3px 0; }
.np table.np-form label { margin-right: 12px; }
.np ol.np-hints { list-style: none; margin: 8px 0; padding: 0; }
.np ol.np-hints li { border-left: 4px solid var(--np-isolated-line); padding: 2px 10px;
  margin: 6px 0; }
.np ol.np-hints pre { margin: 2px 0; white-space: pre-wrap; background: transparent;
  color: inherit; font-size: 12px; line-height: 1.45; padding: 0; }
.np [hidden] { display: none; }
"""


class PanelWidget(anywidget.AnyWidget):
    """A panel that answers the browser; everything it knows is in ``panel``."""

    _esm = front.JS + _JS
    _css = front.CSS + _CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        super().__init__(view=panel.view())
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        self.panel.act(content)
        self.view = self.panel.view()
