"""All cards of the course, as the index lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from netpol_sim.course import cards, content_yaml
from netpol_sim.course.cards import Card
from netpol_sim.course.catalog import INDEX
from netpol_sim.course.source_parts import SourceError
from netpol_sim.course.workspace import content_folder

CARDS = "exercises/cards"


def read_bank(folder: Path | None = None) -> tuple[Card, ...]:
    """Read every card, in the order of the course.

    Args:
        folder: The folder with ``exercises/``; None takes what we ship.

    Raises:
        SourceError: With every problem of the index and the files it lists.
    """
    root = folder or content_folder()
    index = content_yaml.read((root / INDEX).read_text("utf-8"))
    problems: list[str] = []
    found: list[Card] = []
    listed = set()
    for entry in index.get("cards", ()):
        name = f"{entry['source']}.yaml"
        listed.add(name)
        try:
            text = (root / CARDS / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{INDEX}: {CARDS}/{name} cannot be read: {error}")
            continue
        found += cards.parse(text, file=name, lesson=entry["lesson"], problems=problems)
    problems += [
        f"{INDEX}: lists no cards `{path.stem}`, but there is {CARDS}/{path.name}"
        for path in sorted((root / CARDS).glob("*.yaml"))
        if path.name not in listed
    ]
    if problems:
        raise SourceError(tuple(problems))
    return tuple(found)


def statistics(found: Iterable[Card]) -> Mapping[str, Mapping[str, int]]:
    """How many cards there are by lesson, level, kind and concept, and with computed keys."""
    chosen = tuple(found)
    return {
        "lesson": Counter(str(card.lesson) for card in chosen),
        "level": Counter(card.level.value for card in chosen),
        "kind": Counter(card.kind.value for card in chosen),
        "key": Counter(
            "computed" if card.kind.computed else "checklist" if card.checklist else "typed"
            for card in chosen
        ),
        "concept": Counter(sorted(card.concept for card in chosen)),
    }
