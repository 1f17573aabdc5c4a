"""What all widgets share in the browser: colours by theme, a grid for the keyboard, a live region.

JavaScript and CSS are texts in Python files, so that a widget needs no build and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from netpol_sim.render.palette import DARK, DARK_PAGE, LIGHT, PAGE, Ink, Tone


def _variables(inks: Mapping[Tone, Ink], page: str) -> str:
    colours = "".join(
        f"--np-{tone}-text:{ink.text};--np-{tone}-paper:{ink.paper};--np-{tone}-line:{ink.line};"
        for tone, ink in inks.items()
    )
    return f"--np-page:{page};{colours}"


def _tones() -> str:
    return "".join(
        f".np .np-{tone}{{color:var(--np-{tone}-text);background:var(--np-{tone}-paper)}}"
        for tone in Tone
    )


CSS = (
    f".np{{{_variables(LIGHT, PAGE)}}}"
    f"body[data-jp-theme-light='false'] .np{{{_variables(DARK, DARK_PAGE)}}}"
    f"{_tones()}"
    """
.np { color: var(--np-plain-text); background: var(--np-page); padding: 8px; font-size: 13px;
  line-height: 1.45; font-family: var(--jp-ui-font-family, Helvetica, Arial, sans-serif);
  border: 1px solid var(--np-muted-line); border-radius: 6px; }
.np * { box-sizing: border-box; }
.np :focus-visible { outline: 3px solid var(--np-isolated-line); outline-offset: 1px; }
.np .np-row { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.np .np-bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 6px 0; }
.np label { display: inline-flex; gap: 4px; align-items: center; }
.np input, .np select, .np button, .np textarea { font: inherit; color: var(--np-plain-text);
  background: var(--np-page); border: 1px solid var(--np-muted-line); border-radius: 4px;
  padding: 3px 6px; }
.np button { cursor: pointer; background: var(--np-muted-paper); }
.np button[disabled] { color: var(--np-muted-text); border-style: dashed; cursor: default;
  background: var(--np-page); }
.np button[aria-selected='true'], .np button[aria-pressed='true'] { font-weight: bold;
  border: 2px solid var(--np-isolated-line); }
.np .np-scroll { overflow: auto; max-height: 30em; max-width: 100%; position: relative; }
.np table.np-grid { border-collapse: separate; border-spacing: 0; margin: 0; font-size: 12px;
  color: inherit; border-top: 1px solid var(--np-muted-line); border-left: 1px solid
  var(--np-muted-line); }
.np table.np-grid th, .np table.np-grid td { border: 0; border-right: 1px solid
  var(--np-muted-line); border-bottom: 1px solid var(--np-muted-line); text-align: center;
  padding: 2px 6px; white-space: nowrap; max-width: none; }
.np table.np-grid th { background: var(--np-muted-paper); color: var(--np-muted-text);
  font-weight: normal; }
.np table.np-grid thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; }
.np table.np-grid th[scope='row'] { position: sticky; left: 0; text-align: left; z-index: 1; }
.np table.np-grid thead tr:first-child th:first-child { left: 0; z-index: 2; }
.np table.np-grid th .np-down { writing-mode: vertical-rl; transform: rotate(180deg);
  max-height: 11em; overflow: hidden; text-overflow: ellipsis; display: inline-block; }
.np table.np-grid tr.np-first > * { border-top: 2px solid var(--np-plain-line); }
.np table.np-grid .np-edge { border-left: 2px solid var(--np-plain-line); }
.np td[role='gridcell'] { cursor: pointer; min-width: 2.2em; font-weight: bold; }
.np td[role='gridcell'][aria-selected='true'] { box-shadow: inset 0 0 0 3px
  var(--np-isolated-line); }
.np .np-side { flex: 1 1 22em; min-width: min(22em, 100%); overflow: auto; max-height: 34em; }
.np .np-main { flex: 0 1 auto; max-width: 100%; min-width: 0; }
.np .np-said { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.np .np-side table { width: auto; color: inherit; }
.np .np-side td, .np .np-side th { max-width: none; background-clip: padding-box; }
.np .np-side tr:nth-child(n) { background: transparent; }
.np p { margin: 4px 0; }
"""
)

JS = r"""
function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/* A text whose parts between backticks are code, as in the displays. */
function coded(text) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return node("span", {}, text);
  return node("span", {}, ...parts.map((part, at) => at % 2 ? node("code", {}, part) : part));
}

/* The keys of a widget are its own: JupyterLab would add, delete and run cells at them.  Its
   commands with Control are left to it, but for those that run a cell. */
