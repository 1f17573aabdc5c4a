"""The playground in the browser: a script and a style, as texts, for a widget or for a page."""

from __future__ import annotations

from netpol_sim.render.explorer.looks import LOOKS
from netpol_sim.render.widgets import front as shared

STYLE = (
    shared.CSS
    + """
.np .np-editor { flex: 1 1 26em; min-width: min(26em, 100%); }
.np .np-paper { display: flex; border: 1px solid var(--np-muted-line); border-radius: 4px;
  height: 26em; overflow: hidden; }
.np .np-paper pre, .np .np-paper textarea { font: 12px/18px ui-monospace, SFMono-Regular, Menlo,
  Consolas, 'DejaVu Sans Mono', monospace; margin: 0; padding: 4px; border: 0; border-radius: 0; }
.np .np-paper pre { flex: none; overflow: hidden; text-align: right; user-select: none;
  background: var(--np-muted-paper); color: var(--np-muted-text); min-width: 3.6em; }
.np .np-paper pre b { color: var(--np-denied-text); background: var(--np-denied-paper); }
.np .np-paper textarea { flex: 1; resize: none; white-space: pre; overflow: auto; tab-size: 2; }
.np .np-problems { margin: 4px 0; padding: 0; list-style: none; max-height: 9em; overflow: auto; }
.np .np-problems button { text-align: left; width: 100%; margin: 2px 0; white-space: pre-wrap; }
.np .np-panel { overflow: auto; max-height: 34em; background: var(--np-page); }
.np .np-panel svg { max-width: 100%; height: auto; }
.np .np-stale { outline: 2px dashed var(--np-denied-line); outline-offset: 2px; }
.np .np-world { flex: 1 1 30em; min-width: min(22em, 100%); }
.np .np-world .np-scroll { max-height: 22em; }
"""
)

