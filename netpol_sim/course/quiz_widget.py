"""Quiz cards as a Jupyter widget: answer, say how sure you are, see what is right and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets

from netpol_sim.course import quiz_state, quiz_text, quiz_view
from netpol_sim.course.deck import Answered, Deck
from netpol_sim.course.quiz_state import Quiz
from netpol_sim.render.markup import element
from netpol_sim.render.widgets import front, twin

_CSS = """
.np .np-choices { list-style: none; margin: 8px 0; padding: 0; }
.np .np-choices button { display: block; width: 100%; text-align: left; margin: 4px 0;
  padding: 6px 10px; }
.np .np-choices pre { margin: 0; white-space: pre-wrap; font-size: 12px; }
.np .np-choices button[disabled] { color: var(--np-plain-text); border-style: solid; }
.np .np-right { border: 2px solid var(--np-allowed-line) !important; }
.np .np-wrong { border: 2px dashed var(--np-denied-line) !important; }
.np .np-words { width: 100%; }
.np .np-quiz pre, .np .np-order, .np .np-side pre { background: var(--np-muted-paper);
  margin: 4px 0; padding: 6px; overflow: auto; }
"""

_JS = r"""
function render({ model, el }) {
  const { root, say } = frame(el, "Quiz");
  const send = (action) => model.send(action);
  const heading = node("p", { style: "font-weight:bold" });
  const question = node("div", { class: "np-quiz" });
  const words = node("textarea", { class: "np-words", rows: 5,
    "aria-label": "Your answer in your words" });
  const choices = node("ul", { class: "np-choices" });
  const order = node("pre", { class: "np-order", role: "region", tabindex: 0,
    "aria-label": "Your order so far" });
  const result = node("div", { class: "np-side", tabindex: 0, role: "region",
    "aria-label": "What is right, and why" });
  const bar = node("div", { class: "np-bar" });
  root.append(heading, question, words, choices, order, bar, result);
  /* Where the focus goes with the next view; "next" waits until there is a next card to go to,
     for whoever types faster than the kernel answers. */
  let focus = null, place = 0, number = 0;
  function choose(at) {
    place = at;
    if (focus !== "next") focus = "place";
    send({ do: "choose", at });
  }
  function answer(confidence) {
    focus = "next";
    send({ do: "answer", confidence });
  }
  function compare() {
    focus = "first";
    send({ do: "say", text: words.value });
  }

  const SIGNS = { right: "✓ right: ", wrong: "✗ wrong: " };
  function choice(view, item, at) {
    const turn = view.chosen.indexOf(at);
    const sign = SIGNS[item.mark] ?? (view.form === "lines" && turn >= 0 ? `${turn + 1}. ` : "");
    const label = `${sign}${view.letters[at]}) `;
    const inside = item.block ? [label, node("pre", {}, item.text)] : [label + item.text];
    return node("li", {}, node("button", { type: "button", disabled: view.revealed,
      class: item.mark ? `np-${item.mark}` : null, "aria-pressed": turn >= 0 ? "true" : "false",
      onclick: () => choose(at) }, ...inside));
  }
  const button = (word, onclick, more = {}) =>
    node("button", { type: "button", onclick, ...more }, word);
  function next(word, action) {
    return button(word, () => { focus = "first"; send({ do: action }); }, { "data-next": true });
  }
  function buttons(view) {
    if (view.over) return [next("Once more", "again")];
    if (view.revealed) return [next(view.last ? "See how it went" : "Next card", "next")];
    const asks = node("span", {}, view.asks);
    if (view.form === "words") return [asks, button("Compare with a model answer", compare)];
    if (view.form === "points") return [asks, button("Done", () => answer("unsure"))];
    const sure = (word, confidence) =>
      button(word, () => answer(confidence), { disabled: !view.ready });
    return [asks, sure("1 A guess", "guess"), sure("2 Unsure", "unsure"), sure("3 Sure", "sure")];
  }
  /* Letters choose, as in the terminal; 1, 2 and 3 say how sure one is. */
  root.addEventListener("keydown", (event) => {
    const view = model.get("view");
    if (event.target === words && event.ctrlKey && event.key === "Enter") return compare();
    if (event.target === words || event.ctrlKey || event.metaKey || event.altKey) return;
    if (view.over || view.revealed) return;
    const at = view.letters.slice(0, view.choices.length).indexOf(event.key.toLowerCase());
    const confidence = { 1: "guess", 2: "unsure", 3: "sure" }[event.key];
    if (at >= 0) choose(at);
    else if (confidence && view.form !== "points") answer(confidence);
    else return;
    event.preventDefault();
  });

  function show() {
    const view = model.get("view");
    if (view.number !== number) words.value = "";
    number = view.number;
    heading.textContent = view.heading;
    question.innerHTML = view.html;
    words.hidden = view.form !== "words";
    const inside = choices.contains(document.activeElement);
    choices.replaceChildren(...(view.choices ?? []).map((item, at) => choice(view, item, at)));
    order.textContent = view.order || "";
    order.hidden = !view.order;
    bar.replaceChildren(...buttons(view));
    result.hidden = !view.revealed;
    result.innerHTML = view.result || "";
    const listed = choices.querySelectorAll("button");
    if (focus === "next" && !view.revealed) {
      listed[place]?.focus();
      return say(view.said);
    }
    if (focus === "next") bar.querySelector("[data-next]")?.focus();
    else if (focus === "first")
      (words.hidden ? listed[0] ?? bar.querySelector("button") : words).focus();
    else if (focus === "place" || inside) listed[place]?.focus();
    focus = null;
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""


class QuizWidget(anywidget.AnyWidget):
    """A round of cards; each answer is told to ``remember`` at once.

    ``advise`` says after a round what to practise; it may say nothing.
    """

    _esm = front.JS + _JS
    _css = front.CSS + _CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        round_: Deck,
        remember: Callable[[Answered], None],
        advise: Callable[[Sequence[Answered]], str] = lambda _: "",
    ) -> None:
        self.state, self.remember, self.advise = Quiz(deck=round_), remember, advise
        super().__init__(view=self._seen())
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if not isinstance(content, dict):
            return
        before, self.state = self.state, quiz_state.step(self.state, content)
        if len(self.state.deck.answered) > len(before.deck.answered):
            self.remember(self.state.deck.answered[-1])
        self.view = self._seen()

    def _seen(self) -> dict[str, object]:
        over = self.state.deck.current is None and not self.state.revealed
        advice = self.advise(self.state.deck.answered) if over else ""
        return dict(quiz_view.view(self.state, advice))

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        """The widget, and beside it the questions on paper."""
        sheet = quiz_text.sheet(self.state.deck.questions, answers=False)
        return twin.beside(super()._repr_mimebundle_(**asked), sheet, element("pre", sheet))