function frame(el, label) {
  const root = node("section", { class: "np", "aria-label": label });
  root.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (!command || event.key === "Enter") event.stopPropagation();
  });
  const said = node("div", { class: "np-said", role: "status", "aria-live": "polite" });
  root.append(said);
  el.replaceChildren(root);
  return { root, say: (text) => { if (said.textContent !== text) said.textContent = text; } };
}

/* A table of answers that is walked with the arrow keys.
   `cells` holds one text a row with one letter a cell; `looks` says what each letter looks like. */
function grid(onPick, onKey = () => false) {
  const table = node("table", { class: "np-grid", role: "grid" });
  const scroll = node("div", { class: "np-scroll" }, table);
  let shape = "", at = [0, 0], cells = [];

  function build(view) {
    const spans = (names) => {
      const found = [];
      for (const name of names) {
        if (found.length && found.at(-1)[0] === name) found.at(-1)[1] += 1;
        else found.push([name, 1]);
      }
      return found;
    };
    const starts = (names, index) => index === 0 || names[index - 1] !== names[index];
    const columns = view.columns, rows = view.rows;
    const grouped = columns.some((item) => item.group);
    const top = node("tr", { role: "row" },
      node("th", { scope: "col", rowspan: grouped ? 2 : 1 }, view.corner));
    const bottom = grouped ? node("tr", { role: "row" }) : top;
    if (grouped) for (const [name, span] of spans(columns.map((item) => item.group)))
      top.append(node("th", { scope: "colgroup", colspan: span, class: "np-edge" },
        node("span", { class: view.upright || span > 1 ? null : "np-down" }, name)));
    columns.forEach((item, index) => bottom.append(node("th",
      { scope: "col", title: item.key,
        class: starts(columns.map((one) => one.group), index) ? "np-edge" : null },
      node("span", { class: view.upright ? null : "np-down" }, item.name))));
    const head = node("thead", {}, top);
    if (grouped) head.append(bottom);
    const body = node("tbody");
    cells = rows.map((row, r) => {
      const first = starts(rows.map((one) => one.group), r);
      const line = node("tr", { role: "row", class: first ? "np-first" : null },
        node("th", { scope: "row", title: row.key }, row.group ? row.key : row.name));
      const made = columns.map((column, c) => {
        const edge = starts(columns.map((one) => one.group), c) ? "np-edge" : "";
        const cell = node("td", { role: "gridcell", tabindex: -1, "data-edge": edge,
          onclick: () => { move(r, c, true); onPick(r, c, "click"); },
          onfocus: () => { at = [r, c]; },
          onkeydown: (event) => keys(event, r, c) });
        line.append(cell);
        return cell;
      });
      body.append(line);
      return made;
    });
    table.replaceChildren(head, body);
  }

  function move(r, c, focus) {
    if (!cells.length || !cells[0].length) return;
    const row = Math.max(0, Math.min(cells.length - 1, r));
    const column = Math.max(0, Math.min(cells[0].length - 1, c));
    for (const line of cells) for (const cell of line) cell.tabIndex = -1;
    at = [row, column];
    cells[row][column].tabIndex = 0;
    if (focus) cells[row][column].focus();
  }

  function keys(event, r, c) {
    if (event.altKey || event.metaKey) return;
    const last = [cells.length - 1, cells[0].length - 1];
    const far = event.ctrlKey;
    const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1],
      ArrowRight: [r, c + 1], Home: [far ? 0 : r, 0], End: [far ? last[0] : r, last[1]],
      PageUp: [0, c], PageDown: [last[0], c] }[event.key];
    if (to) {
      move(to[0], to[1], true);
      onPick(at[0], at[1], "key");
    } else if (event.key === "Enter" || event.key === " ") {
      onPick(r, c, "press");
    } else if (far || !onKey(r, c, event.key)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function show(view, looks) {
    const next = JSON.stringify([view.rows, view.columns, view.corner]);
    const held = table.contains(document.activeElement);
    if (next !== shape) build(view);
    table.setAttribute("aria-label", view.caption);
    cells.forEach((line, r) => line.forEach((cell, c) => {
      const look = looks[view.cells[r][c]];
      const chosen = view.selected && view.selected[0] === r && view.selected[1] === c;
      cell.className = `np-${look.tone} ${cell.dataset.edge}`;
      if (cell.textContent !== look.sign) cell.textContent = look.sign;
      cell.setAttribute("aria-selected", chosen ? "true" : "false");
      const label = `${view.rows[r].key} to ${view.columns[c].key}: ${look.word}`;
      cell.setAttribute("aria-label", view.labels ? `${view.labels[r]}: ${look.word}` : label);
      cell.title = cell.getAttribute("aria-label");
    }));
    if (next !== shape) move(...(view.selected ?? at), held);
    shape = next;
  }
  return { element: scroll, show, focus: (r, c) => move(r, c, true) };
}
"""