SCRIPT = (
    shared.JS
    + LOOKS
    + r"""
function render({ model, el }) {
  const { root, say } = frame(el, "Policy playground");
  let count = 0, timer = null, shown = "";
  const send = (action) => model.send(action);

  /* ---- the editor ---- */
  const numbers = node("pre", { "aria-hidden": "true" });
  const editor = node("textarea", { spellcheck: "false", autocomplete: "off", wrap: "off",
    "aria-label": "Network policies in YAML; Escape, then Tab, leaves the editor" });
  const problems = node("ul", { class: "np-problems", "aria-label": "Problems" });
  const status = node("p", {});
  const undo = button("Undo", () => send({ do: "undo" }));
  const redo = button("Redo", () => send({ do: "redo" }));
  const reset = button("Reset", () => send({ do: "reset" }));
  const apply = button("Copy for kubectl", () => copy("command", "kubectl command"));
  const share = button("Copy to share", () => copy("shared", "text to share"));
  const worlds = node("select", {});
  worlds.addEventListener("change", () => send({ do: "world", name: worlds.value }));

  function button(word, onclick, attributes = {}) {
    return node("button", { type: "button", onclick, ...attributes }, word);
  }
  function flush() {
    clearTimeout(timer);
    timer = null;
    if (editor.value !== model.get("view").text || count !== model.get("view").count)
      send({ do: "edit", text: editor.value, count });
  }
  editor.addEventListener("input", () => {
    count += 1;
    number(model.get("view").problems);
    clearTimeout(timer);
    timer = setTimeout(flush, 60);
  });
  editor.addEventListener("scroll", () => { numbers.scrollTop = editor.scrollTop; });
  /* Tab indents, as in every editor; after Escape it leaves: the keyboard is never stuck. */
  let leaving = false;
  editor.addEventListener("blur", () => { leaving = false; if (timer) flush(); });
  editor.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") leaving = true;
    else if (event.key === "Tab" && !leaving && !event.shiftKey) {
      event.preventDefault();
      insert("  ");
    } else if (event.key === "Enter" && !control) {
      event.preventDefault();
      const before = editor.value.slice(0, editor.selectionStart).split("\n").at(-1);
      const indent = before.match(/^ *(- )?/)[0].replace("-", " ");
      insert("\n" + indent + (before.trimEnd().endsWith(":") ? "  " : ""));
    } else if (control && event.key.toLowerCase() === "z") {
      event.preventDefault();
      flush();
      send({ do: event.shiftKey ? "redo" : "undo" });
    } else if (control && event.key.toLowerCase() === "y") {
      event.preventDefault();
      send({ do: "redo" });
    }
    if (!["Escape", "Shift", "Tab"].includes(event.key)) leaving = false;
  });
  function insert(text) {
    editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
    editor.dispatchEvent(new Event("input"));
  }
  function number(found) {
    const bad = new Set(found.map((problem) => problem.line));
    const lines = editor.value.split("\n").length;
    numbers.replaceChildren();
    for (let line = 1; line <= lines; line += 1)
      numbers.append(bad.has(line) ? node("b", {}, `✗ ${line}`) : `${line}`, "\n");
    numbers.append("\n\n");
    numbers.scrollTop = editor.scrollTop;
  }
  function goTo(line, column) {
    const before = editor.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, text) => sum + text.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(start + column - 1, start + column - 1);
    editor.scrollTop = Math.max(0, (line - 5) * 18);
  }
  async function copy(what, word) {
    flush();
    const text = model.get("view")[what];
    try {
      await navigator.clipboard.writeText(text);
      say(`The ${word} is in the clipboard.`);
    } catch {
      const held = node("textarea", {}, text);
      root.append(held);
      held.select();
      const done = document.execCommand("copy");
      held.remove();
      say(done ? `The ${word} is in the clipboard.` : "This browser does not let us copy.");
    }
  }

  /* ---- what the text makes ---- */
  const port = node("input", { type: "number", min: 1, max: 65535, style: "width:6em" });
  const protocol = node("select", {}, ...["TCP", "UDP", "SCTP"].map((name) =>
    node("option", { value: name }, name)));
  const ask = () => send({ do: "ask", port: Number(port.value), protocol: protocol.value });
  port.addEventListener("change", ask);
  protocol.addEventListener("change", ask);
  const tabs = node("div", { role: "tablist", "aria-label": "What to look at", class: "np-bar" });
  const answers = grid((row, column) => send({ do: "select", row, column }));
  const title = node("p", { style: "font-weight:bold" });
  const why = node("div", { class: "np-side", tabindex: 0, role: "region", "aria-label": "Why" });
  const matrix = node("div", {}, node("div", { class: "np-bar" }, node("label", {}, "Port", port),
    node("label", {}, "Protocol", protocol)), title, answers.element, why);
  const panel = node("div", { class: "np-panel", tabindex: 0 });
  const side = node("div", { class: "np-side", role: "tabpanel" }, matrix, panel);

  function tab(name, chosen) {
    const made = button(name[0].toUpperCase() + name.slice(1), () => send({ do: "tab", name }),
      { role: "tab", "aria-selected": chosen ? "true" : "false", tabindex: chosen ? 0 : -1,
        "data-name": name });
    made.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = model.get("view").tabs;
      send({ do: "tab", name: all[(all.indexOf(name) + step + all.length) % all.length] });
    });
    return made;
  }

  root.append(
    node("div", { class: "np-bar" }, node("label", {}, "World", worlds), undo, redo, reset, apply,
      share),
    node("div", { class: "np-row" },
      node("div", { class: "np-editor" }, node("div", { class: "np-paper" }, numbers, editor),
        status, problems),
      node("div", { class: "np-world" }, tabs, side)));

  function show() {
    const view = model.get("view"), inner = view.grid;
    if (view.count >= count && editor.value !== view.text && timer === null) {
      editor.value = view.text;
      count = view.count;
    }
    if (view.count === count || view.text === editor.value) number(view.problems);
    worlds.replaceChildren(...view.worlds.map((name) => node("option", { value: name }, name)));
    worlds.value = view.world;
    undo.disabled = !view.undo;
    redo.disabled = !view.redo;
    reset.disabled = !view.changed;
    status.textContent = view.status;
    status.className = view.problems.length ? "np-denied" : "np-allowed";
    problems.replaceChildren(...view.problems.map((problem) => node("li", {},
      button(coded(`✗ line ${problem.line}: ${problem.text}` +
        (problem.help ? `\n${problem.help}` : "")),
        () => goTo(problem.line, problem.column)))));
    side.classList.toggle("np-stale", view.problems.length > 0);
    const held = tabs.contains(document.activeElement);
    tabs.replaceChildren(...view.tabs.map((name) => tab(name, name === view.tab)));
    if (held) tabs.querySelector("[aria-selected='true']").focus();
    matrix.hidden = view.tab !== "matrix";
    panel.hidden = view.tab === "matrix";
    if (shown !== view.panel) panel.innerHTML = shown = view.panel;
    panel.setAttribute("aria-label", view.tab);
    if (document.activeElement !== port) port.value = inner.port;
    protocol.value = inner.protocol;
    title.textContent = inner.caption;
    answers.show(inner, LOOKS);
    why.innerHTML = inner.explanation || "<p>Choose a cell to see why.</p>";
    const [problem] = view.problems;
    say(problem ? `${view.status} ${problem.text}` : inner.said || view.status);
  }
  model.on("change:view", show);
  show();
}
export default { render };
"""
)
