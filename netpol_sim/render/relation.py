"""How two policy sets relate, as HTML: the text of ``compare.py``, with the steps of both sides."""

from __future__ import annotations

from typing import Final

from netpol_sim.analysis.compare import Outcome, Relation
from netpol_sim.analysis.compare.witness import Witness
from netpol_sim.render import compare, html, steps
from netpol_sim.render.markup import Markup, element, join
from netpol_sim.render.palette import Tone

_CHIPS: Final = {
    Outcome.EQUAL: (Tone.ALLOWED, "equal"),
    Outcome.TOO_OPEN: (Tone.DENIED, "too open"),
    Outcome.TOO_TIGHT: (Tone.DENIED, "too tight"),
    Outcome.BOTH: (Tone.DENIED, "too open and too tight"),
    Outcome.UNKNOWN: (Tone.DEPENDS, "not known"),
}

as_text = compare.text


def as_html(relation: Relation) -> Markup:
    """A relation as HTML; for each witness its story, and the steps in both policy sets."""
    chip = html.chip(*_CHIPS[relation.outcome])
    return html.block(
        html.paragraph(chip, " ", compare.summary(relation)),
        *(_witness(witness) for witness in relation.witnesses),
        *map(html.paragraph, compare.limits(relation)),
    )


def _witness(witness: Witness) -> Markup:
    heading, *story = compare.story(witness)
    return join(
        html.paragraph(element("b", html.with_code(heading))),
        *map(html.paragraph, story),
        *(
            join(
                html.paragraph(element("b", name)),
                steps.strip(verdict),
            )
            for name, verdict in compare.verdicts(witness)
        ),
    )
