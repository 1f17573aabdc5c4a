"""Find the sentences of a lesson that say what becomes of traffic and that nothing vouches for.

A sentence is about traffic when it says that something is allowed, denied, reached and so on, and
means something particular: a pod, a namespace, a policy or an address of the worlds, a number, or
something it points at (*the first*, *it*, *here*).  Such a sentence carries a ``claim`` or an
expression, both computed when the notebook is built.  A sentence that only says how the API works,
on every cluster, carries ``<!-- api: what it rests on -->`` instead.

``python -m netpol_sim.course.prose FILES...`` lists what is found.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from netpol_sim.course import source
from netpol_sim.course.source_parts import Expression, Prose, Source
from netpol_sim.course.syllabus import LESSONS, read_syllabus
from netpol_sim.course.workspace import content_folder
from netpol_sim.manifest import load

REAL_CLUSTERS = ("On a real cluster", "Read more")
"""Sections about what stands outside the simulator."""

_TRAFFIC = re.compile(
    r"\b(?:allow(?:s|ed)?|den(?:y|ies|ied)|block(?:s|ed)|reach(?:es|ed)?|connect(?:s|ed)?"
    r"|pass(?:es|ed)?|stop(?:s|ped)|refuse[sd]?|drop(?:s|ped)|isolate[sd]"
    r"|gets? (?:in|out|through)|lets? \w+ (?:in|out|through))\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\W*(?:The (?:first|second|third|fourth|fifth|last|other)|It|This|These|That|Those|Here|Now"
    r"|Both|Nobody|Nothing|Everything|Nor|So|All|None|Still)\b"
)
_COUNTS = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?:pods?|connections?|namespaces?|others?|pairs?|places?|targets?)\b",
    re.IGNORECASE,
)
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1\s*$", re.MULTILINE | re.DOTALL)
_BLOCKS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.|#)\s?)")
_SENTENCES = re.compile(r"(?<=[.!?:])(?:\*\*|\")?\s+")
_SPAN = re.compile(r"`([^`]+)`")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+(?:[/:]\d+)?")
_VALUE = "\N{REPLACEMENT CHARACTER}"


def unvouched(text: Source, names: frozenset[str]) -> Iterator[str]:
    """The sentences that nothing vouches for, each as ``file:line: sentence``.

    Args:
        names: What pods, namespaces and policies of the worlds are called.
    """
    section = ""
    for cell in text.cells:
        if not isinstance(cell, Prose):
            continue
        vouched = [_plain(claim.sentence) for claim in cell.claims]
        vouched += [_plain(fact.sentence) for fact in cell.api]
        for block in _BLOCKS.split(_FENCED.sub("", _words(cell))):
            if block.lstrip().startswith("#"):
                section = block.strip("# \n")
                continue
            if section in REAL_CLUSTERS:
                continue
            for sentence in _SENTENCES.split(" ".join(block.split())):
                if _needs_a_claim(sentence, names) and not _is_vouched(sentence, vouched):
                    yield f"{text.path}:{cell.line}: {sentence}"


def particular(text: str, names: frozenset[str]) -> Iterator[str]:
    """The sentences of a text that say what becomes of particular traffic."""
    for block in _BLOCKS.split(_FENCED.sub("", text)):
        for sentence in _SENTENCES.split(" ".join(block.split())):
            if _needs_a_claim(sentence, names):
                yield sentence


def _words(cell: Prose) -> str:
    return "".join(_VALUE if isinstance(part, Expression) else part for part in cell.parts)


def _plain(sentence: str) -> str:
    return " ".join(sentence.split()).lstrip("-*0123456789. ")


def _is_vouched(sentence: str, vouched: Sequence[str]) -> bool:
    said = _plain(sentence)
    return any(said in known or known in said for known in vouched if known)


def _needs_a_claim(sentence: str, names: frozenset[str]) -> bool:
    if _VALUE in sentence or sentence.endswith(("?", ":")) or not _TRAFFIC.search(sentence):
        return False
    if _POINTS.match(sentence) or _COUNTS.search(sentence):
        return True
    return any(span in names or _ADDRESS.match(span) for span in _SPAN.findall(sentence))


def names_of_worlds(folder: Path) -> frozenset[str]:
    """What pods, namespaces and policies of all worlds are called, with and without namespace."""
    names: set[str] = set()
    for path in sorted((folder / "exercises" / "worlds").glob("*.yaml")):
        world = load(path)
        names |= {name for pod in world.pods for name in (pod.key, pod.name)}
        names |= {name for policy in world.policies for name in (policy.key, policy.name)}
        names |= {namespace.name for namespace in world.namespaces}
    return frozenset(names)


def _lessons(folder: Path) -> list[Path]:
    return [folder / LESSONS / f"{name}.md" for name in read_syllabus(folder).texts]


def main(arguments: Sequence[str] | None = None) -> int:
    """List what is found in the named lessons, or in all; 1 when there is something."""
    folder = content_folder()
    paths = [Path(name) for name in (sys.argv[1:] if arguments is None else arguments)]
    names = names_of_worlds(folder)
    found = [
        sentence
        for path in paths or _lessons(folder)
        for sentence in unvouched(source.read(path), names)
    ]
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
