"""Any YAML there is, as PyYAML parses it, and its positions when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from netpol_sim.manifest.composer import Composer
from netpol_sim.manifest.syntax import explained
from netpol_sim.manifest.tree import Document, Notes, UnreadableError

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML has it; the parser in Python reads the same, slowly."""

_NEXT_DOCUMENT = re.compile("^---", re.MULTILINE)
_NO_YAML = (yaml.YAMLError, UnreadableError, ValueError, OverflowError)


class Read(NamedTuple):
    """A document, or why it cannot be read.

    Its places count from character ``offset`` of the text, which stands in line ``first_line``.
    """

    document: Document | UnreadableError
    offset: int
    first_line: int


def documents(text: str, first_line: int = 1) -> Iterator[Read]:
    """The documents of a text that begins in a line; after one that cannot be read, the next."""
    offset = 0
    while True:
        rest, line = text[offset:], first_line + text.count("\n", 0, offset)
        try:
            composer = Composer(PARSER(rest).get_event)
            while (document := composer.document()) is not None:
                yield Read(document, offset, line)
        except _NO_YAML as error:
            plain = explained(error, rest, line)
            yield Read(plain, offset, line)
            stopped = getattr(error, "problem_mark", None) or plain.mark
            following = _NEXT_DOCUMENT.search(rest, max(stopped.index, 1)) if stopped else None
            if following is None:
                return
            offset += following.start()
        else:
            return


def compose(text: str, notes: Notes) -> Document | None:
    """The first document of a text, all of it noted.

    Raises:
        UnreadableError: It cannot be read.
    """
    try:
        return Composer(PARSER(text).get_event, notes).document()
    except _NO_YAML as error:
        raise explained(error, text) from None
