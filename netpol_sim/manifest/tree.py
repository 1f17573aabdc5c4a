"""Turn the events of a YAML parser into plain values, and remember where things stand.

Everything is done with a stack of our own: no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from yaml import Mark
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from netpol_sim.manifest.scalars import Scalar, as_key, resolve

Value = Any
"""A plain value: a dict with text keys, a list, text, a number, a truth value or None."""

MOST_LEVELS = 1000
MOST_ALIASED = 100_000
_SHALLOW = 3


class UnreadableError(Exception):
    """Text that is no manifest, whatever its schema; the loader makes a problem of it."""

    def __init__(self, message: str, mark: Mark | None, help_text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark
        self.help = help_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One entry of a mapping or list: where its key and value stand, and the text of a scalar."""

    key: Mark
    value: Mark
    text: str | None


@dataclass(slots=True, kw_only=True)
class Notes:
    """Where everything of a document stands; taken only when somebody asks."""

    entries: dict[tuple[int, str | int], Mention] = field(default_factory=dict)
    repeated: list[tuple[int, str, Mark]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document: its value, its extent, and that of each mapping near its root."""

    value: Value
    start: Mark
    end: Mark
    extents: dict[int, tuple[Mark, Mark]]
    has_repeated_keys: bool


class _Resolved(dict[str, Scalar]):
    def __missing__(self, text: str) -> Scalar:
        value = self[text] = resolve(text)
        return value


class _Keys(dict[str, object]):
    def __missing__(self, text: str) -> object:
        key = self[text] = _MERGE if text == "<<" else as_key(text)
        return key


_MERGE = object()
_NO_KEY = object()
_OPEN = object()


class Composer:
    """Composes the documents of one stream of events.

    ``next_event`` is the ``get_event`` of a YAML parser (or of the JSON reader, which speaks the
    same events).  With ``notes``, every position is written down as well.
    """

    def __init__(self, next_event: Callable[[], Event], notes: Notes | None = None) -> None:
        self._next = next_event
        self._notes = notes
        self._values = _Resolved()
        self._keys = _Keys()

    def document(self) -> Document | None:
        """The next document, or None at the end of the stream."""
        while True:
            event = self._next()
            if isinstance(event, DocumentStartEvent):
                return self._compose(event.end_mark)
            if isinstance(event, StreamEndEvent):
                return None

    def _compose(self, start: Mark) -> Document:  # noqa: C901, PLR0912, PLR0915  the hot loop
        next_event, notes, values, keys = self._next, self._notes, self._values, self._keys
        root: list[Value] = []
        stack: list[tuple[Any, bool, object, object]] = []
        extents: dict[int, tuple[Mark, Mark]] = {}
        anchors: dict[str, tuple[Value, int]] = {}
        container: Any = root
        in_mapping = repeated = False
        key: Any = _NO_KEY
        key_event: Any = None
        nodes = aliased = 0
        while True:
            event = next_event()
            kind = event.__class__
            value: Value
            if kind is ScalarEvent:
                nodes += 1
                plain, quoted = event.implicit
                if in_mapping and key is _NO_KEY:
                    key = keys[event.value] if plain else _tagged_key(event, quoted=quoted)
                    key_event = event
                    if key is None:
                        _refuse("a key must be text", event)
                    if event.anchor is not None:
                        anchors[event.anchor] = (event.value, 1)
                    continue
                if plain:
                    value = values[event.value]
                else:
                    value = event.value if quoted else _tagged(event)
                if event.anchor is not None:
                    anchors[event.anchor] = (value, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if in_mapping and key is _NO_KEY:
                    _refuse_complex_key(event)
                if not event.implicit:
                    _check_tag(event)
                value = {} if kind is MappingStartEvent else []
                if event.anchor is not None:
                    anchors[event.anchor] = (_OPEN, nodes)
                stack.append((container, in_mapping, key, event))
                if len(stack) > MOST_LEVELS:
                    _refuse(f"nested more than {MOST_LEVELS} levels deep", event)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                closed = container
                container, in_mapping, key, opening = stack.pop()
                if kind is MappingEndEvent:
                    if _MERGE in closed:
                        self._merge(closed, opening)
                    if len(stack) < _SHALLOW:
                        extents[id(closed)] = (opening.start_mark, event.start_mark)
                if opening.anchor is not None:
                    anchors[opening.anchor] = (closed, nodes - anchors[opening.anchor][1] + 1)
                key = _NO_KEY
                continue
            elif kind is AliasEvent:
                value, size = anchors.get(event.anchor, (_NO_KEY, 0))
                if value is _NO_KEY:
                    _refuse(f"`*{event.anchor}` refers to nothing above it", event)
                if value is _OPEN:
                    _refuse(f"`*{event.anchor}` contains itself", event)
                nodes += size
                aliased += size
                if aliased > MOST_ALIASED:
                    _refuse(f"aliases stand for more than {MOST_ALIASED} values", event)
                if in_mapping and key is _NO_KEY:
                    if not isinstance(value, str):
                        _refuse("a key must be text", event)
                    key, key_event = value, event
                    continue
            elif kind is DocumentEndEvent:
                return Document(
                    value=root[0],
                    start=start,
                    end=event.start_mark,
                    extents=extents,
                    has_repeated_keys=repeated,
                )
            else:
                continue
            if in_mapping:
                if key in container:
                    repeated = True
                    if notes is not None:
                        notes.repeated.append((id(container), str(key), key_event.start_mark))
                container[key] = value
            else:
                container.append(value)
                key = len(container) - 1
                key_event = event
            if notes is not None:
                text = event.value if kind is ScalarEvent else None
                mention = Mention(key=key_event.start_mark, value=event.start_mark, text=text)
                notes.entries.setdefault((id(container), key), mention)
            key = _NO_KEY
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                container, in_mapping = value, kind is MappingStartEvent

    def _merge(self, mapping: dict[Any, Value], event: Event) -> None:
        """Carry out ``<<``: what is written in the mapping itself wins, then the first source."""
        given = mapping.pop(_MERGE)
        for source in given if isinstance(given, list) else [given]:
            if not isinstance(source, dict):
                _refuse("`<<` can only bring in a mapping", event)
            for key, value in source.items():
                if key in mapping:
                    continue
                mapping[key] = value
                if self._notes is not None:
                    entries = self._notes.entries
                    entries[id(mapping), key] = entries[id(source), key]


def _refuse(message: str, event: Event, help_text: str = "") -> NoReturn:
    raise UnreadableError(message, event.start_mark, help_text)


def _refuse_complex_key(event: Event) -> NoReturn:
    if isinstance(event, MappingStartEvent) and event.flow_style:
        _refuse(
            "`{` cannot start a key",
            event,
            "text such as `{{ .Values.name }}` is a template: render it first "
            "(for Helm: `helm template`), or quote the text",
        )
    _refuse("a key must be text, not a mapping or list", event)


_TAG = "tag:yaml.org,2002:"


def _tagged(event: ScalarEvent) -> Scalar:
    """A scalar with an explicit tag such as ``!!str``."""
    text = event.value
    if event.tag == f"{_TAG}str":
        return str(text)
    value = resolve(text)
    match event.tag.removeprefix(_TAG), value:
        case ("int", int()) | ("bool", bool()) | ("null", None) | ("float", float()):
            return value
        case "float", int():
            return float(value)
    _refuse(f"the tag `{_shown(event.tag)}` cannot be used for `{text}`", event)


def _tagged_key(event: ScalarEvent, *, quoted: bool) -> object:
    return event.value if quoted or event.tag == f"{_TAG}str" else as_key(event.value)


def _check_tag(event: MappingStartEvent | SequenceStartEvent) -> None:
    own = f"{_TAG}{'map' if isinstance(event, MappingStartEvent) else 'seq'}"
    if event.tag not in (None, "!", own):
        _refuse(f"the tag `{_shown(event.tag)}` means nothing in a manifest", event)


def _shown(tag: str) -> str:
    return tag.replace(_TAG, "!!")
