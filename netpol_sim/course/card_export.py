"""Cards for other programs: Anki decks, jupyterquiz files, and a table of how many there are."""

from __future__ import annotations

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from netpol_sim.course import quiz_text
from netpol_sim.course.card_bank import statistics
from netpol_sim.course.card_keys import Question
from netpol_sim.course.cards import Card
from netpol_sim.errors import NetpolError

ANKI, JUPYTERQUIZ = "anki", "jupyterquiz"
FORMATS = (ANKI, JUPYTERQUIZ)


class ExportError(NetpolError):
    """Cards cannot be written; the message says why and what to do."""


def export(questions: Sequence[Question], form: str, path: Path) -> None:
    """Write cards for another program.

    Raises:
        ExportError: The format is unknown, the file cannot be written, or Anki's needs a package.
    """
    try:
        match form:
            case "anki":
                _write_anki(questions, path)
            case "jupyterquiz":
                text = json.dumps(jupyterquiz(questions), indent=1, ensure_ascii=False)
                path.write_text(f"{text}\n", "utf-8")
            case _:
                known = ", ".join(FORMATS)
                raise ExportError(f"cards are exported as one of {known}, not `{form}`")
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}") from error


def jupyterquiz(questions: Iterable[Question]) -> list[Mapping[str, object]]:
    """The cards with choices, in the form that the package jupyterquiz reads."""
    return [
        {
            "question": f"{question.text}\n{question.manifests}".strip(),
            "type": "many_choice" if question.several else "multiple_choice",
            "answers": [
                {
                    ("code" if choice.block else "answer"): choice.text,
                    "correct": choice.right,
                    "feedback": choice.because or choice.believes,
                }
                for choice in question.choices
            ],
        }
        for question in questions
        if question.choices
    ]


def _write_anki(questions: Sequence[Question], path: Path) -> None:
    try:
        import genanki  # noqa: PLC0415  only wanted here
    except ImportError as error:
        message = "Anki decks need the package genanki: pip install 'netpol-sim[course]'"
        raise ExportError(message) from error
    fields = [{"name": "Front"}, {"name": "Back"}]
    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Front}}<hr id=answer>{{Back}}"}
    model = genanki.Model(_number("model"), "netpol", fields=fields, templates=[template])
    made = genanki.Deck(_number("deck"), "Kubernetes network policies")
    for question in questions:
        front = _html(quiz_text.question_text(question))
        back = _html(f"{quiz_text.right_answer(question)}\n\n{quiz_text.why(question)}")
        made.add_note(
            genanki.Note(model=model, fields=[front, back], guid=f"netpol-{question.card.id}")
        )
    packed = io.BytesIO()
    genanki.Package(made).write_to_file(packed, timestamp=0)
    path.write_bytes(_timeless(packed))


def _timeless(packed: io.BytesIO) -> bytes:
    """The archive with no times in it, so that equal cards give equal bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(packed) as given, zipfile.ZipFile(written, "w") as kept:
        for name in given.namelist():
            kept.writestr(zipfile.ZipInfo(name), given.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _html(text: str) -> str:
    return f"<pre style='text-align:left;white-space:pre-wrap'>{html.escape(text)}</pre>"


def _number(name: str) -> int:
    """A number that stays the same, as Anki wants one for each thing it may meet again."""
    return int.from_bytes(hashlib.sha256(f"netpol {name}".encode()).digest()[:4], "big")


def statistics_text(cards: Iterable[Card]) -> str:
    """How many cards there are, by lesson, level, kind, key and concept."""
    chosen = tuple(cards)
    lines = [f"{len(chosen)} cards"]
    for sort, counts in statistics(chosen).items():
        lines.append(f"by {sort}: " + ", ".join(f"{key} {count}" for key, count in counts.items()))
    return "\n".join(lines)
