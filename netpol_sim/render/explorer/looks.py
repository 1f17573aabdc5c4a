"""How each answer looks in a matrix in the browser: a sign, a word, and a tone."""

from __future__ import annotations

LOOKS = r"""
const LOOKS = { a: { sign: "✓", word: "allowed", tone: "allowed" },
  e: { sign: "✗E", word: "denied by egress", tone: "denied" },
  i: { sign: "✗I", word: "denied by ingress", tone: "denied" },
  b: { sign: "✗EI", word: "denied by egress and ingress", tone: "denied" },
  n: { sign: "∅", word: "no such port", tone: "depends" },
  s: { sign: "·", word: "itself, always allowed", tone: "muted" },
  o: { sign: "", word: "no pod, so no policy", tone: "muted" } };
"""
