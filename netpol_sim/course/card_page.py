"""The question of a card as a page, without what it offers to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_sim.course.card_keys import Question
from netpol_sim.render.html import with_code
from netpol_sim.render.markup import Markup, element, join


def question_page(question: Question) -> Markup:
    """What is asked, the policies it is about, the pods one must know, and the connection."""
    return join(*_parts(question))


def _parts(question: Question) -> Iterator[Markup]:
    yield element("p", with_code(question.text))
    if question.manifests:
        yield element("pre", question.manifests.rstrip())
    yield from (element("p", fact) for fact in question.facts)
    if len(question.card.connections) == 1:
        yield element("pre", question.card.connections[0])
