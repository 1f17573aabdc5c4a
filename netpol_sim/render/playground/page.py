"""The playground as a page of its own, for a browser and a small server, without Jupyter."""

from __future__ import annotations

import json
from collections.abc import Mapping

from netpol_sim.render.palette import DARK_PAGE, PAGE
from netpol_sim.render.playground.front import SCRIPT, STYLE

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Network policy playground</title>
<style>
body {{ margin: 0; padding: 12px; background: {light}; }}
body[data-jp-theme-light='false'] {{ background: {dark}; }}
{style}
@media (min-width: 60em) {{
  .np .np-paper {{ height: calc(100vh - 11em); }}
  .np .np-side, .np .np-panel {{ max-height: calc(100vh - 8em); }}
  .np .np-world .np-scroll {{ max-height: 55vh; }}
}}
</style>
</head>
<body data-jp-theme-light="true">
<main id="playground"></main>
<noscript>The playground needs JavaScript.</noscript>
<script type="application/json" id="start">{start}</script>
<script type="module" nonce="{nonce}">
{script}
</script>
</body>
</html>
"""

# What a widget's model does, over requests that are answered one after the other.
_MODEL = r"""
const start = JSON.parse(document.getElementById("start").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => { document.body.dataset.jpThemeLight = dark.matches ? "false" : "true"; };
dark.addEventListener("change", paint);
paint();
let view = start.view, last = Promise.resolve();
const heard = [];
async function ask(action) {
  try {
    const reply = await fetch("act", { method: "POST", body: JSON.stringify(action),
      headers: { "Content-Type": "application/json", "X-Session": start.session } });
    if (!reply.ok) throw new Error(await reply.text());
    view = await reply.json();
  } catch (error) {
    view = { ...view, count: -1, status: `The playground does not answer: ${error.message}. ` +
      "Is it still running in the terminal?" };
  }
  heard.forEach((hear) => hear());
}
const model = { get: () => view, on: (_, hear) => heard.push(hear),
  send: (action) => { last = last.then(() => ask(action)); return last; } };
render({ model, el: document.getElementById("playground") });
"""


def page(view: Mapping[str, object], *, session: str, nonce: str) -> str:
    """The whole page.

    Args:
        view: What to show first, as of ``view.view``.
        session: What the page sends with everything it asks.
        nonce: What the server's policy for content allows scripts by.
    """
    start = json.dumps({"view": view, "session": session}).replace("<", r"\u003c")
    script = SCRIPT.replace("export default { render };", "") + _MODEL
    return _PAGE.format(
        nonce=nonce, light=PAGE, dark=DARK_PAGE, style=STYLE, start=start, script=script
    )
