"""The interview as a Jupyter widget: a question at a time, and the report at the end."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from netpol_sim.course.interview import opening, sitting
from netpol_sim.course.interview.opening import Opening
from netpol_sim.course.interview.sitting import Sitting
from netpol_sim.render.markup import element, join
from netpol_sim.render.widgets import front, twin

_CSS = """
.np .np-asked pre { background: var(--np-muted-paper); padding: 6px; margin: 6px 0;
  white-space: pre-wrap; overflow-wrap: break-word; }
.np .np-asked table { color: inherit; }
.np .np-asked div > pre { flex: 1 1 32em; }
.np .np-asked details { margin: 8px 0; }
.np .np-asked summary { cursor: pointer; }
.np .np-form textarea { width: 100%; box-sizing: border-box; font: inherit; }
.np .np-form textarea.np-code { white-space: pre; font: 12px/18px ui-monospace, SFMono-Regular,
  Menlo, Consolas, monospace; }
.np .np-form label { display: flex; gap: 8px; align-items: baseline; padding: 4px 0; }
.np .np-form label > span { min-width: 0; overflow-wrap: anywhere; }
.np .np-form label pre { margin: 0; white-space: pre-wrap; font-size: 12px; }
.np .np-problem { border-left: 4px solid var(--np-denied-line); padding: 4px 8px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
"""

_JS = r"""
function render({ model, el }) {
  const { root, say } = frame(el, "Mock interview");
  const send = (message) => model.send(message);
  const heading = node("p", { style: "font-weight:bold", tabindex: -1 });
  const asked = node("div", { class: "np-asked", role: "region", "aria-label": "The question" });
  const problem = node("p", { class: "np-problem" });
  const form = node("form", { class: "np-form" });
  root.append(heading, asked, problem, form);
  let shown = "", value = () => ({ do: "skip" }), waiting = null;

  const choice = (type, name, index, ...label) =>
    node("label", {}, node("input", { type, name, value: index }), node("span", {}, ...label));
  const picked = () => [...form.querySelectorAll("input:checked")].map((each) =>
    Number(each.value));

  function editor(view, label, code) {
    const area = node("textarea", { "aria-label": label, spellcheck: code ? "false" : null,
      class: code ? "np-code" : null });
    area.value = view.text;
    const fit = () => { area.rows = Math.max(code ? 12 : 3, area.value.split("\n").length + 1); };
    area.addEventListener("input", fit);
    fit();
    if (code) area.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => send({ do: "keep", text: area.value }), 800);
    });
    value = () => ({ do: "say", text: area.value });
    return [area];
  }
  const select = (words, chosen) => {
    const field = node("select", {}, ...words.map((word) => node("option", {}, word)));
    field.value = chosen;
    return field;
  };
  const FIELDS = {
    start: (view) => {
      const minutes = select(view.minutes, view.chosen.minutes);
      const level = select(view.levels, view.chosen.level);
      value = () => ({ do: "begin", minutes: Number(minutes.value), level: level.value });
      return [node("label", {}, minutes, node("span", {}, "minutes")),
        node("label", {}, level, node("span", {}, "is the level of the job"))];
    },
    choices: (view) => {
      value = () => ({ do: "say", text: picked().map((at) => view.letters[at]).join(" ") });
      return [node("p", {}, view.several ? "Tick all that are right." : "Choose one."),
        ...view.choices.map((item, at) => choice(view.several ? "checkbox" : "radio", "choice",
          at, `${view.letters[at]}) `, item.block ? node("pre", {}, item.text) : item.text))];
    },
    points: (view) => {
      value = () => ({ do: "confirm", points: picked() });
      return [node("p", {}, view.draft ? `You said: ${view.draft}` : "You said it aloud."),
        node("p", {}, "An interviewer listens for these. Tick what you said, honestly:"),
        ...view.points.map((point, at) => choice("checkbox", "point", at, point))];
    },
    grid: (view) => {
      const rows = view.rows.map((row) => [row, select(["?", ...view.words], "?")]);
      value = () => ({ do: "say",
        text: rows.map(([row, select]) => `${row}: ${select.value}\n`).join("") });
      return [node("p", {}, "What becomes of each connection?"),
        ...rows.map(([row, select]) => node("label", {}, select, node("span", {}, row)))];
    },
    words: (view) => [...editor(view, "Your answer in your words", false),
      node("p", {}, "Or say it aloud, and go on.")],
    lines: (view) => {
      const field = node("input", { "aria-label": "The numbers in the right order" });
      value = () => ({ do: "say", text: field.value });
      const numbered = view.lines.map((line, at) => `${String(at + 1).padStart(2)} | ${line}`);
      return [node("pre", {}, numbered.join("\n")),
        node("label", {}, field, "the numbers in the right order, such as 3 1 2")];
    },
    policy: (view) => editor(view, "Your policies", true),
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    send(value());
  });
  const BUTTONS = {
    start: () => [node("button", { type: "submit" }, "Begin")],
    open: () => [node("button", { type: "submit" }, "Answer"), button("Skip", { do: "skip" }),
      button("End the interview", { do: "end" })],
  };
  const button = (word, message) => node("button", { type: "button", onclick: () => {
    clearTimeout(waiting);
    send(message);
  } }, word);

  function show() {
    const view = model.get("view");
    heading.textContent = view.heading;
    problem.textContent = view.problem || "";
    problem.hidden = !view.problem;
    const now = `${view.step} ${view.kind}`;
    if (now !== shown) {
      const first = shown === "";
      shown = now;
      asked.innerHTML = view.html;
      const buttons = BUTTONS[view.kind] ?? BUTTONS.open;
      form.replaceChildren(...(view.kind === "over" ? [] : [...FIELDS[view.kind](view),
        node("div", { class: "np-bar" }, ...buttons())]));
      if (!first) {
        (form.querySelector("input, textarea, select") ?? heading).focus({ preventScroll: true });
        root.scrollIntoView({ block: "nearest" });
        heading.scrollIntoView({ block: "nearest" });
      }
    }
    say(view.said);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""


class InterviewWidget(anywidget.AnyWidget):
    """An interview; whatever is answered is in its file before the next question is shown."""

    _esm = front.JS + _JS
    _css = front.CSS + _CSS
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, begun: Opening | Sitting) -> None:
        self.state = begun
        super().__init__(view=_view(begun))
        self.on_msg(self._act)

    def _act(self, _: object, content: Any, __: object) -> None:  # noqa: ANN401  from a browser
        if not isinstance(content, dict):
            return
        if isinstance(self.state, Opening):
            self.state = opening.step(self.state, content)
        else:
            self.state = sitting.step(self.state, content)
        self.view = _view(self.state)

    def _repr_mimebundle_(self, **asked: Any) -> Any:  # noqa: ANN401  as ipywidgets has it
        """The widget, and beside it the open question on paper."""
        heading = self.view["heading"]
        words = f"{heading}\n\n{self.view['said']}"
        page = join(element("p", heading), self.view["html"])
        return twin.beside(super()._repr_mimebundle_(**asked), words, page)


def _view(state: Opening | Sitting) -> dict[str, Any]:
    return opening.view(state) if isinstance(state, Opening) else sitting.view(state)
