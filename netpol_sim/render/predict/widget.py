"""The prediction as a Jupyter widget: fill the grid, check it, read the reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from netpol_sim.render.predict import state as machine
from netpol_sim.render.predict.state import Because, Prediction
from netpol_sim.render.widgets import front, twin

_JS = r"""
const LOOKS = { "?": { sign: "?", word: "no guess yet", tone: "plain" },
  a: { sign: "✓", word: "you say allowed", tone: "isolated" },
  d: { sign: "✗", word: "you say denied", tone: "isolated" },
  A: { sign: "✓ allowed: right", word: "allowed, as you said", tone: "allowed" },
  D: { sign: "✗ denied: right", word: "denied, as you said", tone: "allowed" },
  x: { sign: "✓ allowed: you said ✗", word: "allowed, but you said denied", tone: "denied" },
  y: { sign: "✗ denied: you said ✓", word: "denied, but you said allowed", tone: "denied" } };
const GUESSES = { a: true, y: true, "+": true, d: false, n: false, "-": false,
  Delete: null, Backspace: null, "?": null };

function render({ model, el }) {
  const { root, say } = frame(el, "Your prediction");
  const guess = (row, column, allowed) => model.send({ do: "guess", row, column, allowed });
  const answers = grid((row, column, how) => {
    const view = model.get("view");
    if (view.committed) model.send({ do: "select", row, column });
    else if (how !== "key") model.send({ do: "turn", row, column });
  }, (row, column, key) => {
    if (model.get("view").committed || !(key in GUESSES)) return false;
    guess(row, column, GUESSES[key]);
    return true;
  });
  const title = node("p", { style: "font-weight:bold" });
  const check = node("button", { type: "button",
    onclick: () => model.send({ do: "commit" }) }, "Check my prediction");
  const again = node("button", { type: "button",
    onclick: () => model.send({ do: "again" }) }, "Again from the start");
  const help = node("p", {}, "Click a cell, or walk with the arrow keys and press A for allowed, " +
    "D for denied, Delete for neither.");
  const side = node("div", { class: "np-side", tabindex: 0, role: "region", "aria-label": "Why" });
  const main = node("div", { class: "np-main" }, title, answers.element, help,
    node("div", { class: "np-bar" }, check, again));
  root.append(node("div", { class: "np-row" }, main, side));

  function show() {
    const view = model.get("view");
    title.textContent = view.caption;
    check.disabled = view.open > 0 || view.committed;
    help.hidden = view.committed;
    side.hidden = !view.committed;
    side.innerHTML = view.explanation || "<p>Choose a cell to see why.</p>";
    answers.show(view, LOOKS);
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""


class PredictionWidget(anywidget.AnyWidget):
    """A grid of verdicts to fill in; the truth stays with Python until it is committed.

    ``because`` says what a wrong guess suggests; ``committed`` is called once with the prediction
    that was committed.
    """

    _esm = front.JS + _JS
    _css = front.CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        prediction: Prediction,
        because: Because | None = None,
        committed: Callable[[Prediction], None] | None = None,
    ) -> None:
        self.state, self.because, self.committed = prediction, because, committed
        super().__init__(view=machine.view(prediction, because))
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if not isinstance(content, dict):
            return
        before, self.state = self.state, machine.step(self.state, content)
        self.view = machine.view(self.state, self.because)
        if self.committed is not None and self.state.committed and not before.committed:
            self.committed(self.state)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        return twin.bundle(super()._repr_mimebundle_(**asked), self.view)
