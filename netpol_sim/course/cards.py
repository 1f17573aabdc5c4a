"""Quiz cards: one question each, as data.  ``card_keys`` works out what is right.

A file of cards is a YAML list.  Every card has ``id``, ``concept``, ``level``, ``kind`` and
``question``; what else it has depends on its kind:

- ``recall``: ``options`` with ``text`` and ``because``; the right ones are marked ``right: true``.
  This is the only kind whose key is typed.
- ``predict``: ``connections``.  One is answered with what becomes of it, and which end denies it;
  of several, those that are allowed are chosen.
- ``count``: ``to`` or ``from``, an end and a port; ``options`` are numbers of pods.
- ``choose``: ``must_allow``, ``must_deny`` and ``options`` with ``policies``; one option meets all.
- ``bug``: ``options`` with ``finding``, the id of a lint rule; the right ones are found by lint.
- ``accept``: ``options`` with ``policies``; right are those that the API server accepts.
- ``compare``: ``policies`` and ``changed``; answered with what the change does to their meaning.
- ``order``: ``lines`` of a manifest, in order.  With ``must_allow`` they are steps that change a
  cluster, as ``card_order`` has them: on the way, none of these connections may be cut off, and
  none of ``must_deny`` opened; ``policies`` are there already, ``changed`` are to be applied.
- ``explain`` and ``design``: ``answer``, a model answer, and ``checklist``, what a good one names.

A wrong option says which belief leads to it: ``misconception``, the id of one of
``misconceptions``, or ``believes``, in words.  A card is asked about ``world``, by its name, or
``cluster``, manifests of its own, with ``policies`` applied, under ``profile``.  ``claims``, each a
connection and what it comes to, are checked, so that an explanation cannot be wrong about them.

``vary`` lists values for names: ``<<name>>`` stands for one of them, drawn anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

import yaml

from netpol_sim.course.content_yaml import LOADER
from netpol_sim.errors import nearest


class CardKind(StrEnum):
    """How a card is answered."""

    RECALL = "recall"
    PREDICT = "predict"
    COUNT = "count"
    CHOOSE = "choose"
    BUG = "bug"
    ACCEPT = "accept"
    COMPARE = "compare"
    ORDER = "order"
    EXPLAIN = "explain"
    DESIGN = "design"

    @property
    def computed(self) -> bool:
        """Whether the simulator works out what is right."""
        return self not in (CardKind.RECALL, CardKind.EXPLAIN, CardKind.DESIGN)

    @property
    def self_assessed(self) -> bool:
        """Whether the learner ticks off a checklist."""
        return self in (CardKind.EXPLAIN, CardKind.DESIGN)


class Level(StrEnum):
    """Whom a question is put to in an interview."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOption:
    """One answer to choose.  What the fields mean is said above."""

    text: str = ""
    right: bool = False
    because: str = ""
    believes: str = ""
    misconception: str = ""
    policies: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One question.  ``file`` and ``line`` say where it stands."""

    id: str
    lesson: int
    concept: str
    level: Level
    kind: CardKind
    question: str
    file: str
    line: int
    explanation: str = ""
    world: str = ""
    cluster: str = ""
    policies: str = ""
    changed: str = ""
    profile: str = ""
    connections: tuple[str, ...] = ()
    to: str = ""
    source: str = ""
    must_allow: tuple[str, ...] = ()
    must_deny: tuple[str, ...] = ()
    options: tuple[CardOption, ...] = ()
    lines: tuple[str, ...] = ()
    answer: str = ""
    checklist: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    vary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def has_steps(self) -> bool:
        """Whether its lines are steps that change a cluster."""
        return self.kind is CardKind.ORDER and bool(self.must_allow)


_ID = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEXTS = (
    *("id", "concept", "level", "kind", "question", "explanation", "answer"),
    *("world", "cluster", "policies", "changed", "profile", "to", "from"),
)
_LISTS = ("connections", "must_allow", "must_deny", "lines", "checklist", "claims")
_NEEDED = {
    CardKind.RECALL: ("options",),
    CardKind.PREDICT: ("connections",),
    CardKind.COUNT: ("options",),
    CardKind.CHOOSE: ("options", "must_allow"),
    CardKind.BUG: ("options", "policies"),
    CardKind.ACCEPT: ("options",),
    CardKind.COMPARE: ("policies", "changed"),
    CardKind.ORDER: ("lines",),
    CardKind.EXPLAIN: ("answer", "checklist"),
    CardKind.DESIGN: ("answer", "checklist"),
}


def parse(text: str, *, file: str, lesson: int, problems: list[str]) -> Iterator[Card]:
    """Read the cards of a file; what is wrong is added to ``problems``, as ``file:line: what``."""
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        items = loader.construct_document(node) if node else None
    except yaml.YAMLError as error:
        problems.append(f"{file}: these cards are not YAML: {' '.join(str(error).split())}")
        return
    if not isinstance(items, list) or not isinstance(node, yaml.SequenceNode):
        problems.append(f"{file}: a file of cards is a list")
        return
    for item, place in zip(items, node.value, strict=True):
        reader = _Reader(file=file, line=place.start_mark.line + 1)
        card = reader.card(item, lesson)
        problems += reader.problems
        if card:
            yield card


class _Reader:
    """Reads one card, collecting its problems."""

    def __init__(self, *, file: str, line: int) -> None:
        self.file = file
        self.line = line
        self.problems: list[str] = []

    def problem(self, message: str) -> None:
        self.problems.append(f"{self.file}:{self.line}: {message}")

    def card(self, item: object, lesson: int) -> Card | None:
        if not isinstance(item, dict):
            self.problem("a card is a mapping")
            return None
        known = (*_TEXTS, *_LISTS, "options", "vary")
        for key in item:
            if key not in known:
                meant = nearest(str(key), known)
                self.problem(f"a card has no `{key}`" + (f"; `{meant}`?" if meant else ""))
        texts: dict[str, Any] = {key: self.text(item, key) for key in _TEXTS}
        lists: dict[str, Any] = {key: self.texts(item, key) for key in _LISTS}
        if not _ID.fullmatch(texts["id"]):
            self.problem(f"a card needs an `id` like `default-open`, not `{texts['id']}`")
        if texts["level"] not in list(Level) or texts["kind"] not in list(CardKind):
            kinds, levels = ", ".join(CardKind), ", ".join(Level)
            self.problem(f"`kind` is one of {kinds}; `level` is one of {levels}")
            return None
        kind, level = CardKind(texts.pop("kind")), Level(texts.pop("level"))
        for key in ("concept", "question", *_NEEDED[kind]):
            if not item.get(key):
                self.problem(f"card `{texts['id']}` needs `{key}`")
        return Card(
            lesson=lesson,
            kind=kind,
            level=level,
            file=self.file,
            line=self.line,
            source=texts.pop("from"),
            options=tuple(self.options(item)),
            vary={
                str(name): tuple(map(str, values)) if isinstance(values, list) else (str(values),)
                for name, values in self.mapping(item, "vary").items()
            },
            **texts,
            **lists,
        )

    def text(self, item: Mapping[object, object], key: str) -> str:
        value = item.get(key, "")
        if not isinstance(value, str):
            self.problem(f"`{key}` must be a text")
        return str(value).strip("\n") if key not in ("policies", "changed") else str(value)

    def texts(self, item: Mapping[object, object], key: str) -> tuple[str, ...]:
        value = item.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.problem(f"`{key}` must be a list of texts")
            return ()
        return tuple(value)

    def mapping(self, item: Mapping[object, object], key: str) -> Mapping[object, object]:
        value = item.get(key, {})
        if not isinstance(value, dict):
            self.problem(f"`{key}` must be a mapping")
            return {}
        return value

    def options(self, item: Mapping[object, object]) -> Iterator[CardOption]:
        found = item.get("options", [])
        known = {one.name for one in fields(CardOption)}
        for option in found if isinstance(found, list) else ["options"]:
            if not isinstance(option, dict) or not set(option) <= known:
                self.problem(f"an option is a mapping with some of {', '.join(sorted(known))}")
                continue
            texts = {key: str(value) for key, value in option.items() if key != "right"}
            yield CardOption(right=option.get("right") is True, **texts)


def drawn(card: Card, choice: Mapping[str, str]) -> Card:
    """The card with a value for each ``<<name>>``."""

    def put(text: str) -> str:
        for name, value in choice.items():
            text = text.replace(f"<<{name}>>", value)
        return text

    def put_all(value: Any) -> Any:  # noqa: ANN401  any field
        match value:
            case StrEnum():
                return value
            case str():
                return put(value)
            case tuple():
                return tuple(map(put_all, value))
            case CardOption():
                return CardOption(**_fields(value, put_all))
            case _:
                return value

    return Card(**_fields(card, put_all))


def _fields(value: Card | CardOption, change: Callable[[Any], Any]) -> dict[str, Any]:
    return {one.name: change(getattr(value, one.name)) for one in fields(value)}
