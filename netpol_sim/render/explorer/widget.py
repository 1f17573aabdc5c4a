"""The explorer as a Jupyter widget: a matrix to walk through, and beside it the reasons."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from netpol_sim.cluster import Cluster
from netpol_sim.policy import Protocol
from netpol_sim.render.explorer import state as machine
from netpol_sim.render.explorer.looks import LOOKS
from netpol_sim.render.widgets import front, twin

_JS = r"""
function render({ model, el }) {
  const { root, say } = frame(el, "Connections of the cluster");
  const send = (action) => model.send(action);
  const port = node("input", { type: "number", min: 1, max: 65535, style: "width:6em" });
  const usual = node("select", { "aria-label": "Usual ports" });
  const protocol = node("select", {}, ...["TCP", "UDP", "SCTP"].map((name) =>
    node("option", { value: name }, name)));
  const contains = node("input", { type: "search", placeholder: "part of a name" });
  const ask = () => send({ do: "ask", port: Number(port.value), protocol: protocol.value });
  port.addEventListener("change", ask);
  protocol.addEventListener("change", ask);
  usual.addEventListener("change", () => {
    const [number, name] = usual.value.split("/");
    if (name) send({ do: "ask", port: Number(number), protocol: name });
  });
  contains.addEventListener("input", () => send({ do: "filter", text: contains.value }));
  const answers = grid((row, column) => send({ do: "select", row, column }));
  const title = node("p", { style: "font-weight:bold" });
  const side = node("div", { class: "np-side", tabindex: 0, role: "region",
    "aria-label": "Why" });
  root.append(
    node("div", { class: "np-bar" }, node("label", {}, "Port", port), node("label", {},
      "Protocol", protocol), usual, node("label", {}, "Show pods with", contains)),
    node("div", { class: "np-row" }, node("div", { class: "np-main" }, title, answers.element),
      side));

  function show() {
    const view = model.get("view");
    title.textContent = view.caption;
    if (document.activeElement !== port) port.value = view.port;
    protocol.value = view.protocol;
    if (document.activeElement !== contains) contains.value = view.contains;
    const now = `${view.port}/${view.protocol}`;
    const names = view.ports.map((pair) => pair.join("/"));
    const options = names.includes(now) ? names : ["", ...names];
    usual.replaceChildren(...options.map((name) =>
      node("option", { value: name }, name || "usual ports")));
    usual.value = names.includes(now) ? now : "";
    answers.show(view, LOOKS);
    side.innerHTML = view.explanation ||
      "<p>Choose a cell, with the mouse or the arrow keys, to see why.</p>";
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""


class ExplorerWidget(anywidget.AnyWidget):
    """The matrix of a cluster; a cell tells why its connection is allowed or denied."""

    _esm = front.JS + LOOKS + _JS
    _css = front.CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self, cluster: Cluster, port: int | None = None, protocol: Protocol = Protocol.TCP
    ) -> None:
        self.state = machine.begin(cluster, port, protocol)
        super().__init__(view=machine.view(self.state))
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if isinstance(content, dict):
            self.state = machine.step(self.state, content)
            self.view = machine.view(self.state)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        return twin.bundle(super()._repr_mimebundle_(**asked), self.view)
