"""The switcher as a Jupyter widget: choose a plugin, see the matrix and the changes follow."""

from __future__ import annotations

import json
from typing import Any

import anywidget
import traitlets

from netpol_sim.cluster import Cluster
from netpol_sim.policy import Protocol
from netpol_sim.render import grid
from netpol_sim.render.markup import join
from netpol_sim.render.switcher import state as machine
from netpol_sim.render.widgets import front, twin

_LOOKS = json.dumps(
    {
        letter: {"sign": sign.symbol, "word": sign.word, "tone": sign.tone}
        for letter, sign in machine.LETTERS.items()
    },
    ensure_ascii=False,
)

_JS = r"""
function render({ model, el }) {
  const { root, say } = frame(el, "Network plugins and what they change");
  const plugin = node("select", {});
  plugin.addEventListener("change", () => model.send({ do: "choose", name: plugin.value }));
  const answers = grid((row, column) => model.send({ do: "select", row, column }));
  answers.element.style.maxHeight = "54em";  // what changes is seldom at the top
  const title = node("p", { style: "font-weight:bold" });
  const legend = node("p", {}, ...Object.values(LOOKS).flatMap((look) =>
    [node("span", { class: `np-${look.tone}`, style: "padding:0 6px" },
      `${look.sign} ${look.word}`), " "]));
  const why = node("div", { role: "region", "aria-label": "Why" });
  const changes = node("div", { class: "np-scroll np-side", tabindex: 0, role: "region",
    "aria-label": "What the plugin changes" });
  root.append(node("div", { class: "np-bar" }, node("label", {}, "Network plugin", plugin)),
    title, answers.element, legend, why, changes);

  function show() {
    const view = model.get("view");
    title.textContent = view.caption;
    if (plugin.options.length !== view.profiles.length)
      plugin.replaceChildren(...view.profiles.map((name) => node("option", { value: name }, name)));
    plugin.value = view.chosen;
    answers.show(view, LOOKS);
    why.innerHTML = view.explanation ||
      "<p>Choose a cell, with the mouse or the arrow keys, to see why.</p>";
    changes.innerHTML = view.changes;
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""


class SwitcherWidget(anywidget.AnyWidget):
    """A matrix under one network plugin, and what it changes of the documented behaviour."""

    _esm = f"{front.JS}const LOOKS = {_LOOKS};{_JS}"
    _css = front.CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, cluster: Cluster, profile: str, port: int, protocol: Protocol) -> None:
        self.state = machine.begin(cluster, profile, port, protocol)
        super().__init__(view=machine.view(self.state))
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if isinstance(content, dict):
            self.state = machine.step(self.state, content)
            self.view = machine.view(self.state)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        shown, state = machine.grid_of(self.state), self.state
        words = f"{grid.as_text(shown)}\n\n{machine.changes_text(state)}"
        page = join(grid.as_html(shown), machine.changes_html(state))
        return twin.beside(super()._repr_mimebundle_(**asked), words, page)
