"""How two policy sets relate, with the verdicts of both on the connection that tells them apart."""

from __future__ import annotations

from netpol_sim.analysis.compare import Outcome, Relation
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.cluster import Cluster
from netpol_sim.render import html, steps, text
from netpol_sim.render.markup import Markup, element
from netpol_sim.render.palette import Tone

_CHIPS = {
    Outcome.EQUAL: (Tone.ALLOWED, "equal: both mean the same"),
    Outcome.TOO_OPEN: (Tone.DENIED, "too open"),
    Outcome.TOO_TIGHT: (Tone.DENIED, "too tight"),
    Outcome.BOTH: (Tone.DENIED, "too open and too tight"),
    Outcome.UNKNOWN: (Tone.DEPENDS, "not known: the search reached its limit"),
}


def as_html(relation: Relation) -> Markup:
    """A relation as HTML; for each witness the steps in both policy sets."""
    tone, words = _CHIPS[relation.outcome]
    parts = [html.paragraph(html.chip(tone, words))]
    for witness in relation.witnesses:
        way = "too open" if witness.too_open else "too tight"
        parts.append(html.paragraph(element("b", f"{way}: {witness.connection}")))
        parts.append(_labels(witness))
        for name, verdict in (("yours", witness.mine), ("reference", witness.reference)):
            parts.append(html.paragraph(element("b", name)))
            parts.append(steps.strip(verdict, _with(witness, name)))
    return html.block(*parts)


def as_text(relation: Relation) -> str:
    """A relation as plain text, with the same content."""
    lines = [_CHIPS[relation.outcome][1]]
    for witness in relation.witnesses:
        lines.append(f"{'too open' if witness.too_open else 'too tight'}: {witness.connection}")
        for pod in dict.fromkeys(witness.pods):
            labels = witness.cluster.namespace_labels(pod.namespace)
            lines.append(f"  {pod.key}: {pod.labels or 'no labels'}; its namespace: {labels}")
        for name, verdict in (("yours", witness.mine), ("reference", witness.reference)):
            said = text.explain(verdict, text.Length.LINE, cluster=_with(witness, name))
            lines.append(f"  {name}: {said}")
    return "\n".join(lines)


def _with(witness: Witness, name: str) -> Cluster:
    verdict = witness.mine if name == "yours" else witness.reference
    policies = {policy.key: policy for end in verdict.ends for policy in end.isolated_by}
    return witness.cluster.with_policies(policies.values())


def _labels(witness: Witness) -> Markup:
    """The pods of the witness and of their namespaces, which decide."""
    rows = []
    for pod in dict.fromkeys(witness.pods):
        namespace = witness.cluster.namespace(pod.namespace)
        rows.append(
            html.row(
                html.heading(pod.key, scope="row"),
                html.cell(pod.labels or "no labels"),
                html.cell(f"namespace {namespace.name}: {namespace.labels}"),
            )
        )
    return html.table(*rows) if rows else Markup("")
